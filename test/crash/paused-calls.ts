// Stops processes in the middle of their calls, lets an hour pass in which another server acts, and lets them go on.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Fields } from '../e2e/hosts.ts'
import { type BrokenCall, type BrokenOff, breakOff, byProcess, type Recorded, type Step } from './broken-calls.ts'
import type { Operation } from './operations.ts'
import type { Plan } from './plan.ts'
import type { ServerProcess } from './processes.ts'
import { changes } from './routes.ts'
import { each, type World } from './world.ts'

const HOUR_MS = 3_600_000

/** What another server does while the call stands still. */
export interface Elsewhere {
  readonly name: string
  /** The answer that counts, if it did something. */
  actor(world: World, other: ServerProcess, call: BrokenCall): Promise<Fields | undefined>
}

export const READS: Elsewhere = {
  name: 'another server reads the order',
  // Twice, because a number that is not known at Alipay is asked for twice before that counts.
  async actor(world, other, { id }) {
    const out_trade_no = world.numberOf(id)
    await other.call('query_payment', { out_trade_no })
    await other.call('query_payment', { out_trade_no })
    return undefined
  },
}

export const REPEATS: Elsewhere = {
  name: 'another server does it',
  actor: asked,
}

const AGAIN_MS = 50
const MOST_TRIES = 100

/** Asked again as long as it is in flight: a server that has just started reads for what it finds unfinished. */
async function asked(world: World, server: ServerProcess, { operation, id }: BrokenCall): Promise<Fields> {
  for (let tries = 1; ; tries++) {
    const answer = await server.call(operation.tool, operation.args(world, id))
    if (tries === MOST_TRIES || !/under way/.test(String(answer.message))) return answer
    await pause(AGAIN_MS)
  }
}

export type Pair = readonly [Operation, Elsewhere]

export interface PausedCall extends BrokenCall {
  elsewhere: Elsewhere
}

/** Every step of every pair. @param wanted those of an operation's steps that are wanted */
export function pausesOf(
  recorded: Recorded,
  pairs: readonly Pair[],
  prefix: string,
  wanted: (steps: readonly Step[]) => readonly Step[] = (steps) => steps,
): readonly PausedCall[] {
  return pairs.flatMap(([operation, elsewhere], which) =>
    wanted(recorded.get(operation) ?? []).map(({ step, at }) => {
      return { operation, elsewhere, step, at, id: `${prefix}_${which + 1}_${step}` }
    }),
  )
}

export interface Outcome {
  /** What Alipay had of it when it went on, and when it had answered. */
  before: readonly string[]
  after: readonly string[]
  /** What the other server answered, what the call that went on, and what a third one asked for the same thing. */
  other: Fields | undefined
  answer: Fields
  again: Fields
  atLast: readonly string[]
  /** The ledger knew of the operation when it went on: the other server had resolved it, or put another in its place. */
  known: boolean
}

export interface Paused {
  outcomes: ReadonlyMap<string, Outcome>
  /** How often the calls that went on asked Alipay to change something. */
  changed: number
}

export interface PauseOptions {
  /** The bundle of breaking-server.ts. */
  main: string
  /** Whether the clock of a stopped process goes on, as that of a computer does. */
  clock: 'goes on' | 'stands still'
  sabotage?: Plan['sabotage']
}

export async function pauseAll(world: World, calls: readonly PausedCall[], options: PauseOptions): Promise<Paused> {
  const aheadFile = join(world.folder, `ahead-of-${calls[0]?.id}`)
  await prepare(world, calls)
  writeFileSync(aheadFile, '0')
  const stopped = await stop(world, calls, options.main, { aheadFile, sabotage: options.sabotage })
  await world.pass(HOUR_MS / 60_000)
  const others = await changeElsewhere(world, calls)
  const before = await world.trades()
  const known = await knownOf(world, calls)
  if (options.clock === 'goes on') writeFileSync(aheadFile, String(HOUR_MS))
  const answers = await goOn(stopped)
  const after = await world.trades()
  const again = await inTheEnd(world, calls)
  const atLast = await world.trades()
  const outcomes = calls.map(({ operation, id }): [string, Outcome] => [
    id,
    {
      before: operation.effects(before, id),
      after: operation.effects(after, id),
      atLast: operation.effects(atLast, id),
      other: others.get(id),
      answer: answers.get(id) ?? {},
      again: again.get(id) ?? {},
      known: known.has(id),
    },
  ])
  return { outcomes: new Map(outcomes), changed: sum(changes(after)) - sum(changes(before)) }
}

async function prepare(world: World, calls: readonly PausedCall[]): Promise<void> {
  const maker = await world.server()
  await Promise.all(calls.map(({ operation, id }) => operation.prepare(world, maker, id)))
  await maker.end()
}

type Stopped = readonly (readonly [readonly PausedCall[], BrokenOff])[]

async function stop(
  world: World,
  calls: readonly PausedCall[],
  main: string,
  plan: Pick<Plan, 'aheadFile' | 'sabotage'>,
): Promise<Stopped> {
  const stopped: [readonly PausedCall[], BrokenOff][] = []
  await each(byProcess(calls), 2, async (some) => {
    stopped.push([some, await breakOff(world, main, some, { how: 'SIGSTOP', ...plan })])
  })
  return stopped
}

type Answers = ReadonlyMap<string, Fields | undefined>

async function changeElsewhere(world: World, calls: readonly PausedCall[]): Promise<Answers> {
  const other = await world.server()
  const answers = calls.map(async (call) => [call.id, await call.elsewhere.actor(world, other, call)] as const)
  const given = new Map(await Promise.all(answers))
  await other.end()
  return given
}

/** By another server again, because the one that went on may hold it for another minute. */
async function inTheEnd(world: World, calls: readonly PausedCall[]): Promise<Answers> {
  await world.pass(11)
  const next = await world.server()
  const answers = calls.map(async (call) => [call.id, await asked(world, next, call)] as const)
  const given = new Map(await Promise.all(answers))
  await next.end()
  return given
}

async function knownOf(world: World, calls: readonly PausedCall[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>()
  for (const { operation, id } of calls) if (await operation.isKnown(world, id)) known.add(id)
  return known
}

async function goOn(stopped: Stopped): Promise<ReadonlyMap<string, Fields>> {
  const answers = new Map<string, Fields>()
  const goneOn = stopped.map(async ([calls, { server, answers: given }]) => {
    const all = await server.goOn(Promise.all(given))
    for (const [index, { id }] of calls.entries()) answers.set(id, all[index] ?? {})
    await server.end()
  })
  await Promise.all(goneOn)
  return answers
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0)
