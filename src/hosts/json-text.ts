// Edits of JSON with comments: whole lines where it has lines, in its own indentation, and nothing else is touched.
import { createScanner, getNodeValue, type Node, type ParseError, parseTree } from 'jsonc-parser'
import { BrokenText, type Edit, type Entry, lineAt, lineEnd, plain, SERVER, type TextFormat } from './text-format.ts'

/** Of the library's SyntaxKind, which is a constant enum: its names are gone at run time. */
const TOKEN = { comma: 5, lineComment: 12, blockComment: 13, lineBreak: 14, space: 15, end: 17 } as const

export const jsonText: TextFormat = {
  read: (text) => {
    const tree = treeOf(text)
    if (!tree) return {}
    requireObject(text, tree)
    return plain(getNodeValue(tree))
  },
  insert: (text, key, entry) => {
    const tree = treeOf(text)
    if (!tree) return inEmptyText(text, wrappedIn([...key, SERVER], entry))
    const [object, rest] = nearest(text, tree, key)
    const [name = SERVER, ...inner] = [...rest, SERVER]
    return insertProperty(text, object, name, inner.length === 0 ? entry : wrappedIn(inner, entry))
  },
  remove: (text, key) => {
    const { servers, property } = placed(text, key)
    return removeProperty(text, servers, property)
  },
  update: (text, key, fields) => {
    const { property } = placed(text, key)
    const [, entry] = property.children ?? []
    if (!entry) throw new BrokenText(lineAt(text, property.offset), 'unsafe')
    requireObject(text, entry)
    return Object.entries(fields).map(([name, value]) => {
      const [, old] = propertyOf(entry, name)?.children ?? []
      if (!old) return insertProperty(text, entry, name, value)
      const put = valueText(value, unitOf(text), indentOfLine(text, old.offset), lineEnd(text))
      return { at: old.offset, length: old.length, text: hasLines(text, entry) ? put : JSON.stringify(value) }
    })
  },
}

/** Undefined for a text with nothing but space and comments. */
function treeOf(text: string): Node | undefined {
  const errors: ParseError[] = []
  const tree = parseTree(text, errors, { allowTrailingComma: true })
  const [first] = errors
  if (first && !(tree === undefined && isBlank(text))) throw new BrokenText(lineAt(text, first.offset), 'broken')
  return tree
}

function isBlank(text: string): boolean {
  const scanner = createScanner(text, true)
  return scanner.scan() === TOKEN.end
}

function requireObject(text: string, node: Node): void {
  if (node.type !== 'object') throw new BrokenText(lineAt(text, node.offset), 'shape')
}

/** The last of that name, as JSON has it. */
const propertyOf = (object: Node, name: string) =>
  object.children?.findLast(({ children }) => children?.[0]?.value === name)

/** The innermost object on the way, and the names that are not there yet. */
function nearest(text: string, tree: Node, key: readonly string[]): [object: Node, rest: readonly string[]] {
  requireObject(text, tree)
  const [name, ...rest] = key
  const [, value] = (name === undefined ? undefined : propertyOf(tree, name)?.children) ?? []
  return value ? nearest(text, value, rest) : [tree, key]
}

function placed(text: string, key: readonly string[]): { servers: Node; property: Node } {
  const tree = treeOf(text)
  const [servers, rest] = tree ? nearest(text, tree, key) : []
  const property = servers && rest?.length === 0 ? propertyOf(servers, SERVER) : undefined
  if (!servers || !property) throw new BrokenText(1, 'unsafe')
  return { servers, property }
}

const wrappedIn = (names: readonly string[], value: unknown): Entry =>
  names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Entry

function inEmptyText(text: string, content: Entry): Edit {
  const end = lineEnd(text)
  const own = `${valueText(content, '  ', '', end)}${end}`
  return { at: text.length, length: 0, text: text === '' || /\n\s*$/.test(text) ? own : `${end}${own}` }
}

