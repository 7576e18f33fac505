// What some runs dwell on, because it comes about too seldom by itself.
import fc from 'fast-check'
import { often } from './often.ts'
import { type Emphasis, scenariosWith } from './scenarios.ts'
import type { Mood, Scenario } from './steps.ts'
import type { PolicyName, Version } from './steps-shop.ts'
import type { Hour } from './steps-subscriptions.ts'

const ALWAYS_YES = often<Mood>(['yes', 1])

const UNPAID = [
  { total: 0, paid: false },
  { total: 1, paid: false },
]

/** Nobody is asked, so that more is refunded. */
const UNASKED = {
  approval: undefined,
  forms: false,
  approveAboveFen: undefined,
  maxRefundFen: undefined,
} as const

/** Links and codes as they were before there were pages, and nobody who presses there. */
const BARE = { ...UNASKED, pages: 'none' } as const
const NOBODY = { visit: 0, notify: 1, invent: 0, watch: 1 }

const QUIET = { fault: 0, doubt: 0, network: 0, clear: 0, merchant: 0, restart: 0 }

const [CLOSING, LAST]: readonly [Hour, Hour] = ['closing', 'last']

/** Of a shop in which nobody disturbs the rest. */
const CALM = { fault: 0, doubt: 0, network: 0, clear: 0, decide: 0, restart: 0, notify: 1, invent: 0 }

const SEATS: Version = {
  ...{ dear: false, stock: undefined, codes: 4, broken: false },
  policies: ['auto', 'auto', 'auto', 'operator', 'auto'],
}

