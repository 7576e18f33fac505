// What a script says, in the form of OpenAI's chat completions: whole, or in the chunks of a stream.
import { randomUUID } from 'node:crypto'

const PIECE = 12
const USAGE = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }

export function completion({ text, tool_calls = [] }, model) {
  if (text === undefined && tool_calls.length === 0) throw new Error('The script gave neither text nor tool calls.')
  const message = { role: 'assistant', content: text ?? null, refusal: null }
  if (tool_calls.length > 0) message.tool_calls = tool_calls.map(toolCall)
  const finish_reason = tool_calls.length > 0 ? 'tool_calls' : 'stop'
  return {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason }],
    usage: USAGE,
  }
}

/** Text as arguments goes out as it is, so that a script can also send what is no JSON. */
function toolCall({ name, arguments: args = {} }) {
  const given = typeof args === 'string' ? args : JSON.stringify(args)
  return { id: `call_${randomUUID()}`, type: 'function', function: { name, arguments: given } }
}

/** The same completion as chunks: the role, the pieces, the reason of the end, and the usage where it is wanted. */
export function* streamed({ id, created, model, choices: [{ message, finish_reason }] }, { include_usage } = {}) {
  const same = { id, object: 'chat.completion.chunk', created, model }
  const chunk = (delta, reason = null) => ({
    ...same,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
  })
  yield chunk({ role: 'assistant', content: message.content === null ? null : '' })
  for (const content of pieces(message.content ?? '')) yield chunk({ content })
  for (const [index, call] of (message.tool_calls ?? []).entries()) {
    const { name, arguments: args } = call.function
    yield chunk({ tool_calls: [{ index, id: call.id, type: call.type, function: { name, arguments: '' } }] })
    for (const piece of pieces(args)) yield chunk({ tool_calls: [{ index, function: { arguments: piece } }] })
  }
  yield chunk({}, finish_reason)
  if (include_usage) yield { ...same, choices: [], usage: USAGE }
}

/** No character is cut in two. */
function pieces(text) {
  const characters = [...text]
  const count = Math.ceil(characters.length / PIECE)
  return Array.from({ length: count }, (_, at) => characters.slice(at * PIECE, (at + 1) * PIECE).join(''))
}
