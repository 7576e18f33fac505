// Breaks calls off at each of their steps, which a recording run tells; many calls in one process, each at its step.

import type { Fields } from '../e2e/hosts.ts'
import type { Operation } from './operations.ts'
import type { Loss, Plan } from './plan.ts'
import type { ServerProcess } from './processes.ts'
import type { World } from './world.ts'

/** What can be broken off: a tool of a server, and what it needs. */
export interface Breakable {
  readonly name: string
  readonly tool: string
  readonly loses?: Loss
  readonly from?: string
  prepare(world: World, by: ServerProcess, id: string): Promise<void>
  args(world: World, id: string): Fields
}

export interface Step {
  /** From 1. */
  step: number
  /** Such as `before ledger.resolve`. */
  at: string
}

/** The steps of each operation at which it is to be broken off, in their order. */
export type Recorded<Op extends Breakable = Operation> = ReadonlyMap<Op, readonly Step[]>

/** One call that is broken off at one step. */
export interface BrokenCall<Op extends Breakable = Operation> extends Step {
  operation: Op
  /** Number and subject of its order. */
  id: string
}

/** Lets each operation be done once, from its beginning to its end, which tells its steps. */
export async function record<Op extends Breakable>(
  world: World,
  main: string,
  operations: readonly Op[],
): Promise<Recorded<Op>> {
  const loses = operations.map((operation) => operation.loses)
  const server = await world.breaking(main, { how: 'record', steps: [], loses })
  const maker = await world.server()
  const found = new Map<Op, readonly Step[]>()
  for (const [index, operation] of operations.entries()) {
    const id = `recorded_${index + 1}`
    await operation.prepare(world, maker, id)
    const answer = await server.call(operation.tool, operation.args(world, id))
    if (answer.isError) throw new Error(`${operation.name}: ${JSON.stringify(answer)}`)
    const steps = server.stepsOf(index + 1).map((at, before) => ({ step: before + 1, at }))
    const first = steps.findIndex(({ at }) => at === operation.from)
    if (operation.from !== undefined && first < 0) throw new Error(`${operation.name} has no step ${operation.from}`)
    found.set(operation, steps.slice(Math.max(0, first)))
  }
  await Promise.all([server.end(), maker.end()])
  return found
}

/** Every step of every operation. */
export function callsOf<Op extends Breakable>(recorded: Recorded<Op>, prefix: string): readonly BrokenCall<Op>[] {
  return [...recorded].flatMap(([operation, steps], which) =>
    steps.map(({ step, at }) => ({ operation, step, at, id: `${prefix}_${which + 1}_${step}` })),
  )
}

// Starting a process costs more than all of its calls.
const IN_ONE_PROCESS = 24

/** As many calls as one process shall have at once. */
export function byProcess<Call extends BrokenCall<Breakable>>(calls: readonly Call[]): readonly (readonly Call[])[] {
  const processes = Math.ceil(calls.length / IN_ONE_PROCESS)
  return Array.from({ length: processes }, (_, which) => calls.filter((_, index) => index % processes === which))
}

export interface BrokenOff {
  server: ServerProcess
  /** One for each call; rejected where the process was killed. */
  answers: readonly Promise<Readonly<Record<string, unknown>>>[]
}

/**
 * Starts a process, asks it for all of it at once, and resolves when it has broken off, each call at its step.
 * @throws where a step was not the one that was recorded
 */
export async function breakOff(
  world: World,
  main: string,
  calls: readonly BrokenCall<Breakable>[],
  plan: Pick<Plan, 'how' | 'aheadFile' | 'sabotage'>,
): Promise<BrokenOff> {
  const steps = calls.map(({ step }) => step)
  const loses = calls.map(({ operation }) => operation.loses)
  const server = await world.breaking(main, { ...plan, steps, loses })
  const answers = calls.map(({ operation, id }) => server.call(operation.tool, operation.args(world, id)))
  const tooEarly = answers.map(async (answer, index) => {
    const given = await answer
    throw new Error(`${calls[index]?.id} was answered before it broke off: ${JSON.stringify(given)}`)
  })
  // They are looked at later, or never.
  for (const promise of [...answers, ...tooEarly]) promise.catch(() => {})
  await Promise.race([server.untilItBreaksOff(), ...tooEarly])
  for (const [index, { at, id }] of calls.entries()) {
    const there = server.stepsOf(index + 1).at(0)
    if (there !== at) throw new Error(`${id} was to be broken off ${at}, and was ${there}`)
  }
  return { server, answers }
}
