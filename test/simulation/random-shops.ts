// Stories of a shop at random: what is sold and bought, what goes wrong, and how often which.
import fc from 'fast-check'
import type { Way } from './buyers.ts'
import type { HookMood } from './hook.ts'
import { ITEMS } from './items-on-sale.ts'
import { often } from './often.ts'
import { meanwhileOf } from './random-calls.ts'
import { anyOperation, atOnce, buyer, item, quantity, race, single } from './random-parts.ts'
import { settings } from './random-settings.ts'
import { doubt, fault, method, networkFault, times } from './random-troubles.ts'
import { invention, notification, visit, watch } from './random-visits.ts'
import type { Meanwhile, Mood, Scenario, Settings, Step } from './steps.ts'
import type { BuyerOperation, Part, PolicyName, ShopSettings, Version } from './steps-shop.ts'

type Kind = keyof typeof USUAL

/** How often the kinds of steps come in a shop, and what is fixed; the rest is as usual. */
export interface ShopEmphasis {
  weights?: Partial<Record<Kind, number>>
  meanwhile?: readonly Meanwhile['does'][]
  /** How many calls something happens in, against three in which nothing does. */
  eventful?: number
  policies?: fc.Arbitrary<PolicyName>
  /** What buyers ask for, where it is not the order of a race. */
  asks?: fc.Arbitrary<BuyerOperation>
  settings?: Partial<Settings>
  shop?: Partial<ShopSettings>
}

const USUAL = {
  ask: 10,
  buy: 6,
  show: 3,
  answer: 3,
  merchant: 2,
  race: 10,
  together: 4,
  items: 3,
  hook: 2,
  copy: 0,
  restore: 0,
  pay: 3,
  visit: 3,
  by_hand: 2,
  notify: 2,
  invent: 1,
  elsewhere: 1,
  watch: 4,
  doubt: 2,
  fault: 2,
  network: 1,
  clear: 1,
  time: 3,
  decide: 1,
  restart: 1,
}

/** No kind of step at all. */
export const NOTHING: Partial<Record<Kind, number>> = Object.fromEntries(Object.keys(USUAL).map((kind) => [kind, 0]))

const LONGEST = 14
const MEANWHILE = [
  ...['kill', 'kill', 'kill', 'cancel', 'sleep', 'by_hand', 'pay', 'freeze', 'unfreeze', 'ledger_fails'],
  ...['show', 'show', 'answer', 'answer', 'watch', 'notify'],
] as const
const MOODS = often<Mood>(['yes', 5], ['no', 2], ['silence', 1], ['late_yes', 1])
const POLICIES = often<PolicyName>(['auto', 5], ['operator', 3], ['short', 1], ['small', 1], ['never', 1])
const HOOKS = often<HookMood>(
  ...([
    ['takes', 4],
    ['fails', 2],
    ['slow', 1],
    ['loses', 2],
    ['lies', 1],
    ['away', 1],
    ['moved', 1],
  ] as const),
)
/** Beside those of other pages. */
const ways = often<Way | undefined>([undefined, 8], ['goods_ahead', 1], ['goods', 1])
/** Of those that there are, of which some are the merchant's own. */
const anyOrder = fc.nat(6)

export function shopsWith(emphasis: ShopEmphasis): fc.Arbitrary<Scenario> {
  const { weights, meanwhile = MEANWHILE, eventful = 1, policies = POLICIES, settings: fixed, shop } = emphasis
  const all = new Map(Object.entries({ ...USUAL, ...weights }))
  const kinds = kindsOf(emphasis.asks ?? anyOperation, meanwhileOf(meanwhile, eventful), versionOf(policies))
  const weighted = Object.entries(kinds).map(([kind, arbitrary]) => ({ weight: all.get(kind) ?? 0, arbitrary }))
  const step = fc.oneof(...weighted.filter(({ weight }) => weight > 0))
  const steps = fc.array(step, { minLength: 2, maxLength: LONGEST, size: 'max' })
  const set = fc.tuple(settings, ofShops(versionOf(policies))).map(([usual, own]): Settings => {
    return { ...usual, ...own, shop: { ...own.shop, ...shop }, ...fixed }
  })
  return fc.noBias(fc.record({ settings: set, steps }))
}

