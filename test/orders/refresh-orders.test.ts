// Holds list_payments, where it asks, to asking Alipay politely, noting what it says, and naming what it did not tell.
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { LAST_REFRESH_MS } from '../../src/guard/deadlines.ts'
import { type Fields, useShop } from '../shop.ts'
import { orders } from '../tools/answers.ts'

const shop = useShop()

const list = () => shop.call('list_payments', { refresh: false })
/** As it is called without a word on it. */
const refresh = (args: Fields = {}) => shop.call('list_payments', args)
const create = async (args: Fields = {}) => shop.call('create_payment', { subject: 'Tea', total_amount: 1, ...args })
const calls = async () => Object(await shop.trades()).calls

async function several(count: number): Promise<string[]> {
  const made: string[] = []
  for (let n = 1; n <= count; n++) made.push(String((await create({ subject: `Tea ${n}` })).out_trade_no))
  return made
}

describe('a refresh', () => {
  it('learns what was paid meanwhile, and only reads', async () => {
    const { out_trade_no } = await shop.paidOrder('5.00')
    await create()
    const before = await list()
    expect(orders(before)).toMatchObject([{ state: 'waiting' }, { state: 'waiting' }])
    expect(before.message).toMatch(/^2 orders, none of them known to be paid\. Alipay was not asked: .*as last seen/)
    expect(await calls()).toStrictEqual({})
    const fresh = await refresh()
    expect(orders(fresh)).toMatchObject([{ state: 'waiting' }, { state: 'paid', out_trade_no }])
    expect(fresh.message).toMatch(/^2 orders, 1 of them paid: 5\.00 yuan, 0\.00 refunded\./)
    expect(fresh.message).not.toMatch(/not (asked|checked)/)
    expect(fresh).toMatchObject({ paid_amount: '5.00' })
    expect(fresh).not.toHaveProperty('not_checked')
    expect(await calls()).toStrictEqual({ 'alipay.trade.query': 2 })
    const [waiting, paid] = orders(await list())
    expect(waiting).toMatchObject({ state: 'waiting' })
    expect(waiting).not.toHaveProperty('last_change_seen')
    expect(paid).toMatchObject({ state: 'paid', last_change_seen: expect.stringMatching(/Beijing time$/) })
  })

  it('names those that do not fit any more, because they are in another state now', async () => {
    const { out_trade_no } = await shop.paidOrder('5.00')
    const waiting = await create()
    const fresh = await refresh({ state: 'waiting' })
    expect(orders(fresh)).toMatchObject([{ out_trade_no: waiting.out_trade_no, checked: 'now' }])
    expect(fresh).toMatchObject({ count: 1, changed: `${out_trade_no} "Tea 茶" 5.00 yuan (now paid)` })
    expect(fresh.message).toContain('Some orders have just changed and do not match any more (changed).')
  })

  it('says of those what became of the money, and never that another amount paid the order', async () => {
    const back = await shop.paidOrder('5.00')
    const refunded = { out_trade_no: back.out_trade_no, refund_amount: '5.00' }
    const { out_trade_no, time_expire } = await create({ out_trade_no: 'OWN_1', total_amount: '9.90' })
    const other = { out_trade_no: 'OWN_1', total_amount: '4.00', subject: 'Else', time_expire: String(time_expire) }
    await shop.control('pay', { pay_url: await shop.gateway.payLink('page', other) })
    await shop.control('refund', refunded)
    const closed = await create({ total_amount: '3.00' })
    await shop.control('scan', { pay_url: closed.pay_url })
    await shop.gateway.close({ out_trade_no: String(closed.out_trade_no) })
    const { changed, count } = await refresh({ state: 'waiting' })
    expect(count).toBe(0)
    expect(
      String(changed)
        .split(/, (?=\d{17}|OWN)/)
        .sort(),
    ).toStrictEqual(
      [
        `${back.out_trade_no} "Tea 茶" 5.00 yuan (now fully refunded)`,
        `${closed.out_trade_no} "Tea" 3.00 yuan (now closed)`,
        `${out_trade_no} "Tea" 9.90 yuan (now alarm: Alipay has 4.00 yuan under this number, and 9.90 was asked here)`,
      ].sort(),
    )
  })

  it('calls those that nobody has opened in their time expired unpaid', async () => {
    const { out_trade_no } = await create()
    shop.clock.advance(46 * 60_000)
    const fresh = await refresh({ state: 'waiting' })
    expect(fresh).toMatchObject({ count: 0, changed: `${out_trade_no} "Tea" 1.00 yuan (now expired unpaid)` })
  })

  it('calls an order closed once nobody can have paid it any more', async () => {
    await create()
    expect(orders(await refresh())).toMatchObject([{ state: 'waiting' }])
    shop.clock.advance(46 * 60_000)
    expect(orders(await list())).toMatchObject([{ state: 'waiting' }])
    const [order] = orders(await refresh())
    expect(order).toMatchObject({ state: 'closed' })
    expect(order).not.toHaveProperty('payable_until')
  })

  it('names the orders that got no answer, which stay as they were', async () => {
    const [lost] = [(await shop.paidOrder()).out_trade_no]
    const before = orders(await list())
    await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.query', times: 'always' })
    const silent = await refresh()
    expect(orders(silent)).toStrictEqual(before)
    expect(silent).toMatchObject({ not_checked: lost })
    expect(silent.message).toMatch(/ 1 order was not checked at Alipay now and is as last seen\./)
    expect(silent).not.toHaveProperty('isError')
  })

  it('asks about ten at most, what is in doubt first and then those that wait', async () => {
    const paid = await shop.paidOrder()
    await shop.call('query_payment', { out_trade_no: paid.out_trade_no })
    const unknown = await shop.paidOrder()
    await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.refund', times: 'always' })
    await shop.call('refund_payment', { out_trade_no: unknown.out_trade_no })
    await several(10)
    const before = (await calls())['alipay.trade.query']
    const { not_checked } = await refresh()
    expect((await calls())['alipay.trade.query'] - before).toBe(10)
    expect(String(not_checked).split(', ')).toHaveLength(2)
    expect(not_checked).toContain(paid.out_trade_no)
    expect(not_checked).not.toContain(unknown.out_trade_no)
  })

  it('asks about four at a time', async () => {
    await several(6)
    let [now, most] = [0, 0]
    const { gateway } = shop
    const query = gateway.query.bind(gateway)
    vi.spyOn(gateway, 'query').mockImplementation(async (...args) => {
      most = Math.max(most, ++now)
      await setTimeout(20)
      return query(...args).finally(() => now--)
    })
    await refresh()
    expect(most).toBe(4)
  })

  it('begins no query so late that the host would cut the call', async () => {
    await several(6)
    const { gateway } = shop
    const query = gateway.query.bind(gateway)
    vi.spyOn(gateway, 'query').mockImplementation(async (...args) => {
      shop.clock.advance(LAST_REFRESH_MS / 4)
      return query(...args)
    })
    const { not_checked } = await refresh()
    expect(String(not_checked).split(', ')).toHaveLength(2)
  })

  it('asks about what is final all the same while something of it is in doubt', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.refund', times: 'always' })
    await shop.call('refund_payment', { out_trade_no, refund_amount: 30 })
    await shop.control('refund', { out_trade_no, refund_amount: '100.00' })
    await shop.call('query_payment', { out_trade_no })
    const before = (await calls())['alipay.trade.query']
    const fresh = await refresh()
    expect(orders(fresh)).toMatchObject([{ state: 'refunded', in_doubt: expect.stringMatching(/^refund of 30\.00/) }])
    expect((await calls())['alipay.trade.query'] - before).toBe(1)
    expect(fresh).not.toHaveProperty('not_checked')
  })

  it('does not ask about what is final', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await shop.call('refund_payment', { out_trade_no })
    const closed = await create()
    await shop.control('scan', { pay_url: closed.pay_url })
    await shop.call('close_payment', { out_trade_no: closed.out_trade_no })
    const before = await calls()
    expect(orders(await refresh())).toMatchObject([{ state: 'closed' }, { state: 'refunded' }])
    expect(await calls()).toStrictEqual(before)
  })

  it('resolves by reading what is in doubt', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.refund', times: 'always' })
    const { out_request_no } = await shop.call('refund_payment', { out_trade_no, refund_amount: 30 })
    await shop.control('faults/clear', {})
    // As if it had been on its way all the time.
    const request = { out_request_no: String(out_request_no), refund_amount: '30.00' }
    await shop.gateway.refund({ out_trade_no }, request)
    const before = (await calls())['alipay.trade.refund']
    const fresh = await refresh({ state: 'unknown' })
    expect(fresh).toMatchObject({ count: 0, changed: `${out_trade_no} "Tea 茶" 100.00 yuan (now partly refunded)` })
    expect(orders(await list())).toMatchObject([{ state: 'part_refunded', refunded_total: '30.00' }])
    expect((await calls())['alipay.trade.refund']).toBe(before)
  })

  it('alarms where Alipay has another amount under the number', async () => {
    const { out_trade_no, time_expire } = await create({ out_trade_no: 'OWN_1', total_amount: '9.90' })
    const other = await shop.gateway.payLink('page', {
      out_trade_no: String(out_trade_no),
      total_amount: '5.00',
      subject: 'Else',
      time_expire: String(time_expire),
    })
    await shop.control('pay', { pay_url: other })
    const fresh = await refresh()
    expect(orders(fresh)).toMatchObject([{ alarm: 'Alipay has 5.00 yuan under this number, and 9.90 was asked here' }])
    expect(fresh.next_step).toMatch(/^Alarm: tell the merchant/)
  })
})
