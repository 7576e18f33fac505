// Results and errors as an MCP client gets them: text and structure, each complete on its own.
import type { CallToolResult } from '@modelcontextprotocol/server'
import type { Environment } from '../gateway/gateway.ts'
import { oneLine } from '../text.ts'
import { type Item, Pictured, type ToolResult, type Value } from '../tool-result.ts'

const NOTES: Readonly<Record<Environment | 'not_configured', string>> = {
  local: 'An emulator on this computer: no real money moves, and links open on this computer only.',
  sandbox: "Alipay's sandbox: no real money moves.",
  production: 'Real money.',
  not_configured: 'The server does not know yet where to send anything.',
}

/** Says in what the results are about: in all of them where money is real, else in the first one of a process. */
export class EnvironmentNotes {
  #isFirst = true

  next(environment: Environment | undefined): string | undefined {
    const isDue = this.#isFirst || environment === 'production'
    this.#isFirst = false
    return isDue ? NOTES[environment ?? 'not_configured'] : undefined
  }
}

// Typed by buyers, merchants, shops, hosts or Alipay: data, which must not read like words of ours.
const QUOTED = new Set([
  'subject',
  'body',
  'refund_reason',
  'sub_msg',
  'answer',
  'description',
  'delivered_text',
  'redeem_code',
])

interface EnvironmentLines {
  environment: Environment | undefined
  /** Absent where it was environmentLines before. */
  note: string | undefined
}

export function toResult(result: ToolResult | Pictured, environmentLines: EnvironmentLines): CallToolResult {
  if (!(result instanceof Pictured)) return complete(result, environmentLines)
  const { content, ...rest } = complete(result.result, environmentLines)
  const data = Buffer.from(result.png).toString('base64')
  return { ...rest, content: [...content, { type: 'image', data, mimeType: 'image/png' }] }
}

export function toErrorResult(fields: ToolResult, environmentLines: EnvironmentLines): CallToolResult {
  return { ...complete(fields, environmentLines), isError: true }
}

function complete(fields: ToolResult, { environment, note }: EnvironmentLines): CallToolResult {
  const given = known({ ...fields, environment: environment ?? 'not_configured', environment_note: note })
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
