// Genuine answers about an order, given again later, or about another one: nothing goes backwards, nothing is closed by them.
import { expect, it } from 'vitest'
import { useShop } from '../shop.ts'
import { renamed, useWiretap } from '../wiretap.ts'

const QUERY = 'alipay.trade.query'
const CLOSE = 'alipay.trade.close'
const PRECREATE = 'alipay.trade.precreate'

const shop = useShop()
const wiretap = useWiretap()

async function scanned(total_amount = '9.90') {
  const order = await shop.call('create_payment', { subject: 'Tea', total_amount })
  await shop.control('scan', { pay_url: order.pay_url })
  return { out_trade_no: String(order.out_trade_no), pay_url: order.pay_url }
}

const query = (out_trade_no: string) => shop.call('query_payment', { out_trade_no })
/** Reads are repeated: each of them gets that answer. */
const always = (method: string, replace: Parameters<typeof wiretap.next>[2]) => {
  for (let times = 0; times < 12; times++) wiretap.next(method, false, replace)
}

it('"waits for payment" of before is not told of an order that was seen paid', async () => {
  const { out_trade_no, pay_url } = await scanned()
  await query(out_trade_no)
  const { text } = wiretap.last(QUERY)
  await shop.control('pay', { pay_url })
  expect(await query(out_trade_no)).toMatchObject({ paid: true })
  always(QUERY, () => text)
  for (const tool of ['query_payment', 'wait_for_payment']) {
    expect(await shop.call(tool, { out_trade_no })).toMatchObject({ paid: true, trade_status: 'TRADE_SUCCESS' })
  }
  expect(await shop.call('close_payment', { out_trade_no })).toMatchObject({ closed: false, paid: true })
  const replaces = out_trade_no
  const other = await shop.call('create_payment', { subject: 'Tea', total_amount: '9.90', replaces })
  expect(other).toMatchObject({ error: 'invalid_input', moved: 'no', isError: true })
  expect(other.message).toContain('is paid')
})

it('"paid" of before is not told of an order that was seen refunded in full', async () => {
  const { out_trade_no } = await shop.paidOrder('9.90')
  await query(out_trade_no)
  const { text } = wiretap.last(QUERY)
  await shop.call('refund_payment', { out_trade_no })
  always(QUERY, () => text)
  expect(await query(out_trade_no)).toMatchObject({ paid: false, refunded: 'full' })
  await shop.call('list_payments', { refresh: true })
  expect(await query(out_trade_no)).toMatchObject({ paid: false, refunded: 'full' })
})

it('"no such trade" of before is not told of an order of which a trade was seen', async () => {
  const { out_trade_no, pay_url } = await shop.call('create_payment', { subject: 'Tea', total_amount: '9.90' })
  await query(String(out_trade_no))
  const { text } = wiretap.last(QUERY)
  await shop.control('pay', { pay_url })
  expect(await query(String(out_trade_no))).toMatchObject({ paid: true })
  always(QUERY, () => text)
  const answer = await query(String(out_trade_no))
  expect(answer).toMatchObject({ error: 'no_answer', moved: 'no', last_known: 'TRADE_SUCCESS' })
  expect(answer).not.toHaveProperty('payable_until')
  expect(answer.message).toContain('and had it before')
  expect(await shop.call('refund_payment', { out_trade_no })).toMatchObject({ error: 'no_answer', moved: 'no' })
  expect(await shop.call('list_payments', {})).toMatchObject({ paid_amount: '9.90' })
})

it('the answer about another order is none', async () => {
  const { out_trade_no: paid } = await shop.paidOrder('9.90')
  const { out_trade_no } = await scanned()
  await query(paid)
  const { text } = wiretap.last(QUERY)
  always(QUERY, () => text)
  const answer = await query(out_trade_no)
  expect(answer).toMatchObject({
    error: 'no_answer',
    moved: 'no',
    payable_until: expect.stringMatching(/Beijing time$/),
  })
})

it('a query that says paid, under the name of a close, closes nothing', async () => {
  const { out_trade_no, pay_url } = await scanned()
  await shop.control('pay', { pay_url })
  await query(out_trade_no)
  wiretap.next(CLOSE, false, () => renamed(wiretap.last(QUERY), CLOSE))
  const answer = await shop.call('close_payment', { out_trade_no })
  expect(answer).toMatchObject({ closed: false, paid: true })
})

it('a query that says waiting, under the name of a close, closes nothing', async () => {
  const { out_trade_no } = await scanned()
  await query(out_trade_no)
  wiretap.next(CLOSE, false, () => renamed(wiretap.last(QUERY), CLOSE))
  expect(await shop.call('close_payment', { out_trade_no })).toMatchObject({ error: 'unknown' })
  expect(await query(out_trade_no)).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' })
})

it('the close of another order closes nothing', async () => {
  const [one, { out_trade_no }] = [await scanned(), await scanned('8.80')]
  await shop.call('close_payment', { out_trade_no: one.out_trade_no })
  wiretap.next(CLOSE, false, () => wiretap.last(CLOSE).text)
  expect(await shop.call('close_payment', { out_trade_no })).toMatchObject({ error: 'unknown' })
})

it('the code of another order is not shown', async () => {
  const coded = { subject: 'Tea', total_amount: '9.90', channel: 'qr' }
  const first = await shop.call('create_payment', coded)
  const { text } = wiretap.last(PRECREATE)
  for (let times = 0; times < 2; times++) wiretap.next(PRECREATE, true, () => text)
  const second = await shop.call('create_payment', { ...coded, subject: 'Cup' })
  expect(first).toHaveProperty('qr_content')
  expect(second).toMatchObject({ error: 'unknown', isError: true })
})
