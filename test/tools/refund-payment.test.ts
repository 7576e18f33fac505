// Holds refund_payment to its answers: what moved, what did not and why, and when nothing was sent at all.
import { describe, expect, it, vi } from 'vitest'
import { type Fields, useShop } from '../shop.ts'
import { local } from './answers.ts'

const shop = useShop()

const refund = (args: Fields) => shop.call('refund_payment', args)
const calls = async () => ({ ...Object(await shop.trades()).calls })

/** Trade and refunds as the emulator's trades have them. */
async function booked(): Promise<{ trade: Fields; refunds: readonly Fields[] }> {
  const [trade = {}] = (await shop.trades()).trades
  return { trade, refunds: Array.isArray(trade.refunds) ? trade.refunds : [] }
}

const UNASKED = ' Nobody was asked to approve: this client shows no forms, and no real money moves here.'
const NOT_ARRIVED = expect.stringMatching(/accepted, not that the money has arrived.*to a bank card within days\.$/)
const minute = (time: unknown) => String(time).slice(0, 16)

describe('a refund', () => {
  it('of a whole order is answered whole: accepted, which is not arrived', async () => {
    const { out_trade_no } = await shop.paidOrder('9.90')
    const answer = await refund({ out_trade_no })
    const { trade, refunds } = await booked()
    const [{ out_request_no, gmt_refund_pay } = {}] = refunds
    expect(answer).toStrictEqual({
      message: `Refund accepted: 9.90 yuan on ${minute(gmt_refund_pay)} Beijing time.${UNASKED}`,
      message_zh: '退款 9.90 元已受理，原路退回；到银行卡可能需要几天。',
      subject: 'Tea 茶',
      total_amount: '9.90',
      out_trade_no,
      trade_no: trade.trade_no,
      out_request_no,
      refund_amount: '9.90',
      moved: 'now',
      refunded_total: '9.90',
      gmt_refund_pay,
      next_step: NOT_ARRIVED,
      ...local,
    })
    expect(trade).toMatchObject({ refunded: '9.90', trade_status: 'TRADE_CLOSED' })
  })

  it('of a part leaves the rest, and the next one tells both sums', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const first = await refund({ out_trade_no, refund_amount: 9.9 })
    expect(first).toMatchObject({ moved: 'now', refund_amount: '9.90', refunded_total: '9.90' })
    const second = await refund({ out_trade_no, refund_amount: '30.5' })
    expect(second).toMatchObject({ moved: 'now', refund_amount: '30.50', refunded_total: '40.40' })
    const { trade } = await booked()
    expect(trade).toMatchObject({ refunded: '40.40', trade_status: 'TRADE_SUCCESS' })
  })

  it('asked for again was already made: nothing moves, whatever the reason and by whichever number', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const first = await refund({ out_trade_no, refund_amount: '30.00', refund_reason: 'Broken' })
    const { trade } = await booked()
    const { refunded_total: _, ...facts } = first
    const { trade_no } = trade
    const another = {
      trade_no,
      refund_amount: '30.00',
      out_request_no: expect.stringMatching(/^RF[0-9a-f]{30}$/),
    }
    const again = {
      ...facts,
      message: `Already refunded: 30.00 yuan on ${minute(first.gmt_refund_pay)} Beijing time; nothing moved now.`,
      message_zh: `这笔 30.00 元退款此前已受理（${minute(first.gmt_refund_pay)}），本次没有动钱。`,
      moved: 'earlier',
      next_step: expect.stringMatching(
        /^Nothing more to do\. Only if the merchant wants another refund of the same amount: .*; the merchant is asked again\.$/,
      ),
    }
    const answer = await refund({ out_trade_no, refund_amount: 30 })
    expect(answer).toStrictEqual(again)
    expect(JSON.parse(String(/{.*}/.exec(String(answer.next_step))))).toStrictEqual(another)
    const reason = { refund_reason: 'Other words' }
    expect(await refund({ trade_no, refund_amount: 30, ...reason })).toStrictEqual(again)
    await shop.restart()
    expect(await refund({ out_trade_no, refund_amount: 30 })).toStrictEqual(again)
    await shop.forgetAll()
    const { subject: __, ...withoutLedger }: Fields = again
    expect(await refund({ out_trade_no, refund_amount: 30 })).toStrictEqual(withoutLedger)
    expect((await booked()).refunds).toHaveLength(1)
  })

  it('without an amount gives back what is left, once: asked for again, that is the refund already made', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await refund({ out_trade_no, refund_amount: '30.00' })
    const rest = await refund({ out_trade_no })
    expect(rest).toMatchObject({ moved: 'now', refund_amount: '70.00', refunded_total: '100.00' })
    const { out_request_no } = rest
    const again = await refund({ out_trade_no })
    expect(again).toMatchObject({ moved: 'earlier', refund_amount: '70.00', out_request_no })
    expect(again.next_step).toBe('Nothing more to do.')
    expect((await booked()).trade.refunded).toBe('100.00')
  })

  it('of a named amount that happens to be all that is left is another request than the rest', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await refund({ out_trade_no, refund_amount: '30.00' })
    const named = await refund({ out_trade_no, refund_amount: '70.00' })
    expect(named).toMatchObject({ moved: 'now', refunded_total: '100.00' })
    const refused = await refund({ out_trade_no })
    expect(refused).toMatchObject({ error: 'invalid_input', retry: 'no', left: '0.00', refunded_total: '100.00' })
    expect(refused.message).toContain('Nothing is left to refund: all 100.00 yuan were refunded')
    expect((await booked()).refunds).toHaveLength(2)
  })

  it('carries its reason to Alipay', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const { out_request_no } = await refund({ out_trade_no, refund_reason: 'Broken "cup"' })
    const { refund_reason } = await shop.call('query_refund', { out_trade_no, out_request_no })
    expect(refund_reason).toBe('Broken "cup"')
  })

  it('of an order that another program made is made by its trade_no, and the order is known from then on', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await shop.forgetAll()
    const { trade } = await booked()
    const first = await refund({ trade_no: trade.trade_no, refund_amount: '30.00' })
    expect(first).toMatchObject({ moved: 'now', out_trade_no, refunded_total: '30.00' })
    const known = await (await shop.ledger()).order({ out_trade_no })
    expect(known).toMatchObject({ created_here: false, refunded_fen: 3_000, total_amount: '100.00' })
    expect(await refund({ out_trade_no })).toMatchObject({ moved: 'now', refund_amount: '70.00' })
  })

  it('for which the balance is short can be made once it was topped up, and is done once', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await shop.control('balance', { balance: '29.99' })
    const request = { out_trade_no, refund_amount: '30.00' }
    const short = await refund(request)
    const sub_code = 'ACQ.SELLER_BALANCE_NOT_ENOUGH'
    expect(short).toMatchObject({
      isError: true,
      sub_code,
      who_can_act: 'operator',
      retry: 'after_change',
    })
    await shop.control('balance', { balance: '100.00' })
    const { out_request_no } = await shop.call('query_refund', request)
    expect(await refund(request)).toMatchObject({ moved: 'now', out_request_no })
    expect(await refund(request)).toMatchObject({ moved: 'earlier', out_request_no })
    expect((await booked()).refunds).toMatchObject([{ out_request_no, refund_amount: '30.00' }])
  })
})

