// Each rule that runs are judged by can be broken, and a run that breaks it is found.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { check } from './check.ts'
import { EMPHASES } from './emphases.ts'
import { LIES } from './lies.ts'
import { LIES_OF_PAGES } from './lies-pages.ts'
import { LIES_OF_SHOPS } from './lies-shops.ts'
import { LIES_OF_SUBSCRIPTIONS } from './lies-subscriptions.ts'
import { often } from './often.ts'
import { create, named } from './random-parts.ts'
import { NOTHING, type ShopEmphasis } from './random-shops.ts'
import { NO_PARTS } from './random-subscribed.ts'
import { NO_STEPS, type SubscriptionEmphasis } from './random-subscriptions.ts'
import type { Emphasis } from './scenarios.ts'
import type { NextCharge } from './steps-subscriptions.ts'

const RUNS = 200
const SEED = 1

const UNLIMITED = { dailyPaymentsFen: undefined, dailyRefundsFen: undefined, maxRefundFen: undefined } as const

/** Where it is broken most often. */
function emphasisFor(rule: string): Emphasis {
  if (/told/.test(rule) && /refund/.test(rule)) return { ...EMPHASES.crowd, weights: { other: 20, refund: 20 } }
  return /refund|ledger|doubt/.test(rule) ? EMPHASES.crowd : EMPHASES.orders
}

function emphasisOfPages(rule: string): Emphasis {
  if (/late|withdrawn/.test(rule)) return EMPHASES.withdrawals
  return /link|page|token/.test(rule) ? EMPHASES.pages : EMPHASES.notifications
}

/** What comes about too seldom even there. */
const SELDOM: Readonly<Record<string, ShopEmphasis>> = {
  'a buyer gets back by himself what the policy allows': {
    weights: { ...NOTHING, race: 10, time: 10, buy: 5 },
    policies: fc.constant('short'),
  },
  'a buyer gets no more back by policy than his day allows': {
    weights: { ...NOTHING, race: 10, buy: 5 },
    shop: { buyerDailyFen: 1_000 },
    policies: fc.constant('auto'),
  },
  'a refund by policy is tried once': {
    weights: { ...NOTHING, ask: 10, decide: 10 },
    policies: fc.constant('auto'),
    asks: named('refund', fc.constant('own')),
  },
  'the same thing asked for again is the same order': {
    weights: { ...NOTHING, ask: 20, together: 5 },
    asks: create(fc.constant(false)),
  },
  'what is lost with a ledger comes back by its claim code': {
    weights: { ...NOTHING, copy: 5, restore: 5, buy: 10 },
    settings: { file: true, notified: 'by_step' },
  },
}

function emphasisOfShops(rule: string): Emphasis {
  const seldom = SELDOM[rule]
  if (seldom) return { shop: { ...seldom, eventful: 0, settings: { ...UNLIMITED, ...seldom.settings } } }
  if (/hook/.test(rule)) return EMPHASES.hooks
  if (/refund|policy|gets/.test(rule)) return EMPHASES.claimbacks
  return /claim|tells/.test(rule) ? EMPHASES.strangers : EMPHASES.sales
}

/** First charges, at once and again. */
const FIRST: SubscriptionEmphasis = {
  weights: { ...NO_STEPS, together: 20, next_charge: 6, time: 4, offer: 4 },
  parts: { ...NO_PARTS, charge: 10, charge_due: 2 },
  charged: often([false, 1]),
  eventful: 0,
}

/** Of which nobody knows for a while how they end: paid. */
const IN_PROCESS: SubscriptionEmphasis = {
  ...FIRST,
  weights: { ...NO_STEPS, next_charge: 10, together: 12, time: 4 },
  outcomes: often<NextCharge>([{ outcome: 'in_process', seconds: 120, end: 'paid', times: 1 }, 1]),
}

const SELDOM_SUBSCRIBED: Readonly<Record<string, SubscriptionEmphasis>> = {
  'a period is charged once': IN_PROCESS,
  'a charge on its way is told to whoever ends it': { ...IN_PROCESS, parts: { ...NO_PARTS, charge: 10, cancel: 6 } },
  'a day never charges more than its limit': {
    ...FIRST,
    weights: { ...NO_STEPS, together: 20, offer: 20 },
    subscriptions: { dailyChargesFen: 1_000 },
  },
  'what is due is charged': { ...FIRST, subscriptions: { dailyChargesFen: undefined } },
  'what is told as live was signed': { ...FIRST, parts: { ...NO_PARTS, offer: 4, page: 8, query: 8 } },
}

function emphasisOfSubscriptions(rule: string): Emphasis {
  const seldom = SELDOM_SUBSCRIBED[rule]
  if (seldom) return { subscriptions: seldom }
  if (/signature|payer|list/.test(rule)) return EMPHASES.subscriptions
  return /notification|end/.test(rule) ? EMPHASES.cancellings : { subscriptions: FIRST }
}

const ALL = [
  ...Object.entries(LIES).map(([rule, replaced]) => ({ rule, replaced, emphasis: emphasisFor(rule) })),
  ...Object.entries(LIES_OF_PAGES).map(([rule, replaced]) => ({ rule, replaced, emphasis: emphasisOfPages(rule) })),
  ...Object.entries(LIES_OF_SHOPS).map(([rule, replaced]) => ({ rule, replaced, emphasis: emphasisOfShops(rule) })),
  ...Object.entries(LIES_OF_SUBSCRIPTIONS).map(([rule, replaced]) => ({
    ...{ rule, replaced, emphasis: emphasisOfSubscriptions(rule) },
  })),
]

it.each(ALL)('$rule', async ({ rule, replaced, emphasis }) => {
  const { found } = await check({ runs: RUNS, seed: SEED, emphasis, replaced, only: rule })
  expect(found?.error).toMatchObject({ rule })
})
