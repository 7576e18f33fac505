// Holds refund_payment to its answers: what moved, what did not and why, and when nothing was sent at all.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Fields, openShop, type Shop, type ShopOptions } from '../shop.ts'

const LINK_MS = 31 * 60_000
const YEAR_MS = 367 * 24 * 3_600_000

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
beforeEach(() => shop.control('reset', {}))
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => shop.close())

const local = { environment: 'local', environment_note: expect.stringContaining('no real money moves') }
const refund = (args: Fields, at = shop) => at.call('refund_payment', args)
const calls = async (at = shop) => ({ ...Object(await at.books()).calls })

async function withShop<T>(options: ShopOptions, use: (other: Shop) => Promise<T>): Promise<T> {
  const other = await openShop(options)
  return use(other).finally(() => other.close())
}

/** Trade and refunds as the emulator's books have them. */
async function booked(at = shop): Promise<{ trade: Fields; refunds: readonly Fields[] }> {
  const [trade = {}] = (await at.books()).trades
  return { trade, refunds: Array.isArray(trade.refunds) ? trade.refunds : [] }
}

const NOT_ARRIVED =
  'Tell the buyer that it was accepted, not that it has arrived: it goes back the way he paid, to a bank card it ' +
  'can take days.'

describe('a refund', () => {
  it('of a whole order is answered whole: accepted, which is not arrived', async () => {
    const { out_trade_no } = await shop.paidOrder('9.90')
    const answer = await refund({ out_trade_no })
    const { trade, refunds } = await booked()
    const [{ out_request_no, gmt_refund_pay } = {}] = refunds
    expect(answer).toStrictEqual({
      message: `Refund of 9.90 yuan accepted by Alipay on ${gmt_refund_pay} Beijing time.`,
      out_trade_no,
      trade_no: trade.trade_no,
      out_request_no,
      refund_amount: '9.90',
      moved: 'now',
      refund_fee: '9.90',
      gmt_refund_pay,
      next_step: NOT_ARRIVED,
      ...local,
    })
    expect(trade).toMatchObject({ refunded: '9.90', trade_status: 'TRADE_CLOSED' })
  })

  it('of a part leaves the rest, and the next one tells both sums', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const first = await refund({ out_trade_no, refund_amount: 9.9 })
    expect(first).toMatchObject({ moved: 'now', refund_amount: '9.90', refund_fee: '9.90' })
    const second = await refund({ out_trade_no, refund_amount: '30.5' })
    expect(second).toMatchObject({ moved: 'now', refund_amount: '30.50', refund_fee: '40.40' })
    const { trade } = await booked()
    expect(trade).toMatchObject({ refunded: '40.40', trade_status: 'TRADE_SUCCESS' })
  })

  it('asked for again was already made: nothing moves, whatever the reason and by whichever number', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const first = await refund({ out_trade_no, refund_amount: '30.00', refund_reason: 'Broken' })
    const { trade } = await booked()
    const { refund_fee: _, ...facts } = first
    const again = {
      ...facts,
      message: `This refund of 30.00 yuan was already made on ${first.gmt_refund_pay} Beijing time; nothing moved now.`,
      moved: 'earlier',
      next_step: expect.stringMatching(/^There is nothing to do\. If a second refund/),
    }
    expect(await refund({ out_trade_no, refund_amount: 30 })).toStrictEqual(again)
    const reason = { refund_reason: 'Other words' }
    expect(await refund({ trade_no: trade.trade_no, refund_amount: 30, ...reason })).toStrictEqual(again)
    expect((await booked()).refunds).toHaveLength(1)
  })

  it('of nothing but the whole order is meant where no amount is named, also after a refund of a part', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await refund({ out_trade_no, refund_amount: '30.00' })
    const refused = await refund({ out_trade_no })
    expect(refused).toMatchObject({ isError: true, sub_code: 'ACQ.REASON_TRADE_REFUND_FEE_ERR' })
    expect((await booked()).trade.refunded).toBe('30.00')
  })

  it('carries its reason to Alipay', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await refund({ out_trade_no, refund_reason: 'Broken "cup"' })
    const { refund_reason } = await shop.call('query_refund', { out_trade_no })
    expect(refund_reason).toBe('Broken "cup"')
  })

  it('for which the balance is short can be made once it was topped up, and is done once', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await shop.control('balance', { balance: '29.99' })
    const wish = { out_trade_no, refund_amount: '30.00' }
    const short = await refund(wish)
    const sub_code = 'ACQ.SELLER_BALANCE_NOT_ENOUGH'
    expect(short).toMatchObject({
      isError: true,
      sub_code,
      who_can_act: 'operator',
      safe_to_repeat: 'after_fix',
    })
    await shop.control('balance', { balance: '100.00' })
    const { out_request_no } = await shop.call('query_refund', wish)
    expect(await refund(wish)).toMatchObject({ moved: 'now', out_request_no })
    expect(await refund(wish)).toMatchObject({ moved: 'earlier', out_request_no })
    expect((await booked()).refunds).toMatchObject([{ out_request_no, refund_amount: '30.00' }])
  })
})

