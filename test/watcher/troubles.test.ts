// The watcher in bad times: Alipay silent at the last moment, a clock that was wrong, a ledger that cannot be used.
import { beforeEach, expect, it, vi } from 'vitest'
import { beijingTime, Clock } from '../../src/clock.ts'
import { LedgerError } from '../../src/errors.ts'
import { NO_APPROVER } from '../../src/guard/call.ts'
import { LEASE_MS, Watcher } from '../../src/watcher/watcher.ts'
import { HOUR, paidOrder, refund, unknown } from '../ledger/places.ts'
import { useShop } from '../shop.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const shop = useShop()
let said: string[] = []
/** By how much the computer's clock is wrong. */
let off = 0
beforeEach(() => {
  said = []
  off = 0
})

class WrongClock extends Clock {
  override now = () => shop.clock.now() + off
  override ticks = () => shop.clock.ticks()
  override sleep = (ms: number) => shop.clock.sleep(ms)
}

function newWatcher(owner = 'one', ledger = () => shop.ledger()) {
  const { gateway } = shop
  const clock = new WrongClock()
  const rules = { environment: 'local', readOnly: true, channels: ['page'], limits: { callsPerMinute: 0 } } as const
  const actor = () => ({ at: clock.now(), owner, host: 'watcher' })
  return new Watcher({ gateway, clock, rules, actor, ledger, approver: NO_APPROVER }, ({ en }, why) =>
    said.push(why === undefined ? en : `${en}: ${why}`),
  )
}

async function watch(watcher: Watcher, ms: number, least = 1_000): Promise<void> {
  const end = shop.clock.ticks() + ms
  while (shop.clock.ticks() < end) shop.clock.advance(Math.max(await watcher.step(), least))
}

async function order(out_trade_no: string, life: number) {
  const time_expire = beijingTime(shop.clock.now() + life)
  const content = { out_trade_no, total_amount: '9.90', subject: 'Tea', time_expire }
  const pay_url = await shop.gateway.payLink('page', content)
  const actor = { at: shop.clock.now(), owner: 'server', host: 'a host' }
  await (await shop.ledger()).reserveOrder({ ...content, channel: 'page', pay_url }, {}, actor)
  return pay_url
}

const kinds = async () => (await (await shop.ledger()).unsentAlerts(99)).map(({ kind }) => kind)
const statusOf = async (out_trade_no: string) => (await (await shop.ledger()).order({ out_trade_no }))?.trade_status
async function queries(): Promise<number> {
  const answer = await fetch(`${shop.emulator.control_url}/trades`)
  return Object((await answer.json()) as { calls: object }).calls['alipay.trade.query'] ?? 0
}

it('a look that Alipay did not answer is made again, the last one, too, and ever more rarely', async () => {
  const pay_url = await order('A', 10 * MINUTE)
  const watcher = newWatcher()
  await watch(watcher, 9 * MINUTE)
  await shop.control('pay', { pay_url })
  await shop.control('faults', { fault: 'http_502', times: 'always' })
  const before = await queries()
  await watch(watcher, 60 * MINUTE)
  expect((await queries()) - before).toBeLessThan(40)
  await shop.control('faults/clear', {})
  await watch(watcher, 60 * MINUTE)
  expect(await statusOf('A')).toBe('TRADE_SUCCESS')
})

it('a clock that was ahead and is set right leaves no order unwatched', async () => {
  const pay_url = await order('A', 60 * MINUTE)
  const watcher = newWatcher()
  off = 40 * MINUTE
  await watch(watcher, 5_000)
  off = 0
  await shop.control('pay', { pay_url })
  await watch(watcher, 2 * MINUTE)
  expect(await statusOf('A')).toBe('TRADE_SUCCESS')
})

it('a turn that a wrong clock took holds no longer than any other', async () => {
  off = DAY
  await newWatcher('one').step()
  off = 0
  const two = newWatcher('two')
  await two.step()
  shop.clock.advance(LEASE_MS + 1_000)
  await two.step()
  expect(said.at(-1)).toBe('Watching unpaid orders.')
})

