// Stories of subscriptions at random: what is offered, signed, announced, charged and ended, what goes wrong, and how often which.
import fc from 'fast-check'
import type { AnnounceMood } from './announce-hook.ts'
import { often, seldom } from './often.ts'
import { meanwhileOf } from './random-calls.ts'
import { settings } from './random-settings.ts'
import { account, buyer, nextCharge, of, PARTS, type PartKind, partOf } from './random-subscribed.ts'
import { fault, networkFault, replay, times } from './random-troubles.ts'
import { notification, watch } from './random-visits.ts'
import type { Meanwhile, Scenario, Settings, Step } from './steps.ts'
import type { Hour, NextCharge, SubscriptionSettings } from './steps-subscriptions.ts'

type Arb<T> = fc.Arbitrary<T>
type Kind = keyof typeof USUAL

/** How often the kinds of steps come where subscriptions are, and what is fixed; the rest is as usual. */
export interface SubscriptionEmphasis {
  weights?: Partial<Record<Kind, number>>
  meanwhile?: readonly Meanwhile['does'][]
  /** How many calls something happens in, against three in which nothing does. */
  eventful?: number
  /** How often which, of what is done at once. */
  parts?: Partial<Record<PartKind, number>>
  plans?: Arb<number>
  /** How they end then. */
  outcomes?: Arb<NextCharge>
  /** At which renewals are charged. */
  hours?: Arb<Hour>
  /** How many renewals are charged with something that goes wrong, against three. */
  doubtful?: number
  /** Whether what was signed before was charged, too. */
  charged?: Arb<boolean>
  subscriptions?: Partial<SubscriptionSettings>
}

const USUAL = {
  renewal: 14,
  together: 10,
  offer: 4,
  day: 4,
  time: 2,
  next_charge: 4,
  decide: 2,
  hook: 2,
  notify: 2,
  watch: 3,
  doubt: 3,
  fault: 2,
  network: 2,
  replay: 1,
  clear: 2,
  freeze: 1,
  restart: 1,
}

const LONGEST = 12
const MEANWHILE = [
  ...['kill', 'kill', 'kill', 'cancel', 'sleep', 'freeze', 'unfreeze', 'ledger_fails', 'watch', 'notify'],
  ...['unsubscribe', 'unsubscribe'],
] as const

export function subscriptionsWith(emphasis: SubscriptionEmphasis): Arb<Scenario> {
  const { weights, meanwhile = MEANWHILE, eventful = 1, plans = fc.nat(4), subscriptions: fixed } = emphasis
  const charged = emphasis.charged ?? often([true, 1], [false, 1])
  const all = new Map(Object.entries({ ...USUAL, ...weights }))
  const kinds = kindsOf(
    meanwhileOf(meanwhile, eventful),
    plans,
    { ...PARTS, ...emphasis.parts },
    emphasis.doubtful ?? 1,
    emphasis.hours ?? hour,
    emphasis.outcomes ?? nextCharge,
  )
  const weighted = Object.entries(kinds).map(([kind, arbitrary]) => ({ weight: all.get(kind) ?? 0, arbitrary }))
  const step = fc.oneof(...weighted.filter(({ weight }) => weight > 0))
  const steps = fc.array(step, { minLength: 2, maxLength: LONGEST, size: 'max' })
  const set = fc.tuple(settings, subscriptionSettings(plans, charged)).map(([usual, subscriptions]): Settings => {
    return { ...usual, orders: [], pages: 'all', subscriptions: { ...subscriptions, ...fixed } }
  })
  return fc.noBias(fc.record({ settings: set, steps }))
}

const MOODS = often<AnnounceMood>(
  ...([
    ['takes', 8],
    ['hesitates', 2],
    ['fails', 1],
    ['slow', 1],
    ['loses', 1],
    ['away', 1],
    ['moved', 1],
  ] as const),
)
const hour = often<Hour>(['noon', 6], ['first', 2], ['closing', 2], ['closed', 1], ['last', 2])

