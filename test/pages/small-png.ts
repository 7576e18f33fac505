// A picture of a page, made small: few colours, each once in a palette, and half a byte for each dot.
import { crc32, deflateSync } from 'node:zlib'
import { PNG } from 'pngjs'

/** Soft edges of letters have many shades; so many are enough for the eye. */
const COLOURS = 12
/** Of areas; those after them are shades, of which one that is near another adds nothing. */
const AREAS = 8
/** Sums of the squares of three channels. */
const NEAR = { area: 40, shade: 2500 }

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
const HALF_BYTES = Buffer.from([4, 3, 0, 0, 0])

/** @param png as the browser makes it @returns the same dots, in the colours that it has most of */
export function smallPng(png: Buffer): Buffer {
  const { width, height, data } = PNG.sync.read(png)
  const dots = Array.from({ length: width * height }, (_, at) => data.readUIntBE(at * 4, 3))
  const palette = paletteOf(dots)
  const nearest = new Map<number, number>()
  const indexOf = (dot: number) => {
    const known = nearest.get(dot) ?? nearestIn(palette, dot)
    nearest.set(dot, known)
    return known
  }
  const row = 1 + Math.ceil(width / 2)
  const rows = Buffer.alloc(row * height)
  for (const [at, dot] of dots.entries()) {
    const x = at % width
    const place = Math.floor(at / width) * row + 1 + (x >> 1)
    rows[place] = (rows[place] ?? 0) | (indexOf(dot) << (x % 2 === 0 ? 4 : 0))
  }
  const size = Buffer.alloc(8)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  const colours = Buffer.concat(palette.map((colour) => Buffer.from([colour >> 16, colour >> 8, colour])))
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', Buffer.concat([size, HALF_BYTES])),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The most frequent, none near another one. */
function paletteOf(dots: readonly number[]): readonly number[] {
  const counts = new Map<number, number>()
  for (const dot of dots) counts.set(dot, (counts.get(dot) ?? 0) + 1)
  const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour)
  const palette: number[] = []
  for (const colour of byCount) {
    const near = palette.length < AREAS ? NEAR.area : NEAR.shade
    if (palette.length < COLOURS && palette.every((one) => distance(one, colour) > near)) palette.push(colour)
  }
  return palette
}

function nearestIn(palette: readonly number[], dot: number): number {
  const distances = palette.map((colour) => distance(colour, dot))
  return distances.indexOf(Math.min(...distances))
}

function distance(one: number, other: number): number {
  const channel = (shift: number) => (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2
  return channel(16) + channel(8) + channel(0)
}

function chunk(type: string, content: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), content])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  check.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, check])
}