function insertProperty(text: string, object: Node, name: string, value: unknown): Edit {
  const [first] = object.children ?? []
  const [end, unit] = [lineEnd(text), unitOf(text)]
  const start = object.offset + 1
  const property = (indent: string) => `${JSON.stringify(name)}: ${valueText(value, unit, indent, end)}`
  const outer = indentOfLine(text, object.offset)
  const lineStart = emptyLineEnd(text, start, first?.offset ?? object.offset + object.length - 1)
  if (lineStart !== undefined) {
    const indent = first ? indentOfLine(text, first.offset) : outer + unit
    return { at: lineStart, length: 0, text: `${indent}${property(indent)}${first ? ',' : ''}${end}` }
  }
  const compact = `${JSON.stringify(name)}: ${JSON.stringify(value)}`
  if (first) return { at: first.offset, length: 0, text: `${compact}, ` }
  // An empty object in a text of one line stays in it.
  const isOneLine = !/\n/.test(text.trim())
  if (isOneLine && text.trim() !== text.slice(object.offset, object.offset + object.length)) {
    return { at: start, length: 0, text: compact }
  }
  return { at: start, length: 0, text: `${end}${outer}${unit}${property(outer + unit)}${end}${outer}` }
}

/** Where the line ends in which an object begins, if nothing but space and comments follows in that line. */
function emptyLineEnd(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(text, false)
  scanner.setPosition(from)
  for (let kind = scanner.scan(); scanner.getTokenOffset() < to; kind = scanner.scan()) {
    if (kind === TOKEN.lineBreak) return scanner.getPosition()
    // A comment of several lines may belong to what follows it.
    const isSpace = kind === TOKEN.space || kind === TOKEN.lineComment
    if (!isSpace && !(kind === TOKEN.blockComment && !scanner.getTokenValue().includes('\n'))) return undefined
  }
  return undefined
}

function removeProperty(text: string, object: Node, property: Node): readonly Edit[] {
  const all = object.children ?? []
  const before = all[all.indexOf(property) - 1]
  const end = property.offset + property.length
  const comma = commaAfter(text, end)
  const own = wholeLine(text, property.offset, comma === undefined ? end : comma + 1)
  const last = before && comma === undefined ? commaAfter(text, before.offset + before.length) : undefined
  return last === undefined ? [own] : [{ at: last, length: 1, text: '' }, own]
}

function commaAfter(text: string, from: number): number | undefined {
  const scanner = createScanner(text, true)
  scanner.setPosition(from)
  return scanner.scan() === TOKEN.comma ? scanner.getTokenOffset() : undefined
}

/** With its line where nothing else stands in it, else with the blanks that follow. */
function wholeLine(text: string, from: number, to: number): Edit {
  const start = from - (/[ \t]*$/.exec(text.slice(0, from))?.[0].length ?? 0)
  const [rest = '', lineBreak] = /^[ \t]*(\r?\n|$)?/.exec(text.slice(to)) ?? []
  const isAlone = (start === 0 || text[start - 1] === '\n') && lineBreak !== undefined
  if (isAlone) return { at: start, length: to + rest.length - start, text: '' }
  const blanks = /^[ \t]*/.exec(text.slice(to))?.[0].length ?? 0
  return { at: from, length: to + blanks - from, text: '' }
}

function indentOfLine(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1
  return /^[ \t]*/.exec(text.slice(start, at))?.[0] ?? ''
}

/** One step of its indentation: that of the first property that begins a line. */
function unitOf(text: string): string {
  return /\n([ \t]+)"/.exec(text)?.[1] ?? '  '
}

const hasLines = (text: string, { offset, length }: Node) => text.slice(offset, offset + length).includes('\n')

const valueText = (value: unknown, unit: string, indent: string, end: string) =>
  JSON.stringify(value, null, unit).replaceAll('\n', `${end}${indent}`)
