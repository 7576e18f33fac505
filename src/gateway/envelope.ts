// Opens an answer: cuts the object that was signed out of the bytes as they came, in UTF-8 or in GBK, and its signature.
import { isUtf8 } from 'node:buffer'
import { decodeGb } from './gb18030.ts'

export type Fields = Readonly<Record<string, unknown>>

export interface Envelope {
  /** The bytes of the answer object, as they were signed. */
  raw: Buffer
  /** The same as text. */
  text: string
  fields: Fields
  /** Undefined where there is none, or what cannot be one. */
  signature: Buffer | undefined
  alipay_cert_sn: string | undefined
  /** error_response: it can refuse, and never says that something was done. */
  isError: boolean
}

interface Member {
  start: number
  end: number
  text: string
  value: unknown
}

/**
 * Undefined where it is not the answer to this method, in the form that Alipay documents. A key that comes twice makes
 * the whole answer void: one of the two would be read and the other one verified.
 */
export function openEnvelope(bytes: Buffer, method: string): Envelope | undefined {
  const members = membersIn(bytes)
  const own = members?.get(`${method.replaceAll('.', '_')}_response`)
  const answer = own ?? members?.get('error_response')
  if (!members || !answer || !isObject(answer.value)) return undefined
  const raw = bytes.subarray(answer.start, answer.end)
  // A field that comes twice says two things, too.
  if (!membersIn(raw)) return undefined
  return {
    raw,
    text: answer.text,
    fields: answer.value,
    signature: signatureIn(members.get('sign')?.value),
    alipay_cert_sn: textIn(members.get('alipay_cert_sn')?.value),
    isError: own === undefined,
  }
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textIn = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

/** One of RSA is as long as its key. What is shorter or cut is none, and says nothing against the key. */
function signatureIn(value: unknown): Buffer | undefined {
  const signature = Buffer.from(textIn(value) ?? '', 'base64')
  return signature.length >= 64 && signature.length % 64 === 0 ? signature : undefined
}

// Alipay's longest answers have some fifty fields.
const MOST_MEMBERS = 200

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c]
const [OPENS, CLOSES, OPENS_LIST, CLOSES_LIST] = [0x7b, 0x7d, 0x5b, 0x5d]

const membersIn = (bytes: Buffer) => (isUtf8(bytes) && membersOf(bytes, false)) || membersOf(bytes, true)

/**
 * The members of the one object, each parsed by itself. Undefined where the bytes are something else, or have a key
 * twice.
 */
function membersOf(bytes: Buffer, isGb: boolean): ReadonlyMap<string, Member> | undefined {
  const members = new Map<string, Member>()
  let at = skipSpace(bytes, skipMark(bytes))
  if (bytes[at] !== OPENS) return undefined
  if (bytes[skipSpace(bytes, at + 1)] === CLOSES) return members
  do {
    const start = skipSpace(bytes, at + 1)
    if (bytes[start] !== QUOTE) return undefined
    const keyEnd = stringEnd(bytes, start, isGb)
    const colon = skipSpace(bytes, keyEnd)
    if (bytes[colon] !== COLON) return undefined
    const key = read(bytes, start, keyEnd, isGb)?.value
    at = valueEnd(bytes, colon + 1, isGb)
    const member = read(bytes, skipSpace(bytes, colon + 1), trimEnd(bytes, at), isGb)
    if (typeof key !== 'string' || !member || members.has(key) || members.size === MOST_MEMBERS) return undefined
    members.set(key, member)
  } while (bytes[at] === COMMA)
  return bytes[at] === CLOSES && skipSpace(bytes, at + 1) === bytes.length ? members : undefined
}

/** Index of the comma or bracket that ends the value which starts at `at`, if the value is good JSON. */
function valueEnd(bytes: Buffer, at: number, isGb: boolean): number {
  let depth = 0
  while (at < bytes.length) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      at = stringEnd(bytes, at, isGb)
      continue
    }
    if (depth === 0 && (byte === COMMA || byte === CLOSES)) return at
    if (byte === OPENS || byte === OPENS_LIST) depth++
    if (byte === CLOSES || byte === CLOSES_LIST) depth--
    at++
  }
  return at
}

/**
 * Index behind the closing quote. In GBK the second byte of a character may be a backslash or a bracket, never a quote;
 * the four bytes of GB18030 are two such pairs, with a digit second.
 */
function stringEnd(bytes: Buffer, quote: number, isGb: boolean): number {
  let at = quote + 1
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0
    if (byte === QUOTE) return at + 1
    const isPair = byte === BACKSLASH || (isGb && byte > 0x80 && (bytes[at + 1] ?? 0) >= 0x30)
    at += isPair ? 2 : 1
  }
  return bytes.length
}

/** One value. What its own bytes are decides, and nothing around them: no header, no other member. */
function read(bytes: Buffer, start: number, end: number, isGb: boolean): Member | undefined {
  for (const text of isGb ? readings(bytes.subarray(start, end)) : [bytes.toString('utf8', start, end)]) {
    const value = parse(text)
    if (value !== undefined) return { start, end, text, value }
  }
  return undefined
}

function readings(raw: Buffer): readonly string[] {
  const text = decodeGb(raw)
  return [...(isUtf8(raw) ? [raw.toString('utf8')] : []), ...(text === undefined ? [] : [text])]
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

function skipSpace(bytes: Buffer, at: number): number {
  while (isSpace(bytes[at])) at++
  return at
}

function trimEnd(bytes: Buffer, end: number): number {
  while (isSpace(bytes[end - 1])) end--
  return end
}

// The byte order mark, in UTF-8 and in GB18030.
const MARKS = [Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from([0x84, 0x31, 0x95, 0x33])]

function skipMark(bytes: Buffer): number {
  return MARKS.find((mark) => bytes.subarray(0, mark.length).equals(mark))?.length ?? 0
}
