// A server killed at any step of offering, hearing of a signature, announcing, charging or ending: the next one goes on, and nothing is charged twice.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fields } from '../e2e/hosts.ts'
import { hookOn } from '../subscriptions/announce-hook.ts'
import type { BookedAgreement } from '../subscriptions/story/stage.ts'
import { paidDays, SubscribedWorld } from '../subscriptions/subscribed-world.ts'
import { type Breakable, type BrokenCall, breakOff, byProcess, callsOf, record } from './broken-calls.ts'
import { bundleBreaking } from './bundle.ts'
import type { ServerProcess } from './processes.ts'
import { each } from './world.ts'

const hook = hookOn()
const main = await bundleBreaking('breaking-server')
/** By the name of the call, the number of its subscription. */
const numbers = new Map<string, string>()
const args = (_: unknown, id: string) => ({ external_agreement_no: numbers.get(id) ?? '' })
const DAY_MS = 86_400_000
let subscribed: SubscribedWorld
let calls: readonly BrokenCall<Breakable>[]
let next: ServerProcess
let sentByKilled: ReturnType<typeof hook.called>

const prepared =
  (make: (world: SubscribedWorld) => Promise<string>): Breakable['prepare'] =>
  async (_, __, id) =>
    void numbers.set(id, await make(subscribed))

const weekly = prepared((world) => world.signed('weekly'))
const OPERATIONS = {
  offer: { name: 'offer', tool: 'create_subscription', prepare: async () => {}, args: () => ({ plan: 'weekly' }) },
  sign: {
    name: 'look at a signature',
    tool: 'query_subscription',
    prepare: prepared((world) => world.signedUnheard('weekly')),
    args,
  },
  announce: {
    name: 'announcement',
    tool: 'announce_renewal',
    prepare: prepared((world) => world.signed('trial')),
    args,
  },
  charge: { name: 'charge', tool: 'charge_subscription', prepare: weekly, args },
  cancel: { name: 'end', tool: 'cancel_subscription', prepare: weekly, args },
} as const satisfies Readonly<Record<string, Breakable>>

beforeAll(async () => {
  const announce = { url: hook.url() }
  const period = { days: 7 }
  subscribed = await SubscribedWorld.open([
    { id: 'weekly', subject: 'A weekly letter', price: '6.00', period, announce: 'own' },
    { id: 'trial', subject: 'A letter', price: '6.00', period, trial_days: 9, announce },
  ])
  const { world } = subscribed
  const recorded = await record(world, main, Object.values(OPERATIONS))
  calls = callsOf<Breakable>(recorded, 'killed')
  const maker = await world.server()
  for (const { operation, id } of calls) await operation.prepare(world, maker, id)
  await maker.end()
  await each(byProcess(calls), 2, async (those) => {
    const { server } = await breakOff(world, main, those, { how: 'SIGKILL' })
    expect(await server.exited).toBe('SIGKILL')
  })
  sentByKilled = [...hook.called()]
  next = await world.server()
})
afterAll(() => subscribed?.close())

const of = (operation: Breakable) => calls.filter((call) => call.operation === operation)
const again = ({ operation, id }: BrokenCall<Breakable>) => next.call(operation.tool, args(undefined, id))
const ask = (tool: string, id: string): Promise<Fields> => next.call(tool, args(undefined, id))
const booked = async (id: string): Promise<BookedAgreement | undefined> =>
  (await subscribed.booked()).get(numbers.get(id) ?? '')
const paid = async (id: string) => paidDays(await booked(id))

