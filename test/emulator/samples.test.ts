// Field by field against Alipay's recorded or documented answers: same keys, same order, same values.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pageOrder, useRaw } from './raw-client.ts'

interface Sample {
  method: string
  request: { query_or_form: Record<string, string>; biz_content: Record<string, unknown> }
  raw_response: string
}

const client = await useRaw()

const sample = (name: string): Sample =>
  JSON.parse(readFileSync(new URL(`../samples/${name}.json`, import.meta.url), 'utf8'))

/** Ids, dates, signatures and the buyer differ from run to run; everything else must not. */
function normal(text: string): string {
  return text
    .replace(/"(out_trade_no|trade_no|buyer_logon_id|buyer_user_id|qr_code|sign)":"[^"]*"/g, '"$1":"#"')
    .replace(/"(send_pay_date|gmt_refund_pay)":"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"/g, '"$1":"#"')
    .replace(/app_id=\d+/, 'app_id=#')
    .replace(/"out_trade_no\\":\\"\w+/, '"out_trade_no\\":\\"#')
    .replace('"fund_channel":"PCREDIT"', '"fund_channel":"ALIPAYACCOUNT"')
}

let count = 0
async function compare(name: string, prepare?: (out_trade_no: string) => Promise<unknown>, more: object = {}) {
  const { method, request, raw_response } = sample(name)
  const out_trade_no = `SAMPLE_${++count}`
  await prepare?.(out_trade_no)
  const called = await client.call(method, { ...request.biz_content, out_trade_no, ...more })
  expect(called.verified).toBe(true)
  expect(normal(called.text)).toBe(normal(raw_response))
}

const scanned = (out_trade_no: string) =>
  client.control('/scan', { pay_url: client.link('alipay.trade.page.pay', pageOrder(out_trade_no)) })
const RF = { refund_amount: '2.00', out_request_no: 'RF_20261120_0001' }

test('query of an unknown order', () => compare('query.not_exist'))
test('query of a waiting order', () => compare('query.wait_buyer_pay', scanned))
test('query of a paid order', () => compare('query.success', (no) => client.paid(no)))
test('query with the funds asked for', () =>
  compare('query.success.funds', (no) => client.paid(no, '0.01'), { query_options: ['fund_bill_list'] }))
test('query after a full refund', () =>
  compare('query.closed_after_full_refund', async (no) => {
    await client.paid(no, '100.00')
    await client.refund({ out_trade_no: no, refund_amount: '100.00' })
  }))

test('close of a waiting order', () => compare('close.success', scanned))
test('close of a paid order', () => compare('close.status_error', (no) => client.paid(no)))
test('close of an unknown order', () => compare('close.not_exist'))

test('partial refund', () => compare('refund.partial', (no) => client.paid(no)))
test('the same refund again', () =>
  compare('refund.repeat_same_number', async (no) => {
    await client.paid(no)
    await client.refund({ out_trade_no: no, ...RF })
  }))
test('refund with its funds asked for', () => compare('refund.with_funds', (no) => client.paid(no)))
test('refund of an unknown order', () => compare('refund.not_exist'))
test('refund of an unpaid order', () => compare('refund.unpaid', scanned))
test('refund above what is left', () =>
  compare('refund.amount_exceeded', async (no) => {
    await client.paid(no, '3.00')
    await client.refund({ out_trade_no: no, refund_amount: '1.01', out_request_no: 'RF_0' })
  }))
test('refund number used again with another amount', () =>
  compare('refund.discordant_repeat', async (no) => {
    await client.paid(no)
    await client.refund({ out_trade_no: no, ...RF, refund_amount: '3.00' })
  }))
test('refund without balance', async () => {
  await compare('refund.seller_balance', async (no) => {
    await client.paid(no)
    await client.control('/balance', { balance: '0.00' })
  })
  await client.control('/balance', { balance: null })
})
test('system error of a refund', () =>
  compare('refund.system_error', async (no) => {
    await client.paid(no)
    await client.control('/faults', { fault: 'system_error_before' })
  }))

test('refund query of an unknown number', () => compare('refund_query.not_found', (no) => client.paid(no)))
test('refund query of a refund made', () =>
  compare('refund_query.success', async (no) => {
    await client.paid(no)
    await client.refund({ out_trade_no: no, ...RF })
  }))

test('precreate', () => compare('precreate.success'))
test('precreate of a paid order', () =>
  compare('precreate.paid', (no) => client.paid(no, '88.88'), { subject: '测试订单' }))
test('precreate with another product', () =>
  compare('precreate.no_contract', undefined, { product_code: 'QUICK_WAP_WAY' }))
test('precreate with a bad time', () => compare('precreate.invalid_parameter', undefined, { timeout_express: '1.5h' }))

test('wrong signature: the built text, signed', async () => {
  const { request, raw_response } = sample('gateway.invalid_signature')
  const params = { ...request.query_or_form, app_id: client.emulator.app_id }
  const called = await client.send({ ...params, biz_content: JSON.stringify(request.biz_content) })
  expect(called.verified).toBe(true)
  expect(normal(called.text)).toBe(normal(raw_response))
})

test('unknown app: no sign', async () => {
  const { request, raw_response } = sample('gateway.invalid_app_id')
  expect((await client.send(request.query_or_form)).text).toBe(raw_response)
})

test('missing method: error_response without sign', async () => {
  const { raw_response } = sample('gateway.missing_method')
  expect((await client.send({ app_id: client.emulator.app_id })).text).toBe(raw_response)
})

test('bad timestamp', async () => {
  const { method, raw_response } = sample('gateway.invalid_timestamp')
  const called = await client.call(method, {}, { timestamp: '2026/11/20 10:00' })
  expect(normal(called.text)).toBe(normal(raw_response))
})

test('content that cannot be decrypted', async () => {
  const { method, raw_response } = sample('gateway.decrypt_error')
  expect(normal((await client.call(method, {}, { encrypt_type: 'AES' })).text)).toBe(normal(raw_response))
})

test('rate limit and unknown outcome', async () => {
  for (const [fault, name] of [
    ['rate_limit', 'gateway.call_limited'],
    ['20000_before', 'gateway.unknown_20000'],
  ]) {
    await client.control('/faults', { fault })
    await compare(name ?? '')
  }
})

test('refund after the refund period', () =>
  compare('refund.finished', async (no) => {
    await client.paid(no)
    await client.wait(366 * 24 * 3600)
  }))
