// Chinese text in GB18030, which contains GBK and GB2312: Node decodes it, and from that the way back is made.

/** Undefined where the bytes are none (or this Node was built without the table). */
export function decodeGb(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** In one or two bytes a character, as GBK has it; undefined for a text with others. */
export function encodeGbk(text: string): Buffer | undefined {
  pairs ??= makePairs()
  const bytes: number[] = []
  for (const char of text) {
    const pair = char < '\u0080' ? [char.charCodeAt(0)] : pairs.get(char)
    if (!pair) return undefined
    bytes.push(...pair)
  }
  return Buffer.from(bytes)
}

let pairs: ReadonlyMap<string, readonly number[]> | undefined

// The second bytes of a pair: 0x40 to 0xfe without 0x7f.
const SECONDS = Array.from({ length: 191 }, (_, n) => 0x40 + n).filter((second) => second !== 0x7f)

function makePairs(): ReadonlyMap<string, readonly number[]> {
  const made = new Map<string, readonly number[]>()
  for (let first = 0x81; first <= 0xfe; first++) {
    const row = decodeGb(Buffer.from(SECONDS.flatMap((second) => [first, second]))) ?? ''
    // A pair is one character, and a character one unit of the text.
    SECONDS.forEach((second, n) => {
      made.set(row.charAt(n), [first, second])
    })
  }
  return made
}