it('an offer is there whole or not at all, and can be made again', async () => {
  const ledger = await subscribed.world.ledger()
  const { subscriptions: offers } = await ledger.subscriptions({ ended: false })
  const unopened = offers.filter(({ opened_at }) => opened_at === undefined)
  const kept = of(OPERATIONS.offer).filter(({ at }) => at === 'after ledger.reserveSubscription').length
  // Beside that of the recording.
  expect(unopened.length).toBeGreaterThan(kept)
  for (const { token } of unopened) {
    const pressed = await ledger.pressSign(token, 'mobile', { at: subscribed.now(), owner: 'a test', host: 'a test' })
    expect(pressed).toMatchObject({ outcome: 'go', link: expect.stringContaining('sign') })
  }
  expect(await subscribed.offered('weekly')).toMatch(/^\w{32}$/)
})

it('what was signed is known', async () => {
  const killed = of(OPERATIONS.sign)
  expect(killed.length).toBeGreaterThan(3)
  for (const call of killed) expect(await again(call)).toMatchObject({ state: 'live' })
})

it('what was announced is sent again under the same key, and is written down once', async () => {
  const ledger = await subscribed.world.ledger()
  let sentTwice = false
  for (const call of of(OPERATIONS.announce)) {
    const number = numbers.get(call.id) ?? ''
    expect((await again(call)).isError, call.at).toBeUndefined()
    expect(await again(call)).toMatchObject({ first_time: false })
    expect(await ledger.announcements(number)).toHaveLength(1)
    const sent = [...sentByKilled, ...hook.called()].filter(({ body }) => JSON.parse(body).subscription === number)
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
    sentTwice ||= sent.length > 1
  }
  expect(sentTwice).toBe(true)
})

describe('a charge', () => {
  it('is made once at most, whoever asks again at once', async () => {
    for (const call of of(OPERATIONS.charge)) {
      const before = await paid(call.id)
      const answer = await again(call)
      const after = await paid(call.id)
      expect(after.length, call.at).toBeLessThanOrEqual(1)
      expect(answer.moved === 'now', call.at).toBe(before.length < after.length)
    }
  })

  it('is done in the end, or in the list of the operator', async () => {
    await subscribed.world.pass(15)
    await subscribed.world.tellTime(next)
    for (let round = 1; round <= 3; round++) {
      await subscribed.world.pass(11)
      await subscribed.world.tellTime(next)
      for (const call of of(OPERATIONS.charge)) await again(call)
    }
    const { subscriptions } = await next.call('list_subscriptions', { state: 'failed', limit: 50 })
    const failed: readonly unknown[] = Object(subscriptions).map((one: Fields) => one.external_agreement_no)
    const ends = new Map<string, number>()
    for (const { id, at } of of(OPERATIONS.charge)) {
      const days = await paid(id)
      expect(days.length + (failed.includes(numbers.get(id)) ? 1 : 0), at).toBe(1)
      ends.set(days.length > 0 ? 'paid' : 'failed', (ends.get(days.length > 0 ? 'paid' : 'failed') ?? 0) + 1)
    }
    // Only what was marked as sent and never left.
    expect(ends.get('failed')).toBeLessThanOrEqual(2)
    expect(ends.get('paid')).toBeGreaterThan(10)
  })
})

describe('an end', () => {
  it('that was written down stops every charge; the next call carries it out', async () => {
    const ledger = await subscribed.world.ledger()
    let wished = 0
    for (const call of of(OPERATIONS.cancel)) {
      const found = await ledger.subscription({ external_agreement_no: numbers.get(call.id) ?? '' })
      if (found?.cancel) {
        wished++
        expect(await ask('charge_subscription', call.id)).toMatchObject({ isError: true, moved: 'no' })
      }
      expect(await again(call), call.at).toMatchObject({ state: 'ended' })
      expect(await booked(call.id)).toMatchObject({ in_force: false, attempts: [] })
    }
    expect(wished).toBeGreaterThan(3)
  })
})

it('charges none of them a second time in the days after', async () => {
  await subscribed.until(subscribed.now() + DAY_MS)
  await subscribed.world.tellTime(next)
  await subscribed.world.command(['charge-due'])
  for (const [number, one] of await subscribed.booked()) {
    const days = paidDays(one)
    expect(new Set(days).size, number).toBe(days.length)
  }
})
