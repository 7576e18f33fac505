// Calls of the careless agent at random, and what happens while they run.
import fc from 'fast-check'
import type { FrontTrouble } from './front.ts'
import { often, seldom } from './often.ts'
import type { Call, Meanwhile, Mood, Operation } from './steps.ts'
import { TOTALS } from './steps.ts'

export const order = often([0, 6], [1, 3], [2, 1])
export const part = often([0, 4], [1, 4], [2, 3], [3, 1])
export const host = often([0, 3], [1, 1])

export const refund: fc.Arbitrary<Operation> = fc.record({
  call: fc.constant('refund'),
  order,
  request: often<'part' | 'rest' | 'whole' | 'too_much'>(['part', 10], ['rest', 6], ['whole', 3], ['too_much', 1]),
  part,
  number: often<'none' | 'offered' | 'invented'>(['none', 12], ['offered', 6], ['invented', 1]),
  by_trade_no: often([false, 4], [true, 1]),
})

const create: fc.Arbitrary<Operation> = fc.record({
  call: fc.constant('create'),
  total: fc.nat(TOTALS.length - 1),
  channel: often<'page' | 'mobile' | 'qr'>(['page', 2], ['mobile', 1], ['qr', 2]),
  minutes: often([30, 3], [1, 1], [120, 1]),
  own: seldom(0, 1),
  replaces: seldom(0, 1, 2),
})

export const otherOperation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ call: fc.constant('query'), order }) },
  { weight: 3, arbitrary: create },
  { weight: 2, arbitrary: fc.record({ call: fc.constant('close'), order }) },
  {
    weight: 1,
    arbitrary: fc.record({ call: fc.constant('wait'), order, seconds: fc.constantFrom(1, 20) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      call: fc.constant('query_refund'),
      order,
      by: fc.constantFrom('amount', 'number', 'order'),
      part,
    }),
  },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('list'), refresh: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ call: 'resolve' }) },
)

/** What makes that an order is not to be paid any more, and what makes that it is. */
export const withdrawing: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ call: fc.constant('close'), order }) },
  { weight: 5, arbitrary: create },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('query'), order }) },
)

export const channel = often<'page' | 'mobile'>(['page', 2], ['mobile', 1])
export const pays = often([true, 1], [false, 1])

/** A visit of a page is some ten operations of the front. */
export const trouble: fc.Arbitrary<FrontTrouble | undefined> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 3, arbitrary: fc.record({ at: fc.nat(7), pause: fc.constantFrom(1, 20, 300, 6_000) }) },
  { weight: 1, arbitrary: fc.record({ at: fc.nat(9), pause: fc.constant(undefined) }) },
)

// A call does some thirty operations.
const LAST_OPERATION = 35
// A close does fewer.
const SOONER = 20
const same = often([true, 3], [false, 1])

/** @param often against three calls in which nothing happens */
export function meanwhileOf(kinds: readonly Meanwhile['does'][], often: number): fc.Arbitrary<readonly Meanwhile[]> {
  if (kinds.length === 0) return fc.constant([])
  const ms = fc.constantFrom(3_000, 6_000, 50_000, 3_600_000)
  const one = fc
    .record({ at: fc.nat(LAST_OPERATION), does: fc.constantFrom(...kinds), ms, order, same, channel, pays, trouble })
    .map(({ at, does, ms, order, same, channel, pays, trouble }): Meanwhile => {
      if (does === 'sleep') return { at, does, ms }
      if (does === 'press') return { at: at % SOONER, does, order, same, channel, pays, trouble }
      if (does === 'notify') return { at, does, back: order }
      if (does === 'answer') return { at, does, yes: same }
      return does === 'by_hand' || does === 'pay' ? { at, does, order } : { at, does }
    })
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: often, arbitrary: fc.array(one, { minLength: 1, maxLength: 2 }) },
  )
}

export function callOf(
  operation: fc.Arbitrary<Operation>,
  mood: fc.Arbitrary<Mood>,
  meanwhile: fc.Arbitrary<readonly Meanwhile[]>,
): fc.Arbitrary<Call & { after: number }> {
  const after = often([0, 3], [1, 1], [7, 1], [500, 1], [4_000, 1])
  return fc.record({ operation, host, mood, meanwhile, after })
}
