// The operator's limits of refunds, exact to the fen: told with what is used and left, and not to be got round by parts.
import { beforeEach, describe, expect, it } from 'vitest'
import type { Limits } from '../../src/settings/limits.ts'
import { DAY_MS, nextNoon } from '../noon.ts'
import { type Fields, type ShopOptions, useShop } from '../shop.ts'
import { over, overEach } from '../tools/answers.ts'

const REFUND = 'alipay.trade.refund'

const options: ShopOptions = {}
const shop = useShop(options)
beforeEach(() => nextNoon(shop.clock))

async function limit(limits: Partial<Limits>): Promise<void> {
  options.rules = { limits: { callsPerMinute: 0, ...limits } }
  await shop.restart()
}
const paid = async () => (await shop.paidOrder('100.00')).out_trade_no
const refund = (out_trade_no: string, refund_amount?: string) =>
  shop.call('refund_payment', { out_trade_no, ...(refund_amount && { refund_amount }) })
const sent = async () => Object(await shop.trades()).calls[REFUND] ?? 0
const fault = (name: string, more: Fields = {}) => shop.control('faults', { fault: name, method: REFUND, ...more })

/** Whatever is refused says which refund it was. */
const named = (out_trade_no: string, refund_amount: string) => ({
  out_trade_no,
  subject: 'Tea 茶',
  total_amount: '100.00',
  refund_amount,
})
const SPLITTING = (variable: string) =>
  `Do not split the amount to get around the limit: tell the user that only the operator can change ${variable}.`
describe('ALIPAY_MAX_REFUND', () => {
  it('refuses one refund that is a fen more, named or all that is left, and lets the limit itself pass', async () => {
    await limit({ maxRefundFen: 3_000 })
    const order = await paid()
    const each = (asked: string) => {
      const variable = 'ALIPAY_MAX_REFUND'
      return { ...overEach('each refund', variable, asked, '30.00'), ...named(order, asked) }
    }
    expect(await refund(order, '30.01')).toStrictEqual(each('30.01'))
    expect(await refund(order)).toStrictEqual(each('100.00'))
    expect(await sent()).toBe(0)
    expect(await refund(order, '30.00')).toMatchObject({ moved: 'now' })
  })
})

