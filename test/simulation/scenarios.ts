// Scenarios at random: what the agent, the merchant, the buyer, Alipay and the network do, and how often.
import fc from 'fast-check'
import type { NetworkFault } from './network.ts'
import { often } from './often.ts'
import { callOf, host, meanwhileOf, order, otherOperation, part, refund, withdrawing } from './random-calls.ts'
import { settings } from './random-settings.ts'
import { type ShopEmphasis, shopsWith } from './random-shops.ts'
import { type SubscriptionEmphasis, subscriptionsWith } from './random-subscriptions.ts'
import { doubt, fault, method, networkFault, replay, times } from './random-troubles.ts'
import { invention, lateVisit, notification, visit, watch } from './random-visits.ts'
import type { Meanwhile, Mood, Operation, Scenario, Settings, Step } from './steps.ts'

type Kind = keyof typeof USUAL

/** How often the kinds of steps come, and what is fixed; the rest is as usual. */
export interface Emphasis {
  weights?: Partial<Record<Kind, number>>
  moods?: fc.Arbitrary<Mood>
  meanwhile?: readonly Meanwhile['does'][]
  /** How many calls something happens in, against three in which nothing does. */
  eventful?: number
  /** What goes wrong on the way. */
  network?: 'replays'
  /** What is asked for where it is no refund. */
  operations?: 'withdrawing'
  settings?: Partial<Settings>
  /** The story is a shop's, and goes by this alone. */
  shop?: ShopEmphasis
  /** The same of subscriptions. */
  subscriptions?: SubscriptionEmphasis
}

const USUAL = {
  refund: 10,
  other: 6,
  together: 3,
  again: 5,
  buyer: 2,
  by_hand: 1,
  doubt: 3,
  fault: 4,
  network: 2,
  clear: 1,
  time: 3,
  merchant: 2,
  restart: 1,
  visit: 3,
  notify: 2,
  invent: 1,
  watch: 2,
}

const LONGEST = 14
const MOODS = often<Mood>(['yes', 6], ['no', 1], ['silence', 1], ['late_yes', 1], ['refunds_by_hand_then_yes', 1])
const MEANWHILE = [
  ...['kill', 'kill', 'kill', 'cancel', 'sleep', 'by_hand', 'pay', 'freeze', 'unfreeze', 'ledger_fails'],
  ...['press', 'press', 'watch', 'notify'],
] as const

export function scenariosWith(emphasis: Emphasis = {}): fc.Arbitrary<Scenario> {
  if (emphasis.shop) return shopsWith(emphasis.shop)
  if (emphasis.subscriptions) return subscriptionsWith(emphasis.subscriptions)
  const { weights, moods = MOODS, meanwhile = MEANWHILE, eventful = 1, network, settings: fixed } = emphasis
  const isWithdrawing = emphasis.operations === 'withdrawing'
  const others = isWithdrawing ? { other: withdrawing, visit: lateVisit } : { other: otherOperation, visit }
  const wire = network === 'replays' ? replay : networkFault
  const kinds = kindsOf(moods, meanwhileOf(meanwhile, eventful), wire, others)
  const all = new Map(Object.entries({ ...USUAL, ...weights }))
  const weighted = Object.entries(kinds).map(([kind, arbitrary]) => ({
    weight: all.get(kind) ?? 0,
    arbitrary,
  }))
  const step = fc.oneof(...weighted.filter(({ weight }) => weight > 0))
  const steps = fc.array(step, { minLength: 2, maxLength: LONGEST, size: 'max' })
  return fc.noBias(fc.record({ settings: settings.map((usual) => ({ ...usual, ...fixed })), steps }))
}

function kindsOf(
  mood: fc.Arbitrary<Mood>,
  meanwhile: fc.Arbitrary<readonly Meanwhile[]>,
  wire: fc.Arbitrary<NetworkFault>,
  { other, visit }: { other: fc.Arbitrary<Operation>; visit: fc.Arbitrary<Step> },
): Record<Kind, fc.Arbitrary<Step>> {
  const some = (operation: fc.Arbitrary<Operation>, least: number, most: number) =>
    fc.record({
      does: fc.constant('call' as const),
      calls: fc.array(callOf(operation, mood, meanwhile), { minLength: least, maxLength: most }),
    })
  const refundsAndOthers = fc.oneof({ weight: 4, arbitrary: refund }, { weight: 1, arbitrary: other })
  return {
    refund: some(refund, 1, 1),
    other: some(other, 1, 1),
    together: some(refundsAndOthers, 2, 3),
    again: fc.record({
      does: fc.constant('again'),
      further: fc.boolean(),
      host,
      mood,
      meanwhile,
    }),
    buyer: fc.record({ does: fc.constantFrom('pay', 'pay', 'scan'), order, link: fc.nat(2) }),
    by_hand: fc.record({ does: fc.constant('by_hand'), order, part }),
    doubt,
    fault,
    network: fc.record({ does: fc.constant('network'), fault: wire, method, times }),
    clear: fc.constant({ does: 'clear_faults' }),
    time: fc.record({
      does: fc.constant('time'),
      ms: often([4_000, 1], [75_000, 3], [660_000, 3], [3_600_000, 1], [43_200_000, 1], [86_400_000, 1]),
    }),
    merchant: fc.record({
      does: often<'freeze' | 'unfreeze' | 'no_balance' | 'top_up' | 'approve' | 'deny'>(
        ...([
          ['unfreeze', 2],
          ['freeze', 1],
          ['top_up', 1],
          ['no_balance', 1],
          ['approve', 1],
          ['deny', 1],
        ] as const),
      ),
    }),
    restart: fc.constant({ does: 'restart' }),
    visit,
    notify: notification,
    invent: invention,
    watch,
  }
}
