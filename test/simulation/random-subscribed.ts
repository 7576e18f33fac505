// What is done about subscriptions at once, at random, and how the next charges end.
import fc from 'fast-check'
import { LISTED } from '../../src/subscriptions/list-subscriptions.ts'
import { often, seldom } from './often.ts'
import { host, trouble } from './random-calls.ts'
import type { Meanwhile } from './steps.ts'
import type { NextCharge, SubscribedPart, SubscriptionTool, SubscriptionWay } from './steps-subscriptions.ts'

type Arb<T> = fc.Arbitrary<T>

export const PARTS = {
  ...{ charge: 10, charge_due: 6, cancel: 3, announce: 3, query: 3, postpone: 3, list: 1 },
  ...{ offer: 1, sign: 2, page: 2, wallet: 1, look: 2 },
}
export type PartKind = keyof typeof PARTS

export const of = often([0, 6], [1, 2], [2, 1])
export const buyer = often<number | undefined>([undefined, 2], [0, 1], [1, 1])
export const account = often([0, 4], [1, 2], [2, 1])
const soon = often([0, 4], [1, 2], [7, 2], [300, 1], [4_000, 1])
const killedAt = fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(40) })

export const NO_PARTS: Partial<Record<PartKind, number>> = Object.fromEntries(
  Object.keys(PARTS).map((kind) => [kind, 0]),
)

export const nextCharge: Arb<NextCharge> = fc.oneof(
  fc.record({
    outcome: fc.constantFrom('refuse', 'refuse', 'in_process', 'late'),
    seconds: often([5, 1], [120, 2], [800, 2], [86_400, 1]),
    end: fc.constantFrom('paid', 'closed'),
    times: often([1, 3], [2, 1], [4, 1]),
  }),
  fc.record({ outcome: fc.constantFrom('lost_before', 'lost_after', 'late_answer'), times: often([1, 3], [2, 1]) }),
)

export function partOf(
  happening: Arb<readonly Meanwhile[]>,
  plans: Arb<number>,
  weights: typeof PARTS,
): Arb<SubscribedPart> {
  const tool = (name: SubscriptionTool, asker: Arb<number | undefined>) =>
    fc.record({
      ...{ does: fc.constant('tool' as const), after: soon, tool: fc.constant(name), of, buyer: asker },
      ...{ days: name === 'postpone' ? often([undefined, 3], [8, 2], [3, 1]) : fc.constant(undefined) },
      ...{ host, meanwhile: happening },
    })
  const nobody = fc.constant(undefined)
  const kinds: Record<PartKind, Arb<SubscribedPart>> = {
    charge: tool('charge', nobody),
    charge_due: fc.record({ does: fc.constant('charge_due'), after: soon, killedAt }),
    cancel: tool('cancel', buyer),
    announce: tool('announce', nobody),
    query: tool('query', buyer),
    postpone: tool('postpone', nobody),
    list: fc.record({ does: fc.constant('list'), after: soon, host, state: seldom(...LISTED) }),
    offer: fc.record({ does: fc.constant('offer'), after: soon, plan: plans, buyer, host, meanwhile: happening }),
    sign: fc.record({
      ...{ does: fc.constant('sign' as const), after: soon, of, account },
      ...{ back: often([0, 3], [1, 1]), trouble },
    }),
    page: fc.record({
      ...{ does: fc.constant('page' as const), after: soon, of, trouble },
      way: often<SubscriptionWay>(
        ...([
          ['cancel', 4],
          ['open', 2],
          ['look', 1],
          ['state', 1],
          ['return', 2],
          ['ask', 1],
          ['cancel_ahead', 1],
        ] as const),
      ),
    }),
    wallet: fc.record({ does: fc.constant('wallet'), after: soon, of }),
    look: fc.record({
      ...{ does: fc.constant('look' as const), after: soon, place: often([0, 3], [1, 1]) },
      ...{ looks: often([1, 1], [3, 2], [6, 1]), killedAt },
    }),
  }
  const named = Object.entries(kinds) as [PartKind, Arb<SubscribedPart>][]
  return fc.oneof(...named.map(([kind, arbitrary]) => ({ weight: weights[kind], arbitrary })))
}
