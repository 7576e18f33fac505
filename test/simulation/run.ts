// Runs one scenario from its beginning to its end, judging it after each step.
import { ours } from './alipay.ts'
import type { Replaced } from './host.ts'
import { judgeAnswer } from './judge-answers.ts'
import { judgeDays } from './judge-days.ts'
import { judgeMoney } from './judge-money.ts'
import { judgePromises } from './judge-promises.ts'
import { judgeTrades, resolveEverything } from './judge-rest.ts'
import { judgeDoubt, judgeReading, judgeSending } from './judge-sending.ts'
import { type Ended, type Findings, must, type Records, Violation } from './records.ts'
import { ledgerInMemory, ledgerOnDisk } from './stage.ts'
import { begin, lookAround, take } from './stepping.ts'
import type { Scenario } from './steps.ts'
import { storyOf } from './story.ts'
import { type Stage, World } from './world.ts'

/** What a run came to, for the summary. */
export interface Came {
  steps: number
  calls: number
  refunds: number
  /** Of an amount that had been refunded before, under the number that an answer offered. */
  further: number
  unknown: number
  kills: number
  /** What went wrong between server and Alipay. */
  troubles: readonly string[]
}

/**
 * @param only judged by this rule and no other
 * @throws Violation, with the story of the run
 */
export async function run(stage: Stage, scenario: Scenario, replaced: Replaced = {}, only?: string): Promise<Came> {
  const { settings } = scenario
  const open = await (settings.file ? ledgerOnDisk() : ledgerInMemory())
  const undo = [stage.time.install(), stage.network.install()]
  prepare(stage, scenario)
  const world = new World(stage, scenario, open.terminal, open.open, replaced)
  stage.network.known = (out_trade_no) => open.terminal.order({ out_trade_no })
  const rule = (found: Iterable<Violation | undefined>) => throwFirst(found, only)
  try {
    await live(world, rule)
  } catch (error) {
    // It cannot go on after that, but it is not what is looked for.
    const isOther = error instanceof Violation && only !== undefined && error.rule !== only
    if (isOther) return cameTo(world.records, scenario, stage)
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), {
      story: storyOf(world.records),
    })
  } finally {
    for (const one of undo) one()
    open.close()
  }
  return cameTo(world.records, scenario, stage)
}

function prepare({ time, alipay, network }: Stage, { settings }: Scenario): void {
  const { precreate_repeat, close_before_scan, latencies } = settings
  time.restart()
  network.restart(latencies)
  alipay.control('reset')
  alipay.control('rules', { precreate_repeat, close_before_scan })
}

async function live(world: World, rule: (found: Iterable<Violation | undefined>) => void): Promise<void> {
  const { records, scenario } = world
  await begin(world)
  for (const step of scenario.steps) {
    const [calls, sent] = [records.calls.length, records.sent.length]
    await take(step, world)
    rule(judge(world, calls, sent))
  }
  rule(await resolveEverything(world))
  const [calls, sent] = [records.calls.length, records.sent.length]
  await lookAround(world)
  rule(judge(world, calls, sent))
  rule(await judgeTrades(world))
  await world.end()
}

function* judge(
  { records, stage: { alipay }, scenario: { settings } }: World,
  callsFrom: number,
  sentFrom: number,
): Findings {
  const [fault] = records.ourFaults
  yield must(fault === undefined, 'no fault of ours', () => String(fault instanceof Error ? fault.stack : fault))
  const calls = records.calls.slice(callsFrom)
  for (const call of calls) {
    yield* judgeAnswer(call, alipay, records)
    yield* judgeDoubt(call, records, alipay)
  }
  yield* judgeReading(calls, records)
  yield* judgeSending(records, sentFrom)
  yield* judgePromises(records, alipay)
  yield* judgeMoney(records, alipay, settings)
  yield* judgeDays(records, alipay, settings)
}

function throwFirst(found: Iterable<Violation | undefined>, only: string | undefined): void {
  for (const one of found) if (one && (only ?? one.rule) === one.rule) throw one
}

const isFurther = ({ request, answer }: Ended) => request?.key.endsWith('+') && answer.moved === 'now'

function cameTo({ calls, kills, sent }: Records, { steps }: Scenario, { alipay }: Stage): Came {
  return {
    steps: steps.length,
    calls: calls.length,
    refunds: alipay.trades().flatMap((trade) => ours(trade)).length,
    further: calls.filter(isFurther).length,
    unknown: calls.filter(({ how }) => how === 'unknown').length,
    kills,
    troubles: sent.flatMap(({ trouble }) => trouble ?? []),
  }
}
