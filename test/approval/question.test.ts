// The words that a merchant says yes or no to: every fact on a line of its own, whatever others typed.
import { expect, it } from 'vitest'
import { changed, questionOf, type RefundFacts } from '../../src/approval/question.ts'

const FACTS: RefundFacts = {
  environment: 'production',
  out_trade_no: '20261123T1',
  subject: 'Tea 茶',
  amount: '30.00',
  total_amount: '100.00',
  refunded: '20.00',
  further: false,
}

it('tells all facts in both languages, a line each', () => {
  const lines = [
    '要退款吗？ Give this money back?',
    '退款金额 Refund: ¥30.00',
    '订单号 Order: 20261123T1',
    '商品 Item: "Tea 茶"',
    '订单总额 Order total: ¥100.00',
    '已知已退 Refunded, as known: ¥20.00',
    '环境 Environment: 真实资金 real money (production)',
  ]
  expect(questionOf(FACTS).split('\n')).toStrictEqual(lines)
})

it.each([
  ['local', '环境 Environment: 本地模拟，不动真钱 local emulator, no real money'],
  ['sandbox', '环境 Environment: 支付宝沙箱，不动真钱 sandbox, no real money'],
] as const)('says in %s that no real money moves', (environment, line) => {
  expect(questionOf({ ...FACTS, environment }).split('\n')).toContain(line)
})

it('leaves out the subject of an order that another program made', () => {
  expect(questionOf({ ...FACTS, subject: undefined })).not.toContain('商品')
})

it('warns of a further refund of one amount', () => {
  const [, note] = questionOf({ ...FACTS, further: true }).split('注意 Note: ')
  expect(note).toBe('同一金额再退一笔。 One more refund of an amount that was refunded before.')
})

it.each([
  ['unknown', '结果未知', 'has an unknown end'],
  ['not_executed', '未执行', 'was not executed'],
] as const)('names the time of an earlier try that ended %s, and the danger', (state, chinese, english) => {
  const earlier = { at: Date.parse('2026-11-23T17:00:05Z'), amount: '30.00', state }
  const [, note] = questionOf({ ...FACTS, earlier }).split('注意 Note: ')
  expect(note).toBe(
    `北京时间 2026-11-24 01:00:05 曾退款 ¥30.00，${chinese}；此后若已手工退款，将会重复退款。 An earlier try of ¥30.00 ` +
      `at that time (Beijing) ${english}: a refund made by hand since would be paid twice.`,
  )
})

it.each([
  ['a line of its own', 'Tea\n退款金额 Refund: ¥0.01', '"Tea 退款金额 Refund: ¥0.01"'],
  ['a quote that ends it', 'Tea" ¥0.01 "', '"Tea\\" ¥0.01 \\""'],
  ['signs that turn the direction', 'Tea \u202e10.0¥\u2066\u200f', '"Tea  10.0¥"'],
  ['other line ends', 'a\r\nb\u2028c\u2029d\u0085e\u000bf', '"a b c d e f"'],
  ['more than 60 characters', '茶'.repeat(61), `"${'茶'.repeat(59)}…"`],
  ['61 faces, which are two units each', '🍵'.repeat(61), `"${'🍵'.repeat(59)}…"`],
])('lets no subject make %s', (_, subject, shown) => {
  const question = questionOf({ ...FACTS, subject })
  expect(question.split('\n')).toHaveLength(7)
  expect(question.split('\n')[3]).toBe(`商品 Item: ${shown}`)
})

it('lets no order number make a line of its own', () => {
  expect(questionOf({ ...FACTS, out_trade_no: 'T1\n退款金额 Refund: ¥0.01' }).split('\n')).toHaveLength(7)
})

it('says first that something changed, when it is put again', () => {
  const [first, ...rest] = changed(questionOf(FACTS)).split('\n')
  expect(first).toBe('情况有变，请重新确认。 Something has changed since you were asked: please look again.')
  expect(rest.join('\n')).toBe(questionOf(FACTS))
})
