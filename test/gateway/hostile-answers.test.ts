// Answers made to break whoever reads them: each is an unknown by the rules, never an error of ours, never believed.
import { describe, expect, it } from 'vitest'
import { judge } from '../../src/gateway/answer.ts'
import { alipay, answered, envelope, rootOf, signatureOf } from '../keys-for-tests.ts'

const QUERY = 'alipay.trade.query'
const REFUND = 'alipay.trade.refund'
const PAID = '{"code":"10000","msg":"Success","out_trade_no":"A","total_amount":"9.90"}'
const SIGN = signatureOf(PAID)
const METHODS = [QUERY, REFUND]

const judged = (method: string, text: string) =>
  judge(method, answered(text), alipay.publicKey, method === REFUND, { out_trade_no: 'A' })
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
const inObjects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

describe('a sign that is none', () => {
  const signs = {
    empty: '""',
    blank: '"  \\n"',
    null: 'null',
    'a number': '5',
    'a boolean': 'true',
    'an object': '{"a":"b"}',
    'an object with toString': '{"toString":"x","length":256}',
    'a list': '[]',
    'a list with a signature': `["${SIGN}"]`,
    'nested deep': nested(100_000),
    'in objects, deep': inObjects(100_000),
    'a word': '"null"',
    Chinese: '"签名"',
    cut: `"${SIGN.slice(0, 300)}"`,
    long: `"${'A'.repeat(900_001)}"`,
    'a lone surrogate': '"\\ud800"',
  }

  it.each(Object.entries(signs))('is %s: not signed, and no word of the key', (_what, sign) => {
    for (const method of METHODS) {
      const outcome = judged(method, `{"${rootOf(method)}":${PAID},"sign":${sign}}`)
      expect(outcome).toStrictEqual({ outcome: 'unknown', why: 'the answer was not signed (10000)' })
    }
  })

  it.each(Object.entries(signs))('is %s: a certain refusal of a refund is none', (_what, sign) => {
    const poor = '{"code":"40004","sub_code":"ACQ.SELLER_BALANCE_NOT_ENOUGH"}'
    expect(judged(REFUND, `{"${rootOf(REFUND)}":${poor},"sign":${sign}}`)).toMatchObject({ outcome: 'unknown' })
  })
})

describe('an odd value', () => {
  const values = {
    'lists, deep': nested(100_000),
    'objects, deep': inObjects(100_000),
    'deep without an end': '['.repeat(100_000),
    'a huge number': '1e999999',
    'many digits': '9'.repeat(500_000),
    'a lone surrogate': '"\\ud800"',
    'a zero': '"\\u0000"',
    'a raw zero': '"\u0000"',
    'itself as a prototype': '{"__proto__":{"code":"10000"},"constructor":{"prototype":null}}',
    'many members': `{${Array.from({ length: 60_000 }, (_, n) => `"${n}":0`).join()}}`,
    'many quotes': `"${'\\"'.repeat(300_000)}"`,
    'a string without an end': `"${'\\\\'.repeat(300_000)}`,
  }

  it.each(Object.entries(values))('(%s) beside the answer proves nothing', (_what, value) => {
    for (const method of METHODS) {
      expect(judged(method, `{"x":${value},"${rootOf(method)}":${PAID}}`)).toMatchObject({ outcome: 'unknown' })
      expect(judged(method, `{"${rootOf(method)}":${value}}`)).toMatchObject({ outcome: 'unknown' })
      expect(judged(method, value)).toMatchObject({ outcome: 'unknown' })
    }
  })

  it.each(Object.entries(values))('(%s) for what Alipay writes as text is none of it', (_what, value) => {
    for (const key of ['code', 'sub_code', 'out_trade_no']) {
      const raw = `{"${key}":${value}}`
      for (const method of METHODS) {
        expect(judged(method, envelope(rootOf(method), raw, signatureOf(raw)))).toMatchObject({ outcome: 'unknown' })
      }
    }
  })
})

it('a member named __proto__ gives nothing to the answer', () => {
  const raw = '{"__proto__":{"code":"40002","sub_code":"isv.x"}}'
  expect(judged(REFUND, envelope(rootOf(REFUND), raw))).toMatchObject({ outcome: 'unknown' })
  expect(judged(REFUND, `{"__proto__":{"${rootOf(REFUND)}":${PAID},"sign":"${SIGN}"}}`)).toMatchObject({
    outcome: 'unknown',
  })
})
