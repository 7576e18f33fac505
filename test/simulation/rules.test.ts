// Each rule that runs are judged by can be broken, and a run that breaks it is found.
import { expect, it } from 'vitest'
import { check } from './check.ts'
import { EMPHASES } from './emphases.ts'
import { LIES } from './lies.ts'
import { LIES_OF_PAGES } from './lies-pages.ts'
import type { Emphasis } from './scenarios.ts'

const RUNS = 200
const SEED = 1

/** Where it is broken most often. */
function emphasisFor(rule: string): Emphasis {
  if (/told/.test(rule) && /refund/.test(rule)) return { ...EMPHASES.crowd, weights: { other: 20, refund: 20 } }
  return /refund|ledger|doubt/.test(rule) ? EMPHASES.crowd : EMPHASES.orders
}

function emphasisOfPages(rule: string): Emphasis {
  if (/late|withdrawn/.test(rule)) return EMPHASES.withdrawals
  return /link|page|token/.test(rule) ? EMPHASES.pages : EMPHASES.notifications
}

const ALL = [
  ...Object.entries(LIES).map(([rule, replaced]) => ({ rule, replaced, emphasis: emphasisFor(rule) })),
  ...Object.entries(LIES_OF_PAGES).map(([rule, replaced]) => ({ rule, replaced, emphasis: emphasisOfPages(rule) })),
]

it.each(ALL)('$rule', { timeout: 60_000 }, async ({ rule, replaced, emphasis }) => {
  const { found } = await check({ runs: RUNS, seed: SEED, emphasis, replaced, only: rule })
  expect(found?.error).toMatchObject({ rule })
})
