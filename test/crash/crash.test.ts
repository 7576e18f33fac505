// A server that is killed at any step of a call leaves a ledger from which the next one finds out what became of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Again, type Asked, again, expectDoneOnce, expectNothingTwice, expectResolvedBy } from './again.ts'
import { breakOff, byProcess, callsOf, record } from './broken-calls.ts'
import { bundleBreaking } from './bundle.ts'
import { OPERATIONS } from './operations.ts'
import type { ServerProcess } from './processes.ts'
import { ROUTES } from './routes.ts'
import { each, World } from './world.ts'

const main = await bundleBreaking('breaking-server')
const world = await World.open()
afterAll(() => world.close())
const all = callsOf(await record(world, main, Object.values(OPERATIONS)), 'killed')
let next: ServerProcess

beforeAll(async () => {
  const maker = await world.server()
  await Promise.all(all.map(({ operation, id }) => operation.prepare(world, maker, id)))
  await maker.end()
  await each(byProcess(all), 2, async (calls) => {
    const { server } = await breakOff(world, main, calls, { how: 'SIGKILL' })
    expect(await server.exited).toBe('SIGKILL')
  })
  next = await world.server()
})

describe('the same request at once', () => {
  const asked = all.filter(({ operation }) => operation.again !== 'later')
  let results: (call: Asked) => Again
  beforeAll(async () => {
    results = await again(world, next, asked)
  })

  it.each(asked)('moves nothing twice after a $operation.name was killed $at', async (call) => {
    expectNothingTwice(call, results(call))
    if (call.operation.again === 'at once') await call.operation.fulfilled(world, call.id, results(call).answer)
  })
})

it.each(ROUTES)('is resolved by $name, which only reads, to what Alipay has', (route) =>
  expectResolvedBy(route, world, world.env({ ALIPAY_DATA_DIR: world.copyOfLedger() })),
)

describe('the same request later', () => {
  const asked = all.filter(({ operation }) => operation.again !== 'at once')
  let results: (call: Asked) => Again
  beforeAll(async () => {
    results = await again(world, next, asked)
  })

  it.each(asked)('is done once after a $operation.name was killed $at', (call) =>
    expectDoneOnce(world, call, results(call)),
  )

  it('leaves nothing in doubt when the time of all orders is over', async () => {
    await world.pass(10_000)
    await world.command(['resolve'])
    expect(await (await world.ledger()).inDoubt()).toStrictEqual([])
  })
})
