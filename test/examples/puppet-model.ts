// A model on strings: calls what the buyer writes as `tool {...}`, repeats what tools answer, and delivers what is paid,
// unless the buyer has said "deliver nothing".
import type { ScriptedAnswer, ScriptedMessage } from '../../examples/scripted-model/scripted-model.js'

const NOTE = /^<shop-note>Order (\w+): .*deliver_order/
const CALL = /^(\w+) (\{.*\})$/

export function puppet(messages: readonly ScriptedMessage[]): ScriptedAnswer {
  const last = messages.at(-1)
  const said = textOf(last)
  if (last?.role === 'tool') return { text: said }
  const [, out_trade_no] = NOTE.exec(said) ?? []
  const isHeld = messages.some((message) => textOf(message) === 'deliver nothing')
  if (out_trade_no !== undefined && !isHeld)
    return { tool_calls: [{ name: 'deliver_order', arguments: { out_trade_no } }] }
  const [, name, args] = CALL.exec(said) ?? []
  return name === undefined ? { text: `heard: ${said}` } : { tool_calls: [{ name, arguments: args ?? '' }] }
}

export function textOf({ content }: ScriptedMessage = { role: 'user' }): string {
  return typeof content === 'string' ? content : (content ?? []).map(({ text = '' }) => text).join('')
}
