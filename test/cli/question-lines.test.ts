// The question of an approval at a terminal: in one language, and each fact of it.
import { expect, it } from 'vitest'
import { changed, questionOf } from '../../src/approval/question.ts'
import { questionIn } from '../../src/cli/question-lines.ts'

const FACTS = {
  environment: 'sandbox',
  out_trade_no: 'A1',
  subject: 'Tea: green 茶',
  buyer_logon_id: 'abc***@sandbox.com',
  send_pay_date: '2026-11-29 10:47:05',
  amount: '3.00',
  total_amount: '9.90',
  refunded: '1.00',
  left: '5.90',
  host: 'Cursor 2',
  refund_reason: '少了一行 one line',
  further: true,
  earlier: { at: Date.parse('2026-11-29T02:00:00Z'), amount: '3.00', state: 'unknown' },
} as const
const VALUES = [
  '¥3.00',
  '¥9.90',
  '¥1.00',
  '¥5.90',
  'A1',
  '"Tea: green 茶"',
  'abc***@sandbox.com',
  '2026-11-29 10:47:05',
]

it.each(['zh', 'en'] as const)('in %s has every fact, and no line without a value', (language) => {
  const shown = questionIn(language, questionOf(FACTS))
  for (const value of [...VALUES, '"Cursor 2"', '"少了一行 one line"']) expect(shown).toContain(value)
  expect(shown.split('\n')).toHaveLength(questionOf(FACTS).split('\n').length)
  expect(shown.split('\n').filter((line) => /[:：]\s*$/.test(line))).toStrictEqual([])
})

it('is in one language, but for what others typed', () => {
  const ours = (text: string) => text.replace(/"[^"]*"/g, '')
  expect(ours(questionIn('en', questionOf(FACTS)))).not.toMatch(/\p{Script=Han}/u)
  expect(ours(questionIn('zh', questionOf(FACTS)))).not.toMatch(/[a-z]{3,} [a-z]{2,}/)
})

it('says that no reason was given, and that something has changed', () => {
  const { refund_reason: _, ...without } = FACTS
  expect(questionIn('en', questionOf(without))).toContain("Reason, in the assistant's words: none given")
  expect(questionIn('zh', questionOf(without))).toContain('退款原因（助手填写）：未填写')
  expect(questionIn('zh', changed(questionOf(FACTS)))).toMatch(/^情况有变，请重新确认。\n/)
  expect(questionIn('en', changed(questionOf(FACTS)))).toContain('Approve this refund?')
})

it('leaves a question of another form as it is', () => {
  expect(questionIn('zh', 'something\nelse: 1')).toContain('something')
  expect(questionIn('zh', 'something\nelse: 1')).toContain('1')
})
