// Holds close_payment to saying "closed" only with proof, and otherwise what can still be paid and until when.
import { describe, expect, it } from 'vitest'
import { type Fields, useShop } from '../shop.ts'
import { local } from './answers.ts'

const LINK_MS = 31 * 60_000
const YEAR_MS = 367 * 24 * 3_600_000
const NEW_ORDER = 'Only if the merchant wants a new payment: call create_payment without out_trade_no.'

const shop = useShop()

const close = (args: Fields) => shop.call('close_payment', args)
const order = () => shop.call('create_payment', { subject: 'Tea 茶', total_amount: 9.9 })
const fault = (name: string) => shop.control('faults', { fault: name, method: 'alipay.trade.close' })

async function scannedOrder(): Promise<Fields> {
  const { out_trade_no, pay_url } = await order()
  const { trade_no } = await shop.control('scan', { pay_url })
  return { out_trade_no, trade_no, pay_url }
}

async function onlyTrade(): Promise<Fields> {
  const [trade] = (await shop.trades()).trades
  return trade ?? {}
}

describe('an order that waits for payment', () => {
  it.each([
    ['out_trade_no', {}],
    ["trade_no, which only Alipay's answer ties to it", { 'alipay.trade.query': 1 }],
  ])('is closed by its %s, and cannot be paid any more', async (name, first) => {
    const { out_trade_no, trade_no, pay_url } = await scannedOrder()
    const named = name === 'out_trade_no' ? { out_trade_no } : { trade_no }
    expect(await close(named)).toStrictEqual({
      message: 'Closed: nobody has paid the 9.90 yuan, and nobody can pay it any more.',
      message_zh: '订单已关闭：9.90 元没有付款，也不能再付款。',
      ...{ out_trade_no, trade_no, subject: 'Tea 茶', total_amount: '9.90' },
      closed: true,
      paid: false,
      next_step: NEW_ORDER,
      ...local,
    })
    await expect(shop.control('pay', { pay_url })).rejects.toThrow('ACQ.TRADE_HAS_CLOSE')
    expect(Object(await shop.trades()).calls).toStrictEqual({ ...first, 'alipay.trade.close': 1 })
  })

  it('is closed though the answer was lost: the order itself tells', async () => {
    const { out_trade_no, trade_no } = await scannedOrder()
    await fault('lost_after')
    expect(await close({ out_trade_no })).toMatchObject({ closed: true, paid: false, trade_no })
  })

  it('may still be payable when the close was lost, and the answer says how to find out', async () => {
    const { out_trade_no } = await scannedOrder()
    await fault('lost_before')
    const unknown = await close({ out_trade_no })
    expect(unknown).toStrictEqual({
      message: expect.stringMatching(/^Outcome unknown: .*\(ECONNRESET\)\.$/),
      message_zh: expect.stringMatching(/尚不确定.*请查询订单/),
      error: 'unknown',
      retry: 'after_change',
      moved: 'no',
      ...{ out_trade_no, subject: 'Tea 茶', total_amount: '9.90' },
      money: 'A close moves no money. The order may be closed, or still be payable.',
      next_step: `Call query_payment with {"out_trade_no":"${out_trade_no}"}; if the order still waits for payment, call close_payment again.`,
      ...local,
      isError: true,
    })
    expect(await close({ out_trade_no })).toMatchObject({ closed: true })
  })

  it('is closed once by two calls at the same time: the second says that the first is under way', async () => {
    const { out_trade_no, trade_no } = await scannedOrder()
    const both = await Promise.all([close({ out_trade_no }), close({ out_trade_no })])
    expect(both.filter(({ closed }) => closed)).toMatchObject([{ trade_no, paid: false }])
    expect(both.filter(({ closed }) => !closed)).toStrictEqual([
      {
        message: 'Not sent: another call to close this order is under way.',
        error: 'not_sent',
        retry: 'yes_once',
        moved: 'no',
        ...{ out_trade_no, subject: 'Tea 茶', total_amount: '9.90' },
        message_zh: expect.stringMatching(/。$/),
        money: 'Nothing was sent, nothing was closed.',
        next_step:
          'If this was already the second try, tell the user and stop. Else call query_payment; if the order is still open, call close_payment again in a minute.',
        ...local,
        isError: true,
      },
    ])
    expect(Object(await shop.trades()).calls).toStrictEqual({ 'alipay.trade.close': 1 })
  })

  it('that another program made is queried, closed, and known from then on', async () => {
    const { out_trade_no, trade_no } = await scannedOrder()
    await shop.forgetAll()
    expect(await close({ out_trade_no })).toMatchObject({ closed: true, paid: false, trade_no })
    expect(Object(await shop.trades()).calls).toStrictEqual({
      'alipay.trade.query': 1,
      'alipay.trade.close': 1,
    })
    const order = await (await shop.ledger()).order({ out_trade_no: String(out_trade_no) })
    expect(order).toMatchObject({
      created_here: false,
      can_never_be_paid: true,
      trade_status: 'TRADE_CLOSED',
    })
  })
})