it('refuses a request with faults, which are all named, and sends nothing', async () => {
  const wrong = { refund_amount: '9.999', refund_reason: 'two\nlines', out_request_no: 'RF 1', reason: 'x' }
  const { message, ...rest } = await refund(wrong)
  expect(rest).toMatchObject({ error: 'invalid_input', isError: true })
  expect(String(message).split(' | ')).toStrictEqual([
    expect.stringMatching(/refund_amount: has more than two decimals\./),
    expect.stringMatching(/^refund_reason: has line breaks/),
    'out_request_no: must be 1 to 64 letters, digits, underscores or dashes.',
    expect.stringMatching(/^unknown field "reason"; the fields are /),
    'Name the order by exactly one of out_trade_no and trade_no.',
  ])
  expect(await calls()).toStrictEqual({})
})

it('is answered within 55 seconds, though every exchange takes all its time and another refund is resolved first', async () => {
  const { out_trade_no } = await shop.paidOrder()
  await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.refund', times: 'always' })
  expect(await refund({ out_trade_no, refund_amount: '30.00' })).toMatchObject({ error: 'unknown' })
  shop.clock.advance(10 * 60_000)

  const { gateway, clock } = shop
  const { query, refundQuery, refund: send } = gateway
  const slow = (within = 15_000) => clock.advance(within)
  vi.spyOn(gateway, 'query').mockImplementation((...asked) => {
    slow(asked[1]?.within)
    return query.apply(gateway, asked)
  })
  vi.spyOn(gateway, 'refundQuery').mockImplementation((...asked) => {
    slow(asked[2]?.within)
    return refundQuery.apply(gateway, asked)
  })
  const sends = vi.spyOn(gateway, 'refund').mockImplementation(async (...asked) => {
    const answer = await send.apply(gateway, asked)
    slow(asked[2]?.within)
    return answer
  })
  const before = clock.now()
  expect(await refund({ out_trade_no, refund_amount: '20.00' })).toMatchObject({ error: 'unknown' })
  expect(sends).toHaveBeenCalledTimes(2)
  expect(clock.now() - before).toBeLessThanOrEqual(55_000)
})
