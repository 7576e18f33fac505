// What a key comes wrapped in out of JSON, an address, a page, a mail or an editor, taken off where that is certain.
import { stripVTControlCharacters } from 'node:util'
import { decodeText } from './named-file.ts'

/** Wrappings may lie in each other; each step leaves what is no wrapping of its kind as it is. */
export function unwrapped(pasted: string): string {
  let text = pasted
  for (let layer = 0; layer < MOST_LAYERS; layer++) {
    const inner = STEPS.reduce((inside, step) => step(inside), text)
    if (inner === text) break
    text = inner
  }
  return text
}

const MOST_LAYERS = 6
const STEPS: readonly ((text: string) => string)[] = [
  seenSigns,
  dataUrl,
  percentCodes,
  entities,
  quotedPrintable,
  escapes,
  lineNumbers,
  linePrefixes,
  codeStrings,
  withoutQuotes,
  encodedText,
]

/** Without signs that nobody sees, colours of a terminal, and wide letters of Chinese keyboards. */
function seenSigns(text: string): string {
  const plain = text.length < 100_000 ? stripVTControlCharacters(text) : text
  return plain
    .replace(/\p{Cf}|\p{Variation_Selector}/gu, '')
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[‐‑‒–—―−﹣-]+/g, (dashes: string, at: number, all: string) =>
      isFrame(dashes, at, all) ? '-----' : dashes,
    )
}

/** Dashes of a first or last line, of which any number was left, or which an editor made one long one. */
function isFrame(dashes: string, at: number, all: string): boolean {
  const end = at + dashes.length
  return (
    /^\s?(BEGIN|END)/i.test(all.slice(end, end + 6)) ||
    /(KEY|CERTIFICATE|REQUEST)\s?$/i.test(all.slice(at > 12 ? at - 12 : 0, at))
  )
}

function dataUrl(text: string): string {
  const [head, kind = ''] = /^\s{0,9}data:([^,]{0,200}),/i.exec(text) ?? []
  if (head === undefined) return text
  const body = text.slice(head.length)
  return /;\s?base64$/i.test(kind) ? body : percentCodes(body)
}

/** Where a + is written %2B, or a blank +, a form was encoded, in which + is a blank. */
function percentCodes(text: string): string {
  if (!/%[0-9a-f]{2}/i.test(text) || /%(?![0-9a-f]{2})/i.test(text)) return text
  const isForm = /%2B|(BEGIN|END)\+|\+KEY/i.test(text)
  const blanks = isForm ? text.replaceAll('+', ' ') : text
  return blanks.replace(/%([0-9a-f]{2})/gi, (_code, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['plus', '+'],
  ['sol', '/'],
  ['equals', '='],
  ['quot', '"'],
  ['apos', "'"],
  ['lt', '<'],
  ['gt', '>'],
  ['nbsp', ' '],
  ['newline', '\n'],
  ['hyphen', '-'],
  ['dash', '-'],
  ['colon', ':'],
])

/** And tags, as pages break lines with them. */
function entities(text: string): string {
  const decoded = text.replace(/&(#x[0-9a-f]{1,5}|#\d{1,6}|[a-z]{2,8});/gi, (code, name: string) => {
    if (!name.startsWith('#')) return ENTITIES.get(name.toLowerCase()) ?? code
    return String.fromCharCode(Number(name.slice(1).replace(/^x/i, '0x')))
  })
  return decoded.replace(/<\/?[a-z][a-z0-9]{0,9}(\s[^<>]{0,100})?\/?>/gi, '\n')
}

/** Base64 has its = at the end alone. */
function quotedPrintable(text: string): string {
  if (!/=(3D|0D|0A)|=\r?\n[^=]{20,76}=\r?\n/.test(text)) return text
  const joined = text.replace(/=\r?\n(?=[A-Za-z0-9+/])/g, (end, at: number) => (endsBase64(text, at) ? end : ''))
  return joined.replace(/=(3D|2B|2F|2D|20|0A|0D|09)/g, (_code, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Whether what follows is another text, such as a second key or a last line. */
const endsBase64 = (text: string, at: number) =>
  /^=\r?\n(-|MI[IGHJ]|[A-Za-z_ ]{0,40}[:=])/.test(text.slice(at, at + 50))

/** However often it was escaped: neither base64 nor a frame has a backslash. */
function escapes(text: string): string {
  return text.replace(/\\+(u[0-9a-f]{4}|x[0-9a-f]{2}|[\s\S]|$)/gi, (_all, code: string) => {
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[nrt]/.test(code) ? '\n' : code
  })
}

/** Only where every line has one, and each is one more than that before. */
function lineNumbers(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const numbered = lines.map((line) => /^\s{0,8}(\d{1,5})[ \t]{0,3}[:|.)\]\t ]\s?(.*)$/.exec(line))
  const isCounted = numbered.every((line, at) => line && Number(line[1]) === Number(numbered[0]?.[1]) + at)
  return lines.length > 1 && isCounted ? numbered.map((line) => line?.[2]).join('\n') : text
}

/** Of a mail, a comment or a difference: what stands before the first line stands before each. */
function linePrefixes(text: string): string {
  const lines = text.split('\n')
  const first = lines.findIndex((line) => /BEGIN [A-Z]/.test(line))
  const prefix = /^(\s{0,9}[>#|*;+/:.!-]{1,4}) ?-----/.exec(lines[first] ?? '')?.[1]?.trimEnd()
  if (prefix === undefined) return text
  const last = lines.findIndex((line, at) => at >= first && /END [A-Z]/.test(line))
  const framed = lines.slice(first, last + 1)
  return framed.every((line) => line.startsWith(prefix))
    ? framed.map((line) => line.slice(prefix.length)).join('\n')
    : text
}

/** A text that a program puts together: only what stands in quotes. */
function codeStrings(text: string): string {
  const joined = text.replace(/(["'])\s{0,20}[+.&]\s{0,20}\1/g, '')
  const lines = joined.split('\n').filter((line) => /[\w]/.test(line))
  const inner = lines.map((line) => /^[^"']{0,80}(["'])(.*)\1[^"'\w]{0,9}$/.exec(line)?.[2])
  return lines.length > 1 && inner.every((one) => one !== undefined) ? inner.join('\n') : joined
}

function withoutQuotes(text: string): string {
  return text.replace(/["'`´“”„‘’«»‹›「」『』]|\^(?=\r?\n)/g, '\n').trim()
}

/** Base64 or hexadecimal figures of a text, or such figures of a key. */
function encodedText(text: string): string {
  const dense = text.replace(/\s+/g, '')
  const isHex = /^(0x)?(30|2d2d|4d49|efbb)([0-9a-f]{2}:?)+$/i.test(dense)
  if (isHex) return ofBytes(Buffer.from(dense.replace(/^0x|:/gi, ''), 'hex'))
  if (dense.length < 64 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(dense)) return text
  const inner = decodeText(Buffer.from(dense, 'base64'))
  return isPlain(inner) ? inner : text
}

const ofBytes = (bytes: Buffer) => (bytes[0] === 0x30 ? bytes.toString('base64') : decodeText(bytes))

/** A key itself, decoded, is never a text. */
const isPlain = (text: string) => !/[^\P{Cc}\s]|\ufffd/u.test(text) && /BEGIN |MI[IGHJ]|^[A-Za-z0-9+/=\s]+$/.test(text)
