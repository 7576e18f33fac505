// The refund table: which request moves money, which is a repeat, which is refused and how.
import { beforeEach, expect, test } from 'vitest'
import { pageOrder, useRaw } from './raw-client.ts'

const client = await useRaw()
beforeEach(() => client.paid('R'))

const ask = (refund_amount: unknown, out_request_no?: string, more: object = {}) =>
  client.refund({ out_trade_no: 'R', refund_amount, out_request_no, ...more })
const later = (seconds = 3) => client.wait(seconds)

test('refund_fee adds up over several partial refunds and the last one closes the trade', async () => {
  expect(await ask('5.00', 'A')).toMatchObject({ code: '10000', fund_change: 'Y', refund_fee: '5.00' })
  expect(await client.query('R')).toMatchObject({ trade_status: 'TRADE_SUCCESS', total_amount: '20.00' })
  await later()
  expect(await ask('0.01', 'B')).toMatchObject({ fund_change: 'Y', refund_fee: '5.01' })
  await later()
  expect(await ask('14.99', 'C')).toMatchObject({ fund_change: 'Y', refund_fee: '20.00' })
  expect(await client.query('R')).toMatchObject({ trade_status: 'TRADE_CLOSED' })
  expect(await client.query('R')).toHaveProperty('send_pay_date')
})

test('the same number and amount again moves nothing and keeps the first time, even after the trade closed', async () => {
  const first = await ask('5.00', 'A')
  await later(60)
  const again = await ask('5', 'A')
  expect(again).toStrictEqual({ ...first, fund_change: 'N' })
  await ask('15.00', 'B')
  expect(await ask('5.00', 'A')).toMatchObject({ code: '10000', fund_change: 'N', refund_fee: '20.00' })
})

test('the same number with another amount is discordant', async () => {
  await ask('5.00', 'A')
  expect(await ask('6.00', 'A')).toMatchObject({ code: '40004', sub_code: 'ACQ.DISCORDANT_REPEAT_REQUEST' })
})

