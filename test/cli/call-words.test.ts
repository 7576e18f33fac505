// The words of a call at the terminal: the nearest tool and field, and values as their fields take them.
import { describe, expect, it } from 'vitest'
import { readCallWords } from '../../src/cli/call/call-words.ts'

const properties = {
  subject: { type: 'string' },
  total_amount: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  seconds: { type: 'integer' },
  refresh: { type: 'boolean' },
  list: { type: 'array' },
}
const TOOLS = [
  { name: 'create_payment', inputSchema: { properties } },
  { name: 'list_items', inputSchema: {} },
]
const read = (...words: string[]) => readCallWords(words, TOOLS, 'en')

describe('a call', () => {
  it('takes texts as they are, and numbers, switches and JSON where the field is one', () => {
    const words = ['subject=a=b', 'total_amount=9.90', 'seconds=30', 'refresh=true', 'list=["a"]']
    expect(read('create_payment', ...words)).toStrictEqual({
      name: 'create_payment',
      args: { subject: 'a=b', total_amount: '9.90', seconds: 30, refresh: true, list: ['a'] },
    })
    expect(read('list_items').args).toStrictEqual({})
  })

  it('leaves a value that does not fit for the server to refuse', () => {
    expect(read('create_payment', 'seconds=soon', 'refresh=yes', 'subject=').args).toStrictEqual({
      ...{ seconds: 'soon', refresh: 'yes', subject: '' },
    })
  })

  it.each([
    [
      ['create_paymnt'],
      /no tool of that name\. Did you mean create_payment\?\nIt offers: create_payment, list_items\./,
    ],
    [['frobnicate'], /no tool of that name\.\nIt offers/],
    [['create_payment', 'subjct=x'], /takes nothing named subjct\. Did you mean subject\?\nIt takes: subject, /],
    [['create_payment', 'amount=9.90'], /takes nothing named amount\. Did you mean total_amount\?/],
    [['create_payment', 'm=x'], /takes nothing named m\.\nIt takes/],
    [['create_payment', '__proto__=x'], /takes nothing named __proto__\./],
    [['create_payment', 'MIIE/vQ+=x'], /takes nothing of that name\.\n/],
    [['list_items', 'x=1'], /It takes: nothing\./],
    [['create_payment', 'subject=a', 'poem'], /Word 2 behind the tool is no key=value/],
    [['create_payment', 'subject=a', 'subject=b'], /subject is given twice/],
    [['create_payment', 'list=a'], /list takes JSON/],
  ])('%j is refused', (words, said) => {
    expect(() => read(...words)).toThrow(said)
  })

  it('repeats nothing that was typed: it may be a key', () => {
    expect(() => read('create_payment', 'SECRET')).toThrow(/^(?!.*SECRET)/s)
    expect(() => read('SECRET')).toThrow(/^(?!.*SECRET)/s)
  })
})
