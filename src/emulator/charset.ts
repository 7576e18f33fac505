// The two charsets that Alipay takes and answers in (a request names its own), and GBK text as bytes.
import { TextDecoder } from 'node:util'

export type Charset = 'utf-8' | 'gbk'

/** undefined for any other, and for GBK where Node was built without full ICU. */
export function charsetOf(name: string | undefined): Charset | undefined {
  const charset = name?.toLowerCase()
  if (charset === 'utf-8' || charset === 'utf8') return 'utf-8'
  return charset === 'gbk' && gbkDecoder() ? 'gbk' : undefined
}

export function decode(bytes: Buffer, charset: Charset): string {
  return charset === 'utf-8' ? bytes.toString() : (gbkDecoder()?.decode(bytes) ?? '')
}

/** JSON text as bytes; a character that GBK lacks is written as its escape. */
export function encodeJson(text: string, charset: Charset): Buffer {
  return charset === 'utf-8' ? Buffer.from(text) : encodeGbk(text, jsonEscape)
}

function jsonEscape(char: string): string {
  return char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

/** @param substitute writes a character that GBK lacks */
export function encodeGbk(text: string, substitute: (char: string) => string): Buffer {
  table ??= buildTable()
  const bytes: number[] = []
  for (const char of text) {
    const pair = table.get(char)
    if (char < '\x80') bytes.push(char.charCodeAt(0))
    else bytes.push(...(pair ?? Buffer.from(substitute(char))))
  }
  return Buffer.from(bytes)
}

// Node can only decode GBK, so the table is its decoder read backwards.
let table: ReadonlyMap<string, readonly [number, number]> | undefined

/** Of several pairs for one character the first is the usual one. */
function buildTable(): Map<string, readonly [number, number]> {
  const pairs = new Map<string, readonly [number, number]>()
  const decoder = gbkDecoder()
  for (let lead = 0x81; decoder && lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const char = decoder.decode(Uint8Array.of(lead, trail))
      if ([...char].length === 1 && char !== '\ufffd' && !pairs.has(char)) pairs.set(char, [lead, trail])
    }
  }
  return pairs
}

function gbkDecoder(): TextDecoder | undefined {
  try {
    return new TextDecoder('gb18030')
  } catch {
    return undefined
  }
}
