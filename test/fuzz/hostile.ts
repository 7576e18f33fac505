// Values that break programs: names of prototypes, odd characters, long and deep things, in short recipes that shrink.
import fc from 'fast-check'

export const PROTOTYPE_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  'then',
  'toJSON',
]

/** Stands in a page as it is only where the page forgot to escape. */
export const MARKUP = ['<x7q>', '"x7q=', "'x7q=", '</title><x7q', '<!--<x7q', '&lt;"x7q=']

const ODD = [
  '',
  ' ',
  '\u0000',
  '\r\nSet-Cookie: x7q=1',
  '\ud800',
  '\udc00\ud800',
  '\ufeff',
  '\u202e',
  '\u2028',
  '🀄',
  '👨‍👩‍👧‍👦',
  '订单',
  '٣',
  '１２',
  '%00',
  '%',
  '../../etc/passwd',
  '$(id)',
  "' or 1=1 --",
  '%s%n',
  '${x}',
  '{{x}}',
  'NaN',
  '-0',
  '1e3',
  '0x10',
  'null',
  'undefined',
  'javascript:alert(1)//x7q',
]

/** A text of one piece many times over: it is generated, shown and shrunk as two values. */
const long = fc
  .tuple(
    fc.constantFrom('a', '9', '\\', '"', '{', '[', ' ', '\n', '茶', '🀄', '-----BEGIN '),
    fc.oneof(
      { weight: 30, arbitrary: fc.integer({ min: 0, max: 300 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
    ),
  )
  .map(([piece, times]) => piece.repeat(times))

// fc.string's own unit for all of them makes a table of a million first.
const anyPoints = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0, max: 0x10_ffff })), { maxLength: 20 })
  .map((points) => String.fromCodePoint(...points))

export const hostileText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ODD, ...PROTOTYPE_NAMES, ...MARKUP) },
  { weight: 3, arbitrary: anyPoints },
  { weight: 3, arbitrary: fc.string({ maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom(...ODD, ...MARKUP), { maxLength: 4 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: long },
)

const numbers = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.1, 9.9, 1e21, 2 ** 53, 2 ** 53 + 2, -(2 ** 63), Number.MAX_VALUE, Number.MIN_VALUE),
  fc.double(),
  fc.integer(),
)

const nestedJson = (most: number) =>
  fc
    .tuple(fc.boolean(), fc.integer({ min: 1, max: most }))
    .map(([list, deep]) => (list ? '['.repeat(deep) + ']'.repeat(deep) : `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`))

// No deeper than what JSON.stringify writes, which this fuzzer needs itself.
const nested = nestedJson(1_000).map((text): unknown => JSON.parse(text))

/** An object with an own property of such a name, as JSON makes one. */
const odder = fc
  .tuple(fc.constantFrom(...PROTOTYPE_NAMES), fc.constantFrom('1', 'null', '{"a":1}', '"x"'))
  .map(([name, value]): unknown => JSON.parse(`{${JSON.stringify(name)}:${value}}`))

/** Anything that JSON can say. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: hostileText },
  { weight: 3, arbitrary: numbers },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [null], ['x'], { a: {} }) },
  { weight: 1, arbitrary: odder },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: nested },
)

/** The same as it is written, and deeper. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  { weight: 200, arbitrary: hostileValue.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: nestedJson(100_000) },
)

export const hostileName = fc.oneof(fc.constantFrom(...PROTOTYPE_NAMES), hostileText)

/** An object by its pairs; a name such as __proto__ becomes its own property, as JSON.parse makes it. */
export function objectOf<T>(pairs: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries(pairs)
}

/** One change of a text or file, at a place between its beginning (0) and its end (1). */
export interface Edit {
  how: 'flip' | 'set' | 'insert' | 'cut' | 'double'
  at: number
  value: number
}

const edit: fc.Arbitrary<Edit> = fc.record({
  how: fc.constantFrom('flip', 'set', 'insert', 'cut', 'double'),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  value: fc.integer({ min: 0, max: 255 }),
})

export const edits = (most: number) => fc.array(edit, { maxLength: most })

export function edited(bytes: Buffer, changes: readonly Edit[]): Buffer {
  return changes.reduce(editedOnce, bytes)
}

function editedOnce(bytes: Buffer, { how, at, value }: Edit): Buffer {
  const place = Math.floor(at * bytes.length)
  const [before, from] = [bytes.subarray(0, place), bytes.subarray(place)]
  if (how === 'insert') return Buffer.concat([before, Buffer.of(value), from])
  if (how === 'cut') return Buffer.concat([before, from.subarray(value)])
  if (how === 'double') return Buffer.concat([before, from.subarray(0, value), from])
  const changed = Buffer.from(bytes)
  const old = changed[place] ?? 0
  if (changed.length > 0) changed[place] = how === 'flip' ? old ^ (1 << (value % 8)) : value
  return changed
}
