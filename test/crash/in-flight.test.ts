// The built server is killed while Alipay holds its answer: before or after the deed, at its repeat, at its last read.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Again,
  again,
  expectDoneOnce,
  expectNothingTwice,
  expectSettledBy,
  type Wished,
} from './again.ts'
import { WISHES, type Wish } from './operations.ts'
import type { ServerProcess } from './processes.ts'
import { ROUTES } from './routes.ts'
import { World } from './world.ts'

const { refundOfAll, codeWithNumber, close } = WISHES
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

interface InFlight extends Wished {
  name: string
  /** Met one after the other, before the server is killed. */
  faults: readonly Fault[]
  /** Whether it takes effect, if only after the server was killed. */
  done: boolean
}

const done = (wish: Wish): InFlight => ({
  ...{ name: `a ${wish.name} that was done`, wish, id: `done_${wish.tool}`, done: true },
  faults: [{ fault: 'delay', ms: FOR_EVER_MS }],
})
const neverDone = (wish: Wish): InFlight => ({
  ...{ name: `a ${wish.name} that is never done`, wish, id: `never_${wish.tool}`, done: false },
  faults: [{ fault: 'late', ms: FOR_EVER_MS }],
})
const doneLate = (wish: Wish): InFlight => ({
  ...{ name: `a ${wish.name} that is done late`, wish, id: `late_${wish.tool}`, done: true },
  faults: [{ fault: 'late', ms: LATE_MS }],
})

const WANTED = [refundOfAll, codeWithNumber, close]
const LATE = WANTED.map(doneLate)
// Each takes only the faults that were ordered for it, so they go one after the other.
const CALLS: readonly InFlight[] = [
  ...[refundOfAll, codeWithNumber].map(done),
  ...WANTED.map(neverDone),
  {
    ...{ name: 'a refund at the read after its refusal', wish: refundOfAll, id: 'at_the_read', done: false },
    faults: [
      // The read before the refund.
      { fault: 'delay', method: REFUND_QUERY, ms: 1 },
      { fault: 'refuse', sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' },
      { fault: 'delay', method: REFUND_QUERY, ms: FOR_EVER_MS },
    ],
  },
  {
    ...{ name: 'a refund at its repeat, which did it', wish: refundOfAll, id: 'at_the_repeat', done: true },
    faults: [{ fault: 'lost_before' }, { fault: 'delay', ms: FOR_EVER_MS }],
  },
  ...LATE,
  {
    ...{ name: 'a refund before its repeat', wish: refundOfAll, id: 'before_the_repeat', done: true },
    faults: [{ fault: 'lost_after' }],
  },
]

const AT_ONCE = CALLS.filter((call) => !LATE.includes(call))

const world = await World.open()
afterAll(() => world.close())
let next: ServerProcess
let atOnce: (call: Wished) => Again

beforeAll(async () => {
  const killed = await world.server()
  for (const { wish, id } of CALLS) await wish.prepare(world, killed, id)
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

async function sendIntoFaults(server: ServerProcess, { wish, id, faults }: InFlight): Promise<void> {
  const method = METHODS[wish.tool]
  for (const fault of faults) await world.control('faults', { method, ...fault })
  server.call(wish.tool, wish.args(world, id)).catch(() => {})
  await world.untilFaultsAreTaken()
}

async function untilTheLateAreDone(): Promise<void> {
  for (;;) {
    const books = await world.books()
    if (LATE.every(({ wish, id }) => wish.effects(books, id).length === wish.once.length)) return
    await pause(50)
  }
}

describe('the same wish at once', () => {
  it.each(AT_ONCE)('moves nothing twice after $name was in flight', (call) => {
    const result = atOnce(call)
    expectNothingTwice(call, result)
    // Its lease still holds, and nobody can know whether it is still on its way.
    if (!call.done) expect(result.after).toStrictEqual(result.before)
  })
})

// Each on its own is proven by the calls that are killed at their steps.
const AS_A_WHOLE = ROUTES.filter(({ settles }) => settles.length === 3)

it.each(AS_A_WHOLE)('is settled by $name, which only reads, to what Alipay has', (route) =>
  expectSettledBy(route, world, world.env({ ALIPAY_DATA_DIR: world.copyOfLedger() })),
)

describe('the same wish later', () => {
  let results: (call: Wished) => Again
  beforeAll(async () => {
    results = await again(world, next, CALLS)
  })

  it.each(CALLS)('is done once after $name was in flight', (call) =>
    expectDoneOnce(world, call, results(call)),
  )
})
