// The operator's limits of refunds, exact to the fen: told with what is used and left, and not to be got round by parts.
import { beforeEach, describe, expect, it } from 'vitest'
import type { Limits } from '../../src/settings/limits.ts'
import { DAY_MS, nextNoon } from '../noon.ts'
import { type Fields, type ShopOptions, useShop } from '../shop.ts'
import { over } from '../tools/answers.ts'

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

describe('ALIPAY_MAX_REFUND', () => {
  it('refuses one refund that is a fen more, named or all that is left, and lets the limit itself pass', async () => {
    await limit({ maxRefundFen: 3_000 })
    const order = await paid()
    expect(await refund(order, '30.01')).toStrictEqual(
      over('refund_payment', 'ALIPAY_MAX_REFUND', '30.00', '0.00', '30.00', '30.01'),
    )
    expect(await refund(order)).toStrictEqual(
      over('refund_payment', 'ALIPAY_MAX_REFUND', '30.00', '0.00', '30.00', '100.00'),
    )
    expect(await sent()).toBe(0)
    expect(await refund(order, '30.00')).toMatchObject({ moved: 'now' })
  })
})

describe('ALIPAY_DAILY_REFUNDS', () => {
  const daily = (used: string, left: string) => over('refund_payment', 'ALIPAY_DAILY_REFUNDS', '50.00', used, left)

  it('counts all refunds of a Beijing day, of whatever order, to the fen, and begins anew the next day', async () => {
    await limit({ dailyRefundsFen: 5_000 })
    const [one, other] = [await paid(), await paid()]
    expect(await refund(one, '30.00')).toMatchObject({ moved: 'now' })
    expect(await refund(other, '20.01')).toStrictEqual(daily('30.00', '20.00'))
    await shop.restart()
    expect(await refund(other, '20.00')).toMatchObject({ moved: 'now' })
    expect(await refund(other, '0.01')).toStrictEqual(daily('50.00', '0.00'))
    expect(await sent()).toBe(2)
    shop.clock.advance(DAY_MS / 2 - 60_000)
    expect(await refund(other, '0.01')).toStrictEqual(daily('50.00', '0.00'))
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
    expect(await refund(other, '20.01')).toStrictEqual(daily('30.00', '20.00'))
    await shop.control('faults/clear', {})
    expect(await refund(one, '30.00')).toMatchObject({ moved: 'now' })
    expect(await refund(other, '20.00')).toMatchObject({ moved: 'now' })
  })

  it('does not count what was refused for certain, nor requests that were never sent', async () => {
    await limit({ dailyRefundsFen: 5_000 })
    const order = await paid()
    await fault('refuse', { sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' })
    expect(await refund(order, '30.00')).toMatchObject({ sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' })
    expect(await refund(order, '100.01')).toMatchObject({ error: 'refused' })
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
    expect(await refund(other, '20.01')).toStrictEqual(daily('30.00', '20.00'))
  })

  it('holds for two refunds at once: one of them is refused', async () => {
    await limit({ dailyRefundsFen: 5_000 })
    const [one, other] = [await paid(), await paid()]
    const both = await Promise.all([refund(one, '30.00'), refund(other, '30.00')])
    expect(both.filter(({ moved }) => moved === 'now')).toHaveLength(1)
    expect(both.filter(({ isError }) => isError)).toStrictEqual([daily('30.00', '20.00')])
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
    expect(await refund(order, '20.00')).toStrictEqual({
      ...over('refund_payment', variable, '7 days', '7 days', '0 days'),
      message: `refund_payment: not done: the payment (${when}) is outside ${variable}: limit 7 days.`,
      next_step: `Only the operator can change ${variable}; the merchant can refund by hand in the console.`,
    })
    expect(await refund(order, '30.00')).toMatchObject({ moved: 'earlier' })
    expect(await sent()).toBe(1)
  })
})