describe('Alipay refuses the refund', () => {
  it('of an unpaid order, which is answered whole', async () => {
    const { out_trade_no, pay_url } = await shop.call('create_payment', { subject: 'Tea', total_amount: 1 })
    await shop.control('scan', { pay_url })
    expect(await refund({ out_trade_no })).toStrictEqual({
      message: 'refund_payment: Alipay refused: 40004 ACQ.TRADE_STATUS_ERROR 交易状态不合法',
      error: 'refused',
      code: '40004',
      sub_code: 'ACQ.TRADE_STATUS_ERROR',
      sub_msg: '交易状态不合法',
      trace_id: expect.any(String),
      cause: expect.stringContaining('only a paid one refunded'),
      remedy: expect.stringContaining('an unpaid one has nothing to refund'),
      who_can_act: 'model',
      safe_to_repeat: 'no',
      money: 'This call moved nothing.',
      ...local,
      isError: true,
    })
  })

  it('of an order without a trade, of which only the query was sent', async () => {
    const { out_trade_no } = await shop.call('create_payment', { subject: 'Tea', total_amount: 1 })
    const money = 'Nothing was sent but the query, and this call moved nothing.'
    const refused = await refund({ out_trade_no })
    expect(refused).toMatchObject({ isError: true, sub_code: 'ACQ.TRADE_NOT_EXIST', money })
    expect(await calls()).toStrictEqual({ 'alipay.trade.query': 1 })
  })

  type Case = readonly [what: string, sub_code: string, amount: string, prepare: (order: Fields) => unknown]
  const cases: readonly Case[] = [
    ['of more than the order', 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', '100.01', () => undefined],
    [
      'of more than is left',
      'ACQ.REASON_TRADE_REFUND_FEE_ERR',
      '70.01',
      (order) => refund({ ...order, refund_amount: '30.00' }),
    ],
    [
      'of what the merchant gave back by hand',
      'ACQ.TRADE_HAS_CLOSE',
      '30.00',
      (order) => shop.control('refund', { ...order, refund_amount: '100.00' }),
    ],
    ["past Alipay's time for refunds", 'ACQ.TRADE_HAS_FINISHED', '30.00', () => shop.clock.advance(YEAR_MS)],
  ]
  it.each(cases)('%s, with %s', async (_what, sub_code, refund_amount, prepare) => {
    const { out_trade_no } = await shop.paidOrder()
    await prepare({ out_trade_no })
    const { refunds } = await booked()
    const refused = await refund({ out_trade_no, refund_amount })
    expect(refused).toMatchObject({ isError: true, sub_code, money: 'This call moved nothing.' })
    expect((await booked()).refunds).toStrictEqual(refunds)
  })

  it.each(['closed', 'expired'])('of an order that was %s unpaid', async (how) => {
    const { out_trade_no, pay_url } = await shop.call('create_payment', { subject: 'Tea', total_amount: 1 })
    await shop.control('scan', { pay_url })
    if (how === 'closed') await shop.call('close_payment', { out_trade_no })
    else shop.clock.advance(LINK_MS)
    expect(await refund({ out_trade_no })).toMatchObject({ isError: true, sub_code: 'ACQ.TRADE_HAS_CLOSE' })
  })
})

describe('nothing is sent', () => {
  it('to the sandbox for a part, which it would refuse for good; the whole is still refunded', () =>
    withShop({ environment: 'sandbox', sandboxRules: true }, async (sandbox) => {
      const { out_trade_no } = await sandbox.paidOrder()
      const refused = await refund({ out_trade_no, refund_amount: '30.00' }, sandbox)
      expect(refused).toMatchObject({ error: 'input', isError: true, environment: 'sandbox' })
      expect(refused.message).toContain(
        "refund_amount: Alipay's sandbox refunds only whole orders, here 100.00 yuan",
      )
      expect(await calls(sandbox)).toStrictEqual({ 'alipay.trade.query': 1 })
      expect(await refund({ out_trade_no }, sandbox)).toMatchObject({ moved: 'now', refund_fee: '100.00' })
      const again = await refund({ out_trade_no, refund_amount: 100 }, sandbox)
      expect(again).toMatchObject({ moved: 'earlier' })
    }))

  it('in production, where refunds are not served yet, and the answer says what the merchant can do', () =>
    withShop({ environment: 'production' }, async (production) => {
      const { out_trade_no } = await production.paidOrder()
      const refused = await refund({ out_trade_no }, production)
      expect(refused).toMatchObject({ error: 'input', isError: true, environment: 'production' })
      expect(refused.message).toMatch(
        /^refund_payment is not served in production yet.*by hand in the console/,
      )
      expect(await calls(production)).toStrictEqual({})
    }))

  it('for a wish with faults, which are all named', async () => {
    const wrong = { refund_amount: '9.999', refund_reason: 'two\nlines', out_request_no: 'RF1' }
    const { message, ...rest } = await refund(wrong)
    expect(rest).toMatchObject({ error: 'input', isError: true })
    expect(String(message).split(' | ')).toStrictEqual([
      expect.stringMatching(/refund_amount: has more than two decimals\./),
      expect.stringMatching(/^refund_reason: has line breaks/),
      expect.stringContaining('out_request_no'),
      'Name the order by exactly one of out_trade_no and trade_no.',
    ])
    expect(await calls()).toStrictEqual({})
  })
})

it('is answered within 55 seconds, though every exchange takes all its time and another refund is settled first', async () => {
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
  vi.spyOn(gateway, 'refund').mockImplementation((...asked) => {
    slow(asked[2])
    return send.apply(gateway, asked)
  })
  const before = clock.now()
  expect(await refund({ out_trade_no, refund_amount: '20.00' })).toMatchObject({ error: 'unknown' })
  expect(clock.now() - before).toBeLessThan(55_000)
})
