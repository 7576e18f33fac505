// The control API: what it takes, what it says about bad input, and whom it refuses.
import { describe, expect, test } from 'vitest'
import { mobileOrder, pageOrder, useRaw } from './raw-client.ts'

const client = await useRaw()

const link = (biz: object = {}) => client.link('alipay.trade.page.pay', pageOrder('K', biz))

test('the help names every call with a curl line and every fault', async () => {
  const text = await (await fetch(client.emulator.control_url)).text()
  for (const path of [
    'scan',
    'pay',
    'refund',
    'clock',
    'balance',
    'sandbox',
    'rules',
    'permissions',
    'app',
    'reset',
    'faults',
    'faults/clear',
    'agreements/sign',
    'agreements/unsign',
    'agreements/status',
    'charges/next',
    'charges/decide',
  ]) {
    expect(text).toContain(`curl -s ${client.emulator.control_url}/${path} -H 'content-type: application/json'`)
  }
  for (const word of ['/control/trades', '/control/agreements', 'lost_after', 'escaped_slashes', '/cashier/ID/login']) {
    expect(text).toContain(word)
  }
})

test('pay takes a link, or the number once the link was opened, on both channels', async () => {
  expect(await client.control('/pay', { out_trade_no: 'K' })).toMatchObject({ status: 404 })
  await client.open(link())
  expect(await client.control('/pay', { out_trade_no: 'K', account: 'buyer2' })).toMatchObject({
    status: 200,
    body: { trade_status: 'TRADE_SUCCESS', buyer: 'buyer2', refunded: '0.00' },
  })
  const pay_url = client.link('alipay.trade.wap.pay', mobileOrder('K2'), { return_url: 'https://m.example/' })
  const paid = await client.control('/pay', { pay_url })
  expect(paid).toMatchObject({ body: { channel: 'mobile', buyer: 'buyer1' } })
  expect(paid.body).toHaveProperty('return_url', expect.stringMatching(/^https:\/\/m\.example\/\?charset=utf-8&/))
})

test('a link is verified as by the gateway', async () => {
  const forged = link().replace('20.00', '1.00')
  expect(await client.control('/pay', { pay_url: forged })).toMatchObject({
    status: 409,
    body: { sub_code: 'isv.invalid-signature' },
  })
  const query = client.link('alipay.trade.query', { out_trade_no: 'K' })
  expect(await client.control('/pay', { pay_url: query })).toMatchObject({ status: 409 })
  expect(await client.control('/pay', { pay_url: 'https://pay.example/x' })).toMatchObject({ status: 400 })
})

test('another account cannot take over a scanned order', async () => {
  await client.control('/scan', { pay_url: link(), account: 'buyer1' })
  expect(await client.control('/pay', { out_trade_no: 'K', account: 'buyer2' })).toMatchObject({
    status: 409,
    body: { sub_code: 'ACQ.TRADE_BUYER_NOT_MATCH' },
  })
})

test('the list shows trades, refunds and sums', async () => {
  await client.paid('K', '10.00')
  await client.paid('L', '2.50')
  await client.refund({ out_trade_no: 'K', refund_amount: '0.10', out_request_no: 'A' })
  await client.control('/refund', { out_trade_no: 'L', refund_amount: '2.50' })
  expect(await client.trades()).toMatchObject({
    balance: null,
    paid: '12.50',
    refunded: '2.60',
    trades: [
      { out_trade_no: 'K', trade_status: 'TRADE_SUCCESS', refunds: [{ out_request_no: 'A', by: 'api' }] },
      {
        out_trade_no: 'L',
        trade_status: 'TRADE_CLOSED',
        refunds: [{ refund_amount: '2.50', by: 'console' }],
      },
    ],
    opened_links: [{ out_trade_no: 'K' }, { out_trade_no: 'L' }],
  })
})

test('the clock moves by milliseconds or seconds, and every answer shows it', async () => {
  const date = async () => Date.parse((await fetch(client.origin)).headers.get('date') ?? '')
  const before = await date()
  await client.control('/clock', { seconds: 90 })
  await client.control('/clock', { ms: 1000 })
  expect((await date()) - before).toBe(91_000)
})

test('what buyers pay adds to a limited balance', async () => {
  await client.control('/balance', { balance: '1.00' })
  await client.paid('K', '20.00')
  expect(await client.trades()).toMatchObject({ balance: '21.00' })
})

