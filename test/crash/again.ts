// The same wishes again, all at once, and what came of them: nothing may move twice, and no answer may claim it did.
import { expect } from 'vitest'
import type { Env, Fields } from '../e2e/hosts.ts'
import type { Wish } from './operations.ts'
import type { ServerProcess } from './processes.ts'
import { changes, known, type Route, truthOf } from './routes.ts'
import type { World } from './world.ts'

export interface Wished {
  wish: Wish
  id: string
}

export interface Again {
  before: readonly string[]
  after: readonly string[]
  answer: Fields
}

const AT_ONCE = 10

/** Each is of an order of its own. */
export async function again(
  world: World,
  by: ServerProcess,
  calls: readonly Wished[],
): Promise<(call: Wished) => Again> {
  await world.tellTime(by)
  const before = await world.books()
  const answers = new Map<string, Fields>()
  const waiting = [...calls]
  // Not all at once: their reads have 3 seconds each, which a slow computer would need for the last of seventy.
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { wish, id } = next
      answers.set(id, await by.call(wish.tool, wish.args(world, id)))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const after = await world.books()
  return ({ wish, id }) => ({
    before: wish.effects(before, id),
    after: wish.effects(after, id),
    answer: answers.get(id) ?? {},
  })
}

export function expectNothingTwice({ wish }: Wished, { before, after, answer }: Again): void {
  expect(after.length).toBeLessThanOrEqual(wish.once.length)
  expect(answer.error).not.toBe('internal')
  if (wish.tool === 'refund_payment') expect(wish.claims(answer)).toBe(before.length < after.length)
}

export async function expectDoneOnce(world: World, call: Wished, result: Again): Promise<void> {
  const { after, answer } = result
  const { message, isError } = answer
  expectNothingTwice(call, result)
  expect({ after, message, isError }).toStrictEqual({ after: call.wish.once, message, isError: undefined })
  await call.wish.fulfilled(world, call.id, answer)
}

/** Past every lease, and past the 10 minutes after which what Alipay does not know was not done; twice. */
export async function expectSettledBy(route: Route, world: World, env: Env): Promise<void> {
  const before = changes(await world.books())
  for (let round = 1; round <= 2; round++) {
    await world.pass(11)
    await route.go(world, env)
  }
  const books = await world.books()
  expect(await known(world, env, route)).toStrictEqual(truthOf(books, route))
  // They only read.
  expect(changes(books)).toStrictEqual(before)
}
