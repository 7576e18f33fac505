// The `Date` of an answer is signed by nobody: outside `local` it moves when orders expire, and nothing else.
import { beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS, fromBeijingTime } from '../../src/clock.ts'
import { useShop } from '../shop.ts'

const HOUR = 3_600_000
const limits = {
  ...{ callsPerMinute: 0, dailyPaymentsFen: 15_000 },
  ...{ maxRefundFen: 10_000, dailyRefundsFen: 10_000, refundWindowDays: 2 },
}
const rules = { limits, refundApproval: 'none', seller_id: '2088000000000000' } as const
const shop = useShop({ environment: 'production', rules })
const tea = { subject: 'Tea', total_amount: '100.00', expires_in_minutes: 30 }

/** As the gateway does with an answer of Alipay. */
const hear = (apart: number) => shop.clock.hear(new Date(shop.clock.now() + apart).toUTCString())
beforeEach(() => {
  hear(0)
})

describe.each([
  ['an hour ahead', HOUR, HOUR],
  ['an hour behind', -HOUR, -HOUR],
  ['a week ahead', 7 * DAY_MS, DAY_MS],
])("where Alipay's clock is said to be %s", (_, apart, moved) => {
  it('an order expires by it, and at most a day apart', async () => {
    hear(apart)
    const { time_expire, expires } = await shop.call('create_payment', tea)
    const expected = shop.clock.now() + moved + 30 * 60_000
    expect(Math.abs(fromBeijingTime(String(time_expire)) - expected)).toBeLessThan(3_000)
    expect(expires).toMatch(/^(29|30) minutes left/)
  })

  it("the limit of the day is the one of this computer's day", async () => {
    await shop.call('create_payment', tea)
    hear(apart)
    expect(await shop.call('create_payment', tea)).toMatchObject({ isError: true })
    hear(apart + Math.sign(apart) * 2 * DAY_MS)
    expect(await shop.call('create_payment', tea)).toMatchObject({ isError: true })
    hear(0)
    shop.clock.advance(DAY_MS)
    expect(await shop.call('create_payment', tea)).not.toHaveProperty('isError')
  })
})

describe('a link is over', () => {
  const state = async (out_trade_no: unknown) => (await shop.call('query_payment', { out_trade_no })).message
  const EXPIRED = 'Expired unpaid: nobody can pay the 100.00 yuan any more.'

  it('not where only the clock of Alipay says so, and is still shown then', async () => {
    const { out_trade_no } = await shop.call('create_payment', tea)
    hear(2 * HOUR)
    expect(await state(out_trade_no)).not.toBe(EXPIRED)
    expect(await shop.call('create_payment', { ...tea, out_trade_no })).toMatchObject({ out_trade_no })
    const { payable_until } = await shop.call('query_payment', { out_trade_no })
    expect(payable_until).toMatch(/ Beijing time$/)
  })

  it("not where only this computer's clock says so", async () => {
    const { out_trade_no } = await shop.call('create_payment', tea)
    shop.clock.advance(2 * HOUR)
    hear(-2 * HOUR)
    expect(await state(out_trade_no)).not.toBe(EXPIRED)
    expect(await shop.call('close_payment', { out_trade_no })).toMatchObject({ closed: false })
  })

  it('where both say so', async () => {
    const { out_trade_no } = await shop.call('create_payment', tea)
    shop.clock.advance(2 * HOUR)
    hear(-HOUR)
    expect(await state(out_trade_no)).toBe(EXPIRED)
  })
})

describe('the window for refunds', () => {
  const refund = (out_trade_no: string) => shop.call('refund_payment', { out_trade_no, refund_amount: '1.00' })

  it('is not over where only Alipay is said to be days ahead', async () => {
    const { out_trade_no } = await shop.paidOrder('10.00')
    hear(3 * DAY_MS)
    expect(await refund(out_trade_no)).toMatchObject({ moved: 'now', refunded_total: '1.00' })
  })

  it('is over where Alipay is said to be days behind', async () => {
    const { out_trade_no } = await shop.paidOrder('10.00')
    shop.clock.advance(3 * DAY_MS)
    hear(-3 * DAY_MS)
    expect(await refund(out_trade_no)).toMatchObject({ isError: true, variable: 'ALIPAY_REFUND_WINDOW_DAYS' })
  })
})
