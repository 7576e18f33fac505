// A server that is killed at any step of a call leaves a ledger from which the next one finds out what became of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Again,
  again,
  expectDoneOnce,
  expectNothingTwice,
  expectSettledBy,
  type Wished,
} from './again.ts'
import { breakOff, byProcess, callsOf, record } from './broken-calls.ts'
import { bundleBreakingServer } from './bundle.ts'
import { WISHES } from './operations.ts'
import type { ServerProcess } from './processes.ts'
import { ROUTES } from './routes.ts'
import { each, World } from './world.ts'

const main = await bundleBreakingServer()
const world = await World.open()
afterAll(() => world.close())
const all = callsOf(await record(world, main, Object.values(WISHES)), 'killed')
let next: ServerProcess

beforeAll(async () => {
  const maker = await world.server()
  await Promise.all(all.map(({ wish, id }) => wish.prepare(world, maker, id)))
  await maker.end()
  await each(byProcess(all), 2, async (calls) => {
    const { server } = await breakOff(world, main, calls, { how: 'SIGKILL' })
    expect(await server.exited).toBe('SIGKILL')
  })
  next = await world.server()
}, 60_000)

describe('the same wish at once', () => {
  const asked = all.filter(({ wish }) => wish.again !== 'later')
  let results: (call: Wished) => Again
  beforeAll(async () => {
    results = await again(world, next, asked)
  })

  it.each(asked)('moves nothing twice after a $wish.name was killed $at', async (call) => {
    expectNothingTwice(call, results(call))
    if (call.wish.again === 'at once') await call.wish.fulfilled(world, call.id, results(call).answer)
  })
})

it.each(ROUTES)('is settled by $name, which only reads, to what Alipay has', (route) =>
  expectSettledBy(route, world, world.env({ ALIPAY_DATA_DIR: world.copyOfLedger() })),
)

describe('the same wish later', () => {
  const asked = all.filter(({ wish }) => wish.again !== 'at once')
  let results: (call: Wished) => Again
  beforeAll(async () => {
    results = await again(world, next, asked)
  })

  it.each(asked)('is done once after a $wish.name was killed $at', (call) =>
    expectDoneOnce(world, call, results(call)),
  )

  it('leaves nothing unsettled when the time of all orders is over', async () => {
    await world.pass(10_000)
    await world.command(['settle'])
    expect(await (await world.ledger()).unsettled()).toStrictEqual([])
  })
})