export const EMPHASES = {
  /** Answers get lost, and what was in doubt is asked for, resolved and asked for again. */
  doubt: { weights: { ...NOBODY, doubt: 10, again: 10, time: 8, buyer: 0 }, settings: BARE },
  /** Several calls at once, near the limit of the day. */
  crowd: {
    weights: { ...QUIET, ...NOBODY, together: 30, refund: 4, other: 1 },
    meanwhile: [],
    settings: { ...BARE, dailyRefundsFen: 6_000, latencies: [1] },
  },
  /** Several servers, one killed after the other. */
  deaths: {
    weights: { ...QUIET, together: 8, again: 10, time: 8 },
    meanwhile: ['kill'],
    eventful: 3,
    settings: UNASKED,
  },
  /** All is frozen in the middle of things. */
  freezes: { weights: QUIET, meanwhile: ['freeze', 'unfreeze'], eventful: 3, settings: UNASKED },
  /** The computer sleeps in the middle of things that are in doubt. */
  sleeps: {
    weights: { ...NOBODY, doubt: 10, again: 10, network: 0 },
    meanwhile: ['sleep'],
    eventful: 2,
    settings: BARE,
  },
  /** Somebody makes answers up. */
  lies: { weights: { ...NOBODY, network: 15, fault: 1, again: 8 }, settings: BARE },
  /** Somebody gives genuine answers again, or as those of another method. */
  replays: {
    weights: { ...NOBODY, network: 20, fault: 0, doubt: 0, again: 4, other: 20, buyer: 4, restart: 0 },
    meanwhile: [],
    network: 'replays',
    settings: BARE,
  },
  /** One amount again and again, each time with a yes. */
  further: { weights: { ...QUIET, ...NOBODY, again: 20 }, moods: ALWAYS_YES },
  /** A merchant who is asked much, and answers this and that. */
  questions: {
    weights: { ...QUIET, ...NOBODY, again: 10, merchant: 4 },
    meanwhile: ['by_hand', 'sleep', 'cancel'],
    settings: { forms: true, approval: 'chat' },
  },
  /** Orders, links and codes more than refunds. */
  orders: {
    weights: { refund: 2, again: 1, doubt: 0, other: 20, buyer: 10, together: 6 },
    settings: { dailyPaymentsFen: 20_000, maxRefundFen: undefined, pages: 'none' },
  },
  /** Buyers at the pages, with every device, at any moment. */
  pages: {
    weights: { ...QUIET, refund: 2, again: 1, other: 8, together: 2, buyer: 6, visit: 20, watch: 6, merchant: 1 },
    meanwhile: ['press', 'press', 'pay', 'watch', 'kill', 'freeze', 'unfreeze'],
    settings: { ...UNASKED, pages: 'all', orders: UNPAID },
  },
  /** Orders are closed and replaced while somebody presses. */
  withdrawals: {
    weights: {
      ...QUIET,
      refund: 0,
      again: 0,
      other: 20,
      together: 3,
      buyer: 12,
      visit: 9,
      notify: 1,
      invent: 0,
      time: 1,
    },
    meanwhile: ['press', 'press', 'press', 'press', 'pay', 'watch', 'kill', 'ledger_fails'],
    eventful: 9,
    operations: 'withdrawing',
    settings: { ...UNASKED, pages: 'all', orders: UNPAID },
  },
  /** Alipay's notifications, late and again, and those of others. */
  notifications: {
    weights: { ...QUIET, refund: 6, again: 2, buyer: 6, by_hand: 3, visit: 3, notify: 14, invent: 10 },
    meanwhile: ['notify', 'notify', 'pay', 'by_hand', 'kill'],
    settings: { ...UNASKED, orders: UNPAID },
  },
  /** A shop with buyers in the chat: all sorts of things. */
  shops: { shop: {} },
  /** Delivery and refund of one order at once, in every way there is, and processes killed over it. */
  handovers: {
    shop: {
      weights: { race: 30, buy: 8, ask: 4, items: 1, hook: 1, fault: 0, network: 0, visit: 1, invent: 0, restart: 0 },
      meanwhile: ['kill', 'kill', 'show', 'show', 'answer', 'answer', 'watch', 'ledger_fails', 'cancel'],
      eventful: 4,
      policies: often<PolicyName>(['auto', 3], ['operator', 2]),
      settings: { dailyPaymentsFen: undefined, dailyRefundsFen: undefined, maxRefundFen: undefined },
    },
  },
  /** What buyers want back: by policy, by the operator's word, and again after a doubt. */
  claimbacks: {
    shop: {
      weights: { ...CALM, ask: 14, answer: 10, race: 6, doubt: 6, items: 6, time: 6, buy: 10, show: 1 },
      settings: { dailyPaymentsFen: undefined, maxRefundFen: undefined },
    },
  },
  /** Others' orders, by number and by claim code. */
  strangers: { shop: { weights: { ...CALM, ask: 24, buy: 8, visit: 6, pay: 6, watch: 6 }, eventful: 0 } },
  /** Last items and last codes, and an items file that changes. */
  sales: {
    shop: {
      weights: { ...CALM, ask: 10, buy: 20, items: 10, together: 16, pay: 6, time: 5, show: 4 },
      settings: { dailyPaymentsFen: undefined },
    },
  },
  /** A hook that answers or not, and watchers that die over it. */
  hooks: {
    shop: {
      weights: { ...CALM, buy: 12, watch: 20, hook: 10, race: 8, ask: 8, by_hand: 4, time: 8, answer: 4 },
      shop: { first: SEATS },
      settings: { dailyPaymentsFen: undefined },
    },
  },
  /** An older copy of the ledger comes back. */
  restores: {
    shop: {
      weights: { copy: 3, restore: 8, buy: 10, race: 10, invent: 0, network: 0 },
      settings: { file: true, dailyPaymentsFen: undefined, dailyRefundsFen: undefined, approveAboveFen: undefined },
    },
  },
  /** Subscriptions: all sorts of things. */
  subscriptions: { subscriptions: {} },
  /** One period charged by several at once, with what nobody knows of the attempts before. */
  charges: {
    subscriptions: {
      doubtful: 9,
      weights: {
        renewal: 24,
        next_charge: 4,
        doubt: 3,
        together: 10,
        time: 6,
        offer: 1,
        notify: 1,
        hook: 0,
        restart: 0,
      },
      parts: { charge: 12, charge_due: 8, cancel: 0, wallet: 0, offer: 0, sign: 0, page: 0 },
    },
  },
  /** Genuine answers about agreements and charges, given again, or as those of another method. */
  old_answers: {
    subscriptions: {
      weights: {
        renewal: 14,
        replay: 20,
        together: 12,
        fault: 0,
        doubt: 0,
        network: 0,
        hook: 0,
        notify: 0,
        restart: 0,
      },
      meanwhile: [],
      parts: { charge: 12, query: 8, postpone: 6, announce: 4, list: 0 },
    },
  },
  /** Computers that sleep over a charge, around the last hour of its days. */
  closing_hours: {
    subscriptions: {
      weights: { renewal: 30, next_charge: 1, doubt: 0, fault: 0, network: 0, hook: 0 },
      meanwhile: ['sleep'],
      eventful: 9,
      parts: { charge: 20, charge_due: 6, postpone: 1, cancel: 0, wallet: 0, page: 0 },
      charged: often([false, 2], [true, 1]),
      hours: often([CLOSING, 3], [LAST, 1]),
    },
  },
  /** Somebody wants it ended while it is charged, signed, or not reached. */
  cancellings: {
    subscriptions: {
      weights: { renewal: 20, offer: 8, hook: 0, notify: 1, next_charge: 3, freeze: 0 },
      parts: { charge: 8, charge_due: 6, cancel: 8, page: 8, wallet: 3, announce: 0, list: 0, postpone: 0 },
      meanwhile: ['unsubscribe', 'unsubscribe', 'kill', 'sleep', 'ledger_fails'],
      eventful: 6,
      charged: often([false, 3], [true, 1]),
    },
  },
} as const satisfies Record<string, Emphasis>

/** Of which there is more than of the others. */
const MORE: Readonly<Record<string, number>> = {
  withdrawals: 4,
  pages: 2,
  notifications: 2,
  shops: 4,
  handovers: 4,
  restores: 2,
  subscriptions: 4,
  charges: 2,
  cancellings: 2,
}

/** As usual for the most part, and now and then one of these. */
export const scenarios: fc.Arbitrary<Scenario> = fc.oneof(
  { weight: 8, arbitrary: scenariosWith() },
  ...Object.entries(EMPHASES).map(([name, emphasis]: [string, Emphasis]) => ({
    weight: MORE[name] ?? 1,
    arbitrary: scenariosWith(emphasis),
  })),
)
