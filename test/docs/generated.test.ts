// Holds what stands in docs/ from the code to the code: tables of settings, tools and errors, and their Chinese.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { readTranslations, unfinished, updated } from '../../scripts/docs/chinese.ts'
import { ERROR_TEXTS } from '../../scripts/docs/error-kinds.ts'
import { retriesOf } from '../../scripts/docs/errors.ts'
import { codeTexts, generatedPages } from '../../scripts/docs/pages.ts'
import { IN_ALL, RESULT_FIELDS, RESULTS } from '../../scripts/docs/result-fields.ts'
import { ERROR_KINDS, type ErrorKind } from '../../src/errors.ts'
import { CallRate } from '../../src/server/call-rate.ts'
import { errorFields } from '../../src/server/error-results.ts'
import { useShop } from '../shop.ts'
import { ALL_NAMES, CATALOGUE, goodCall } from '../tools/catalogue.ts'
import { all, ROOT, read } from './markdown.ts'

const STALE = 'run "npm run docs"'
const SOURCES = readdirSync(new URL('src', ROOT), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(new URL(`src/${name}`, ROOT), 'utf8'))
  .join('\n')

it.each(generatedPages())('$file is as the code has it', ({ file, text }) => {
  expect(read(file), STALE).toBe(text)
})

it('the Chinese is of the texts that the code has, and none is missing', () => {
  const known = readTranslations()
  expect(updated(known, codeTexts()), STALE).toStrictEqual(known)
  expect(unfinished(known)).toStrictEqual([])
})

describe('a text of the code', () => {
  const done = { a: { en: 'A', zh: '甲' } }

  it('that is new or has changed is seen to by somebody before its Chinese counts', () => {
    const next = updated(done, new Map(Object.entries({ a: 'A2', b: 'B' })))
    expect(next).toStrictEqual({ a: { en: 'A2', zh: '甲', fuzzy: true }, b: { en: 'B', zh: '', fuzzy: true } })
    expect(unfinished(next)).toStrictEqual(['a', 'b'])
  })

  it('that is gone takes its Chinese along', () => {
    expect(updated(done, new Map())).toStrictEqual({})
  })
})

describe('the fields of results', () => {
  const shop = useShop()

  it('are listed for every tool, and each of them is explained', () => {
    expect(Object.keys(RESULTS)).toStrictEqual(ALL_NAMES)
    const listed = new Set([...Object.values(RESULTS).flat(), ...IN_ALL])
    expect([...listed].sort()).toStrictEqual(Object.keys(RESULT_FIELDS).sort())
  })

  it('are those of the tour of all words', () => {
    const tour = read('test/words/__snapshots__/tour.txt')
    const fields = new Set([...all(tour, /^([a-z_]+): /gm), ...all(tour, /(?:^\d+\.| \|) ([a-z_]+): /gm)])
    expect(fields.size).toBeGreaterThan(40)
    expect([...fields].filter((field) => !Object.hasOwn(RESULT_FIELDS, field))).toStrictEqual([])
  })

  it('have the Chinese sentence in every result, as the page says', () => {
    const [, ...answers] = read('test/words/__snapshots__/tour.txt').split(/^== /m)
    const without = answers.filter((answer) => !/^message_zh: .*\p{Script=Han}.*。$/mu.test(answer))
    expect(answers.length).toBeGreaterThan(40)
    expect(without.map((answer) => answer.split('\n')[0])).toStrictEqual([])
  })

  it('are all in the code', () => {
    const gone = Object.keys(RESULT_FIELDS).filter((field) => !new RegExp(`\\b${field}\\b`).test(SOURCES))
    expect(gone).toStrictEqual([])
  })

  it.each(CATALOGUE)('of $name are those that it answers with', async (row) => {
    const answer = await shop.call(row.name, await goodCall(row, shop))
    expect(answer.isError).toBeUndefined()
    const lists = Object.values(answer).flatMap((value) => (Array.isArray(value) ? value : []))
    const fields = [answer, ...lists].flatMap((item) => Object.keys(item))
    const known = [...(RESULTS[row.name] ?? []), ...IN_ALL]
    expect(fields.filter((field) => !known.includes(field))).toStrictEqual([])
  })
})

describe('the values of retry', () => {
  const shop = useShop()
  const kinds = z.array(z.custom<ErrorKind>()).parse(Object.keys(ERROR_KINDS))
  const documented = kinds.flatMap((kind) => retriesOf(kind).map(([retry]) => `${kind} ${retry}`))
  const inTour = [...read('test/words/__snapshots__/tour.txt').matchAll(/^error: (\w+)\nretry: (\w+)$/gm)]
  const pairOf = (answer: unknown) => `${Object(answer).error} ${Object(answer).retry}`

  const refused = async (sub_code: string, times: 1 | 'always') => {
    const { out_trade_no } = await shop.paidOrder()
    await shop.control('faults', { fault: 'refuse', method: 'alipay.trade.refund', sub_code, times })
    return shop.call('refund_payment', { out_trade_no })
  }
  const perMinute = () => {
    const rate = new CallRate(1, () => 0)
    const call = async () => rate.take('list_payments')
    return call()
      .then(call)
      .then(String, (error) => errorFields(error, () => {}))
  }

  it('that results have are in the dictionary, and each that is not of the kind itself is seen', async () => {
    const further = [
      await perMinute(),
      await refused('ACQ.TRADE_HAS_FINISHED', 1),
      await refused('isv.app-call-limited', 'always'),
    ]
    const seen = new Set([...inTour.map(([, error, retry]) => pairOf({ error, retry })), ...further.map(pairOf)])
    expect([...seen].filter((pair) => !documented.includes(pair))).toStrictEqual([])
    const others = kinds.flatMap((kind) =>
      Object.keys(ERROR_TEXTS[kind].otherwise ?? {}).map((retry) => `${kind} ${retry}`),
    )
    expect(others.filter((pair) => !seen.has(pair))).toStrictEqual([])
  })
})