test('without a number only the whole amount goes, under the order number', async () => {
  expect(await ask('5.00')).toMatchObject({ sub_code: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' })
  expect(await ask('20.00')).toMatchObject({ fund_change: 'Y' })
  expect(await client.refundQuery('R', 'R')).toMatchObject({ refund_amount: '20.00', out_request_no: 'R' })
  expect(await ask('20.00', 'R')).toMatchObject({ fund_change: 'N' })
})

test('more than the total, more than what is left, and anything after a full refund are refused', async () => {
  expect(await ask('20.01', 'A')).toMatchObject({ sub_code: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' })
  await ask('5.00', 'A')
  await later()
  expect(await ask('15.01', 'B')).toMatchObject({ sub_code: 'ACQ.REASON_TRADE_REFUND_FEE_ERR' })
  expect(await ask('20.00')).toMatchObject({ sub_code: 'ACQ.REASON_TRADE_REFUND_FEE_ERR' })
  await ask('15.00', 'B')
  await later()
  expect(await ask('1.00', 'C')).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_CLOSE' })
})

test('amounts that are not positive yuan with two decimals are invalid', async () => {
  for (const bad of ['0', '0.00', '-1.00', '1.001', '1e1', 'one', '', ' 1', null, true, 0.1 + 0.2]) {
    expect(await ask(bad, 'A')).toMatchObject({ sub_code: 'ACQ.INVALID_PARAMETER', refund_fee: '0.00' })
  }
  expect(await ask(1.5, 'A')).toMatchObject({ fund_change: 'Y', refund_fee: '1.50' })
})

test('two refunds of one trade need three seconds between them; a repeat and another trade do not', async () => {
  await client.paid('OTHER')
  await ask('1.00', 'A')
  await client.control('/clock', { ms: 2999 })
  expect(await ask('1.00', 'B')).toMatchObject({ code: '40004', sub_code: 'ACQ.SYSTEM_ERROR' })
  expect(await client.refundQuery('R', 'B')).toStrictEqual({ code: '10000', msg: 'Success' })
  expect(await ask('1.00', 'A')).toMatchObject({ fund_change: 'N' })
  expect(await client.refund({ out_trade_no: 'OTHER', refund_amount: '20.00' })).toMatchObject({
    fund_change: 'Y',
  })
  await client.control('/clock', { ms: 1 })
  expect(await ask('1.00', 'B')).toMatchObject({ fund_change: 'Y', refund_fee: '2.00' })
})

test('a refused refund leaves its number usable', async () => {
  await client.control('/balance', { balance: '4.99' })
  expect(await ask('5.00', 'A')).toMatchObject({
    sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH',
    refund_fee: '0.00',
  })
  expect(await client.refundQuery('R', 'A')).toStrictEqual({ code: '10000', msg: 'Success' })
  await client.control('/balance', { balance: '5.00' })
  expect(await ask('5.00', 'A')).toMatchObject({ fund_change: 'Y' })
  expect(await client.trades()).toMatchObject({ balance: '0.00', refunded: '5.00' })
})

test('unpaid and unknown trades are not refunded; trade_no wins over out_trade_no', async () => {
  const pay_url = client.link('alipay.trade.page.pay', pageOrder('UNPAID'))
  const { body } = await client.control('/scan', { pay_url })
  const { trade_no } = body as { trade_no: string }
  const request = { refund_amount: '20.00', out_request_no: 'A' }
  expect(await client.refund({ out_trade_no: 'UNPAID', ...request })).toMatchObject({
    sub_code: 'ACQ.TRADE_STATUS_ERROR',
  })
  expect(await ask('20.00', 'A', { trade_no })).toMatchObject({ sub_code: 'ACQ.TRADE_STATUS_ERROR' })
  expect(await ask('20.00', 'A', { trade_no: '1' })).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' })
  expect(await client.refund(request)).toMatchObject({ sub_code: 'ACQ.INVALID_PARAMETER' })
})

test('twelve months after the payment the trade is finished and refuses refunds', async () => {
  await ask('1.00', 'A')
  await later(364 * 24 * 3600)
  expect(await client.query('R')).toMatchObject({ trade_status: 'TRADE_SUCCESS' })
  await later(24 * 3600)
  expect(await client.query('R')).toMatchObject({ trade_status: 'TRADE_FINISHED' })
  expect(await ask('1.00', 'B')).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_FINISHED' })
  expect(await ask('1.00', 'A')).toMatchObject({ code: '10000', fund_change: 'N' })
})

test('a refund query shows the reason, and the time only when asked', async () => {
  await ask('2.00', 'A', { refund_reason: '少件' })
  const plain = await client.refundQuery('R', 'A')
  expect(plain).toMatchObject({
    refund_status: 'REFUND_SUCCESS',
    refund_reason: '少件',
    total_amount: '20.00',
  })
  expect(plain).not.toHaveProperty('gmt_refund_pay')
  const query_options = ['gmt_refund_pay', 'refund_detail_item_list']
  const biz = { out_trade_no: 'R', out_request_no: 'A', query_options }
  const { response } = await client.call('alipay.trade.fastpay.refund.query', biz)
  expect(response.gmt_refund_pay).toMatch(/^20\d\d-/)
  expect(response.refund_detail_item_list).toStrictEqual([{ amount: '2.00', fund_channel: 'ALIPAYACCOUNT' }])
})

test('a refund query without its number is invalid, of an unknown order empty', async () => {
  const method = 'alipay.trade.fastpay.refund.query'
  const sub = async (biz: object) => (await client.call(method, biz)).response
  expect(await sub({ out_trade_no: 'R' })).toMatchObject({ sub_code: 'ACQ.INVALID_PARAMETER' })
  expect(await sub({ out_request_no: 'A' })).toMatchObject({ sub_code: 'ACQ.INVALID_PARAMETER' })
  expect(await client.refundQuery('NONE', 'A')).toStrictEqual({ code: '10000', msg: 'Success' })
})

test('a refund by hand counts in the sum and is invisible to the refund query', async () => {
  const { body } = await client.control('/refund', { out_trade_no: 'R', refund_amount: '15.00' })
  const { refunds } = body as { refunds: { out_request_no: string; by: string }[] }
  expect(refunds).toMatchObject([{ by: 'console', refund_amount: '15.00' }])
  const number = refunds[0]?.out_request_no ?? ''
  expect(await client.refundQuery('R', number)).toStrictEqual({ code: '10000', msg: 'Success' })
  await later()
  expect(await ask('5.01', 'A')).toMatchObject({ sub_code: 'ACQ.REASON_TRADE_REFUND_FEE_ERR' })
  expect(await ask('5.00', 'A')).toMatchObject({ fund_change: 'Y', refund_fee: '20.00' })
})