describe('an order that cannot be closed', () => {
  it('because the buyer paid meanwhile is said to be paid, whole', async () => {
    const { out_trade_no, trade_no, pay_url } = await scannedOrder()
    await shop.control('pay', { pay_url })
    expect(await close({ out_trade_no })).toStrictEqual({
      paid: true,
      refunded: 'none_known',
      message: expect.stringMatching(/^Not closed\. Paid: 9\.90 yuan on .* Beijing time\.$/),
      message_zh: expect.stringMatching(/^没有关闭。已付款 9\.90 元（.*）。$/),
      closed: false,
      ...{ out_trade_no, trade_no, subject: 'Tea 茶', total_amount: '9.90' },
      trade_status: 'TRADE_SUCCESS',
      send_pay_date: expect.stringMatching(/^\d{4}-/),
      next_step: expect.stringMatching(
        /^Tell the merchant that the order was paid; call refund_payment only if the merchant/,
      ),
      ...local,
    })
    expect(await onlyTrade()).toMatchObject({ trade_status: 'TRADE_SUCCESS', refunded: '0.00' })
  })

  it('because the buyer paid is said to be paid though the close was lost', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await fault('lost_before')
    expect(await close({ out_trade_no })).toMatchObject({ closed: false, paid: true })
  })

  it.each(['closed', 'expired'])('because it was %s already has nothing left to close', async (how) => {
    const { out_trade_no, trade_no } = await scannedOrder()
    if (how === 'closed') await close({ out_trade_no })
    else shop.clock.advance(LINK_MS)
    expect(await close({ out_trade_no })).toStrictEqual({
      paid: false,
      refunded: 'none_known',
      message: 'Nothing was left to close. Closed without payment: nobody can pay the 9.90 yuan any more.',
      message_zh: '订单已关闭，9.90 元没有付款，也不能再付款。',
      closed: true,
      ...{ out_trade_no, trade_no, subject: 'Tea 茶', total_amount: '9.90' },
      trade_status: 'TRADE_CLOSED',
      next_step: NEW_ORDER,
      ...local,
    })
  })

  it('because it was paid and fully refunded says so', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await shop.call('refund_payment', { out_trade_no })
    const message = 'Nothing was left to close. Fully refunded: 100.00 yuan.'
    expect(await close({ out_trade_no })).toMatchObject({ message, paid: false, refunded: 'full' })
  })

  it("because it is finished is paid, and is not sent on to a refund that Alipay's time forbids", async () => {
    const { out_trade_no } = await shop.paidOrder()
    shop.clock.advance(YEAR_MS)
    const answer = await close({ out_trade_no })
    expect(answer).toMatchObject({ closed: false, paid: true, trade_status: 'TRADE_FINISHED' })
    expect(answer.message).toContain("Alipay's time for refunds is over")
    expect(answer).not.toHaveProperty('next_step')
  })
})

it('never cancels, which may refund: whatever the state, it only closes and asks', async () => {
  const paid = await shop.paidOrder()
  for (const { out_trade_no } of [paid, await scannedOrder(), await order()]) await close({ out_trade_no })
  const { refunded, ...trades } = await shop.trades()
  expect(refunded).toBe('0.00')
  expect(Object(trades).calls).toStrictEqual({ 'alipay.trade.close': 3, 'alipay.trade.query': 2 })
})

it.each([
  [{}, 'Name the order by exactly one of out_trade_no and trade_no.'],
  [{ out_trade_no: 'A', trade_no: '2026112022001400100500000001' }, 'exactly one of'],
  [{ out_trade_no: 'A', reason: 'x' }, 'reason'],
])('refuses %j with the reason, and sends nothing', async (args, reason) => {
  const refused = await close(args)
  expect(refused).toMatchObject({ error: 'invalid_input', isError: true })
  expect(refused.message).toContain(reason)
  expect(Object(await shop.trades()).calls).toStrictEqual({})
})
