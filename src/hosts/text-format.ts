// What is common to the texts of hosts, whatever their format: edits, entries, line ends, and a text that is broken.

/** The server's name in every host. */
export const SERVER = 'alipay'

/** How a host's file describes a server, in that host's words. */
export type Entry = Readonly<Record<string, unknown>>

/** So many characters at that place give way to a text. */
export interface Edit {
  at: number
  length: number
  text: string
}

export interface TextFormat {
  /** The whole text as plain data; an empty text is an empty object. @throws BrokenText */
  read(text: string): unknown
  /** @param key where servers stand, from the outside in @throws BrokenText where no safe place is found */
  insert(text: string, key: readonly string[], entry: Entry): Edit
  /** Of our entry, with what separates it from others. @throws BrokenText */
  remove(text: string, key: readonly string[]): readonly Edit[]
  /** Gives these fields of our entry new values and leaves its others. @throws BrokenText */
  update(text: string, key: readonly string[], fields: Entry): readonly Edit[]
}

/** A text that cannot be read, or not edited safely. */
export class BrokenText extends Error {
  override name = 'BrokenText'

  /** @param line counted from 1 */
  constructor(
    readonly line: number,
    readonly kind: 'broken' | 'shape' | 'unsafe',
  ) {
    super(`${kind} on line ${line}`)
  }
}

export const lineAt = (text: string, at: number) => text.slice(0, at).split(/\r\n|\n|\r/).length

/** As the text ends its lines. */
export const lineEnd = (text: string) => (/\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n')

/** From the last to the first, so that each finds its place. */
export function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.at - a.at)
    .reduce((result, { at, length, text: put }) => result.slice(0, at) + put + result.slice(at + length), text)
}

export type Data = Record<string, unknown>
export const isObject = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands under the keys, one below the other. */
export const valueAt = (data: unknown, keys: readonly string[]): unknown =>
  keys.reduce<unknown>((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), data)

/** As object literals are: libraries make objects without a prototype, which would differ from ours. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!isObject(value) || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
}
