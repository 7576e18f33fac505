// The gateway's calls about agreements, through alipay-sdk's signatures against the emulator: links, reads, and three outcomes.
import { beforeEach, describe, expect, it } from 'vitest'
import { beijingTime } from '../../src/clock.ts'
import type { AgreementGateway } from '../../src/gateway/gateway.ts'
import { useShop } from '../shop.ts'

const TERMS = {
  product: 'GENERAL_WITHHOLDING',
  personal_product_code: 'CYCLE_PAY_AUTH_P',
  sign_scene: 'INDUSTRY|DIGITAL_MEDIA',
} as const
const notify_url = 'https://shop.example/notify'
const shop = useShop({ connection: { agreements: TERMS, notify_url } })
const DAY_MS = 24 * 3600_000

const agreements = (): AgreementGateway => {
  if (!shop.gateway.agreements) throw new Error('there are none')
  return shop.gateway.agreements
}
const dayIn = (days: number) => beijingTime(shop.clock.now() + days * DAY_MS).slice(0, 10)
const content = (external_agreement_no: string, more: object = {}) => ({
  ...({
    external_agreement_no,
    period_type: 'DAY',
    period: 7,
    execute_time: dayIn(2),
    single_amount: '15.00',
  } as const),
  ...more,
})
const chargeOf = (out_trade_no: string, more: object = {}) => ({
  ...{ out_trade_no, total_amount: '15.00', subject: '会员周费', agreement_no },
  time_expire: beijingTime(shop.clock.now() + 3600_000),
  ...more,
})
const charge = (out_trade_no: string, more: object = {}) => agreements().charge(chargeOf(out_trade_no, more))
const refused = (sub_code: string) => ({ outcome: 'refused', refusal: { verified: true, sub_code } })
const next = (outcome: object) => shop.control('charges/next', { agreement_no, ...outcome })
const fault = (name: string, method: string) => shop.control('faults', { fault: name, method })
const paid = async () => (await shop.trades()).paid

let agreement_no = ''
beforeEach(async () => {
  const sign_url = await agreements().signLink('page', content('A1'))
  const signed = await shop.control('agreements/sign', { sign_url })
  agreement_no = String(signed.agreement_no)
})

it('there are none where the merchant has signed for none', async () => {
  const { AlipayGateway } = await import('../../src/gateway/alipay-gateway.ts')
  const { agreements: _, ...connection } = shop.gateway.connection
  expect(new AlipayGateway(connection, shop.clock, false).agreements).toBeUndefined()
})

describe('a sign link', () => {
  it('holds the plan, the product and the scene, and no notify_url; on a phone it opens Alipay itself', async () => {
    const page = await agreements().signLink('page', content('A2', { total_payments: 52 }), 'https://shop.example/back')
    const biz = (link: string) => {
      const { searchParams } = new URL(link)
      expect(searchParams.get('notify_url')).toBeNull()
      expect(searchParams.get('return_url')).toBe('https://shop.example/back')
      return JSON.parse(searchParams.get('biz_content') ?? '')
    }
    const plan = { period_type: 'DAY', period: '7', execute_time: dayIn(2), single_amount: '15.00', total_payments: 52 }
    const expected = {
      product_code: 'GENERAL_WITHHOLDING',
      personal_product_code: 'CYCLE_PAY_AUTH_P',
      sign_scene: TERMS.sign_scene,
      external_agreement_no: 'A2',
      period_rule_params: plan,
    }
    expect(biz(page)).toStrictEqual({ ...expected, access_params: { channel: 'QRCODE' } })
    const mobile = await agreements().signLink(
      'mobile',
      content('A2', { total_payments: 52 }),
      'https://shop.example/back',
    )
    expect(mobile).toMatch(
      /^alipays:\/\/platformapi\/startapp\?appId=60000157&appClearTop=false&startMultApp=YES&sign_params=[\w%.-]+$/,
    )
    const params = decodeURIComponent(mobile.slice(mobile.indexOf('sign_params=') + 12))
    expect(biz(`https://x.example/?${params}`)).toStrictEqual({ ...expected, access_params: { channel: 'ALIPAYAPP' } })
    expect(await shop.control('agreements/sign', { sign_url: mobile, account: 'buyer2' })).toMatchObject({
      external_agreement_no: 'A2',
      buyer: 'buyer2',
    })
  })
})

describe('a query', () => {
  it('by either number says what is kept of it', async () => {
    const answer = {
      agreement_no,
      status: 'NORMAL',
      next_deduct_time: dayIn(2),
      principal_id: '2088000000000102',
      buyer_logon_id: 'abc***@sandbox.com',
    }
    expect(await agreements().agreement({ agreement_no })).toMatchObject({ outcome: 'done', answer })
    const byOwn = await agreements().agreement({ external_agreement_no: 'A1' })
    expect(byOwn).toMatchObject({ outcome: 'done', answer: { ...answer, external_agreement_no: 'A1' } })
    expect(byOwn).not.toHaveProperty('answer.pricipal_type')
  })

  it('of an unknown or ended one is refused', async () => {
    const notExist = refused('USER_AGREEMENT_NOT_EXIST')
    expect(await agreements().agreement({ external_agreement_no: 'A2' })).toMatchObject(notExist)
    await shop.control('agreements/unsign', { agreement_no })
    expect(await agreements().agreement({ agreement_no })).toMatchObject(notExist)
  })

  it('is repeated where no answer comes, and an answer that is not signed proves nothing', async () => {
    await fault('lost_before', 'alipay.user.agreement.query')
    expect(await agreements().agreement({ agreement_no })).toMatchObject({ outcome: 'done' })
    await shop.control('faults', { fault: 'unsigned', method: 'alipay.user.agreement.query', times: 'always' })
    expect(await agreements().agreement({ agreement_no })).toMatchObject({ outcome: 'unknown' })
  })
})

