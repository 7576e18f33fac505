// What a host can send that nobody said yes to: each moves nothing, and is told in its own words.
import { expect, it } from 'vitest'
import { type Fields, RawHost, refused, YES as SAID_YES, waiting } from './approval-hosts.ts'
import { startApprovalServer } from './approval-server.ts'
import { allowed, world } from './approval-tool.ts'

const YES = { approval: SAID_YES }
const AMOUNT = { amount: '3.00' }
const FOREIGN = /belongs to no question of this server/

it('an answer to a question that nobody asked', async () => {
  const host = new RawHost(await startApprovalServer())
  expect(await host.call(AMOUNT, { inputResponses: YES })).toMatchObject(refused(/never asked/))
  expect(allowed).toStrictEqual([])
})

it('a true yes is accepted in the same way of writing it, once, and not twice', async () => {
  const host = new RawHost(await startApprovalServer())
  const { requestState } = await host.ask(AMOUNT)
  const reply = { requestState, inputResponses: YES }
  expect(await host.call(AMOUNT, reply)).toMatchObject({ message: 'done' })
  expect(await host.call(AMOUNT, reply)).toMatchObject(refused(/was used before/))
  expect(allowed).toHaveLength(1)
})

it('the same yes ten times at once counts once', async () => {
  const host = new RawHost(await startApprovalServer())
  const { requestState } = await host.ask(AMOUNT)
  const calls = Array.from({ length: 10 }, () => host.call(AMOUNT, { requestState, inputResponses: YES }))
  const results = await Promise.all(calls)
  expect(results.filter(({ isError }) => !isError)).toHaveLength(1)
  expect(allowed).toHaveLength(1)
})

it.each([
  ['a changed body', (state: string) => state.replace(/\.(.)/, (_, char) => (char === 'e' ? '.f' : '.e'))],
  ['a changed signature', (state: string) => state.slice(0, -3) + (state.endsWith('AAA') ? 'BBB' : 'AAA')],
  ['no signature', (state: string) => state.slice(0, state.lastIndexOf('.') + 1)],
  ['a word', () => 'yes'],
  ['nothing', () => ''],
])('a state with %s', async (_, change) => {
  const host = new RawHost(await startApprovalServer())
  const { requestState } = await host.ask(AMOUNT)
  const reply = { requestState: change(requestState), inputResponses: YES }
  expect(await host.call(AMOUNT, reply)).toMatchObject(refused(FOREIGN))
  expect(allowed).toStrictEqual([])
})

it('a state whose signature is written otherwise, but reads the same, counts once with the true one', async () => {
  const host = new RawHost(await startApprovalServer())
  const { requestState } = await host.ask(AMOUNT)
  const padded = { requestState: `${requestState}=`, inputResponses: YES }
  expect(await host.call(AMOUNT, { requestState, inputResponses: YES })).toMatchObject({ message: 'done' })
  expect(await host.call(AMOUNT, padded)).toMatchObject({ isError: true })
  expect(allowed).toHaveLength(1)
})

it('a state of another server, or of this one before it was started again', async () => {
  const { requestState } = await new RawHost(await startApprovalServer()).ask(AMOUNT)
  const host = new RawHost(await startApprovalServer())
  expect(await host.call(AMOUNT, { requestState, inputResponses: YES })).toMatchObject(refused(FOREIGN))
})

it('the yes to a small amount, for a large one: the merchant is asked about the large one', async () => {
  const host = new RawHost(await startApprovalServer())
  const small = await host.ask(AMOUNT)
  const reply = { requestState: small.requestState, inputResponses: YES }
  const large = await host.ask({ amount: '100.00' }, reply)
  expect(large.question).toMatch(/^情况有变，请重新确认。.*\n.*\n退款金额 Refund: ¥100\.00\n/)
  expect(await host.call(AMOUNT, reply)).toMatchObject(refused(/was used before/))
  expect(allowed).toStrictEqual([])
  const yes = { requestState: large.requestState, inputResponses: YES }
  expect(await host.call({ amount: '100.00' }, yes)).toMatchObject({ message: 'done' })
  expect(allowed).toMatchObject([{ approvalDigest: 'T1|100.00|0.00' }])
})

