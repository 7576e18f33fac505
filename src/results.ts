// Results and errors as an MCP client gets them: text and structure, each complete on its own.
import type { CallToolResult } from '@modelcontextprotocol/server'
import { ConfigError, InputError, OutcomeUnknownError, RefusedError } from './errors.ts'
import type { Environment, Refusal } from './gateway/gateway.ts'
import { adviceFor } from './gateway/refusals.ts'
import { Pictured, type ToolResult } from './tools/tool.ts'

type Value = string | number | boolean | undefined
type Fields = { message: string } & Readonly<Record<string, Value>>

const NOTES: Readonly<Record<Environment | 'not_configured', string>> = {
  local: 'an emulator: no real money moves, and links open on this computer only. 本地模拟，不动真钱。',
  sandbox: "Alipay's sandbox: no real money moves. 支付宝沙箱，不动真钱。",
  production: 'real money. 真实资金。',
  not_configured: 'the server does not know yet where to send anything. 尚未配置。',
}

// Typed by buyers, merchants or shops: data, which must not read like a line of ours.
const QUOTED = new Set(['subject', 'body', 'refund_reason', 'sub_msg'])
// Control characters, line ends, and signs that turn the direction of writing or are not seen.
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]+/gu

export function toResult(result: ToolResult | Pictured, environment: Environment): CallToolResult {
  if (!(result instanceof Pictured)) return complete(result, environment)
  const { content, ...rest } = complete(result.told, environment)
  const data = Buffer.from(result.png).toString('base64')
  return { ...rest, content: [...content, { type: 'image', data, mimeType: 'image/png' }] }
}

/** The one translator of errors. An error of no known kind is our fault: it shows an id, its stack goes to `report`. */
export function toErrorResult(
  error: unknown,
  environment: Environment | undefined,
  report: (id: string, error: unknown) => void,
): CallToolResult {
  return { ...complete(fieldsOf(error, report), environment), isError: true }
}

function complete(fields: Fields, environment: Environment | undefined): CallToolResult {
  const name = environment ?? 'not_configured'
  const all = { ...fields, environment: name, environment_note: NOTES[name] }
  const given = Object.entries(all).filter(([, value]) => value !== undefined)
  const lines = given
    .filter(([key]) => key !== 'message')
    .map(([key, value]) => `${key}: ${oneLine(QUOTED.has(key) ? JSON.stringify(value) : String(value))}`)
  return {
    content: [{ type: 'text', text: [oneLine(fields.message), ...lines].join('\n') }],
    structuredContent: Object.fromEntries(given),
  }
}

/** What came from outside must not start a line of its own. */
function oneLine(text: string): string {
  return text.replace(UNSEEN, ' ')
}

function fieldsOf(error: unknown, report: (id: string, error: unknown) => void): Fields {
  if (error instanceof InputError) return { message: error.message, error: 'input', money: NOTHING_MOVED }
  if (error instanceof ConfigError) {
    const message = `The server is not configured. The operator must set: ${error.message.replaceAll('\n', ' | ')}`
    return {
      message,
      error: 'config',
      money: NOTHING_SENT,
      next_step: 'Tell the operator; then restart the server.',
    }
  }
  if (error instanceof RefusedError) return refused(error)
  if (error instanceof OutcomeUnknownError) {
    const { did, why, money, find_out, facts } = error
    const message = `${did}: the outcome is unknown: ${why}.`
    return { message, error: 'unknown', ...facts, money, next_step: find_out }
  }
  const id = Math.random().toString(36).slice(2, 8)
  report(id, error)
  return {
    message: `Our fault: an unexpected error (id ${id}; details are in the server's stderr log).`,
    error: 'internal',
    money: 'Whether anything was sent is not known: before anything is repeated, query the order.',
  }
}

const NOTHING_MOVED = 'This call moved nothing.'
const NOTHING_SENT = 'Nothing was sent and nothing moved.'

function refused({ did, refusal, money, next_step, facts }: RefusedError): Fields {
  if (refusal.not_sent !== undefined) {
    const message = `${did}: not done: ${refusal.not_sent}.`
    const fix = 'The operator should check the network and ALIPAY_GATEWAY; the same call may be made again.'
    return { message, error: 'refused', ...facts, money, next_step: next_step ?? fix }
  }
  const { cause, remedy, safe_to_repeat, who } = adviceFor(refusal.sub_code, refusal.code)
  return {
    message: `${did}: Alipay refused: ${wordsOf(refusal)}`,
    error: 'refused',
    code: refusal.code,
    sub_code: refusal.sub_code,
    sub_msg: refusal.sub_msg,
    trace_id: refusal.trace_id,
    verified: refusal.verified ? undefined : false,
    cause: `${cause.en} ${cause.zh}`,
    remedy: `${remedy.en} ${remedy.zh}`,
    who_can_act: who,
    safe_to_repeat,
    money,
    next_step,
  }
}

function wordsOf({ code, sub_code, msg, sub_msg, verified }: Refusal): string {
  const words = [code, sub_code, sub_msg ?? msg].filter(Boolean).join(' ')
  return verified ? words : `${words} (not signed by Alipay)`
}
