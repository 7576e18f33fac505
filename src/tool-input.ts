// The arguments of a call as hosts send them, made into what the schema of the tool expects, where that is exact.

interface FieldSchema {
  type?: string | undefined
  pattern?: string | undefined
  enum?: readonly string[] | undefined
}

/** What an advertised schema says of its fields. */
export interface InputSchema {
  properties: Readonly<Record<string, FieldSchema>>
  required?: readonly string[] | undefined
}

type Arguments = Readonly<Record<string, unknown>>

/**
 * Without the fields of hosts, and without optional fields that hold nothing; texts of numbers and numbers of texts as
 * the field has it. Whatever is not certain stays as it is, for the tool's schema to refuse in its own words.
 * @param refusedEmpty optional fields whose absence would ask for more than the caller may have meant
 */
export function readArguments(
  raw: unknown,
  { properties, required = [] }: InputSchema,
  refusedEmpty: (given: Arguments) => readonly string[] = () => [],
): unknown {
  const given = parsedArguments(raw)
  if (!isRecord(given)) return given
  const kept = new Set([...required, ...refusedEmpty(given)])
  const fields = Object.entries(given).flatMap(([name, value]): [string, unknown][] => {
    const field = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (!field) return isOfHost(name, value, given) ? [] : [[name, value]]
    return holdsNothing(value, field) && !kept.has(name) ? [] : [[name, fitting(value, field.type)]]
  })
  // Unlike an assignment it makes a field even of `__proto__`, which is then refused.
  return Object.fromEntries(fields)
}

/** Some hosts send the arguments as the text of their JSON; no arguments at all are none. */
export function parsedArguments(raw: unknown): unknown {
  if (raw === undefined || raw === null) return {}
  if (typeof raw !== 'string') return raw
  if (raw.trim() === '') return {}
  const parsed = jsonOf(raw)
  return isRecord(parsed) ? parsed : raw
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Arguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Blanks of every script, and signs that have no width.
const BLANK = /^[\s\u200b-\u200d\u2060\ufeff]*$/
// How programs write that there is no value.
const NO_VALUE = /^(null|undefined|none|nil|n\/a)$/i

/**
 * Certainly no value. A word such as "none" is none only where the field could not hold it: as a number of an order it
 * may be one, so the schema refuses it there.
 */
export function holdsNothing(value: unknown, field: FieldSchema = {}): boolean {
  if (value === undefined || value === null) return true
  if (typeof value === 'object') return Object.keys(value).length === 0
  if (typeof value !== 'string') return false
  if (BLANK.test(value)) return true
  const isFreeText = field.type === 'string' && !field.enum && (!field.pattern || new RegExp(field.pattern).test(value))
  return !isFreeText && NO_VALUE.test(value.trim())
}

/** Nobody names anything so, but programs write it where a value is missing. */
export const isNoValue = (text: string) => /^(null|undefined|nan)$/i.test(text) || text === 'None'

// A whole number beyond this lost digits before it came here.
const isExact = (value: unknown): value is number => Number.isSafeInteger(value)
const WHOLE = /^-?(0|[1-9]\d*)(\.0+)?$/

function fitting(value: unknown, type: string | undefined): unknown {
  if (type === 'string' && isExact(value)) return String(value)
  if (typeof value !== 'string') return value
  const text = value.trim()
  if (type === 'integer' && WHOLE.test(text) && isExact(Number(text))) return Number(text)
  if (type === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  return value
}

/**
 * Fields that hosts are known to put into the calls of all tools. None reads like a field of ours: `reason`, `title`,
 * `summary` or `amount` may be a misspelling, which must not vanish.
 */
const HOST_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Cline: ['task_progress', 'requires_approval'],
  'Gemini CLI': ['wait_for_previous'],
  Antigravity: ['waitForPreviousTools', 'toolSummary', 'toolAction'],
  Cursor: ['random_string', 'explanation'],
  Kiro: ['__tool_use_purpose', '__toolUsePurpose', '__tool_name', '__mcp_server'],
  n8n: ['toolCallId', 'sessionId', 'chatInput'],
  OpenHands: ['security_risk'],
  Letta: ['request_heartbeat'],
  LangChain: ['_meta', 'tool_call_id'],
}
export const NAMES_OF_HOSTS: ReadonlySet<string> = new Set(Object.values(HOST_FIELDS).flat())

/** n8n sends two more, whose names alone would say too little. */
function isOfHost(name: string, value: unknown, given: Arguments): boolean {
  if (name === 'action') return value === 'sendMessage'
  if (name === 'tool') return typeof value === 'string' && Object.hasOwn(given, 'toolCallId')
  return NAMES_OF_HOSTS.has(name)
}
