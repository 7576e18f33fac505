// The same operations again, all at once, and what came of them: nothing may move twice, and no answer may claim it did.
import { expect } from 'vitest'
import type { Env, Fields } from '../e2e/hosts.ts'
import type { Operation } from './operations.ts'
import type { ServerProcess } from './processes.ts'
import { changes, known, type Route, truthOf } from './routes.ts'
import type { World } from './world.ts'

export interface Asked {
  operation: Operation
  id: string
}

export interface Again {
  before: readonly string[]
  after: readonly string[]
  answer: Fields
}

const AT_ONCE = 10

/** Each is of an order of its own. */
export async function again(world: World, by: ServerProcess, calls: readonly Asked[]): Promise<(call: Asked) => Again> {
  await world.tellTime(by)
  const before = await world.trades()
  const answers = new Map<string, Fields>()
  const waiting = [...calls]
  // Not all at once: their reads have 3 seconds each, which a slow computer would need for the last of seventy.
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { operation, id } = next
      answers.set(id, await by.call(operation.tool, operation.args(world, id)))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const after = await world.trades()
  return ({ operation, id }) => ({
    before: operation.effects(before, id),
    after: operation.effects(after, id),
    answer: answers.get(id) ?? {},
  })
}

export function expectNothingTwice({ operation }: Asked, { before, after, answer }: Again): void {
  expect(after.length).toBeLessThanOrEqual(operation.once.length)
  expect(answer.error).not.toBe('internal')
  if (operation.tool === 'refund_payment') expect(operation.claims(answer)).toBe(before.length < after.length)
}

export async function expectDoneOnce(world: World, call: Asked, result: Again): Promise<void> {
  const { after, answer } = result
  const { message, isError } = answer
  expectNothingTwice(call, result)
  expect({ after, message, isError }).toStrictEqual({
    after: call.operation.once,
    message,
    isError: undefined,
  })
  await call.operation.fulfilled(world, call.id, answer)
}

/** Past every lease, and past the 10 minutes after which what Alipay does not know was not done; twice. */
export async function expectResolvedBy(route: Route, world: World, env: Env): Promise<void> {
  const before = changes(await world.trades())
  for (let round = 1; round <= 2; round++) {
    await world.pass(11)
    await route.go(world, env)
  }
  const trades = await world.trades()
  expect(await known(world, env, route)).toStrictEqual(truthOf(trades, route))
  // They only read.
  expect(changes(trades)).toStrictEqual(before)
}
