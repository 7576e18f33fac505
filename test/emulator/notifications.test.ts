// What the emulator tells a merchant's notify_url by itself, and how it goes on until it is confirmed.
import { AlipaySdk } from 'alipay-sdk'
import { describe, expect, test } from 'vitest'
import { pageOrder, useRaw } from './raw-client.ts'
import { useReceiver } from './receiver.ts'

const client = await useRaw()
const receiver = await useReceiver()

const notify_url = () => ({ notify_url: receiver.url })
const pay = (out_trade_no: string, more: object = {}) =>
  client.control('/pay', {
    pay_url: client.link('alipay.trade.page.pay', pageOrder(out_trade_no, more), notify_url()),
  })
const refund = (out_request_no: string, refund_amount: string) =>
  client.refund({ out_trade_no: 'N', out_request_no, refund_amount })

const now = async () => ((await client.trades()) as { now: string }).now

interface Listed {
  event: string
  notify_id: string
  confirmed: boolean
  next: string | null
  deliveries: { at: string; answer: string }[]
}
async function listed(): Promise<Listed[]> {
  const answer = await fetch(`${client.emulator.control_url}/notifications`)
  return ((await answer.json()) as { notifications: Listed[] }).notifications
}

/** Until each of so many has come and its answer is noted. */
async function arrived(count: number): Promise<URLSearchParams[]> {
  const isAnswered = async () => (await listed()).every(({ deliveries }) => deliveries.length > 0)
  await expect
    .poll(async () => receiver.received.length >= count && (await isAnswered()), { timeout: 10_000 })
    .toBe(true)
  return receiver.received.map(({ fields }) => fields)
}

test('a payment is notified with its sums, signed, and confirmed by "success"', async () => {
  await pay('N', { total_amount: '20.00', subject: '咖啡 one + two', body: 'two cups' })
  const [fields = new URLSearchParams()] = await arrived(1)
  const at = await now()
  expect(Object.fromEntries(fields)).toStrictEqual({
    gmt_create: at,
    charset: 'utf-8',
    subject: '咖啡 one + two',
    body: 'two cups',
    buyer_id: '2088000000000102',
    buyer_logon_id: 'abc***@sandbox.com',
    version: '1.0',
    notify_id: expect.stringMatching(/^2026\d{30}$/),
    notify_type: 'trade_status_sync',
    notify_time: at,
    out_trade_no: 'N',
    trade_no: expect.any(String),
    trade_status: 'TRADE_SUCCESS',
    total_amount: '20.00',
    auth_app_id: client.emulator.app_id,
    app_id: client.emulator.app_id,
    seller_id: client.emulator.seller_id,
    sign_type: 'RSA2',
    gmt_payment: at,
    receipt_amount: '20.00',
    buyer_pay_amount: '20.00',
    invoice_amount: '20.00',
    point_amount: '0.00',
    fund_bill_list: '[{"amount":"20.00","fundChannel":"ALIPAYACCOUNT"}]',
    sign: expect.any(String),
  })
  const { sign = '', sign_type: _, ...rest } = Object.fromEntries(fields)
  const text = Object.keys(rest)
    .sort()
    .map((name) => `${name}=${rest[name]}`)
    .join('&')
  expect(client.alipayVerifies(text, sign)).toBe(true)
  expect(await listed()).toMatchObject([{ event: 'payment', confirmed: true, next: null }])
})

test("alipay-sdk's own check says yes to each of them", async () => {
  const sdk = new AlipaySdk({
    appId: client.emulator.app_id,
    privateKey: client.emulator.private_key_pkcs1,
    alipayPublicKey: client.emulator.alipay_public_key,
  })
  await pay('N')
  await refund('R1', '1.00')
  const all = await arrived(2)
  expect(all.map((fields) => sdk.checkNotifySignV2(Object.fromEntries(fields)))).toEqual([true, true])
})

test('a refund in part is TRADE_SUCCESS once more, in full TRADE_CLOSED, each with the sum of all refunds', async () => {
  await pay('N', { total_amount: '20.00' })
  await refund('R1', '5.00')
  const at = await now()
  await client.wait(3)
  await refund('R2', '15.00')
  const [, first, second] = await arrived(3)
  const named = (fields?: URLSearchParams) =>
    ['trade_status', 'refund_fee', 'out_biz_no', 'gmt_refund', 'receipt_amount'].map((name) => fields?.get(name))
  expect(named(first)).toEqual(['TRADE_SUCCESS', '5.00', 'R1', `${at}.000`, null])
  expect(named(second)).toEqual(['TRADE_CLOSED', '20.00', 'R2', `${await now()}.000`, null])
})