test('a reset forgets trades, opened links, faults and the balance', async () => {
  await client.paid('K')
  await client.control('/faults', { fault: 'rate_limit', times: 'always' })
  await client.control('/balance', { balance: '1.00' })
  await client.control('/reset', {})
  expect(await client.query('K')).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' })
  expect(await client.trades()).toMatchObject({ trades: [], opened_links: [], balance: null, paid: '0.00' })
})

describe('bad input', () => {
  const cases: [string, unknown, string, string?][] = [
    ['/faults', { fault: 'explode' }, 'fault', 'lost_before'],
    ['/faults', { fault: 'html', method: 'alipay.trade.page.pay' }, 'methods', 'alipay.trade.refund'],
    ['/faults', { fault: 'refuse', sub_code: 'ACQ.NOPE' }, 'sub_code', 'ACQ.TRADE_NOT_EXIST'],
    ['/faults', { fault: 'refuse' }, 'sub_code', 'ACQ.TRADE_NOT_EXIST'],
    ['/faults', { fault: 'html', times: 0 }, 'times'],
    ['/faults', { fault: 'delay' }, 'ms'],
    ['/faults', { fault: 'delay', ms: 600_001 }, '600000'],
    ['/clock', { seconds: -1 }, 'seconds'],
    ['/clock', {}, 'one of the two', 'seconds'],
    ['/clock', { ms: 1, seconds: 1 }, 'one of the two', 'ms'],
    ['/clock', { hours: 1 }, 'hours', 'seconds'],
    ['/balance', { balance: 'much' }, 'balance'],
    ['/balance', {}, 'balance'],
    ['/sandbox', { on: 'yes' }, 'true or false'],
    ['/pay', {}, 'one of these', 'qr_code'],
    ['/scan', { qr_code: 'http://127.0.0.1/qr/x' }, 'this emulator issued'],
    ['/pay', { qr_code: 'x', out_trade_no: 'K' }, 'one of these', 'pay_url'],
    ['/rules', { precreate_repeat: 'maybe' }, 'precreate_repeat', 'refused'],
    ['/rules', { close_before_scan: true }, 'close_before_scan'],
    ['/rules', { two_products: 'maybe' }, 'two_products', 'continued'],
    ['/pay', { out_trade_no: 7 }, 'text'],
    ['/pay', '{', 'not JSON'],
    ['/pay', '[]', 'object'],
    ['/refund', { out_trade_no: 'NONE', refund_amount: '1.00' }, 'no such trade'],
  ]
  test.each(cases)('%s %j is refused with the reason', async (path, body, reason, allowed) => {
    const answer = await client.control(path, body)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.body).toHaveProperty('error', expect.stringContaining(reason))
    if (allowed) expect(answer.body).toHaveProperty('allowed', expect.arrayContaining([allowed]))
  })

  test('an unknown account lists those there are, an unknown path those there are', async () => {
    expect(await client.control('/pay', { pay_url: link(), account: 'x' })).toMatchObject({
      status: 400,
      body: { allowed: ['buyer1', 'buyer2', 'poor'] },
    })
    expect(await client.control('/nothing', {})).toMatchObject({ status: 404 })
    expect((await fetch(`${client.emulator.control_url}/nothing`)).status).toBe(404)
  })

  test('a refund by hand obeys the money that is there', async () => {
    await client.paid('K')
    const refund = (refund_amount: string) => client.control('/refund', { out_trade_no: 'K', refund_amount })
    expect(await refund('20.01')).toMatchObject({ status: 409 })
    expect(await refund('zero')).toMatchObject({ status: 400 })
    await client.control('/balance', { balance: '1.00' })
    expect(await refund('2.00')).toMatchObject({
      status: 409,
      body: { sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' },
    })
  })
})

describe('other web pages', () => {
  test('cannot drive it with a form or as plain text', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      expect(await client.control('/reset', {}, { 'content-type': type })).toMatchObject({ status: 415 })
    }
  })

  test('are refused by their Origin', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example:80']) {
      expect(await client.control('/reset', {}, { origin })).toMatchObject({ status: 403 })
    }
    for (const origin of ['http://localhost:5173', 'http://[::1]:1', client.origin]) {
      expect(await client.control('/reset', {}, { origin })).toMatchObject({ status: 200 })
    }
  })
})
