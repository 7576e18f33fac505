// Edits of YAML, as goose has it: lines below the key of servers, and nothing else is touched.
import { dump, load, YAMLException } from 'js-yaml'
import { BrokenText, type Edit, type Entry, isObject, lineEnd, SERVER, type TextFormat } from './text-format.ts'

export const yamlText: TextFormat = {
  read: (text) => {
    let data: unknown
    try {
      data = load(text) ?? {}
    } catch (error) {
      throw new BrokenText(error instanceof YAMLException ? (error.mark?.line ?? 0) + 1 : 1, 'broken')
    }
    if (!isObject(data)) throw new BrokenText(1, 'shape')
    return data
  },
  insert: (text, [key = ''], entry) => {
    const end = lineEnd(text)
    const head = headOf(text, key)
    if (head === undefined) {
      const gap = text === '' || text.endsWith('\n') ? '' : end
      return { at: text.length, length: 0, text: `${gap}${key}:${end}${blockText({ [SERVER]: entry }, '  ', end)}` }
    }
    if (head.flow !== undefined) {
      const separator = /^\s*\}/.test(text.slice(head.flow)) ? '' : ', '
      return { at: head.flow, length: 0, text: `${SERVER}: ${JSON.stringify(entry)}${separator}` }
    }
    const block = blockText({ [SERVER]: entry }, indentBelow(text, head.end), end)
    const isLastLine = !text.slice(0, head.end).endsWith('\n')
    return { at: head.end, length: 0, text: isLastLine ? `${end}${block.trimEnd()}` : block }
  },
  remove: (text, [key = '']) => [cutBlock(ownBlock(text, key))],
  update: (text, [key = ''], fields) => {
    const end = lineEnd(text)
    const own = ownBlock(text, key)
    const indent = indentBelow(text, own.bodyAt)
    return Object.entries(fields).map(([name, value]) => {
      const old = blockAt(text, name, indent, own.bodyAt, own.to)
      const put = blockText({ [name]: value }, indent, end)
      return old ? { ...cutBlock(old), text: put } : { at: own.bodyAt, length: 0, text: put }
    })
  },
}

/** The line of a key of the outermost mapping, up to its end; `flow`: behind the brace of a value in its line. */
function headOf(text: string, key: string): { end: number; flow?: number } | undefined {
  const found = new RegExp(`^(["']?)${key}\\1[ \\t]*:[ \\t]*(\\{)?.*(\\r?\\n|$)`, 'm').exec(text)
  if (!found) return undefined
  const end = found.index + found[0].length
  return found[2] === undefined ? { end } : { end, flow: found.index + found[0].indexOf('{') + 1 }
}

/** How far in the first line of content behind a place stands. */
function indentBelow(text: string, at: number): string {
  const [, indent = ''] = /^(?:[ \t]*(?:#.*)?\r?\n)*( *)[^\s#]/.exec(text.slice(at)) ?? []
  return indent === '' ? '  ' : indent
}

const blockText = (content: Entry, indent: string, end: string) =>
  dump(content, { lineWidth: -1, indent: 2 })
    .split('\n')
    .map((line) => (line === '' ? '' : `${indent}${line}`))
    .join(end)

interface Block {
  from: number
  /** Behind the line of its key. */
  bodyAt: number
  to: number
}

function ownBlock(text: string, key: string): Block {
  const head = headOf(text, key)
  const block = head && blockAt(text, SERVER, indentBelow(text, head.end), head.end, text.length)
  if (!block) throw new BrokenText(head ? text.slice(0, head.end).split('\n').length - 1 || 1 : 1, 'unsafe')
  return block
}

/** A key with what stands below it; a list may stand as far in as its key. */
function blockAt(text: string, name: string, indent: string, from: number, to: number): Block | undefined {
  const found = new RegExp(`^${indent}(["']?)${name}\\1[ \\t]*:.*(?:\\r?\\n|$)`, 'm').exec(text.slice(from, to))
  if (!found) return undefined
  const start = from + found.index
  const bodyAt = start + found[0].length
  const below = new RegExp(
    `^(?:${indent}[ -].*(?:\\r?\\n|$)|[ \\t]*(?:#.*)?\\r?\\n(?=(?:[ \\t]*(?:#.*)?\\r?\\n)*${indent}[ -]))*`,
  )
  const [body = ''] = below.exec(text.slice(bodyAt, to)) ?? []
  return { from: start, bodyAt, to: bodyAt + body.length }
}

const cutBlock = ({ from, to }: Block): Edit => ({ at: from, length: to - from, text: '' })
