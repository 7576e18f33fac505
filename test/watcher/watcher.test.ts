// The watcher: every unpaid order to its end, few questions, one at work, and never anything but reads.
import fc from 'fast-check'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { beijingTime } from '../../src/clock.ts'
import { NO_APPROVER } from '../../src/guard/call.ts'
import { nextLookAt } from '../../src/watcher/look-schedule.ts'
import { LEASE_MS, Watcher } from '../../src/watcher/watcher.ts'
import { openShop, useShop } from '../shop.ts'

const STANDING_BY = 'Another watcher is at work, or ended less than 30 seconds ago; standing by.'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('when an order is asked about', () => {
  const looks = (life: number, withdrawn = false) => {
    const order = { out_trade_no: 'A', created_at: 0, expires_at: life, withdrawn }
    const all: number[] = []
    let at: number | undefined = nextLookAt(order, -Infinity)
    for (; at !== undefined; at = nextLookAt(order, at)) all.push(at)
    return all
  }

  it('often at first, then hourly, then twice a day, and last when a payment of the last moment must show', () => {
    expect(looks(30 * MINUTE).map((ms) => ms / 1000)).toEqual([10, 30, 60, 120, 300, 600, 1800, 2700])
    expect(
      looks(2 * DAY)
        .slice(7, 22)
        .map((ms) => ms / HOUR),
    ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36, 48])
  })

  it('around its end, too, where its page offers it no more and a cashier can still be paid in', () => {
    const end = (ms: number) => (ms - 10 * HOUR) / 1000
    expect(
      looks(10 * HOUR, true)
        .slice(-8)
        .map(end),
    ).toEqual([-3600, -300, -60, 0, 10, 60, 300, 900])
  })

  it('fewer than 60 times, however long it lives, each later than the one before', () => {
    fc.assert(
      fc.property(fc.integer({ min: MINUTE, max: 15 * DAY }), fc.boolean(), (life, withdrawn) => {
        const all = looks(life, withdrawn)
        expect(all.length).toBeLessThan(60)
        expect(all).toStrictEqual([...new Set(all)].sort((a, b) => a - b))
        expect(all.at(-1)).toBe(life + 15 * MINUTE)
      }),
    )
  })
})

