// Holds query_payment to what it may say in every state of an order, and to saying no more than is known.
import { describe, expect, it, vi } from 'vitest'
import { Database } from '../../src/ledger/sqlite/database.ts'
import { type Fields, useShop } from '../shop.ts'
import { local } from './answers.ts'

const LINK_MS = 31 * 60_000
const YEAR_MS = 367 * 24 * 3_600_000

const shop = useShop()

const minute = (time: unknown) => String(time).slice(0, 16)
const query = (args: Fields) => shop.call('query_payment', args)
const tea = { subject: 'Tea 茶', total_amount: 9.9 }
const order = () => shop.call('create_payment', tea)

async function scannedOrder(): Promise<Fields> {
  const { out_trade_no, pay_url } = await order()
  const { trade_no } = await shop.control('scan', { pay_url })
  return { out_trade_no, trade_no, pay_url }
}

describe('an order with a trade', () => {
  it('waits: it is not paid, nothing of it was refunded, and its link is shown again', async () => {
    const { out_trade_no, trade_no, pay_url } = await scannedOrder()
    expect(await query({ out_trade_no })).toStrictEqual({
      paid: false,
      refunded: 'none_known',
      message: 'Not paid yet: 9.90 yuan. The buyer has opened the order at Alipay.',
      message_zh: '尚未付款 9.90 元：买家已打开订单，还没有支付。',
      out_trade_no,
      trade_no,
      trade_status: 'WAIT_BUYER_PAY',
      total_amount: '9.90',
      buyer_logon_id: 'abc***@sandbox.com',
      subject: 'Tea 茶',
      pay_url,
      expires: expect.stringMatching(/^29 minutes left, until .* Beijing time$/),
      next_step: 'If the buyer is paying now, call wait_for_payment; to stop the payment call close_payment.',
      ...local,
    })
  })

  it("waits, and looking at it again takes nobody's turn to write", async () => {
    const { out_trade_no } = await scannedOrder()
    await query({ out_trade_no })
    const write = vi.spyOn(Database.prototype, 'write')
    for (let looks = 0; looks < 3; looks++) expect(await query({ out_trade_no })).toMatchObject({ paid: false })
    expect(write).not.toHaveBeenCalled()
    write.mockRestore()
  })

  it('is paid, by either of its numbers; no refund is known, because Alipay does not tell', async () => {
    const { out_trade_no } = await shop.paidOrder('9.90')
    const [trade] = (await shop.trades()).trades
    const paid = {
      paid: true,
      refunded: 'none_known',
      message: `Paid: 9.90 yuan on ${minute(trade?.gmt_payment)} Beijing time.`,
      message_zh: `已付款 9.90 元（${minute(trade?.gmt_payment)}）。`,
      out_trade_no,
      trade_no: trade?.trade_no,
      trade_status: 'TRADE_SUCCESS',
      total_amount: '9.90',
      buyer_logon_id: 'abc***@sandbox.com',
      send_pay_date: trade?.gmt_payment,
      subject: 'Tea 茶',
      ...local,
    }
    expect(await query({ out_trade_no })).toStrictEqual(paid)
    expect(await query({ trade_no: trade?.trade_no })).toStrictEqual(paid)
  })

  it('tells at least how much was refunded, after a restart, too, and elsewhere that this is not known', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await shop.call('refund_payment', { out_trade_no, refund_amount: 30 })
    await shop.call('refund_payment', { out_trade_no, refund_amount: '12.5' })
    const [trade] = (await shop.trades()).trades
    const part = {
      paid: true,
      refunded: 'part',
      message: `Paid: 100.00 yuan on ${minute(trade?.gmt_payment)} Beijing time. 42.50 yuan of it refunded, at most 57.50 left.`,
      message_zh: `已付款 100.00 元（${minute(trade?.gmt_payment)}），其中已退款 42.50 元。`,
      out_trade_no,
      trade_no: trade?.trade_no,
      trade_status: 'TRADE_SUCCESS',
      total_amount: '100.00',
      buyer_logon_id: 'abc***@sandbox.com',
      send_pay_date: trade?.gmt_payment,
      subject: 'Tea 茶',
      refunded_total: '42.50',
      left: '57.50',
      ...local,
    }
    expect(await query({ out_trade_no })).toStrictEqual(part)
    await shop.restart()
    expect(await query({ out_trade_no })).toStrictEqual(part)
    await shop.forgetAll()
    const { refunded_total: _, left: __, subject: ___, ...known } = part
    expect(await query({ out_trade_no })).toStrictEqual({
      ...known,
      refunded: 'none_known',
      message: `Paid: 100.00 yuan on ${minute(trade?.gmt_payment)} Beijing time.`,
      message_zh: `已付款 100.00 元（${minute(trade?.gmt_payment)}）。`,
    })
  })

  it.each(['by this server', 'by hand in the console'])('that was fully refunded %s says so', async (how) => {
    const { out_trade_no } = await shop.paidOrder('9.90')
    if (how === 'by this server') await shop.call('refund_payment', { out_trade_no })
    else await shop.control('refund', { out_trade_no, refund_amount: '9.90' })
    const [trade] = (await shop.trades()).trades
    expect(await query({ out_trade_no })).toStrictEqual({
      paid: false,
      refunded: 'full',
      message: 'Fully refunded: 9.90 yuan.',
      message_zh: '已全额退款 9.90 元。',
      out_trade_no,
      trade_no: trade?.trade_no,
      trade_status: 'TRADE_CLOSED',
      total_amount: '9.90',
      buyer_logon_id: 'abc***@sandbox.com',
      send_pay_date: trade?.gmt_payment,
      subject: 'Tea 茶',
      refunded_total: '9.90',
      left: '0.00',
      next_step: 'Only if the merchant wants a new payment: call create_payment without out_trade_no.',
      ...local,
    })
  })

  it.each(['closed', 'expired'])('that was %s shows no payment, and more is not known', async (how) => {
    const { out_trade_no } = await scannedOrder()
    if (how === 'closed') await shop.call('close_payment', { out_trade_no })
    else shop.clock.advance(LINK_MS)
    const asked = await query({ out_trade_no })
    expect(asked).toMatchObject({
      paid: false,
      refunded: 'none_known',
      message: 'Closed without payment: nobody can pay the 9.90 yuan any more.',
      trade_status: 'TRADE_CLOSED',
    })
    expect(asked).not.toHaveProperty('send_pay_date')
  })

  it("stays paid when Alipay's time for refunds is over", async () => {
    const { out_trade_no } = await shop.paidOrder()
    shop.clock.advance(YEAR_MS)
    expect(await query({ out_trade_no })).toMatchObject({
      paid: true,
      refunded: 'none_known',
      message: expect.stringMatching(/^Paid: 100\.00 yuan on .*\. Alipay's time for refunds is over\.$/),
      trade_status: 'TRADE_FINISHED',
    })
  })
})

it('changes nothing: it only asks for the order', async () => {
  const { out_trade_no } = await scannedOrder()
  const before = (await shop.trades()).trades
  await query({ out_trade_no })
  expect((await shop.trades()).trades).toStrictEqual(before)
  expect(Object(await shop.trades()).calls).toStrictEqual({ 'alipay.trade.query': 1 })
})

it.each([
  [{}, 'Name the order by exactly one of out_trade_no and trade_no.'],
  [{ out_trade_no: 'A', trade_no: '2026112022001400100500000001' }, 'exactly one of'],
  [{ out_trade_no: 'A 1' }, 'out_trade_no: must be 1 to 64 letters, digits or underscores.'],
  [{ trade_no: '12' }, "trade_no: must be Alipay's number, 16 to 64 digits."],
  [{ out_trade_no: true }, 'out_trade_no: must be a text.'],
  [{ out_trade_no: 'A', order: 'B' }, 'order'],
])('refuses %j with the reason, and sends nothing', async (args, reason) => {
  const refused = await query(args)
  expect(refused).toMatchObject({ error: 'invalid_input', isError: true })
  expect(refused.message).toContain(reason)
  expect(Object(await shop.trades()).calls).toStrictEqual({})
})
