// Encodes text as GBK; Node can only decode it, so the table is its decoder read backwards.
import { TextDecoder } from 'node:util'

let table: ReadonlyMap<string, readonly [number, number]> | undefined

/** A character that GBK lacks becomes a numeric entity, which HTML shows the same. */
export function encodeGbk(text: string): Buffer {
  table ??= buildTable()
  const bytes: number[] = []
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    const pair = table.get(char)
    if (code < 0x80) bytes.push(code)
    else if (pair) bytes.push(...pair)
    else bytes.push(...Buffer.from(`&#${code};`))
  }
  return Buffer.from(bytes)
}

function buildTable(): Map<string, readonly [number, number]> {
  const pairs = new Map<string, readonly [number, number]>()
  const decoder = gbkDecoder()
  for (let lead = 0x81; decoder && lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const char = decoder.decode(Uint8Array.of(lead, trail))
      if ([...char].length === 1 && char !== '\ufffd') pairs.set(char, [lead, trail])
    }
  }
  return pairs
}

/** A Node built without full ICU lacks the decoder; entities alone are still valid GBK. */
function gbkDecoder(): TextDecoder | undefined {
  try {
    return new TextDecoder('gbk')
  } catch {
    return undefined
  }
}