describe('with a ledger and Alipay', () => {
  const shop = useShop({ rules: { refundApproval: 'none' } })
  let said: string[] = []
  beforeEach(() => {
    said = []
  })

  function newWatcher(owner = 'one', of: Pick<typeof shop, 'gateway' | 'clock' | 'ledger'> = shop) {
    const { gateway, clock } = of
    const rules = { environment: 'local', readOnly: true, channels: ['page'], limits: { callsPerMinute: 0 } } as const
    const actor = () => ({ at: clock.now(), owner, host: 'watcher' })
    const call = { gateway, clock, rules, actor, ledger: () => of.ledger(), approver: NO_APPROVER }
    return new Watcher(call, ({ en }, why) => said.push(why === undefined ? en : `${en}: ${why}`))
  }

  /** For so long, in steps of its own or longer ones. */
  async function watch(watcher: Watcher, ms: number, least = 0): Promise<void> {
    const end = shop.clock.ticks() + ms
    while (shop.clock.ticks() < end) shop.clock.advance(Math.max(await watcher.step(), least))
  }

  async function order(out_trade_no: string, life: number) {
    const { clock } = shop
    const new_order = { out_trade_no, total_amount: '9.90', subject: 'Tea', channel: 'page' } as const
    const time_expire = beijingTime(clock.now() + life)
    const content = { out_trade_no, total_amount: '9.90', subject: 'Tea', time_expire }
    const pay_url = await shop.gateway.payLink('page', content)
    const actor = { at: clock.now(), owner: 'server', host: 'a host' }
    await (await shop.ledger()).reserveOrder({ ...new_order, time_expire, pay_url }, {}, actor)
    return pay_url
  }

  const found = async (out_trade_no: string) => (await shop.ledger()).order({ out_trade_no })
  async function calls(): Promise<Record<string, number>> {
    const answer = await fetch(`${shop.emulator.control_url}/trades`)
    return Object((await answer.json()) as { calls: object }).calls
  }

  it('a payment is seen without anybody asking, and then the order is left alone', async () => {
    const pay_url = await order('A', 30 * MINUTE)
    const watcher = newWatcher()
    await watch(watcher, 15_000)
    expect((await found('A'))?.trade_status).toBeUndefined()
    await shop.control('pay', { pay_url })
    await watch(watcher, 20_000)
    expect(await found('A')).toMatchObject({ trade_status: 'TRADE_SUCCESS' })
    const before = await calls()
    await watch(watcher, DAY, HOUR)
    expect(await calls()).toStrictEqual(before)
  })

  it('an order that nobody opens is watched for 15 days in fewer than 60 queries, and then can never be paid', async () => {
    await order('A', 15 * DAY - MINUTE)
    const watcher = newWatcher()
    await watch(watcher, HOUR, 5_000)
    await watch(watcher, 15 * DAY + 30 * MINUTE, 5 * MINUTE)
    expect(await found('A')).toMatchObject({ can_never_be_paid: true })
    const all = await calls()
    expect(Object.keys(all)).toEqual(['alipay.trade.query'])
    expect(all['alipay.trade.query']).toBeLessThan(60)
    expect(all['alipay.trade.query']).toBeGreaterThan(40)
  })

  it('a payment of the last moment is seen after the expiry', async () => {
    const pay_url = await order('A', 10 * MINUTE)
    const watcher = newWatcher()
    await watch(watcher, 10 * MINUTE - 5000, 1000)
    await shop.control('pay', { pay_url })
    await watch(watcher, 16 * MINUTE, 1000)
    expect(await found('A')).toMatchObject({ trade_status: 'TRADE_SUCCESS', can_never_be_paid: false })
  })

  it('after a start all are asked about once, two a second at most', async () => {
    for (const name of ['A', 'B', 'C', 'D']) await order(name, HOUR)
    shop.clock.advance(40 * MINUTE)
    const begun = shop.clock.ticks()
    await watch(newWatcher(), 2_500)
    expect(await calls()).toEqual({ 'alipay.trade.query': 4 })
    expect(shop.clock.ticks() - begun).toBeGreaterThanOrEqual(1_500)
  })

  it('a requested look comes at once, and once; the next request for it only after a minute', async () => {
    await order('A', HOUR)
    const watcher = newWatcher()
    await watch(watcher, 12_000)
    const before = (await calls())['alipay.trade.query'] ?? 0
    const ledger = await shop.ledger()
    const actor = () => ({ at: shop.clock.now(), owner: 'front', host: 'Alipay' })
    expect(await ledger.requestQuery('A', actor(), MINUTE)).toBe(true)
    expect(await ledger.requestQuery('A', actor(), MINUTE)).toBe(false)
    expect(await ledger.requestQuery('NONE', actor(), MINUTE)).toBe(false)
    await watch(watcher, 2_000)
    expect(await calls()).toEqual({ 'alipay.trade.query': before + 1 })
    shop.clock.advance(MINUTE)
    expect(await ledger.requestQuery('A', actor(), MINUTE)).toBe(true)
  })

  it('a step in doubt is resolved by reading', async () => {
    const { out_trade_no } = await shop.paidOrder('20.00')
    await shop.control('faults', { fault: 'lost_after', method: 'alipay.trade.refund', times: 'always' })
    const { gateway } = shop
    const refundQuery = gateway.refundQuery.bind(gateway)
    const read = vi.spyOn(gateway, 'refundQuery').mockImplementation(async (...asked) => {
      const isSent = (await calls())['alipay.trade.refund'] !== undefined
      return isSent ? { outcome: 'unknown', why: 'no answer came' } : refundQuery(...asked)
    })
    expect(await shop.call('refund_payment', { out_trade_no, refund_amount: '5.00' })).toMatchObject({
      error: 'unknown',
    })
    await shop.control('faults/clear', {})
    expect(await (await shop.ledger()).inDoubt()).toHaveLength(1)
    read.mockRestore()
    await watch(newWatcher(), 3 * MINUTE)
    expect(await (await shop.ledger()).inDoubt()).toEqual([])
    expect(await found(out_trade_no)).toMatchObject({ refunded_fen: 500 })
    expect((await shop.trades()).refunded).toBe('5.00')
  })

  it('one is at work, another one stands by, and takes over when it is heard of no more', async () => {
    await order('A', HOUR)
    const [one, two] = [newWatcher('one'), newWatcher('two')]
    await one.step()
    await two.step()
    expect(said).toEqual(['Watching unpaid orders.', STANDING_BY])
    await watch(one, 2 * MINUTE)
    await two.step()
    expect(said).toHaveLength(2)
    shop.clock.advance(LEASE_MS + 1)
    await two.step()
    expect(said.at(-1)).toBe('Watching unpaid orders.')
    await one.step()
    expect(said.at(-1)).toBe(STANDING_BY)
  })

  it('one that ends lets another one begin at once', async () => {
    const [one, two] = [newWatcher('one'), newWatcher('two')]
    await one.step()
    await two.end()
    await two.step()
    await one.end()
    await two.step()
    expect(said).toEqual(['Watching unpaid orders.', STANDING_BY, 'Watching unpaid orders.'])
  })

  it('while Alipay does not answer it says so once, asks seldom, and goes on later', async () => {
    await order('A', HOUR)
    await shop.control('faults', { fault: 'http_502', times: 'always' })
    const watcher = newWatcher()
    await watch(watcher, 5 * MINUTE)
    expect(said.filter((line) => line.startsWith('Order A could not be looked up, '))).toHaveLength(1)
    await shop.control('faults/clear', {})
    await watch(watcher, 10 * MINUTE, 1000)
    expect(said.at(-1)).toBe('Orders can be looked up again.')
  })

  it('says of an order that Alipay had and has no more what the answer was', async () => {
    const pay_url = await order('A', HOUR)
    await shop.control('scan', { pay_url })
    const watcher = newWatcher()
    await watch(watcher, 15_000)
    await shop.control('reset', {})
    await watch(watcher, 2 * MINUTE)
    expect(said.at(-1)).toMatch(
      /^Order A could not be looked up, .*: Alipay answered that it has no such trade, and had it/,
    )
  })

  it('says of a gateway that is not there what the network said', async () => {
    const other = await openShop()
    onTestFinished(() => other.close())
    const { out_trade_no } = await other.call('create_payment', { subject: 'Tea', total_amount: '1.00' })
    await other.emulator.close()
    const watcher = newWatcher('one', other)
    await watcher.step()
    other.clock.advance(MINUTE)
    await watcher.step()
    expect(said.at(-1)).toBe(
      `Order ${out_trade_no} could not be looked up, and is asked about again later: nothing listens at the gateway address (ECONNREFUSED)`,
    )
  })

  it('goes on while everything is frozen', async () => {
    const pay_url = await order('A', HOUR)
    await (await shop.ledger()).freeze('a test', { at: shop.clock.now(), owner: 'o', host: 'terminal' })
    await shop.control('pay', { pay_url })
    await watch(newWatcher(), 15_000)
    expect(await found('A')).toMatchObject({ trade_status: 'TRADE_SUCCESS' })
  })
})
