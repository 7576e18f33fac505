// Everything that a person or a model reads, held to plain words.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { adviceFor, KNOWN_SUB_CODES } from '../../src/gateway/refusals/refusals.ts'
import { instructionsFor } from '../../src/server/instructions.ts'
import { formsOf, sourceFiles } from '../doctor/english-forms.ts'
import { ALL_NAMES, READ_ONLY_NAMES } from '../tools/catalogue.ts'
import { faultsOf } from './dialect.ts'

const stored = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

it.each([
  ['No second order on the wish of the merchant.'],
  ['The ledger is mended.'],
  ['A link stays payable for ever.'],
  ['An order that shall not be paid.'],
  ['Ask the buyer whether he paid.'],
  ['0 of 3 orders that fit.'],
  ['请告诉运营者。'],
  ['同一意愿只退一次。'],
  ['网关的应答'],
  [`${'word '.repeat(41)}.`],
])('finds what is wrong with "%s"', (text) => {
  expect(faultsOf(text)).toHaveLength(1)
})

it('finds nothing in plain words', () => {
  expect(
    faultsOf('Paid: 9.90 yuan. Call query_payment with {"out_trade_no":"A"}. 「开发设置」里的公钥，请管理员核对。'),
  ).toStrictEqual([])
})

it.each([
  ['the list of tools', () => stored('../tools/__snapshots__/tools-list.txt').replaceAll('\\n', '\n')],
  ['the tour', () => stored('./__snapshots__/tour.txt')],
  ['the instructions', () => [instructionsFor(ALL_NAMES), instructionsFor(READ_ONLY_NAMES)].join('\n')],
  ['the advice on refusals', () => KNOWN_SUB_CODES.flatMap((code) => advice(code)).join('\n')],
])('%s is in plain words', (_what, text) => {
  expect(faultsOf(text())).toStrictEqual([])
})

it.each(sourceFiles().map((file) => [file.name, file] as const))(
  'the texts of %s are in plain words',
  (_name, file) => {
    const texts = formsOf(file).filter((text) => / |\p{Script=Han}/u.test(text))
    // 设置 as a verb is right, and stands here far more often than the noun.
    expect(texts.flatMap(faultsOf).filter((fault) => !fault.endsWith('write 配置'))).toStrictEqual([])
  },
)

const advice = (code: string) => {
  const { cause, remedy } = adviceFor(code)
  return [cause.en, remedy.en, cause.zh, remedy.zh]
}

it('has all advice in both languages', () => {
  for (const code of KNOWN_SUB_CODES) {
    const { cause, remedy } = adviceFor(code)
    for (const { en, zh } of [cause, remedy]) {
      expect([code, /[a-z]/.test(en), /[\u4e00-\u9fff].*[。！]$/.test(zh)]).toStrictEqual([code, true, true])
    }
  }
})
