// Holds what is advertised of each tool to the words of JSON Schema that every host knows.
import { expect, it } from 'vitest'
import { MERCHANT_TOOLS } from '../../src/tools/index.ts'
import { offerOf } from '../../src/tools/offers.ts'

const KNOWN_WORDS = new Set(
  'description default enum minimum maximum minLength maxLength pattern properties required items additionalProperties'.split(
    ' ',
  ),
)

/** What Cursor, Gemini or adapters between them and others refuse, the whole list with it. */
function unknownToSome(schema: object): string[] {
  const { properties, items } = { properties: {}, items: undefined, ...schema }
  const here = Object.entries(schema).filter(([word, value]) => {
    if (word === 'type') return typeof value !== 'string'
    if (word === 'enum') return !Array.isArray(value) || value.some((one) => typeof one !== 'string')
    if (word === 'items') return typeof value !== 'object' || Array.isArray(value)
    return !KNOWN_WORDS.has(word)
  })
  const inside = [...Object.values(properties), items].filter((one): one is object => typeof one === 'object')
  return [...here.map(([word, value]) => `${word} ${JSON.stringify(value)}`), ...inside.flatMap(unknownToSome)]
}

it.each(MERCHANT_TOOLS)('$name has one type for each field, and no alternatives', (tool) => {
  const { input, output } = offerOf(tool)
  expect([input, output].flatMap(unknownToSome)).toStrictEqual([])
})

it('others are found', () => {
  const odd = { type: 'object', properties: { a: { type: ['string', 'number'] }, b: { anyOf: [] } } }
  expect(unknownToSome(odd)).toStrictEqual(['type ["string","number"]', 'anyOf []'])
})
