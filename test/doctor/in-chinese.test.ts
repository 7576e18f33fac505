// The Chinese of what the layers below say in English: every form keeps its facts, is Chinese, and is still said.
import { describe, expect, it } from 'vitest'
import { findPhrase, inChinese, PHRASES } from '../../src/doctor/chinese/in-chinese.ts'
import { DamagedEntry } from '../../src/errors.ts'
import { blockedError } from '../../src/guard/refusals.ts'
import { argumentForms, fixForms, formsOf, sourceFiles } from './english-forms.ts'

const blanks = (text: string) => text.split('{}').length - 1

it.each(PHRASES)('%s', (en, zh) => {
  if (!/^Use Node\.js/.test(en)) expect(blanks(zh)).toBe(blanks(en))
  expect(zh).toMatch(/\p{Script=Han}|XML|^\{\}：\{\}。$/u)
  expect(zh.replace(/alipay-mcp help settings|(openssl|ssh-keygen) [-\w ]+/g, '')).not.toMatch(
    /[A-Za-z']+ [a-z']+ [a-z']+/,
  )
})

describe('what the source says', () => {
  const files = sourceFiles()

  it('uses every phrase: the English of none is gone or reworded', () => {
    const used = new Set<string>()
    const use = (text: string) => {
      const phrase = findPhrase(text)
      if (!phrase) return
      used.add(phrase.en)
      phrase.facts.forEach(use)
    }
    // A problem gets its full stop, or the name of its file, where it is put together.
    for (const form of files.flatMap(formsOf)) [form, `${form}.`, `${form} {}.`].forEach(use)
    expect(PHRASES.map(([en]) => en).filter((en) => !used.has(en))).toEqual([])
  })

  // What close and resolve can meet at a terminal.
  const met = files.filter(({ name }) =>
    /^(guard|ledger.sqlite|refunds.(refund|refund-rules|send-refund)\.|orders.close)/.test(name),
  )
  const reasons = met.flatMap((file) => [
    ...argumentForms(file, 'refusal', 1),
    ...argumentForms(file, 'unknownRefund', 2),
    ...['NoAnswerError', 'OutcomeUnknownError'].flatMap((name) => argumentForms(file, name, 1)),
    ...[0, 1].flatMap((place) => argumentForms(file, 'LedgerError', place)),
  ])
  it.each([...new Set(reasons)].filter((form) => form !== '{}'))('has a Chinese of: %s', (form) => {
    expect(inChinese(form).replace(/npx [\w -]+/g, '')).not.toMatch(/[a-z']+,? [a-z']+/i)
  })
})

describe('what settings say is to be done', () => {
  const files = sourceFiles().filter(({ name }) => /^(settings|gateway.exchange|server.services)/.test(name))
  const fixes = [...new Set(files.flatMap(fixForms))]
  const COMMANDS = /alipay-mcp (help settings|emulator)|--config FILE|openssl \w+ [-\w ]+|ssh-keygen [-\w ]+|chmod 600/g

  it('is found in the source', () => {
    expect(fixes.length).toBeGreaterThan(70)
  })

  it.each(fixes)('has a Chinese of its own: %s', (fix) => {
    expect(findPhrase(fix)?.en).not.toBe('{}: {}.')
    const zh = inChinese(fix)
    expect(zh).toMatch(/\p{Script=Han}/u)
    expect(zh.replace(COMMANDS, '')).not.toMatch(/[a-z']+,? [a-z']+/i)
    for (const [fact] of fix.matchAll(COMMANDS)) expect(zh).toContain(fact.trim())
  })
})

it('puts the facts in their places, and translates those that have a Chinese of their own', () => {
  expect(inChinese('names a folder, not a plain file: "/srv".')).toBe('指向文件夹，不是普通文件："/srv"。')
  const over = blockedError('refund_payment', {
    why: 'daily_refunds',
    asked_fen: 1500,
    limit_fen: 200000,
    used_fen: 199000,
  })
  expect(inChinese(over.refusal.not_sent ?? '')).toBe(
    '请求 15.00 元，而 ALIPAY_DAILY_REFUNDS 限 2000.00 元（一天的退款）：已用 1990.00 元，剩余 10.00 元',
  )
  expect(inChinese('9.00 asked, and ALIPAY_MAX_REFUND allows 5.00 for each refund')).toBe(
    '请求 9.00 元，而 ALIPAY_MAX_REFUND 限 5.00 元（每笔退款）',
  )
  const frozen = blockedError('refund_payment', { why: 'frozen', since: 0, because: 'audit' })
  expect(inChinese(frozen.refusal.not_sent ?? '')).toBe(
    '管理员已于北京时间 1970-01-01 08:00:00 冻结全部收款和退款，原因："audit"',
  )
  expect(inChinese('cannot be used: this is a public key, not a private one.')).toBe('不可用：这是公钥，不是私钥。')
})

it('translates a problem with its fix behind it, and a list of settings', () => {
  const problem = 'the ledger cannot be used: The disk of the ledger is full.'
  expect(inChinese(`${problem} Free some space, or let ALIPAY_DATA_DIR name a folder on another disk.`)).toBe(
    '账本不可用：账本所在的磁盘已满。请清理磁盘，或把 ALIPAY_DATA_DIR 设为另一块磁盘上的文件夹。',
  )
  const damaged = new DamagedEntry('order "A" (subject)')
  expect(inChinese(damaged.message)).toBe(`${inChinese(damaged.problem)}${inChinese(damaged.fix)}`)
  const settings = [
    'ALIPAY_MAX_REFUND=500.00 (the most that one refund may give back)',
    'ALIPAY_DAILY_REFUNDS=2000.00 (the most of one day)',
  ]
  expect(inChinese(`refunds are off in production until the operator sets: ${settings.join('; ')}`)).toBe(
    '正式环境不能退款，管理员须先配置：ALIPAY_MAX_REFUND=500.00（每笔退款的上限）；ALIPAY_DAILY_REFUNDS=2000.00（每天退款的上限）',
  )
})

it('leaves what it does not know as it is', () => {
  expect(inChinese('something else went wrong')).toBe('something else went wrong')
})