const subscriptionSettings = (plans: Arb<number>, charged: Arb<boolean>): Arb<SubscriptionSettings> =>
  fc.record({
    switches: fc.record({
      charge_window: fc.constantFrom('five_days', 'three_days'),
      failed_charge: fc.constantFrom('closed', 'absent', 'waiting'),
      missed_window: fc.constantFrom('stays', 'skips'),
      agreement_notification: fc.constantFrom('gateway_only', 'notify_url_first'),
      unsign_unknown: fc.constantFrom('by_history', 'not_exist', 'has_unsigned'),
      deduct_time_form: fc.constantFrom('date', 'date_time'),
      query_by_external_no: fc.constantFrom('needs_scene', 'alone'),
    }),
    hook: MOODS,
    dailyChargesFen: seldom(2_000),
    signed: fc.array(fc.record({ plan: plans, buyer, account, charged }), {
      minLength: 1,
      maxLength: 2,
    }),
  })

const METHODS = often<string | undefined>(
  ['alipay.trade.pay', 6],
  ['alipay.user.agreement.query', 3],
  ['alipay.trade.query', 3],
  ['alipay.user.agreement.unsign', 2],
  ['alipay.user.agreement.executionplan.modify', 1],
  [undefined, 2],
)

function kindsOf(
  happening: Arb<readonly Meanwhile[]>,
  plans: Arb<number>,
  weights: typeof PARTS,
  doubtful: number,
  hours: Arb<Hour>,
  outcomes: Arb<NextCharge>,
): Record<Kind, Arb<Step>> {
  const part = partOf(happening, plans, weights)
  const parts = fc.array(part, { minLength: 1, maxLength: 3 })
  const maybeCharge = fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: doubtful, arbitrary: outcomes },
  )
  const offered = fc.record({ plan: plans, buyer, account, later: often([0, 5], [1, 1]) })
  return {
    renewal: fc.record({
      ...{
        does: fc.constant('renewal' as const),
        of,
        announced: often<Hour | undefined>(['noon', 4], ['last', 2], [undefined, 1]),
        parts,
      },
      ...{ days: often([-2, 8], [-1, 2], [0, 3], [-3, 1], [1, 1]), hour: hours, outcome: maybeCharge },
    }),
    together: fc.record({ does: fc.constant('subscribed'), parts }),
    offer: offered.map(offerAndSign),
    day: fc.record({ does: fc.constant('day'), of, days: often([-9, 2], [-3, 2], [0, 2], [1, 2], [25, 1]), hour }),
    time: fc.record({
      does: fc.constant('time'),
      ms: often([75_000, 3], [960_000, 3], [2_000_000, 2], [86_400_000, 1]),
    }),
    next_charge: fc.record({ does: fc.constant('next_charge'), of, outcome: outcomes }),
    decide: fc.record({ does: fc.constant('decide'), end: fc.constantFrom('paid', 'closed') }),
    hook: fc.record({ does: fc.constant('announce_hook'), mood: MOODS }),
    notify: notification,
    watch,
    doubt: fc.record({
      ...{ does: fc.constant('fault' as const), times: often([1, 2], [3, 1]), sub_code: fc.constant('') },
      fault: fc.constantFrom('lost_before', 'late', 'http_502', '20000_before', 'system_error_before', 'lost_after'),
      method: fc.constantFrom('alipay.trade.pay', 'alipay.trade.pay', 'alipay.user.agreement.unsign'),
      ms: fc.constantFrom(14_000, 20_000, 60_000, 400_000),
    }),
    fault: fc.tuple(fault, METHODS).map(([one, method]) => ({ ...one, method })),
    network: fc.record({ does: fc.constant('network'), fault: networkFault, method: METHODS, times }),
    replay: fc.record({ does: fc.constant('network'), fault: replay, method: METHODS, times }),
    clear: fc.constant({ does: 'clear_faults' }),
    freeze: fc.constantFrom({ does: 'freeze' } as const, { does: 'unfreeze' } as const, { does: 'unfreeze' } as const),
    restart: fc.constant({ does: 'restart' }),
  }
}

/** One after the other; signed at once, or when nobody offers it any more. */
function offerAndSign({
  plan,
  buyer,
  account,
  later,
}: {
  plan: number
  buyer: number | undefined
  account: number
  later: number
}): Step {
  return {
    does: 'subscribed',
    in_order: true,
    parts: [
      { does: 'offer', after: 0, plan, buyer, host: 0, meanwhile: [] },
      { does: 'page', after: 0, of: 0, way: 'open', trouble: undefined },
      { does: 'sign', after: later * 1_900_000 + 5_000, of: 0, account, back: 0, trouble: undefined },
    ],
  }
}

export const NO_STEPS: Partial<Record<Kind, number>> = Object.fromEntries(Object.keys(USUAL).map((kind) => [kind, 0]))