test('a refund that is asked for again moves nothing and is not notified again', async () => {
  await pay('N', { total_amount: '20.00' })
  await refund('R1', '5.00')
  await refund('R1', '5.00')
  await arrived(2)
  expect((await listed()).map(({ event }) => event)).toEqual(['payment', 'refund'])
})

describe('a trade that is closed unpaid', () => {
  const scan = () =>
    client.control('/scan', { pay_url: client.link('alipay.trade.page.pay', pageOrder('N'), notify_url()) })

  test('is notified, by a call and by its expiry', async () => {
    await scan()
    await client.close({ out_trade_no: 'N' })
    const [fields] = await arrived(1)
    expect([fields?.get('trade_status'), fields?.get('gmt_close')]).toEqual(['TRADE_CLOSED', await now()])
    expect(fields?.get('refund_fee')).toBeNull()
    await client.control('/scan', { pay_url: client.link('alipay.trade.page.pay', pageOrder('M'), notify_url()) })
    await client.wait(16 * 24 * 3600)
    expect((await arrived(2)).map((one) => one.get('out_trade_no'))).toEqual(['N', 'M'])
  })

  test('is not notified where the switch says so', async () => {
    await client.control('/rules', { close_notification: 'not_sent' })
    await scan()
    await client.close({ out_trade_no: 'N' })
    await client.wait(16 * 24 * 3600)
    expect(await listed()).toEqual([])
    await client.control('/rules', { close_notification: 'sent' })
  })
})

test('a code is notified where its order names an address', async () => {
  const { qr_code } = (
    await client.call('alipay.trade.precreate', { ...pageOrder('N'), product_code: 'QR_CODE_OFFLINE' }, notify_url())
  ).response
  await client.control('/pay', { qr_code })
  expect((await arrived(1))[0]?.get('out_trade_no')).toBe('N')
})

test('an order without an address is not notified, one elsewhere is listed and not sent', async () => {
  await client.paid('N')
  const pay_url = client.link('alipay.trade.page.pay', pageOrder('M'), { notify_url: 'https://shop.example/notify' })
  await client.control('/pay', { pay_url })
  expect(await listed()).toMatchObject([{ event: 'payment', confirmed: false, next: null, deliveries: [] }])
})

test.each([
  ['another word', [200, 'fail']],
  ['more than the word', [200, 'success\n']],
  ['a page', [200, '<html>success</html>']],
  ['another status', [201, 'success']],
  ['a redirect, which is not followed', [302, 'success']],
  ['an error', [500, '']],
] satisfies [string, [number, string]][])('%s does not confirm', async (_, answer) => {
  receiver.answer = () => answer
  await pay('N')
  await arrived(1)
  expect(await listed()).toMatchObject([
    {
      confirmed: false,
      next: expect.any(String),
      deliveries: [{ answer: `HTTP ${answer[0]} ${JSON.stringify(answer[1])}` }],
    },
  ])
})

test('until it is confirmed it comes again after 4, 10, 10 minutes, 1, 2, 6 and 15 hours, under one notify_id', async () => {
  receiver.answer = () => 'hang up'
  await pay('N')
  await arrived(1)
  for (const minutes of [4, 10, 10, 60, 120, 360, 900]) {
    await client.wait(minutes * 60 - 1)
    const before = receiver.received.length
    await client.wait(1)
    expect(receiver.received.length, `after ${minutes} minutes`).toBe(before + 1)
  }
  await client.wait(48 * 3600)
  expect(new Set(receiver.received.map(({ fields }) => fields.get('notify_id'))).size).toBe(1)
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
  expect((await listed()).map(({ deliveries, next }) => [deliveries.length, next])).toEqual([[8, null]])
})

test('held back they come late, together', async () => {
  await client.control('/notifications/hold', { on: true })
  await pay('N', { total_amount: '20.00' })
  await refund('R1', '1.00')
  await client.wait(3600)
  expect(receiver.received).toEqual([])
  await client.control('/notifications/hold', { on: false })
  expect(receiver.received.map(({ fields }) => fields.get('refund_fee')).sort()).toEqual(['1.00', null])
})
