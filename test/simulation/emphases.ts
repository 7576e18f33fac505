// What some runs dwell on, because it comes about too seldom by itself.
import fc from 'fast-check'
import { often } from './often.ts'
import { type Emphasis, scenariosWith } from './scenarios.ts'
import type { Mood, Scenario } from './steps.ts'

const ALWAYS_YES = often<Mood>(['yes', 1])

/** Nobody is asked, so that more is refunded. */
const UNASKED = {
  approval: undefined,
  forms: false,
  approveAboveFen: undefined,
  maxRefundFen: undefined,
} as const

const QUIET = { fault: 0, doubt: 0, network: 0, clear: 0, merchant: 0, restart: 0 }

export const EMPHASES = {
  /** Answers get lost, and what was in doubt is asked for, resolved and asked for again. */
  doubt: { weights: { doubt: 10, again: 10, time: 8, buyer: 0 }, settings: UNASKED },
  /** Several calls at once, near the limit of the day. */
  crowd: {
    weights: { ...QUIET, together: 30, refund: 4, other: 1 },
    meanwhile: [],
    settings: { ...UNASKED, dailyRefundsFen: 6_000, latencies: [1] },
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
    weights: { doubt: 10, again: 10, network: 0 },
    meanwhile: ['sleep'],
    eventful: 2,
    settings: UNASKED,
  },
  /** Somebody makes answers up. */
  lies: { weights: { network: 15, fault: 1, again: 8 }, settings: UNASKED },
  /** Somebody gives genuine answers again, or as those of another method. */
  replays: {
    weights: { network: 20, fault: 0, doubt: 0, again: 4, other: 20, buyer: 4, restart: 0 },
    meanwhile: [],
    network: 'replays',
    settings: UNASKED,
  },
  /** One amount again and again, each time with a yes. */
  further: { weights: { ...QUIET, again: 20 }, moods: ALWAYS_YES },
  /** A merchant who is asked much, and answers this and that. */
  questions: {
    weights: { ...QUIET, again: 10, merchant: 4 },
    meanwhile: ['by_hand', 'sleep', 'cancel'],
    settings: { forms: true, approval: 'chat' },
  },
  /** Orders, links and codes more than refunds. */
  orders: {
    weights: { refund: 2, again: 1, doubt: 0, other: 20, buyer: 10, together: 6 },
    settings: { dailyPaymentsFen: 20_000, maxRefundFen: undefined },
  },
} as const satisfies Record<string, Emphasis>

/** As usual for the most part, and now and then one of these. */
export const scenarios: fc.Arbitrary<Scenario> = fc.oneof(
  { weight: 8, arbitrary: scenariosWith() },
  ...Object.values(EMPHASES).map((emphasis: Emphasis) => ({ weight: 1, arbitrary: scenariosWith(emphasis) })),
)
