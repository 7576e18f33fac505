// The scripted model speaks as OpenAI's chat completions do, whole and as a stream, and records what it was given.
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  type ScriptedAnswer,
  type ScriptedModel,
  startScriptedModel,
} from '../../examples/scripted-model/scripted-model.js'

let model: ScriptedModel
let says: ScriptedAnswer
beforeEach(async () => {
  model = await startScriptedModel(() => says)
})
afterEach(() => model.close())

const ask = (body: string) => fetch(`${model.baseUrl}/chat/completions`, { method: 'POST', body })
const question = (more: object = {}) => ask(JSON.stringify({ model: 'm', messages: [], ...more }))

async function chunksOf(response: Response) {
  const events = (await response.text()).split('\n\n').filter((event) => event !== '')
  expect(events.pop()).toBe('data: [DONE]')
  return events.map((event) => JSON.parse(event.replace(/^data: /, '')))
}

it('answers whole, with arguments as text, and keeps what it was asked', async () => {
  says = { tool_calls: [{ name: 'refund_payment', arguments: { refund_amount: '3.00' } }] }
  const { choices } = Object(await (await question({ messages: [{ role: 'user', content: 'refund' }] })).json())
  const called = { name: 'refund_payment', arguments: '{"refund_amount":"3.00"}' }
  expect(choices).toMatchObject([
    { message: { content: null, tool_calls: [{ type: 'function', function: called }] }, finish_reason: 'tool_calls' },
  ])
  expect(model.requests).toMatchObject([{ model: 'm', messages: [{ role: 'user', content: 'refund' }] }])
})

it('streams text and two calls in pieces, each call with its index, its name and number once, and a reason at the end', async () => {
  const text = '好的，这就退款 3.00 元 🍵 one moment'
  const args = [{ out_trade_no: '20261130100000000' }, { refund_reason: '杯子碎了 a cup is broken' }]
  says = { text, tool_calls: args.map((one, index) => ({ name: `tool_${index}`, arguments: one })) }
  const chunks = await chunksOf(await question({ stream: true, stream_options: { include_usage: true } }))
  expect(chunks.pop()).toMatchObject({ choices: [], usage: { total_tokens: 0 } })
  expect(new Set(chunks.map(({ id, object }) => `${id} ${object}`)).size).toBe(1)
  const choices = chunks.map((chunk) => chunk.choices[0])
  expect(choices[0].delta).toStrictEqual({ role: 'assistant', content: '' })
  expect(choices.map(({ finish_reason }) => finish_reason).filter(Boolean)).toStrictEqual(['tool_calls'])
  expect(choices.map(({ delta }) => delta.content ?? '').join('')).toBe(text)
  const pieces = choices.flatMap(({ delta }) => delta.tool_calls ?? [])
  for (const [index, given] of args.entries()) {
    const [head, ...rest] = pieces.filter((piece) => piece.index === index)
    expect(head).toMatchObject({ type: 'function', function: { name: `tool_${index}`, arguments: '' } })
    expect(rest.length).toBeGreaterThan(1)
    expect(rest.every((piece) => piece.id === undefined && piece.function.name === undefined)).toBe(true)
    expect(JSON.parse(rest.map((piece) => piece.function.arguments).join(''))).toStrictEqual(given)
  }
  expect(new Set(pieces.flatMap(({ id }) => id ?? [])).size).toBe(2)
})

it('streams plain text up to stop', async () => {
  says = { text: 'Paid.' }
  const chunks = await chunksOf(await question({ stream: true }))
  expect(chunks.at(-1).choices).toMatchObject([{ delta: {}, finish_reason: 'stop' }])
})

it.each([
  ['no JSON', '{', /JSON/],
  ['no messages', '{}', /"messages" must be a list/],
  ['a script that says nothing', '{"messages":[]}', /neither text nor tool calls/],
])('says 400 to %s', async (_what, body, words) => {
  says = {}
  const response = await ask(body)
  expect(response.status).toBe(400)
  expect(Object(await response.json()).error.message).toMatch(words)
})

it('lists itself, and has nothing else', async () => {
  const { data } = Object(await (await fetch(`${model.baseUrl}/models`)).json())
  expect(data).toMatchObject([{ id: 'scripted-model' }])
  expect((await fetch(`${model.baseUrl}/responses`, { method: 'POST', body: '{}' })).status).toBe(404)
})