describe('ALIPAY_DAILY_REFUNDS', () => {
  const daily = (order: string, asked: string, used: string, left: string) => {
    const variable = 'ALIPAY_DAILY_REFUNDS'
    const refused = over('the refunds of a day', variable, asked, '50.00', used, left)
    return {
      ...refused,
      ...named(order, asked),
      next_step: `${left === '0.00' ? '' : `Ask the merchant whether ${left} yuan will do: so much is possible now. `}The day ends at 24:00 Beijing time. ${SPLITTING(variable)}`,
    }
  }

  it('counts all refunds of a Beijing day, of whatever order, to the fen, and begins anew the next day', async () => {
    await limit({ dailyRefundsFen: 5_000 })
    const [one, other] = [await paid(), await paid()]
    expect(await refund(one, '30.00')).toMatchObject({ moved: 'now' })
    expect(await refund(other, '20.01')).toStrictEqual(daily(other, '20.01', '30.00', '20.00'))
    await shop.restart()
    expect(await refund(other, '20.00')).toMatchObject({ moved: 'now' })
    expect(await refund(other, '0.01')).toStrictEqual(daily(other, '0.01', '50.00', '0.00'))
    expect(await sent()).toBe(2)
    shop.clock.advance(DAY_MS / 2 - 60_000)
    expect(await refund(other, '0.01')).toStrictEqual(daily(other, '0.01', '50.00', '0.00'))
    shop.clock.advance(60_000)
    expect(await refund(other, '0.01')).toMatchObject({ moved: 'now' })
  })

  it('counts what may have moved, once, however often it is asked for', async () => {
    await limit({ dailyRefundsFen: 5_000 })
    const [one, other] = [await paid(), await paid()]
    await fault('lost_before', { times: 'always' })
    for (let times = 0; times < 2; times++) {
      expect(await refund(one, '30.00')).toMatchObject({ error: 'unknown' })
    }
    expect(await refund(other, '20.01')).toStrictEqual(daily(other, '20.01', '30.00', '20.00'))
    await shop.control('faults/clear', {})
    expect(await refund(one, '30.00')).toMatchObject({ moved: 'now' })
    expect(await refund(other, '20.00')).toMatchObject({ moved: 'now' })
  })

  it('does not count what was refused for certain, nor requests that were never sent', async () => {
    await limit({ dailyRefundsFen: 5_000 })
    const order = await paid()
    await fault('refuse', { sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' })
    expect(await refund(order, '30.00')).toMatchObject({ sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' })
    expect(await refund(order, '100.01')).toMatchObject({ error: 'invalid_input' })
    expect(await refund(order, '50.00')).toMatchObject({ moved: 'now' })
  })

  it('counts a refund that was made on another computer, on the day it was made', async () => {
    await limit({ dailyRefundsFen: 5_000 })
    const [early, one, other] = [await paid(), await paid(), await paid()]
    await refund(early, '40.00')
    shop.clock.advance(DAY_MS)
    await refund(one, '30.00')
    await shop.forgetAll()
    expect(await refund(other, '50.00')).toMatchObject({ moved: 'now' })
    await shop.forgetAll()
    for (const [order, amount] of [
      [early, '40.00'],
      [one, '30.00'],
    ] as const) {
      expect(await refund(order, amount)).toMatchObject({ moved: 'earlier' })
    }
    // The ledger that knew the subject is gone, and Alipay does not tell it.
    const { subject: _, ...refused } = daily(other, '20.01', '30.00', '20.00')
    expect(await refund(other, '20.01')).toStrictEqual(refused)
  })

  it('holds for two refunds at once: one of them is refused', async () => {
    await limit({ dailyRefundsFen: 5_000 })
    const [one, other] = [await paid(), await paid()]
    const both = await Promise.all([refund(one, '30.00'), refund(other, '30.00')])
    expect(both.filter(({ moved }) => moved === 'now')).toHaveLength(1)
    const refused = both[0]?.isError ? one : other
    expect(both.filter(({ isError }) => isError)).toStrictEqual([daily(refused, '30.00', '30.00', '20.00')])
    expect(await shop.trades()).toMatchObject({ refunded: '30.00' })
  })
})

describe('ALIPAY_REFUND_WINDOW_DAYS', () => {
  it('refuses a refund of a payment that is longer ago, to the second', async () => {
    await limit({ refundWindowDays: 7 })
    const order = await paid()
    const { send_pay_date } = await shop.call('query_payment', { out_trade_no: order })
    shop.clock.advance(7 * DAY_MS - 5_000)
    expect(await refund(order, '30.00')).toMatchObject({ moved: 'now' })
    shop.clock.advance(6_000)
    const when = `7 days ago, on ${send_pay_date} Beijing time`
    const variable = 'ALIPAY_REFUND_WINDOW_DAYS'
    const { asked: _, ...sums } = over('', variable, '', '7 days', '7 days', '0 days')
    expect(await refund(order, '20.00')).toStrictEqual({
      ...sums,
      ...named(order, '20.00'),
      message: `Over the limit: the payment (${when}) is older than ${variable} allows, 7 days.`,
      message_zh: `付款至今已超过 7 天的退款期限（${variable}），本次没有动钱。只有管理员能改；商家可以在商家平台手工退款。`,
      next_step: `Only the operator can change ${variable}; a person can refund by hand on the emulator's own page.`,
    })
    expect(await refund(order, '30.00')).toMatchObject({ moved: 'earlier' })
    expect(await sent()).toBe(1)
  })
})