it('a watcher whose clock is set back renews its turn all the same', async () => {
  const one = newWatcher('one')
  await one.step()
  off = -DAY
  await one.step()
  await newWatcher('two').step()
  expect(said).toEqual(['Watching unpaid orders.', expect.stringMatching(/^Another watcher is at work/)])
})

it('a ledger that cannot be used ends nothing: it says so once, and goes on when it can', async () => {
  const pay_url = await order('A', 60 * MINUTE)
  let isBroken = true
  const ledger = async () => {
    if (isBroken) throw new LedgerError('The disk is full.', 'Free some space.')
    return shop.ledger()
  }
  const watcher = newWatcher('one', ledger)
  await watch(watcher, MINUTE)
  expect(said).toEqual(['The ledger could not be used: The disk is full. Free some space.'])
  isBroken = false
  await shop.control('pay', { pay_url })
  await watch(watcher, MINUTE)
  expect(await statusOf('A')).toBe('TRADE_SUCCESS')
})

it('many refunds in doubt are asked about two a second at most, and unpaid orders meanwhile', async () => {
  const ledger = await shop.ledger()
  const at = shop.clock.now()
  for (let n = 0; n < 20; n++) {
    await paidOrder(ledger, `D${n}`)
    await unknown(ledger, refund(1_000, { out_trade_no: `D${n}` }), at - HOUR)
  }
  const pay_url = await order('A', 60 * MINUTE)
  await shop.control('pay', { pay_url })
  shop.clock.advance(11_000)
  const asked = vi.spyOn(shop.gateway, 'refundQuery')
  const watcher = newWatcher()
  await watcher.step()
  expect(asked.mock.calls.length).toBeLessThanOrEqual(1)
  await watch(watcher, 3_000, 0)
  expect(await statusOf('A')).toBe('TRADE_SUCCESS')
  await watch(watcher, 30_000, 0)
  expect(new Set(asked.mock.calls.map(([, number]) => number)).size).toBe(20)
  expect((await ledger.unsentAlerts(99)).filter(({ kind }) => kind === 'in_doubt')).toHaveLength(20)
})

it('a look that was asked for is made again until Alipay has told something, also of a paid order', async () => {
  const pay_url = await order('A', 60 * MINUTE)
  await shop.control('pay', { pay_url })
  const watcher = newWatcher()
  await watch(watcher, MINUTE)
  const ledger = await shop.ledger()
  await ledger.requestQuery('A', { at: shop.clock.now(), owner: 'front', host: 'Alipay' }, 60_000)
  await shop.control('faults', { fault: 'http_502', times: 'always' })
  await watch(watcher, 5 * MINUTE)
  expect(await ledger.queryRequests()).toHaveLength(1)
  const before = await queries()
  await shop.control('faults/clear', {})
  await watch(newWatcher('two'), 5 * MINUTE)
  expect([(await queries()) - before, await ledger.queryRequests()]).toEqual([1, []])
})

it('tells once that nothing could be looked up for five minutes', async () => {
  await order('A', 60 * MINUTE)
  await shop.control('faults', { fault: 'http_502', times: 'always' })
  const watcher = newWatcher()
  await watch(watcher, 4 * MINUTE)
  expect(await kinds()).toEqual([])
  await watch(watcher, 20 * MINUTE)
  expect(await kinds()).toEqual(['unreachable'])
})

it('tells of a refund whose result is unknown for ten minutes, not before', async () => {
  const ledger = await shop.ledger()
  const at = shop.clock.now()
  await paidOrder(ledger, 'A', at)
  await unknown(ledger, refund(100), at)
  await shop.control('faults', { fault: 'http_502', times: 'always' })
  const watcher = newWatcher()
  await watch(watcher, 9 * MINUTE)
  expect(await kinds()).not.toContain('in_doubt')
  await watch(watcher, 3 * MINUTE)
  expect((await kinds()).filter((kind) => kind === 'in_doubt')).toHaveLength(1)
})
