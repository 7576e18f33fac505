// Sign links: what one must have, in which forms it opens, and that it signs once, however late.
import { describe, expect, test } from 'vitest'
import { AgreementClient, MONTHLY, SCENE, SIGN, WEEKLY } from './agreement-client.ts'
import { gbkText, useRaw } from './raw-client.ts'

const client = await useRaw()
const agreements = new AgreementClient(client)

describe('a sign link', () => {
  const errorPage = async (content: object) => {
    const answer = await client.open(client.link(SIGN, content))
    expect(answer.headers.get('content-type')).toBe('text/html;charset=GBK')
    const text = await gbkText(answer)
    expect(text).toContain('The link cannot be signed')
    return text
  }
  const rules = (more: object) => ({ period_rule_params: { ...MONTHLY, ...more } })

  test.each([
    ['no personal product', { personal_product_code: undefined }, 'INVALID_PARAMETER'],
    [
      'a product without a plan',
      { personal_product_code: 'GENERAL_WITHHOLDING_P' },
      'PRODUCT_CODE_NOT_SUPPORTED_ERROR',
    ],
    ['another product', { product_code: 'FAST_INSTANT_TRADE_PAY' }, 'PRODUCT_CODE_NOT_SUPPORTED_ERROR'],
    ['no channel', { access_params: undefined }, 'INVALID_PARAMETER'],
    ['an unknown channel', { access_params: { channel: 'FAX' } }, 'INVALID_PARAMETER'],
    ['a number and no scene', { sign_scene: undefined }, 'INVALID_PARAMETER'],
    ['a number and the scene of none', { sign_scene: 'DEFAULT|DEFAULT' }, 'INVALID_PARAMETER'],
    ['a scene without a bar', { sign_scene: 'INDUSTRY' }, 'INVALID_PARAMETER'],
    ['a number with other characters', { external_agreement_no: 'A_1' }, 'INVALID_PARAMETER'],
    ['a number too long', { external_agreement_no: 'A'.repeat(33) }, 'INVALID_PARAMETER'],
    ['no plan', { period_rule_params: undefined }, 'INVALID_PARAMETER'],
    ['a plan that is a text', { period_rule_params: 'monthly' }, 'INVALID_PARAMETER'],
    ['weeks', rules({ period_type: 'WEEK' }), 'INVALID_PARAMETER'],
    ['no period', rules({ period: undefined }), 'INVALID_PARAMETER'],
    ['a period of 0', rules({ period: '0' }), 'INVALID_PARAMETER'],
    ['six days', { period_rule_params: { ...WEEKLY, period: '6' } }, 'INVALID_PARAMETER'],
    ['the 29th of a month', rules({ execute_time: '2026-12-29' }), 'INVALID_PARAMETER'],
    ['a day that does not exist', rules({ execute_time: '2026-02-30' }), 'INVALID_PARAMETER'],
    ['a time instead of a day', rules({ execute_time: '2026-12-06 00:00:00' }), 'INVALID_PARAMETER'],
    ['no ceiling', rules({ single_amount: undefined }), 'INVALID_PARAMETER'],
    ['a ceiling of nothing', rules({ single_amount: '0.00' }), 'INVALID_PARAMETER'],
    ['a total with three decimals', rules({ total_amount: '1.001' }), 'INVALID_PARAMETER'],
    ['no payment at all', rules({ total_payments: '0' }), 'INVALID_PARAMETER'],
    ['years of validity', { sign_validity_period: '1y' }, 'INVALID_PARAMETER'],
  ])('with %s is an error page', async (_, more, code) => {
    expect(await errorPage(agreements.content('A1', more))).toContain(code)
  })

  test('takes a plan of 7 days, of the 28th, and without a number or product', async () => {
    for (const more of [
      { period_rule_params: { ...WEEKLY, period: 7 } },
      rules({ execute_time: '2026-12-28', total_amount: '150.00', total_payments: 10, period: '3' }),
      { external_agreement_no: undefined, sign_scene: undefined },
      { product_code: undefined, sign_validity_period: '2m' },
      { product_code: 'CYCLE_PAY_AUTH', access_params: { channel: 'ALIPAYAPP' } },
    ]) {
      const answer = await client.open(client.link(SIGN, agreements.content('A1', more)))
      expect([answer.status, answer.headers.get('location')]).toEqual([
        302,
        expect.stringMatching(/^\/sign\/[0-9a-f]{24}$/),
      ])
    }
  })

  test('is verified as any link', async () => {
    const forged = agreements.signLink('A1').replace('15.00', '99.00')
    expect(await client.control('/agreements/sign', { sign_url: forged })).toMatchObject({
      status: 409,
      body: { sub_code: 'isv.invalid-signature' },
    })
    expect(await gbkText(await client.open(forged))).toContain('invalid-signature')
  })

  test('does not expire: weeks later it signs all the same, with the first planned day passed', async () => {
    const sign_url = agreements.signLink('A1')
    await client.open(sign_url)
    await client.wait(60 * 24 * 3600)
    expect(await client.control('/agreements/sign', { sign_url })).toMatchObject({
      status: 200,
      body: { status: 'NORMAL', planned_day: '2026-12-06' },
    })
    expect(await agreements.query({ external_agreement_no: 'A1', ...SCENE })).toMatchObject({
      code: '10000',
      next_deduct_time: '2026-12-06',
    })
  })

  test('signs once: a second buyer with the same link is refused, and the link is dead', async () => {
    const path = await client.cashierOf(agreements.signLink('A1'))
    await agreements.signed('A1')
    const late = await client.post(`${path}/agree`, { account: 'buyer2' })
    expect([late.status, await late.text()]).toEqual([409, expect.stringContaining('INVALID_PARAMETER')])
    expect(await errorPage(agreements.content('A1'))).toContain('该商家签约号已经签约过')
    expect(await agreements.listed()).toHaveLength(1)
    // Nor after it was unsigned.
    await agreements.unsign({ external_agreement_no: 'A1', ...SCENE })
    expect(await errorPage(agreements.content('A1'))).toContain('该商家签约号已经签约过')
  })

  test('of one user with one merchant at most 10 are signed', async () => {
    for (let count = 1; count <= 10; count++) await agreements.signed(`A${count}`)
    await expect(agreements.signed('A11')).rejects.toThrow('10')
    await agreements.signed('A12', {}, 'buyer2')
    await agreements.unsign({ external_agreement_no: 'A1', ...SCENE })
    await agreements.signed('A13')
  })

  test('in its form for phones opens the same page, and no other address', async () => {
    const link = agreements.signLink('A1')
    const query = encodeURIComponent(new URL(link).search.slice(1))
    const scheme = (app: string) => `alipays://platformapi/startapp?appId=${app}&appClearTop=false&startMultApp=YES&`
    const signing = `${scheme('60000157')}sign_params=${query}`
    const browser = `${scheme('20000067')}url=${encodeURIComponent(link)}`
    const path = await client.cashierOf(link)
    for (const form of [signing, browser]) {
      const answer = await client.open(form.replace('alipays:/', client.origin))
      expect(await client.cashierOf(client.origin + answer.headers.get('location'))).toBe(path)
    }
    for (const form of [
      `${scheme('60000157')}sign_params=x`,
      `${scheme('20000067')}url=https%3A%2F%2Fevil.example%2Fgateway.do`,
      `${scheme('20000067')}url=${encodeURIComponent(`${client.origin}/control`)}`,
      `${scheme('1')}url=x`,
    ]) {
      const { status } = await client.control('/agreements/sign', { sign_url: form })
      expect(status).toBeGreaterThanOrEqual(400)
    }
    expect((await client.open(`${client.origin}/platformapi/startapp?appId=1`)).status).toBe(404)
    expect(await client.control('/agreements/sign', { sign_url: signing })).toMatchObject({ status: 200 })
  })
})
