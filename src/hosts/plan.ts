// A change of a host's text, worked out and proven before anything is written: what was there, and our entry.
import { isDeepStrictEqual } from 'node:util'
import { jsonText } from './json-text.ts'
import {
  BrokenText,
  type Data,
  type Edit,
  type Entry,
  edited,
  isObject,
  lineAt,
  SERVER,
  type TextFormat,
  valueAt,
} from './text-format.ts'
import { tomlText } from './toml-text.ts'
import { yamlText } from './yaml-text.ts'

export type FormatName = 'json' | 'toml' | 'yaml'
const FORMATS: Readonly<Record<FormatName, TextFormat>> = { json: jsonText, toml: tomlText, yaml: yamlText }

export interface Place {
  format: FormatName
  /** Where servers stand, from the outside in. */
  key: readonly string[]
}

export interface Plan {
  after: string
  edits: readonly Edit[]
}

/** The whole text as plain data. @throws BrokenText */
export const textData = (text: string, format: FormatName): unknown => FORMATS[format].read(withoutMark(text))

/** Our entry as it stands there; undefined where there is none. @throws BrokenText */
export function entryIn(text: string, { format, key }: Place): unknown {
  const data = FORMATS[format].read(withoutMark(text))
  const servers = valueAt(data, key)
  if (servers !== undefined && servers !== null && !isObject(servers))
    throw new BrokenText(lineOfKey(text, key), 'shape')
  return valueAt(servers, [SERVER])
}

export const planInsert = (text: string, place: Place, entry: Entry): Plan =>
  proven(text, place, entry, (format, body) => [format.insert(body, place.key, entry)])

export const planRemoval = (text: string, place: Place): Plan =>
  proven(text, place, undefined, (format, body) => format.remove(body, place.key))

/** Its fields that are not named stay. */
export function planUpdate(text: string, place: Place, fields: Entry): Plan {
  const old = entryIn(text, place)
  const entry = { ...(isObject(old) ? old : {}), ...fields }
  const changed = Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => !isDeepStrictEqual(isObject(old) ? old[name] : undefined, value)),
  )
  return proven(text, place, entry, (format, body) => format.update(body, place.key, changed))
}

/**
 * Cuts out a text that was inserted before, if it stands there once and nothing but our entry goes with it.
 * @returns undefined where that is not so
 */
export function planUndo(text: string, place: Place, inserted: string): Plan | undefined {
  const at = text.indexOf(inserted)
  if (inserted === '' || at < 0 || text.indexOf(inserted, at + 1) >= 0) return undefined
  const edit = { at, length: inserted.length, text: '' }
  const after = edited(text, [edit])
  return isProven(text, after, place, undefined) ? { after, edits: [edit] } : undefined
}

/** @throws BrokenText where the result would not be what was there and this entry, and nothing else */
function proven(
  text: string,
  place: Place,
  entry: Entry | undefined,
  edit: (format: TextFormat, body: string) => readonly Edit[],
): Plan {
  const mark = text.length - withoutMark(text).length
  const edits = edit(FORMATS[place.format], text.slice(mark)).map((one) => ({ ...one, at: one.at + mark }))
  const after = edited(text, edits)
  if (!isProven(text, after, place, entry)) throw new BrokenText(lineAt(text, edits[0]?.at ?? 0), 'unsafe')
  return { after, edits }
}

function isProven(before: string, after: string, { format, key }: Place, entry: Entry | undefined): boolean {
  const read = (text: string) => FORMATS[format].read(withoutMark(text))
  try {
    const [was, is] = [read(before), read(after)]
    // A key that held nothing but our entry may stay, empty, or go.
    return [false, true].some((goes) => isDeepStrictEqual(emptied(is, key, goes), expected(was, key, entry, goes)))
  } catch {
    return false
  }
}

/** Where our entry is the first, its keys come with it. */
function expected(data: unknown, key: readonly string[], entry: Entry | undefined, goes: boolean): unknown {
  const [name, ...rest] = key
  const object = isObject(data) ? data : {}
  if (name !== undefined) {
    const whole = { ...object, [name]: expected(object[name], rest, entry, goes) }
    return entry === undefined ? emptied(whole, key, goes) : whole
  }
  const { [SERVER]: _, ...others } = object
  return entry === undefined ? others : { ...others, [SERVER]: entry }
}

function emptied(data: unknown, key: readonly string[], goes: boolean): unknown {
  const [name, ...rest] = key
  if (!goes || name === undefined || !isObject(data) || !Object.hasOwn(data, name)) return data
  const inner = emptied(data[name], rest, goes)
  const { [name]: _, ...others } = data
  const isEmpty = inner === null || (isObject(inner) && Object.keys(inner).length === 0)
  return isEmpty ? others : ({ ...data, [name]: inner } satisfies Data)
}

const withoutMark = (text: string) => text.replace(/^\ufeff/, '')

function lineOfKey(text: string, key: readonly string[]): number {
  const at = text.indexOf(key.at(-1) ?? '')
  return lineAt(text, Math.max(at, 0))
}
