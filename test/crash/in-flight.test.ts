// The built server is killed while Alipay holds its answer: before or after the operation, at its repeat, at its last read.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Again, type Asked, again, expectDoneOnce, expectNothingTwice, expectResolvedBy } from './again.ts'
import { OPERATIONS, type Operation } from './operations.ts'
import type { ServerProcess } from './processes.ts'
import { ROUTES } from './routes.ts'
import { World } from './world.ts'

const { refundOfAll, codeWithNumber, close } = OPERATIONS
const METHODS = {
  refund_payment: 'alipay.trade.refund',
  create_payment: 'alipay.trade.precreate',
  close_payment: 'alipay.trade.close',
} as const
const REFUND_QUERY = 'alipay.trade.fastpay.refund.query'
// Longer than the tests; the emulator gives it up when it is closed.
const FOR_EVER_MS = 600_000
// After the server was killed, and after the next one has looked for it.
const LATE_MS = 4_000

interface Fault {
  fault: string
  method?: string
  ms?: number
  sub_code?: string
}

interface InFlight extends Asked {
  name: string
  /** Met one after the other, before the server is killed. */
  faults: readonly Fault[]
  /** Whether it takes effect, if only after the server was killed. */
  done: boolean
}

const done = (operation: Operation): InFlight => ({
  ...{ name: `a ${operation.name} that was done`, operation, id: `done_${operation.tool}`, done: true },
  faults: [{ fault: 'delay', ms: FOR_EVER_MS }],
})
const neverDone = (operation: Operation): InFlight => ({
  ...{
    name: `a ${operation.name} that is never done`,
    operation,
    id: `never_${operation.tool}`,
    done: false,
  },
  faults: [{ fault: 'late', ms: FOR_EVER_MS }],
})
const doneLate = (operation: Operation): InFlight => ({
  ...{ name: `a ${operation.name} that is done late`, operation, id: `late_${operation.tool}`, done: true },
  faults: [{ fault: 'late', ms: LATE_MS }],
})

const WANTED = [refundOfAll, codeWithNumber, close]
const LATE = WANTED.map(doneLate)
// Each takes only the faults that were ordered for it, so they go one after the other.
const CALLS: readonly InFlight[] = [
  ...[refundOfAll, codeWithNumber].map(done),
  ...WANTED.map(neverDone),
  {
    ...{
      name: 'a refund at the read after its refusal',
      operation: refundOfAll,
      id: 'at_the_read',
      done: false,
    },
    faults: [
      // The read before the refund.
      { fault: 'delay', method: REFUND_QUERY, ms: 1 },
      { fault: 'refuse', sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' },
      { fault: 'delay', method: REFUND_QUERY, ms: FOR_EVER_MS },
    ],
  },
  {
    ...{
      name: 'a refund at its repeat, which did it',
      operation: refundOfAll,
      id: 'at_the_repeat',
      done: true,
    },
    faults: [{ fault: 'lost_before' }, { fault: 'delay', ms: FOR_EVER_MS }],
  },
  ...LATE,
  {
    ...{ name: 'a refund before its repeat', operation: refundOfAll, id: 'before_the_repeat', done: true },
    faults: [{ fault: 'lost_after' }],
  },
]

const AT_ONCE = CALLS.filter((call) => !LATE.includes(call))

const world = await World.open()
afterAll(() => world.close())
let next: ServerProcess
let atOnce: (call: Asked) => Again

beforeAll(async () => {
  const killed = await world.server()
  for (const { operation, id } of CALLS) await operation.prepare(world, killed, id)
  for (const call of CALLS) await sendIntoFaults(killed, call)
  await killed.kill()
  await world.control('faults/clear', {})
  next = await world.server()
  atOnce = await again(world, next, AT_ONCE)
  // When nobody holds them any more, the late ones are looked for, and must not be given up for it.
  await world.pass(2)
  await world.tellTime(next)
  for (const { id } of LATE) await next.call('query_payment', { out_trade_no: world.numberOf(id) })
  await untilTheLateAreDone()
})

async function sendIntoFaults(server: ServerProcess, { operation, id, faults }: InFlight): Promise<void> {
  const method = METHODS[operation.tool]
  for (const fault of faults) await world.control('faults', { method, ...fault })
  server.call(operation.tool, operation.args(world, id)).catch(() => {})
  await world.untilFaultsAreTaken()
}

async function untilTheLateAreDone(): Promise<void> {
  for (;;) {
    const trades = await world.trades()
    if (LATE.every(({ operation, id }) => operation.effects(trades, id).length === operation.once.length)) return
    await pause(50)
  }
}

describe('the same request at once', () => {
  it.each(AT_ONCE)('moves nothing twice after $name was in flight', (call) => {
    const result = atOnce(call)
    expectNothingTwice(call, result)
    // Its lease still holds, and nobody can know whether it is still on its way.
    if (!call.done) expect(result.after).toStrictEqual(result.before)
  })
})

// Each on its own is proven by the calls that are killed at their steps.
const AS_A_WHOLE = ROUTES.filter(({ resolves }) => resolves.length === 3)

it.each(AS_A_WHOLE)('is resolved by $name, which only reads, to what Alipay has', (route) =>
  expectResolvedBy(route, world, world.env({ ALIPAY_DATA_DIR: world.copyOfLedger() })),
)

describe('the same request later', () => {
  let results: (call: Asked) => Again
  beforeAll(async () => {
    results = await again(world, next, CALLS)
  })

  it.each(CALLS)('is done once after $name was in flight', (call) => expectDoneOnce(world, call, results(call)))
})
