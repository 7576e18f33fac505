// The operator's limits of payments: the most of one order, and of a day's orders, less those that nobody can pay any more.
import { beforeEach, describe, expect, it } from 'vitest'
import type { Limits } from '../../src/settings/limits.ts'
import { DAY_MS, nextNoon } from '../noon.ts'
import { type Fields, type ShopOptions, useShop } from '../shop.ts'
import { over, overEach } from '../tools/answers.ts'

const MINUTE = 60_000

const options: ShopOptions = {}
const shop = useShop(options)
beforeEach(() => nextNoon(shop.clock))

async function limit(limits: Partial<Limits>): Promise<void> {
  options.rules = { limits: { callsPerMinute: 0, ...limits } }
  await shop.restart()
}
const create = (total_amount: string, more: Fields = {}) =>
  shop.call('create_payment', { subject: `Tea ${total_amount}`, total_amount, ...more })
const close = ({ out_trade_no }: Fields) => shop.call('close_payment', { out_trade_no })
const scan = ({ pay_url }: Fields) => shop.control('scan', { pay_url })
const fault = (method: string, name: string, more: Fields = {}) =>
  shop.control('faults', { fault: name, method, ...more })

describe('ALIPAY_MAX_PAYMENT', () => {
  it.each(['page', 'mobile', 'qr'])('refuses an order that is a fen more: channel %s', async (channel) => {
    await limit({ maxPaymentFen: 10_000 })
    expect(await create('100.01', { channel })).toStrictEqual(
      overEach('each order', 'ALIPAY_MAX_PAYMENT', '100.01', '100.00'),
    )
    expect(Object(await shop.trades()).calls).toStrictEqual({})
    expect(await create('100.00', { channel })).toMatchObject({ total_amount: '100.00' })
  })

  it('closes no old order for a new one that is too much', async () => {
    const old = await create('80.00')
    await scan(old)
    await limit({ maxPaymentFen: 10_000 })
    const refused = await create('100.01', { replaces: old.out_trade_no })
    expect(refused).toMatchObject({ error: 'over_limit', asked: '100.01', variable: 'ALIPAY_MAX_PAYMENT' })
    await shop.control('pay', { pay_url: old.pay_url })
  })
})