describe('unsigning', () => {
  it('is done, and done again; of an unknown one it is refused', async () => {
    for (const _ of ['once', 'again'])
      expect(await agreements().unsign(agreement_no)).toMatchObject({ outcome: 'done' })
    expect(await agreements().agreement({ agreement_no })).toMatchObject(refused('USER_AGREEMENT_NOT_EXIST'))
    expect(await agreements().unsign('20260000000000000009')).toMatchObject(refused('USER_AGREEMENT_NOT_EXIST'))
  })

  it.each(['lost_after', 'system_error_after', '20000_after', 'http_502_after'])(
    'is unknown after %s, and sent once',
    async (name) => {
      await fault(name, 'alipay.user.agreement.unsign')
      expect(await agreements().unsign(agreement_no)).toMatchObject({ outcome: 'unknown' })
      expect(await shop.trades()).toMatchObject({ calls: { 'alipay.user.agreement.unsign': 1 } })
    },
  )
})

it('a planned day is put off, never brought forward', async () => {
  expect(await agreements().postpone(agreement_no, dayIn(5), '买家要求')).toMatchObject({ outcome: 'done' })
  expect(await agreements().agreement({ agreement_no })).toMatchObject({ answer: { next_deduct_time: dayIn(5) } })
  expect(await agreements().postpone(agreement_no, dayIn(4), 'x')).toMatchObject(refused('INVALID_PARAMETER'))
})

describe('a charge', () => {
  it('is done, and its answer says so by code: 10000 or 10003', async () => {
    const answer = { out_trade_no: 'C1', trade_no: expect.any(String) }
    expect(await charge('C1')).toStrictEqual({ outcome: 'done', answer: { ...answer, in_process: false } })
    expect(await shop.gateway.query({ out_trade_no: 'C1' })).toMatchObject({
      answer: { trade_status: 'TRADE_SUCCESS' },
    })
    shop.clock.advance(5 * DAY_MS)
    await next({ outcome: 'in_process' })
    expect(await charge('C2')).toStrictEqual({
      outcome: 'done',
      answer: { ...answer, out_trade_no: 'C2', in_process: true },
    })
    expect(await shop.gateway.query({ out_trade_no: 'C2' })).toMatchObject({
      answer: { trade_status: 'WAIT_BUYER_PAY' },
    })
    expect(await paid()).toBe('15.00')
    const { notifications } = (await (await fetch(`${shop.emulator.control_url}/notifications`)).json()) as {
      notifications: { notify_url: string }[]
    }
    expect(notifications.map((one) => one.notify_url)).toEqual([notify_url])
  })

  it.each([
    ['ACQ.BUYER_BALANCE_NOT_ENOUGH'],
    ['ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH'],
    ['ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE'],
    ['ACQ.PAYMENT_REQUEST_HAS_RISK'],
    ['ACQ.AGREEMENT_STATUS_NOT_NORMAL'],
  ])('that Alipay refuses with %s did nothing', async (sub_code) => {
    await next({ outcome: 'refuse', sub_code })
    expect(await charge('C1')).toMatchObject(refused(sub_code))
    expect(await paid()).toBe('0.00')
  })

  it('outside its window, above the ceiling, of an ended agreement, or twice is refused', async () => {
    expect(await charge('C1', { total_amount: '15.01' })).toMatchObject(refused('ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED'))
    await charge('C1')
    expect(await charge('C1')).toMatchObject(refused('ACQ.TRADE_HAS_SUCCESS'))
    expect(await charge('C2')).toMatchObject(refused('ACQ.CYCLE_PAY_DATE_NOT_MATCH'))
    await agreements().unsign(agreement_no)
    expect(await charge('C3')).toMatchObject(refused('ACQ.AGREEMENT_NOT_EXIST'))
  })

  it.each([
    ['lost_before', '0.00'],
    ['lost_after', '15.00'],
    ['system_error_after', '15.00'],
    ['20000_before', '0.00'],
    ['wrong_sign', '15.00'],
    ['bad_json', '15.00'],
  ])('is unknown after %s, whatever became of it (%s), and is not sent again', async (name, sum) => {
    await fault(name, 'alipay.trade.pay')
    expect(await charge('C1')).toMatchObject({ outcome: 'unknown' })
    expect(await paid()).toBe(sum)
    expect(await shop.trades()).toMatchObject({ calls: { 'alipay.trade.pay': 1 } })
  })

  it('that is carried out late is unknown, and of a code that is not listed as well', async () => {
    await next({ outcome: 'late', seconds: 60 })
    expect(await charge('C1')).toMatchObject({ outcome: 'unknown' })
    await next({ outcome: 'refuse', sub_code: 'ACQ.TRADE_STATUS_ERROR' })
    expect(await charge('C2')).toMatchObject({ outcome: 'unknown' })
  })

  it('is not sent where it must not be any more', async () => {
    const mayStillSend = () => false
    expect(await agreements().charge(chargeOf('C1'), { mayStillSend })).toMatchObject({
      outcome: 'refused',
      refusal: { not_sent: expect.any(String) },
    })
    expect(await shop.trades()).toMatchObject({ calls: {} })
  })
})
