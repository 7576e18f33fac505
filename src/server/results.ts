// Results and errors as an MCP client gets them: text and structure, each complete on its own.
import type { CallToolResult } from '@modelcontextprotocol/server'
import { ConfigError, InputError, LedgerError, OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { Environment, Refusal } from '../gateway/gateway.ts'
import { oneLine } from '../text.ts'
import { type Item, Pictured, type ToolResult, type Value } from '../tool-result.ts'

const NOTES: Readonly<Record<Environment | 'not_configured', string>> = {
  local: 'an emulator: no real money moves, and links open on this computer only. 本地模拟，不动真钱。',
  sandbox: "Alipay's sandbox: no real money moves. 支付宝沙箱，不动真钱。",
  production: 'real money. 真实资金。',
  not_configured: 'the server does not know yet where to send anything. 尚未配置。',
}

// Typed by buyers, merchants, shops, hosts or Alipay: data, which must not read like words of ours.
const QUOTED = new Set(['subject', 'body', 'refund_reason', 'sub_msg', 'host', 'answer'])

export function toResult(result: ToolResult | Pictured, environment: Environment): CallToolResult {
  if (!(result instanceof Pictured)) return complete(result, environment)
  const { content, ...rest } = complete(result.result, environment)
  const data = Buffer.from(result.png).toString('base64')
  return { ...rest, content: [...content, { type: 'image', data, mimeType: 'image/png' }] }
}

/** The one translator of errors. An error of no known kind is our fault: it shows an id, its stack goes to `report`. */
export async function toErrorResult(
  error: unknown,
  environment: Environment | undefined,
  report: (id: string, error: unknown) => void,
): Promise<CallToolResult> {
  return { ...complete(await fieldsOf(error, report), environment), isError: true }
}

function complete(fields: ToolResult, environment: Environment | undefined): CallToolResult {
  const name = environment ?? 'not_configured'
  const given = known({ ...fields, environment: name, environment_note: NOTES[name] })
  const lines = given
    .filter(([key]) => key !== 'message')
    .flatMap(([key, value]) => (isList(value) ? linesOf(key, value) : pair(key, value)))
  const structure = given.map(([key, value]) => [key, isList(value) ? value.map(structureOf) : value])
  return {
    content: [{ type: 'text', text: [oneLine(fields.message), ...lines].join('\n') }],
    structuredContent: Object.fromEntries(structure),
  }
}

function known<T>(fields: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(fields).filter(([, value]) => value !== undefined)
}

const structureOf = (item: Item): Item => Object.fromEntries(known(item))

function isList(value: Value | readonly Item[]): value is readonly Item[] {
  return typeof value === 'object'
}

/** A line with their number, then each on a line of its own, as complete as the structured part. */
function linesOf(key: string, items: readonly Item[]): string[] {
  const line = (item: Item) => known(item).map(([name, value]) => pair(name, value))
  return [`${key}: ${items.length}`, ...items.map((item, index) => `${index + 1}. ${line(item).join(' | ')}`)]
}

function pair(key: string, value: Value): string {
  return `${key}: ${oneLine(QUOTED.has(key) ? JSON.stringify(value) : String(value))}`
}

async function fieldsOf(error: unknown, report: (id: string, error: unknown) => void): Promise<ToolResult> {
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
  if (error instanceof LedgerError) {
    const message = `The ledger (账本) cannot be used: ${error.problem} The operator must act: ${error.fix}`
    return {
      message,
      error: 'ledger',
      money: NOTHING_SENT,
      next_step: 'Tell the operator; when it is mended, the same call may be made again.',
    }
  }
  if (error instanceof RefusedError) return refused(error)
  if (error instanceof OutcomeUnknownError) {
    const { operation, why, money, next_step, facts } = error
    const message = `${operation}: the outcome is unknown: ${why}.`
    return { message, error: 'unknown', ...facts, money, next_step }
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

async function refused({ operation, refusal, money, next_step, facts }: RefusedError): Promise<ToolResult> {
  if (refusal.not_sent !== undefined) {
    const message = `${operation}: not done: ${refusal.not_sent}.`
    const fix = 'The operator should check the network and ALIPAY_GATEWAY; the same call may be made again.'
    return { message, error: 'refused', ...facts, money, next_step: next_step ?? fix }
  }
  // The tables of all refusals are a tenth of the program: not before the first refusal.
  const { adviceFor } = await import('../gateway/refusals/refusals.ts')
  const { cause, remedy, safe_to_repeat, who } = adviceFor(refusal.sub_code, refusal.code)
  return {
    message: `${operation}: Alipay refused: ${refusalText(refusal)}`,
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
    ...facts,
    money,
    next_step,
  }
}

function refusalText({ code, sub_code, msg, sub_msg, verified }: Refusal): string {
  const words = [code, sub_code, sub_msg ?? msg].filter(Boolean).join(' ')
  return verified ? words : `${words} (not signed by Alipay)`
}
