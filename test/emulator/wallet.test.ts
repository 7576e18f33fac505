// The buyer's pages of agreements by plain HTTP: signing, what the wallet shows, and ending it there.
import { describe, expect, test } from 'vitest'
import { AgreementClient, MONTHLY, WEEKLY } from './agreement-client.ts'
import { type Params, useRaw } from './raw-client.ts'

const client = await useRaw()
const agreements = new AgreementClient(client)

const open = (more: object = {}, common: Params = {}) => client.cashierOf(agreements.signLink('A1', more, common))
const get = async (path: string) => (await fetch(client.origin + path)).text()
const agree = (path: string, account: string, headers: Params = {}) =>
  client.post(`${path}/agree`, { account }, headers)

async function refused(answer: Response, code: string): Promise<void> {
  expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining(code)])
}

test('signing: the plan in both languages, a buyer, and the receipt with the way into the wallet', async () => {
  const path = await open({ external_logon_id: '13852852877' })
  const text = await get(path)
  for (const part of [
    '开通自动扣款',
    'Agree to automatic payments',
    '每月一次',
    'every month',
    '2026-12-06',
    '¥15.00',
    'INDUSTRY|DIGITAL_MEDIA',
    '13852852877',
    'A1',
    client.emulator.seller_id,
    '不开通',
  ]) {
    expect(text).toContain(part)
  }
  expect(await agreements.listed()).toEqual([])
  const answer = await agree(path, 'buyer2')
  const { agreement_no } = (await agreements.listed())[0] ?? {}
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `${path}?agreement_no=${agreement_no}`])
  for (const signed of [await get(`${path}?agreement_no=${agreement_no}`), await get(path)]) {
    for (const part of ['签约成功', agreement_no, '159****0000', `href="/wallet/${agreement_no}"`])
      expect(signed).toContain(part)
  }
})

test('each plan is said in words', async () => {
  const said = async (plan: object, number: string) =>
    get(await client.cashierOf(agreements.signLink(number, { period_rule_params: plan })))
  expect(await said({ ...MONTHLY, period: '3' }, 'A1')).toContain('every 3 months')
  const weekly = await said({ ...WEEKLY, total_amount: '1500.00', total_payments: '52' }, 'A2')
  for (const part of ['每 7 天一次', 'every 7 days', '¥1,500.00', '52 次']) expect(weekly).toContain(part)
  expect(weekly).not.toContain('The first planned day has passed')
  expect(await said({ ...WEEKLY, execute_time: '2020-01-01' }, 'A3')).toContain('The first planned day has passed')
})

test('a link without a number can be signed by several buyers, each seeing their own', async () => {
  const path = await client.cashierOf(agreements.signLink(undefined))
  for (const account of ['buyer1', 'buyer2']) {
    const location = (await agree(path, account)).headers.get('location') ?? ''
    expect(await get(location)).toContain('签约成功')
  }
  expect(await get(path)).toContain('开通自动扣款')
  const other = await agreements.signed('A9')
  expect(await get(`${path}?agreement_no=${other}`)).toContain('开通自动扣款')
  expect(await agreements.listed()).toHaveLength(3)
})

test('the return to the merchant is signed, and says what was signed', async () => {
  const path = await open({}, { return_url: 'https://merchant.example/signed?shop=7' })
  const text = await get((await agree(path, 'buyer1')).headers.get('location') ?? '')
  const href = /class="button" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const { shop, sign = '', sign_type, ...fields } = Object.fromEntries(new URL(href).searchParams)
  expect([shop, sign_type]).toEqual(['7', 'RSA2'])
  expect(fields).toMatchObject({ external_agreement_no: 'A1', status: 'NORMAL', next_deduct_time: '2026-12-06' })
  const content = Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&')
  expect(client.alipayVerifies(content, sign)).toBe(true)
})

describe('the wallet', () => {
  test('shows an agreement and its next day, and ends it', async () => {
    const agreement_no = await agreements.signed('A1', {
      period_rule_params: { ...WEEKLY, execute_time: '2026-11-20' },
    })
    await agreements.charge(agreement_no, 'C1')
    const wallet = `/wallet/${agreement_no}`
    const text = await get(wallet)
    for (const part of ['自动扣款管理', '2026-11-27', '1 次', 'End automatic payments']) expect(text).toContain(part)
    const answer = await client.post(`${wallet}/unsign`, {}, { origin: client.origin })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, wallet])
    const ended = await get(wallet)
    expect(ended).toContain('自动扣款已关闭')
    expect(ended).not.toContain('<button')
    expect((await agreements.one(agreement_no)).unsigned).toMatchObject({ by: 'buyer' })
    await refused(await client.post(`${wallet}/unsign`, {}), 'It cannot be ended')
  })

  test('is reached from the overview, which lists what is in force and what is not', async () => {
    expect(await get('/')).not.toContain('代扣协议')
    const [one, other] = [await agreements.signed('A1'), await agreements.signed('A2', {}, 'buyer2')]
    await agreements.unsign({ agreement_no: one })
    await client.control('/agreements/status', { agreement_no: other, status: 'STOP' })
    const text = await get('/')
    for (const part of ['代扣协议', `href="/wallet/${one}"`, '已解约', 'STOP', '2026-12-06'])
      expect(text).toContain(part)
  })
})

test('refused steps: an unknown account, a foreign page, another step, another page', async () => {
  const path = await open()
  await refused(await agree(path, 'nobody'), 'USER_NOT_EXIST_ERROR')
  const agreement_no = await agreements.signed('A2')
  for (const origin of ['https://evil.example', 'null']) {
    expect((await agree(path, 'buyer1', { origin })).status).toBe(403)
    expect((await client.post(`/wallet/${agreement_no}/unsign`, {}, { origin })).status).toBe(403)
  }
  expect((await agreements.listed()).map(({ in_force }) => in_force)).toEqual([true])
  for (const other of [`${path}/steal`, '/sign/none/agree', `/wallet/${agreement_no}/charge`, '/wallet/1/unsign']) {
    expect((await client.post(other, { account: 'buyer1' })).status).toBe(404)
  }
  for (const other of ['/sign/none', '/wallet/1', `${path}/agree`])
    expect((await fetch(client.origin + other)).status).toBe(404)
})

test('text of merchants is text on the pages, nothing else', async () => {
  const path = await open({ external_logon_id: `<img onerror>'a"b` })
  expect(await get(path)).toContain('&lt;img onerror&gt;&#39;a&quot;b')
})
