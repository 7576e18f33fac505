// The words that a merchant says yes or no to: every fact on a line of its own, whatever others typed.
import { describe, expect, it } from 'vitest'
import { changed, questionOf, type RefundFacts, readQuestion } from '../../src/approval/question.ts'

const FACTS: RefundFacts = {
  environment: 'production',
  out_trade_no: '20261123T1',
  subject: 'Tea 茶',
  buyer_logon_id: 'abc***@sandbox.com',
  send_pay_date: '2026-11-23 10:47:05',
  amount: '30.00',
  total_amount: '100.00',
  refunded: '20.00',
  left: '50.00',
  host: 'Claude Desktop 1.2',
  refund_reason: '少了一盒 one box is missing',
  further: false,
}

it('tells all facts in both languages, a line each', () => {
  const lines = [
    '是否同意退款？ Approve this refund?',
    '退款金额 Refund: ¥30.00',
    '商品 Item: "Tea 茶"',
    '买家 Buyer: abc***@sandbox.com',
    '付款时间（北京） Paid (Beijing time): 2026-11-23 10:47:05',
    '订单总额 Order total: ¥100.00',
    '此前已退（已知） Refunded so far (known): ¥20.00',
    '退后剩余（已知） Left afterwards (known): ¥50.00',
    '订单号 Order: 20261123T1',
    '发起方（自报名称） Requested by (the name it gives): "Claude Desktop 1.2"',
    `退款原因（助手填写） Reason, in the assistant's words: "少了一盒 one box is missing"`,
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

it('leaves out what Alipay does not tell of an order that another program made', () => {
  const { subject, buyer_logon_id, send_pay_date, ...facts } = FACTS
  expect(questionOf(facts)).not.toMatch(/商品|买家|付款时间/)
})

it('says where the assistant gave no reason, without quotes', () => {
  const { refund_reason, ...facts } = FACTS
  const line = "退款原因（助手填写） Reason, in the assistant's words: 未填写 none given"
  expect(questionOf(facts).split('\n')).toContain(line)
})

it('warns of a further refund of one amount', () => {
  const [, note] = questionOf({ ...FACTS, further: true }).split('注意 Note: ')
  expect(note).toBe(
    '这个订单已经退过一笔相同金额的款，这是又一笔。 This order already had a refund of the same amount; this is one more.',
  )
})

it.each([
  ['unknown', '结果未知', 'has an unknown result'],
  ['not_executed', '没有执行', 'was not executed'],
] as const)('names the time of an earlier try that ended %s, and the danger', (state, chinese, english) => {
  const earlier = { at: Date.parse('2026-11-23T17:00:05Z'), amount: '30.00', state }
  const [, note] = questionOf({ ...FACTS, earlier }).split('注意 Note: ')
  expect(note).toBe(
    `北京时间 2026-11-24 01:00:05 曾发起退款 ¥30.00，${chinese}；如果此后已手工退款，这笔款会退两次。 ` +
      `The refund of ¥30.00 tried at 2026-11-24 01:00:05 Beijing time ${english}: ` +
      'a refund made by hand since would be paid twice.',
  )
})

it('names both amounts, in each language, where Alipay has another one than was asked here', () => {
  const alarm = 'Alipay has 100.00 yuan under this number, and 10.00 was asked here'
  const [, note] = questionOf({ ...FACTS, otherAmount: { asked: '10.00', alarm } }).split('注意 Note: ')
  expect(note).toBe(
    '支付宝中这个订单号的金额是 100.00 元，这里下单的金额是 10.00 元，可能是另一个订单。 ' +
      `${alarm}: it may be another order.`,
  )
})

describe.each([
  ['subject', '商品 Item', 60],
  ['host', '发起方（自报名称） Requested by (the name it gives)', 60],
  ['refund_reason', "退款原因（助手填写） Reason, in the assistant's words", 256],
] as const)('what others typed, as %s,', (field, label, most) => {
  it.each([
    ['a line of its own', 'Tea\n退款金额 Refund: ¥0.01', '"Tea 退款金额 Refund: ¥0.01"'],
    ['a quote that ends it', 'Tea" ¥0.01 "', '"Tea\\" ¥0.01 \\""'],
    ['signs that turn the direction', 'Tea \u202e10.0¥\u2066\u200f', '"Tea  10.0¥"'],
    ['other line ends', 'a\r\nb\u2028c\u2029d\u0085e\u000bf', '"a b c d e f"'],
    ['too many characters', '茶'.repeat(most + 1), `"${'茶'.repeat(most - 1)}…"`],
    ['too many faces, which are two units each', '🍵'.repeat(most + 1), `"${'🍵'.repeat(most - 1)}…"`],
  ])('makes no %s', (_, typed, shown) => {
    const lines = questionOf({ ...FACTS, [field]: typed }).split('\n')
    expect(lines).toHaveLength(12)
    expect(lines).toContain(`${label}: ${shown}`)
  })
})

it('lets no order number, buyer or time make a line of its own', () => {
  const typed = 'T1\n退款金额 Refund: ¥0.01'
  const question = questionOf({ ...FACTS, out_trade_no: typed, buyer_logon_id: typed, send_pay_date: typed })
  expect(question.split('\n')).toHaveLength(12)
})

it('says first that something changed, when it is put again', () => {
  const [first, ...rest] = changed(questionOf(FACTS)).split('\n')
  expect(first).toBe('情况有变，请重新确认。 Something has changed since you were asked. Please look again.')
  expect(rest.join('\n')).toBe(questionOf(FACTS))
})

describe('a question that is read again', () => {
  it('has its facts by name, in two languages, and what others typed without quotes', () => {
    const earlier = { at: 0, amount: '30.00', state: 'unknown' as const }
    const { heading, facts, notes } = readQuestion(
      questionOf({ ...FACTS, subject: '"a": "b"', further: true, earlier }),
    )
    expect(heading).toStrictEqual(['是否同意退款？', 'Approve this refund?'])
    expect(facts.map(({ name }) => name).join(' ')).toBe(
      'amount subject buyer paid total refunded left order host reason environment',
    )
    expect(facts[1]).toStrictEqual({ name: 'subject', label: ['商品', 'Item'], value: '"a": "b"' })
    expect(facts[8]).toMatchObject({ label: ['发起方（自报名称）', 'Requested by (the name it gives)'] })
    expect(notes).toHaveLength(2)
    for (const [chinese, english] of notes) {
      expect(chinese).toMatch(/^[^a-z]+。$/)
      expect(english).toMatch(/^[\x20-\x7e¥]+\.$/)
    }
  })

  it.each([
    [
      'of another version',
      'Refund?\n金额 Sum: "¥1"\nA line without a label',
      'Refund? 金额 Sum "¥1" A line without a label',
    ],
    ['whose quotes do not end', '商品 Item: "Tea', ' 商品 Item "Tea'],
    ['that is empty', '', ''],
  ])('loses nothing of one %s', (_, question, all) => {
    const { heading, facts, notes } = readQuestion(question.startsWith('商品') ? `\n${question}` : question)
    const parts = [...heading, ...facts.flatMap(({ label, value }) => [...label, value]), ...notes.flat()]
    expect(parts.filter(Boolean).join(' ').trim()).toBe(all.trim())
  })
})
