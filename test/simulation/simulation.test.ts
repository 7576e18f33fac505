// a few hundred runs with every "npm run test:full"; "npm run simulate" makes as many as wanted.
import { expect, it } from 'vitest'
import { RandomNumbers } from './broken.ts'
import { check, reported } from './check.ts'
import { EMPHASES } from './emphases.ts'

const RUNS = 320
const SEED = 20_261_120

it('finds no violation', async () => {
  const { summary, found } = await check({ runs: RUNS, seed: SEED })
  expect(found && reported(found)).toBeUndefined()
  const { refunds, unknown, kills, troubles, links, applied, refused, looks, late, races } = summary
  const { deliveries, codes, asked_back, policy_refunds, goods_races } = summary
  const { signed, undue, charged, announced, cancelled, charge_races } = summary
  // Runs in which nothing happens prove nothing.
  const counts = { refunds, unknown, kills, links, applied, refused, looks, late, races }
  const ofShops = { deliveries, codes, asked_back, policy_refunds, goods_races }
  const ofSubscriptions = { signed, undue, charged, announced, cancelled, charge_races }
  expect({ ...counts, ...ofShops, ...ofSubscriptions, troubles: troubles.size }).toStrictEqual({
    refunds: atLeast(120),
    unknown: atLeast(8),
    kills: atLeast(60),
    links: atLeast(100),
    applied: atLeast(150),
    refused: atLeast(30),
    looks: atLeast(150),
    late: atLeast(1),
    races: atLeast(5),
    deliveries: atLeast(100),
    codes: atLeast(30),
    asked_back: atLeast(15),
    policy_refunds: atLeast(10),
    goods_races: atLeast(20),
    signed: atLeast(60),
    undue: atLeast(3),
    charged: atLeast(25),
    announced: atLeast(6),
    cancelled: atLeast(20),
    charge_races: atLeast(8),
    troubles: atLeast(15),
  })
})

it('makes further refunds of one amount, each wanted', async () => {
  const { summary, found } = await check({ runs: 60, seed: SEED, emphasis: EMPHASES.further })
  expect(found && reported(found)).toBeUndefined()
  expect(summary.further).toBeGreaterThanOrEqual(3)
})

it('makes the same of the same seed', async () => {
  const [first, second] = [await check({ runs: 40, seed: SEED }), await check({ runs: 40, seed: SEED })]
  expect(second.summary).toStrictEqual(first.summary)
})

it('shrinks what it finds, and says how to see it again', async () => {
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
