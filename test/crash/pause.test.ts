// A server that is stopped at any step of a call, and goes on an hour later, does nothing that others have taken over.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Recorded, record, type Step } from './broken-calls.ts'
import { bundleBreaking } from './bundle.ts'
import { OPERATIONS, type Operation } from './operations.ts'
import { type Pair, type Paused, type PausedCall, pauseAll, pausesOf, READS, REPEATS } from './paused-calls.ts'
import { World } from './world.ts'

const { refundOfPart, refundLost, refundUnanswered, pageWithNumber } = OPERATIONS
const { codeWithNumber, codeUnanswered, close, replace } = OPERATIONS
// Its steps until then are reads.
const refundOfRest: Operation = { ...OPERATIONS.refundOfAll, from: 'before ledger.reserveRefund' }
const SLEEPERS: readonly Pair[] = [
  [refundOfPart, READS],
  [refundOfPart, REPEATS],
  [refundLost, READS],
  [refundLost, REPEATS],
  [refundUnanswered, READS],
  [refundOfRest, REPEATS],
  [pageWithNumber, REPEATS],
  [codeWithNumber, READS],
  [codeWithNumber, REPEATS],
  [codeUnanswered, REPEATS],
  [close, READS],
  [close, REPEATS],
  [replace, REPEATS],
]
const OF_A_LEASE: readonly Pair[] = [
  [refundOfPart, READS],
  [refundOfPart, REPEATS],
  [codeWithNumber, REPEATS],
  [close, READS],
  [close, REPEATS],
]
const main = await bundleBreaking('breaking-server')
const world = await World.open()
afterAll(() => world.close())
const recorded: Recorded = await record(world, main, [...new Set(SLEEPERS.map(([operation]) => operation))])

/** Without its own clock only the ledger can tell it, which it asks for the last time when it marks the send. */
const beforeTheSend = (steps: readonly Step[]) =>
  steps.slice(
    0,
    steps.findIndex(({ at }) => at === 'after ledger.markSending'),
  )

const SLEPT = pausesOf(recorded, SLEEPERS, 'slept')
const STOOD = pausesOf(recorded, OF_A_LEASE, 'stood', beforeTheSend)
const PAUSES = [
  ['goes on', SLEPT],
  ['stands still', STOOD],
] as const

// Windows has no such signals.
describe.skipIf(process.platform === 'win32').each(PAUSES)('while its clock %s', (clock, calls) => {
  let paused: Paused
  beforeAll(async () => {
    paused = await pauseAll(world, calls, { main, clock })
  })

  const outcomeOf = ({ id }: PausedCall) => {
    const outcome = paused.outcomes.get(id)
    if (!outcome) throw new Error(`nothing became of ${id}`)
    return outcome
  }

  it.each(calls)('a $operation.name stopped $at, while $elsewhere.name, is done once', async (call) => {
    const { operation, id } = call
    const { before, after, atLast, other = {}, answer, again, known } = outcomeOf(call)
    expect(answer.error).not.toBe('internal')
    if (known) expect(after).toStrictEqual(before)
    expect(after.length).toBeLessThanOrEqual(operation.once.length)
    const { message, isError } = again
    expect({ atLast, message, isError }).toStrictEqual({
      atLast: operation.once,
      message,
      isError: undefined,
    })
    const claims = [answer, other, again].filter(operation.claims).length
    // Whose own answer was lost cannot tell whether it was its send or another's.
    const most = operation.loses ? 2 : 1
    if (operation.tool === 'refund_payment') expect([1, most]).toContain(claims)
    await operation.fulfilled(world, id, again)
  })

  it('sends only what nobody else had taken over', () => {
    const free = calls.filter((call) => !outcomeOf(call).known)
    expect(paused.changed).toBeLessThanOrEqual(free.length)
  })
})
