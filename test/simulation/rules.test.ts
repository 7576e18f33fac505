// Each rule that runs are judged by can be broken, and a run that breaks it is found.
import { expect, it } from 'vitest'
import { check } from './check.ts'
import { EMPHASES } from './emphases.ts'
import { LIES } from './lies.ts'
import type { Emphasis } from './scenarios.ts'

const RUNS = 200
const SEED = 1

/** Where it is broken most often. */
function emphasisFor(rule: string): Emphasis {
  if (/told/.test(rule) && /refund/.test(rule)) return { ...EMPHASES.crowd, weights: { other: 20, refund: 20 } }
  return /refund|ledger|doubt/.test(rule) ? EMPHASES.crowd : EMPHASES.orders
}

it.each(Object.keys(LIES))('%s', { timeout: 60_000 }, async (rule) => {
  const plan = { runs: RUNS, seed: SEED, emphasis: emphasisFor(rule), replaced: LIES[rule], only: rule }
  const { found } = await check(plan)
  expect(found?.error).toMatchObject({ rule })
})
