// Edits of TOML: our table stands at the end of the text, and nothing else is touched.
import { parse, stringify, TomlError } from 'smol-toml'
import {
  BrokenText,
  type Data,
  type Edit,
  type Entry,
  isObject,
  lineEnd,
  plain,
  SERVER,
  type TextFormat,
} from './text-format.ts'

export const tomlText: TextFormat = {
  read: (text) => {
    try {
      return plain(parsed(text))
    } catch (error) {
      throw new BrokenText(error instanceof TomlError ? error.line : 1, 'broken')
    }
  },
  insert: (text, key, entry) => {
    const end = lineEnd(text)
    const gap = text === '' ? '' : /\n$/.test(text) ? end : `${end}${end}`
    return { at: text.length, length: 0, text: `${gap}${tableText(key, entry).replaceAll('\n', end)}` }
  },
  remove: (text, key) => {
    const lines = linesOf(text)
    const tables = tablesOf(lines, key)
    if (tables.length === 0) throw new BrokenText(1, 'unsafe')
    return tables.map(({ from, to }) =>
      cut(lines, to === lines.length && isBlank(lines[from - 1]) ? from - 1 : from, to),
    )
  },
  update: (text, key, fields) => {
    const lines = linesOf(text)
    const [table] = tablesOf(lines, key)
    if (!table) throw new BrokenText(1, 'unsafe')
    const end = lineEnd(text)
    return Object.entries(fields).map(([name, value]): Edit => {
      const { from, to } = isObject(value) ? tableBelow(lines, key, name) : statement(lines, table, name)
      const body = isObject(value) ? tableText([...key, SERVER], value, name) : stringify({ [name]: value })
      return { ...cut(lines, from, to), text: `${body.trimEnd().replaceAll('\n', end)}${end}` }
    })
  },
}

/** Whole numbers of any size. */
const parsed = (text: string) => parse(text, { integersAsBigInt: 'asNeeded' })

function tableText(key: readonly string[], entry: Entry, name = SERVER): string {
  const nested = [...key, name].reduceRight<unknown>((inner, part) => ({ [part]: inner }), entry)
  return stringify(nested as Data)
}

interface Line {
  at: number
  text: string
}
interface Lines {
  from: number
  to: number
}

/** Each with its end. */
function linesOf(text: string): readonly Line[] {
  let at = 0
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => {
    const placed = { at, text: line }
    at += line.length
    return placed
  })
}

/** The lines of our table and of those inside it, without what stands before the next. */
function tablesOf(lines: readonly Line[], key: readonly string[]): readonly Lines[] {
  const heads = lines.flatMap(({ text }, at) => (/^\s*\[/.test(text) && isHead(lines, at) ? [at] : []))
  const own = [...key, SERVER]
  return heads.flatMap((from, index) => {
    const path = pathOf(lines[from]?.text ?? '')
    if (!path || own.some((part, at) => path[at] !== part)) return []
    const next = heads[index + 1] ?? lines.length
    const body = lines.slice(from, next)
    const last = body.findLastIndex(({ text }) => !/^\s*(#.*)?$/.test(text))
    return [{ from, to: from + last + 1 }]
  })
}

/** Not a line of a text or a list of several lines: what stands before it is whole. */
const isHead = (lines: readonly Line[], at: number) =>
  isWhole(
    lines
      .slice(0, at)
      .map(({ text }) => text)
      .join(''),
  )

const isBlank = (line: Line | undefined) => line !== undefined && line.text.trim() === ''

/** The names in the head of a table; undefined for a line that is none, such as one of a list. */
function pathOf(head: string): readonly string[] | undefined {
  try {
    let value: unknown = parsed(head)
    const path: string[] = []
    while (isObject(value) && Object.keys(value).length === 1) {
      const [name = ''] = Object.keys(value)
      path.push(name)
      value = value[name]
    }
    return path.length > 0 ? path : undefined
  } catch {
    return undefined
  }
}

function cut(lines: readonly Line[], from: number, to: number): Edit {
  const at = lines[from]?.at ?? lines.at(-1)?.at ?? 0
  const length = lines.slice(from, to).reduce((sum, { text }) => sum + text.length, 0)
  return { at, length, text: '' }
}

/** The lines that give a field its value; none, behind the head, where it has none. */
function statement(lines: readonly Line[], { from, to }: Lines, name: string): Lines {
  const start = lines.findIndex(({ text }, at) => at > from && at < to && text.split('=')[0]?.trim() === name)
  if (start < 0) return { from: from + 1, to: from + 1 }
  for (let end = start + 1; end <= to; end += 1) {
    const text = lines
      .slice(start, end)
      .map((line) => line.text)
      .join('')
    if (isWhole(text)) return { from: start, to: end }
  }
  return { from: start, to: start + 1 }
}

function isWhole(text: string): boolean {
  try {
    parsed(text)
    return true
  } catch {
    return false
  }
}

/** The lines of a table inside ours; none, behind our table, where there is none. */
function tableBelow(lines: readonly Line[], key: readonly string[], name: string): Lines {
  const [own] = tablesOf(lines, key)
  const below = tablesOf(lines, key).find(({ from }) => pathOf(lines[from]?.text ?? '')?.at(key.length + 1) === name)
  const end = own?.to ?? lines.length
  return below ?? { from: end, to: end }
}
