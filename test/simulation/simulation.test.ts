// A few hundred runs with every "npm run test:full"; "npm run simulate" makes as many as wanted.
import { expect, it } from 'vitest'
import { RandomNumbers } from './broken.ts'
import { check, reported } from './check.ts'
import { EMPHASES } from './emphases.ts'

const RUNS = 250
const SEED = 20_261_120

it('finds no violation', { timeout: 120_000 }, async () => {
  const { summary, found } = await check({ runs: RUNS, seed: SEED })
  expect(found && reported(found)).toBeUndefined()
  const { refunds, further, unknown, kills, troubles } = summary
  // Runs in which nothing happens prove nothing.
  expect({ refunds, further, unknown, kills, troubles: troubles.size }).toStrictEqual({
    refunds: atLeast(200),
    further: atLeast(3),
    unknown: atLeast(20),
    kills: atLeast(80),
    troubles: atLeast(15),
  })
})

it('makes the same of the same seed', { timeout: 60_000 }, async () => {
  const [first, second] = [await check({ runs: 40, seed: SEED }), await check({ runs: 40, seed: SEED })]
  expect(second.summary).toStrictEqual(first.summary)
})

it('shrinks what it finds, and says how to see it again', { timeout: 60_000 }, async () => {
  const plan = {
    seed: SEED,
    emphasis: EMPHASES.doubt,
    replaced: () => ({ refunds: () => new RandomNumbers() }),
  }
  const { found } = await check({ ...plan, runs: 50 })
  if (!found) throw new Error('nothing was found')
  // A refund, and the same refund again.
  expect(found.scenario.steps.length).toBeLessThanOrEqual(3)
  const again = await check({ ...plan, runs: 1, path: found.path })
  expect(again.found?.error).toMatchObject({ rule: Object(found.error).rule })
  expect(reported(found)).toContain(`npm run simulate -- --seed ${SEED} --replay ${found.path}`)
})

const atLeast = (least: number) => expect.toSatisfy((count: number) => count >= least, `at least ${least}`)
