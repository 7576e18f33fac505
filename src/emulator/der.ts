// The few forms of DER (X.690) that a certificate is made of.

export function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(tag, ...lengthOf(content.length)), content])
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length]
  const bytes = bigEndian(length, 0x100)
  return [0x80 | bytes.length, ...bytes]
}

function bigEndian(value: number, base: number): number[] {
  return value < base ? [value] : [...bigEndian(Math.floor(value / base), base), value % base]
}

export const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts)
export const setOf = (part: Buffer): Buffer => der(0x31, part)
export const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text))
export const octets = (part: Buffer): Buffer => der(0x04, part)
/** Whole bytes only, so no bit of the last one is unused. */
export const bits = (bytes: Buffer): Buffer => der(0x03, Buffer.of(0), bytes)
export const explicit = (number: number, part: Buffer): Buffer => der(0xa0 | number, part)
export const TRUE = der(0x01, Buffer.of(0xff))
export const NULL = der(0x05)

/** A positive number; without the zero byte a high first bit would make it negative. */
export function integer(bytes: Buffer): Buffer {
  return (bytes[0] ?? 0) >= 0x80 ? der(0x02, Buffer.of(0), bytes) : der(0x02, bytes)
}

/** Dotted text; the first two numbers share a byte, the others are base 128 with a flag on all but the last. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const arcs = rest.map((arc) => {
    const digits = bigEndian(arc, 0x80)
    return Buffer.from(digits.map((digit, at) => (at < digits.length - 1 ? digit | 0x80 : digit)))
  })
  return der(0x06, Buffer.of(first * 40 + second), ...arcs)
}

/** Two digits for the year until 2049, as X.509 demands, four from then on. */
export function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().slice(0, 19).replace(/\D/g, '')
  return digits < '2050' ? der(0x17, Buffer.from(`${digits.slice(2)}Z`)) : der(0x18, Buffer.from(`${digits}Z`))
}
