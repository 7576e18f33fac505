// Any sequence of requests, sends, ends, takeovers and clocks: what must hold for the money holds after each step.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Intent, Ledger, RefundRules } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { actor, DAY, HOUR, NOON, paidOrder, refund, SHOP } from './places.ts'

const ORDERS = ['A', 'B']
const LIMIT = 12_000
const UNASKED_BELOW = 5_000
const RULES: RefundRules = { asks: 'always', approve_above_fen: UNASKED_BELOW, daily_refunds_fen: LIMIT }
const MAY_HAVE_MOVED = ['prepared', 'sent', 'unknown', 'done']

interface Step {
  does: 'request' | 'request with a yes' | 'send' | 'repeat' | 'done' | 'refused' | 'unknown' | 'take over' | 'wait'
  order: string
  amount_fen: number
  owner: string
  which: number
  ms: number
}

const step: fc.Arbitrary<Step> = fc.record({
  does: fc.constantFrom<Step['does']>(
    ...([
      'request',
      'request with a yes',
      'send',
      'repeat',
      'done',
      'refused',
      'unknown',
      'take over',
      'wait',
    ] as const),
  ),
  order: fc.constantFrom(...ORDERS),
  amount_fen: fc.constantFrom(1_000, 2_000, 3_000, 6_000, 10_000),
  owner: fc.constantFrom('one', 'two'),
  which: fc.nat(3),
  ms: fc.constantFrom(0, 1_000, 3_000, 30_000, 70_000, HOUR, DAY, -HOUR),
})

it('holds for all sequences', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const ledger = await openLedger({ folder: undefined, partition: SHOP })
      for (const name of ORDERS) await paidOrder(ledger, name)
      let at = NOON
      let before: readonly Intent[] = []
      for (const [i, one] of steps.entries()) {
        at += one.does === 'wait' ? one.ms : 1
        await take(ledger, one, at, i)
        const after = (await Promise.all(ORDERS.map((name) => ledger.intents(name)))).flat()
        require(before, after, at)
        await requireSums(ledger, after)
        before = after
      }
      ledger.close()
    }),
    { numRuns: 150, seed: 20_260_302 },
  )
})

async function take(ledger: Ledger, step: Step, at: number, i: number): Promise<void> {
  const { does, order, amount_fen, owner } = step
  const who = actor(at, owner)
  const request = refund(amount_fen, { out_trade_no: order })
  if (does === 'request') await ledger.reserveRefund(request, RULES, undefined, who)
  if (does === 'request with a yes') {
    const { approvalDigest } = await ledger.evaluateRefund(request, RULES, who)
    await ledger.reserveRefund(request, RULES, { how: 'chat', approvalDigest, nonce: `${i}` }, who)
  }
  const intents = await ledger.intents(order)
  const { id, state } = intents[step.which % Math.max(1, intents.length)] ?? {}
  if (id === undefined) return
  // A proof after an end that Alipay told is a fact that no limit can forbid; it is tried elsewhere.
  if (does === 'done' && (state === 'refused' || state === 'not_executed')) return
  if (does === 'send' || does === 'repeat') await ledger.markSending(id, does === 'repeat', who)
  if (does === 'done') await ledger.resolve(id, { state: 'done' }, who)
  if (does === 'refused') await ledger.resolve(id, { state: 'refused', answer: 'no' }, who)
  if (does === 'unknown') await ledger.resolve(id, { state: 'unknown', answer: 'lost', empty: false }, who)
  if (does === 'take over') await ledger.takeOver(id, who)
}

function require(before: readonly Intent[], after: readonly Intent[], at: number): void {
  for (const old of before) {
    const now = after.find(({ id }) => id === old.id)
    // A proof is for ever, an attempt never goes back, and no number changes.
    if (old.state === 'done') expect(now).toStrictEqual(old)
    expect(now?.attempt).toBeGreaterThanOrEqual(old.attempt)
    expect([now?.number, now?.amount_fen]).toStrictEqual([old.number, old.amount_fen])
    const wasNew = now?.state === 'sent' && now.last_sent_at !== old.last_sent_at
    if (wasNew && now) expect(now.lease_until).toBe(at + 70_000)
  }
  for (const name of ORDERS) {
    const open = after.filter(({ out_trade_no, state }) => out_trade_no === name && /prepared|sent|unknown/.test(state))
    expect(open.length).toBeLessThanOrEqual(1)
  }
}

async function requireSums(ledger: Ledger, intents: readonly Intent[]): Promise<void> {
  const moving = intents.filter(({ state }) => MAY_HAVE_MOVED.includes(state))
  const unasked = moving.filter(({ approved_by }) => approved_by === 'unasked')
  for (const { day } of moving) {
    expect(sum(moving.filter((intent) => intent.day === day))).toBeLessThanOrEqual(LIMIT)
    expect(sum(unasked.filter((intent) => intent.day === day))).toBeLessThan(UNASKED_BELOW)
  }
  for (const name of ORDERS) {
    const of = (some: readonly Intent[]) => some.filter(({ out_trade_no }) => out_trade_no === name)
    expect(sum(of(moving))).toBeLessThanOrEqual(10_000)
    expect(sum(of(unasked))).toBeLessThan(UNASKED_BELOW)
    const order = await ledger.order({ out_trade_no: name })
    expect(order?.refunded_fen).toBe(sum(of(intents).filter(({ state }) => state === 'done')))
  }
}

function sum(intents: readonly Intent[]): number {
  return intents.reduce((fen, { amount_fen }) => fen + amount_fen, 0)
}
