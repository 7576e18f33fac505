// The words of a call at the terminal: a tool and key=value, read by the schema that the server itself gives.
import { inLanguages, type Language } from '../../language.ts'
import { oneLine } from '../../text.ts'
import { guess, shownWord } from '../flag-parser.ts'
import { UsageError } from '../usage-text.ts'

/** As `tools/list` has it. */
export interface CallableTool {
  name: string
  inputSchema: { properties?: Readonly<Record<string, unknown>> | undefined }
}

const TEXT = inLanguages({
  noTool: {
    en: (near: string | undefined, all: string) =>
      `This server offers no tool of that name.${near ? ` Did you mean ${near}?` : ''}\nIt offers: ${all}.`,
    zh: (near: string | undefined, all: string) =>
      `服务器没有提供这个工具。${near ? `是不是 ${near}？` : ''}\n提供的工具：${all}。`,
  },
  noKey: {
    en: (tool: string, key: string | undefined, near: string | undefined, all: string) =>
      `${tool} takes nothing ${key === undefined ? 'of that name' : `named ${key}`}.${near ? ` Did you mean ${near}?` : ''}\nIt takes: ${all}.`,
    zh: (tool: string, key: string | undefined, near: string | undefined, all: string) =>
      `${tool} 没有${key === undefined ? '这个字段' : `字段 ${key}`}。${near ? `是不是 ${near}？` : ''}\n可用的字段：${all}。`,
  },
  nothing: { en: 'nothing', zh: '无' },
  pair: {
    en: (at: number) =>
      `Word ${at} behind the tool is no key=value. Put a value with blanks into quotes: subject="A poem".`,
    zh: (at: number) => `工具名后的第 ${at} 个词不是 key=value。带空格的值请加引号：subject="一首诗"。`,
  },
  twice: {
    en: (key: string) => `${key} is given twice; keep one.`,
    zh: (key: string) => `${key} 给了两次，请只保留一个。`,
  },
  notJson: {
    en: (key: string) => `${key} takes JSON, such as ${key}='["a"]'.`,
    zh: (key: string) => `${key} 的值应为 JSON，例如 ${key}='["a"]'。`,
  },
})

/**
 * The tool that is meant, and its arguments: texts stay texts, what else the schema names is read as such.
 * @throws UsageError
 */
export function readCallWords(
  [name = '', ...words]: readonly string[],
  tools: readonly CallableTool[],
  language: Language,
): { name: string; args: Record<string, unknown> } {
  const say = TEXT(language)
  const names = tools.map((tool) => tool.name)
  const tool = tools.find((one) => one.name === name)
  if (!tool) throw new UsageError(say.noTool(guess(name, names), names.join(', ')))
  const known = tool.inputSchema.properties ?? {}
  const args: Record<string, unknown> = {}
  for (const [at, word] of words.entries()) {
    const [, key, value = ''] = /^([^=\s]+)=(.*)$/s.exec(word) ?? []
    if (key === undefined) throw new UsageError(say.pair(at + 1))
    const keys = Object.keys(known)
    if (!keys.includes(key))
      throw new UsageError(say.noKey(name, shownWord(key), nearestKey(key, keys), keys.join(', ') || say.nothing))
    if (Object.hasOwn(args, key)) throw new UsageError(say.twice(key))
    args[key] = readValue(key, value, known[key], language)
  }
  return { name, args }
}

/** `amount` may be meant for the one field that is named by it, such as total_amount. */
function nearestKey(key: string, keys: readonly string[]): string | undefined {
  const longer = keys.filter((one) => one.split('_').includes(key.toLowerCase()))
  return guess(key, keys) ?? (longer.length === 1 ? longer[0] : undefined)
}

/** What is no such value goes as it was typed: the server says what the field takes. */
function readValue(key: string, value: string, schema: unknown, language: Language): unknown {
  const { type } = Object(schema)
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(value)) return Number(value)
  if (type === 'boolean' && /^(true|false)$/.test(value)) return value === 'true'
  if (type !== 'array' && type !== 'object') return value
  try {
    return JSON.parse(value)
  } catch {
    throw new UsageError(TEXT(language).notJson(oneLine(key)))
  }
}