describe('ALIPAY_DAILY_PAYMENTS', () => {
  const daily = (asked: string, used: string, left: string) =>
    over(
      'the orders of a day, not counting those known to be closed or expired',
      'ALIPAY_DAILY_PAYMENTS',
      asked,
      '100.00',
      used,
      left,
    )
  beforeEach(() => limit({ dailyPaymentsFen: 10_000 }))

  it('counts the orders of a Beijing day, paid or not, to the fen, and begins anew the next day', async () => {
    const paid = await create('60.00')
    await shop.control('pay', { pay_url: paid.pay_url })
    expect(await create('40.01')).toStrictEqual(daily('40.01', '60.00', '40.00'))
    await shop.restart()
    expect(await create('40.00', { channel: 'qr' })).toMatchObject({ total_amount: '40.00' })
    expect(await create('0.01')).toStrictEqual(daily('0.01', '100.00', '0.00'))
    shop.clock.advance(DAY_MS / 2 - MINUTE)
    expect(await create('0.01')).toStrictEqual(daily('0.01', '100.00', '0.00'))
    shop.clock.advance(MINUTE)
    expect(await create('100.00')).toMatchObject({ total_amount: '100.00' })
  })

  it('says without sums where nothing of the day is used, which the fields hold', async () => {
    const refused = await create('100.01')
    expect(refused).toStrictEqual({
      ...daily('100.01', '0.00', '100.00'),
      message:
        'Over the limit: 100.01 asked, and ALIPAY_DAILY_PAYMENTS allows 100.00 for the orders of a day, not counting those known to be closed or expired.',
    })
    expect(refused.next_step).toMatch(
      /^Ask the merchant whether 100\.00 yuan will do: so much is possible now\. More is possible once .* or query_payment says of it "expired unpaid", 15 minutes after its expiry: until then it may have been paid, and counts\. The day ends at 24:00/,
    )
  })

  it('shows an order again that was counted, and counts it once', async () => {
    const { out_trade_no, subject } = await create('60.00')
    for (let times = 0; times < 2; times++) {
      expect(await create('60.00', { out_trade_no, subject })).toMatchObject({ out_trade_no })
    }
    expect(await create('40.00')).toMatchObject({ total_amount: '40.00' })
  })

  it('gives back what was closed for certain, though its answer was lost', async () => {
    const [one, other] = [await create('60.00'), await create('40.00')]
    for (const order of [one, other]) await scan(order)
    await close(one)
    expect(await create('60.01')).toStrictEqual(daily('60.01', '40.00', '60.00'))
    await fault('alipay.trade.close', 'lost_after')
    await close(other)
    expect(await create('100.00')).toMatchObject({ total_amount: '100.00' })
  })

  it('gives back nothing of a close that closed nothing, or of which nobody knows', async () => {
    const [unopened, scanned] = [await create('60.00'), await create('40.00')]
    await scan(scanned)
    expect(await close(unopened)).toMatchObject({ closed: false })
    await fault('alipay.trade.close', 'lost_after')
    await fault('alipay.trade.query', 'http_502', { times: 'always' })
    expect(await close(scanned)).toMatchObject({ error: 'unknown' })
    expect(await create('0.01')).toStrictEqual(daily('0.01', '100.00', '0.00'))
    await shop.control('faults/clear', {})
    await shop.call('query_payment', { out_trade_no: scanned.out_trade_no })
    expect(await create('40.01')).toStrictEqual(daily('40.01', '60.00', '40.00'))
  })

  it('gives back what expired without a trade, once that is certain and was looked at', async () => {
    const { out_trade_no } = await create('60.00')
    shop.clock.advance(46 * MINUTE)
    expect(await create('40.01')).toStrictEqual(daily('40.01', '60.00', '40.00'))
    await shop.call('query_payment', { out_trade_no })
    expect(await create('100.00')).toMatchObject({ total_amount: '100.00' })
  })

  it('gives back a code that was refused for certain, not one of which the answer was lost', async () => {
    const precreate = 'alipay.trade.precreate'
    await fault(precreate, 'refuse', { sub_code: 'ACQ.ACCESS_FORBIDDEN' })
    expect(await create('60.00', { channel: 'qr' })).toMatchObject({ error: 'refused_by_alipay', moved: 'no' })
    await fault(precreate, 'lost_before', { times: 2 })
    expect(await create('70.00', { channel: 'qr' })).toMatchObject({ error: 'unknown' })
    expect(await create('30.01')).toStrictEqual(daily('30.01', '70.00', '30.00'))
  })

  it('counts a refused code again when it is asked for again, and not beyond the limit', async () => {
    const precreate = 'alipay.trade.precreate'
    await fault(precreate, 'refuse', { sub_code: 'ACQ.ACCESS_FORBIDDEN' })
    const qr = { channel: 'qr', out_trade_no: 'OWN_1' }
    await create('60.00', qr)
    const other = await create('50.00')
    expect(await create('60.00', qr)).toStrictEqual(daily('60.00', '50.00', '50.00'))
    await scan(other)
    await close(other)
    expect(await create('60.00', qr)).toMatchObject({ qr_content: expect.any(String) })
    expect(await create('40.01')).toStrictEqual(daily('40.01', '60.00', '40.00'))
  })

  it('counts a new order without the closed old one that it replaces, but with one that is still open', async () => {
    const [scanned, unopened] = [await create('60.00'), await create('30.00')]
    await scan(scanned)
    const replaced = await create('70.00', { replaces: scanned.out_trade_no })
    expect(replaced).toMatchObject({ total_amount: '70.00' })
    expect(await create('20.00', { replaces: unopened.out_trade_no })).toMatchObject({
      ...daily('20.00', '100.00', '0.00'),
      message_zh: expect.stringMatching(/。$/),
      money: `Nothing was sent. This call moved nothing. The old order ${unopened.out_trade_no} was not closed.`,
    })
  })

  it('holds for two orders at once: one of them is refused', async () => {
    const both = await Promise.all([create('60.00'), create('60.00')])
    expect(both.filter(({ pay_url }) => pay_url)).toHaveLength(1)
    expect(both.filter(({ isError }) => isError)).toStrictEqual([daily('60.00', '60.00', '40.00')])
  })

  it('does not count orders of other programs', async () => {
    const { out_trade_no } = await shop.paidOrder('100.00')
    await shop.forgetAll()
    await shop.call('refund_payment', { out_trade_no, refund_amount: '1.00' })
    expect(await create('100.00')).toMatchObject({ total_amount: '100.00' })
  })
})