/** What differs from the settings of other stories: more is bought, mostly by pages, and the merchant's own orders are few. */
const ofShops = (version: fc.Arbitrary<Version>) =>
  fc.record({
    pages: often<Settings['pages']>(['all', 6], ['none', 1]),
    dailyPaymentsFen: often<number | undefined>([undefined, 9], [30_000, 1]),
    dailyRefundsFen: often<number | undefined>([undefined, 5], [6_000, 1]),
    orders: fc.array(fc.record({ total: fc.nat(2), paid: fc.boolean() }), { maxLength: 1 }),
    shop: fc.record({
      first: version.map((one): Version => ({ ...one, broken: false })),
      hook: HOOKS,
      desk: often([false, 4], [true, 1]),
      buyerDailyFen: often([10_000, 3], [4_500, 1]),
      bought: fc.array(fc.record({ buyer, item, quantity, paid: often([true, 5], [false, 1]) }), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
  })

const versionOf = (policy: fc.Arbitrary<PolicyName>): fc.Arbitrary<Version> =>
  fc.record({
    dear: fc.boolean(),
    policies: fc.array(policy, { minLength: ITEMS.length, maxLength: ITEMS.length }).map(byModel),
    stock: often<number | undefined>([4, 2], [2, 2], [undefined, 1]),
    codes: fc.integer({ min: 2, max: 6 }),
    broken: often([false, 9], [true, 1]),
  })

/** What the model hands out can be had back by the shop's word alone. */
const byModel = (policies: readonly PolicyName[]): readonly PolicyName[] =>
  policies.map((policy, at) => (ITEMS[at] === 'advice' && policy !== 'never' ? 'operator' : policy))

function kindsOf(
  operation: fc.Arbitrary<BuyerOperation>,
  meanwhile: fc.Arbitrary<readonly Meanwhile[]>,
  version: fc.Arbitrary<Version>,
): Record<Kind, fc.Arbitrary<Step>> {
  const { ask, buy, show, answer, merchant } = single(operation, meanwhile)
  const together = (part: fc.Arbitrary<Part>, least: number, most: number, race: fc.Arbitrary<number | undefined>) =>
    fc.record({
      does: fc.constant('together' as const),
      race,
      mood: MOODS,
      parts: fc.array(part, { minLength: least, maxLength: most }),
    })
  const alone = (part: fc.Arbitrary<Part>) => together(part.map(atOnceWithNothing), 1, 1, fc.constant(undefined))
  return {
    ask: alone(ask),
    buy: alone(buy),
    show: alone(show),
    answer: alone(answer),
    merchant: alone(merchant),
    race: together(race(meanwhile), 2, 3, often([0, 3], [1, 2], [2, 1])),
    together: together(atOnce(operation, meanwhile), 2, 3, fc.constant(undefined)),
    items: fc.record({ does: fc.constant('items'), version }),
    hook: fc.record({ does: fc.constant('hook'), mood: HOOKS }),
    copy: fc.constant({ does: 'copy' }),
    restore: fc.constant({ does: 'restore' }),
    pay: fc.record({ does: fc.constantFrom('pay', 'pay', 'scan'), order: anyOrder, link: fc.nat(2) }),
    visit: ofAny(fc.tuple(visit, ways).map(([one, way]) => ({ ...one, way: way ?? one.way }))),
    by_hand: fc.record({ does: fc.constant('by_hand'), order: anyOrder, part: fc.nat(4) }),
    notify: notification,
    invent: ofAny(invention),
    elsewhere: fc.record({ does: fc.constant('elsewhere'), order: anyOrder }),
    watch,
    doubt,
    fault,
    network: fc.record({ does: fc.constant('network'), fault: networkFault, method, times }),
    clear: fc.constant({ does: 'clear_faults' }),
    time: fc.record({
      does: fc.constant('time'),
      ms: often([4_000, 1], [75_000, 3], [200_000, 2], [660_000, 2], [3_600_000, 1], [86_400_000, 1]),
    }),
    decide: fc.record({
      does: often<'unfreeze' | 'freeze' | 'top_up' | 'no_balance' | 'approve' | 'deny'>(
        ...([
          ['unfreeze', 3],
          ['freeze', 1],
          ['top_up', 1],
          ['no_balance', 1],
          ['approve', 1],
          ['deny', 1],
        ] as const),
      ),
    }),
    restart: fc.constant({ does: 'restart' }),
  }
}

const atOnceWithNothing = (part: Part): Part => ({ ...part, after: 0 })

const ofAny = <T extends { order: number }>(step: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.tuple(step, anyOrder).map(([one, order]) => ({ ...one, order }))
