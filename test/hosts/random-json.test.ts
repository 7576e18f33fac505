// Over generated JSON with comments: the entry gets in, nothing else changes, and undoing gives each byte back.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryIn, type Place, planInsert, planRemoval, planUndo, planUpdate, textData } from '../../src/hosts/plan.ts'
import { isObject } from '../../src/hosts/text-format.ts'

const ENTRY = { command: 'npx', args: ['-y', 'alipay-mcp@1.2.3'] }
const PLACE: Place = { format: 'json', key: ['mcpServers'] }
const RUNS = { numRuns: 400 }

const space = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\r\n',
  '\n  ',
  '\n\t',
  ' // note, "alipay": {}\n',
  ' /* { 支付 */ ',
  '/*\n*/',
  '\n\n',
)
const name = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('alipay-old', 'Alipay', 'mcp.servers', '\\', '"'))
const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.string({ maxLength: 8, unit: 'grapheme' }))

/** A text of JSON with whatever may stand between its signs. */
const value: fc.Arbitrary<string> = fc.letrec<{ any: string; list: string; object: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf.map((one) => JSON.stringify(one)),
    tie('list'),
    tie('object'),
  ),
  list: fc.tuple(fc.array(tie('any'), { maxLength: 3 }), space).map(([all, gap]) => `[${gap}${all.join(`,${gap}`)}]`),
  object: objectText(fc.array(fc.tuple(name, tie('any')), { maxLength: 3 })),
})).any

function objectText(properties: fc.Arbitrary<[string, string][]>): fc.Arbitrary<string> {
  return fc.tuple(properties, space, space, space, fc.boolean()).map(([all, before, between, after, trails]) => {
    const text = all
      .map(([key, content]) => `${JSON.stringify(key)}${between}:${between}${content}`)
      .join(`${between},${before}`)
    return `{${before}${text}${trails && all.length > 0 ? ',' : ''}${after}}`
  })
}

const servers = fc.oneof(
  objectText(fc.array(fc.tuple(name, value), { maxLength: 3 })).map((text): [string, string][] => [
    ['mcpServers', text],
  ]),
  fc.constant<[string, string][]>([]),
)
const document = fc
  .tuple(fc.array(fc.tuple(name, value), { maxLength: 2 }), servers, fc.array(fc.tuple(name, value), { maxLength: 2 }))
  .chain(([before, own, after]) => objectText(fc.constant([...before, ...own, ...after])))
const text = fc.tuple(fc.constantFrom('', '\ufeff'), space, document, space).map((parts) => parts.join(''))

const others = (data: unknown): unknown => {
  const { mcpServers, ...rest } = Object(data)
  const { alipay: _, ...left } = isObject(mcpServers) ? mcpServers : {}
  return { rest, left }
}

describe('any JSON with comments', () => {
  it('keeps all that it held when the entry comes, and each byte when it goes', () => {
    fc.assert(
      fc.property(text, (before) => {
        const { after, edits } = planInsert(before, PLACE, ENTRY)
        const [edit] = edits
        expect(entryIn(after, PLACE)).toStrictEqual(ENTRY)
        expect(others(textData(after, 'json'))).toStrictEqual(others(textData(before, 'json')))
        // Whatever stood there is still there, around what came.
        expect(after.slice(0, edit?.at) + after.slice((edit?.at ?? 0) + (edit?.text.length ?? 0))).toBe(before)
        expect(planUndo(after, PLACE, edit?.text ?? '')?.after).toBe(before)
      }),
      RUNS,
    )
  })

  it('keeps all else when the entry is changed, and when it is taken out without its receipt', () => {
    fc.assert(
      fc.property(text, (before) => {
        const { after } = planInsert(before, PLACE, ENTRY)
        const updated = planUpdate(after, PLACE, { args: [], env: { PATH: '/bin' } }).after
        expect(entryIn(updated, PLACE)).toStrictEqual({ command: 'npx', args: [], env: { PATH: '/bin' } })
        const left = planRemoval(updated, PLACE).after
        expect(entryIn(left, PLACE)).toBeUndefined()
        expect(others(textData(left, 'json'))).toStrictEqual(others(textData(before, 'json')))
      }),
      RUNS,
    )
  })
})