it('a yes to what is left before another refund changed it', async () => {
  const host = new RawHost(await startApprovalServer())
  const { requestState } = await host.ask(AMOUNT)
  world.facts = { refunded: '50.00' }
  const { question } = await host.ask(AMOUNT, { requestState, inputResponses: YES })
  expect(question).toContain('Refunded so far (known): ¥50.00')
  expect(allowed).toStrictEqual([])
})

it('a late answer; it cannot be sent again by turning the clock back', async () => {
  const server = await startApprovalServer()
  const host = new RawHost(server)
  const { requestState } = await host.ask(AMOUNT)
  server.clock.advance(300_001)
  const reply = { requestState, inputResponses: YES }
  expect(await host.call(AMOUNT, reply)).toMatchObject(refused(/more than five minutes/))
  server.clock.advance(-300_001)
  expect(await host.call(AMOUNT, reply)).toMatchObject(refused(/was used before/))
  expect(allowed).toStrictEqual([])
})

it.each<[string, unknown, RegExp]>([
  ['no answer at all', undefined, /came back without an answer/],
  ['an answer to another question', { other: YES.approval }, /came back without an answer/],
  ['an envelope', { approval: { method: 'elicitation/create', result: YES.approval } }, /without an answer/],
  ['a list', [YES.approval], /without an answer/],
  ['an accepted form with null', { approval: { action: 'accept', content: null } }, /without a clear yes/],
  ['a form with a list', { approval: { action: 'accept', content: ['同意 yes'] } }, /without a clear yes/],
  ['both', { approval: { action: 'accept', content: { decision: ['同意 yes'] } } }, /without a clear yes/],
  ['its own action', { approval: { ...YES.approval, action: 'yes' } }, /without an answer/],
])('a state that comes back with %s', async (_, inputResponses, words) => {
  const host = new RawHost(await startApprovalServer())
  const { requestState } = await host.ask(AMOUNT)
  const reply: Fields = inputResponses === undefined ? { requestState } : { requestState, inputResponses }
  expect(await host.call(AMOUNT, reply)).toMatchObject(refused(words))
  expect(allowed).toStrictEqual([])
})

it('a state that is no text', async () => {
  const host = new RawHost(await startApprovalServer())
  const reply = { requestState: 7, inputResponses: YES }
  await expect(host.send(AMOUNT, reply)).rejects.toThrow('-32602')
  expect(allowed).toStrictEqual([])
})

it('a yes in a call that is cancelled before it is heard; it is used up', async () => {
  const host = new RawHost(await startApprovalServer())
  const { requestState } = await host.ask(AMOUNT)
  // The first of the two comes to its yes first.
  let later = 0
  world.beforeAsking = () => {
    later += 100
    return new Promise((resolve) => setTimeout(resolve, later))
  }
  const reply = { requestState, inputResponses: YES }
  await host.cancelled(AMOUNT, reply)
  expect(await host.call(AMOUNT, reply)).toMatchObject(refused(/was used before/))
  expect(allowed).toStrictEqual([])
})

it('a yes in the chat where the yes is to be given outside it', async () => {
  const server = await startApprovalServer()
  const host = new RawHost(server)
  const { requestState } = await host.ask(AMOUNT)
  const reply = { requestState, inputResponses: YES }
  const outside = { ...AMOUNT, how: 'operator' }
  expect(await host.call(outside, reply)).toMatchObject(waiting())
  const formless = new RawHost(server, {})
  expect(await formless.call(AMOUNT, reply)).toMatchObject(waiting())
  expect(allowed).toStrictEqual([])
})

it('an answer that nobody was asked for, from a host of before 2026-07-28', async () => {
  const server = await startApprovalServer()
  const near = server.connect()
  const heard: Fields[] = []
  near.onmessage = (message) => heard.push({ ...message })
  await near.start()
  const clientInfo = { name: 'raw', version: '1' }
  const opening = { protocolVersion: '2025-11-25', capabilities: { elicitation: {} }, clientInfo }
  await near.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: opening })
  await near.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  const params = { name: 'give_back', arguments: AMOUNT, inputResponses: YES }
  await near.send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params })
  await near.send({
    jsonrpc: '2.0',
    id: 3,
    method: 'tools/call',
    params: { ...params, requestState: 'v1.x.y' },
  })
  await expect.poll(() => heard.length).toBe(3)
  const texts = heard.map((message) => JSON.stringify(message))
  expect(texts[1]).toMatch(/never asked/)
  expect(texts[2]).toMatch(FOREIGN)
  expect(allowed).toStrictEqual([])
})
