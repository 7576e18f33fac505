// What is said of a refund that was sent: every combination of tries, readings and earlier doubt, held to the money rules.
import { describe, expect, it } from 'vitest'
import type { Outcome, RefundAnswer, RefundRecord } from '../../src/gateway/gateway.ts'
import { judgeRefund, type RefundVerdict, type SentRefund } from '../../src/refunds/judge-refund.ts'

const MINUTE = 60_000
const NOW = 100 * MINUTE
const params = { out_request_no: 'RF1', refund_amount: '30.00' }
const order = { out_trade_no: 'ORDER_1', trade_no: '2026112922001400100500000001' }
const success = { ...order, ...params, refund_status: 'REFUND_SUCCESS' }

const answered = (more: Partial<RefundAnswer>): Outcome<RefundAnswer> => ({
  outcome: 'done',
  answer: { ...order, refund_fee: '30.00', gmt_refund_pay: '2026-11-29 10:00:00', ...more },
})
const told = (answer: RefundRecord): Outcome<RefundRecord> => ({ outcome: 'done', answer })
const refused = (more = {}) => ({ outcome: 'refused', refusal: { verified: true, ...more } }) as const
const lost = { outcome: 'unknown', why: 'no answer within 15000 ms' } as const

const TRIES = {
  'money moved': [answered({ fund_change: 'Y' })],
  'nothing moved now': [answered({ fund_change: 'N' })],
  'no word on it': [answered({})],
  refused: [refused({ code: '40004', sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' })],
  'not sent': [refused({ not_sent: 'nothing listens' })],
  lost: [lost],
  'lost, then money moved': [lost, answered({ fund_change: 'Y' })],
  'lost, then nothing moved now': [lost, answered({ fund_change: 'N' })],
  'lost, then no word on it': [lost, answered({})],
  'lost, then refused': [lost, refused({ code: '40004', sub_code: 'ACQ.TRADE_HAS_CLOSE' })],
  'lost twice': [lost, lost],
} as const satisfies Record<string, SentRefund['tries']>
type Tries = keyof typeof TRIES

const READINGS = {
  'nothing was read': [],
  'a proof': [told(success)],
  'nothing, then a proof': [told({}), told(success)],
  nothing: [told({})],
  'nothing, twice': [told({}), told({})],
  'no answer': [lost],
  'no answer, then nothing': [lost, told({})],
  'a record without success': [told({ ...success, refund_status: undefined })],
  'success of another amount': [told({ ...success, refund_amount: '40.00' })],
  'success of another number': [told({ ...success, out_request_no: 'RF2' })],
  'a refusal to tell': [refused({ code: '40004', sub_code: 'ACQ.ACCESS_FORBIDDEN' })],
} as const satisfies Record<string, readonly Outcome<RefundRecord>[]>
type Readings = keyof typeof READINGS

const DOUBTS = {
  'no earlier attempt': undefined,
  'one of a minute ago': NOW - MINUTE,
  'one of ten minutes ago': NOW - 10 * MINUTE,
} as const
type Doubt = keyof typeof DOUBTS

const keys = <K extends string>(table: Record<K, unknown>) => Object.keys(table) as K[]
const CASES = keys(TRIES).flatMap((tries) =>
  keys(READINGS).flatMap((found) => keys(DOUBTS).map((doubt) => [tries, found, doubt] as const)),
)

const judged = (tries: Tries, found: Readings, doubt: Doubt): RefundVerdict =>
  judgeRefund({
    params,
    refundedBefore: 0,
    tries: TRIES[tries],
    found: READINGS[found],
    inDoubtSince: DOUBTS[doubt],
    readAt: NOW,
  })

const hasProof = (found: Readings) => found === 'a proof' || found === 'nothing, then a proof'
const saysMoved = (tries: Tries) => tries.endsWith('money moved')
const isOnlyRefused = (tries: Tries) => tries === 'refused' || tries === 'not sent'

describe.each(CASES)('%s; found: %s; %s', (tries, found, doubt) => {
  const verdict = judged(tries, found, doubt)

  it('is done with a proof, and never without one', () => {
    expect(verdict.state === 'done').toBe(saysMoved(tries) || hasProof(found))
  })

  it('is refused only where the one try was, and Alipay told of nothing that contradicts it', () => {
    const contradicted = hasProof(found) || found.startsWith('a record') || found.startsWith('success of another')
    const asked = tries === 'not sent' || found.startsWith('nothing,') || found === 'nothing'
    expect(verdict.state === 'refused').toBe(isOnlyRefused(tries) && !contradicted && asked)
  })

  if (verdict.state === 'done') {
    it('says that this call moved the money unless Alipay said that it had moved before', () => {
      const before = tries === 'nothing moved now' || isOnlyRefused(tries)
      expect(verdict.moved).toBe(before ? 'earlier' : 'now')
    })
  }

  if (verdict.state === 'refused') {
    it('leaves an earlier attempt in doubt until Alipay knows nothing of it ten minutes later', () => {
      const { [found]: readings } = READINGS
      const isOver = doubt === 'one of ten minutes ago' && readings[0]?.outcome === 'done'
      expect(verdict.earlierInDoubt).toBe(doubt !== 'no earlier attempt' && !isOver)
    })
  }

  if (verdict.state === 'unknown') {
    it('says why, and whether Alipay knows nothing of the number', () => {
      expect(verdict.why).not.toBe('')
      if (isOnlyRefused(tries)) expect(verdict.empty).toBe(false)
      else expect(verdict.empty).toBe(/nothing(?! was read)/.test(found))
    })
  }
})

describe('the words of what is not known', () => {
  it.each([
    ['nothing moved now', 'nothing', 'Alipay answered fund_change N'],
    ['lost, then no word on it', 'nothing', 'Alipay did not say whether money moved'],
    ['lost, then refused', 'nothing', 'no answer within 15000 ms'],
    ['refused', 'no answer', 'Alipay refused, and did not answer whether it was made earlier'],
    ['refused', 'a record without success', 'Alipay refused, and has a record of it that tells of no success'],
  ] as const)('%s; found: %s', (tries, found, why) => {
    expect(judged(tries, found, 'no earlier attempt')).toMatchObject({ state: 'unknown', why })
  })
})

it('tells the sum refunded so far as the last answer said it, and the time of the proof', () => {
  const gmt_refund_pay = '2026-11-29 11:11:11'
  const found = [told({ ...success, gmt_refund_pay })]
  const sent = { params, refundedBefore: 0, found, inDoubtSince: undefined, readAt: NOW }
  expect(judgeRefund({ ...sent, tries: [lost, answered({ fund_change: 'N', refund_fee: '70.00' })] })).toStrictEqual({
    state: 'done',
    moved: 'now',
    gmt_refund_pay,
    refund_fee: '70.00',
  })
  expect(judgeRefund({ ...sent, tries: [lost] })).toMatchObject({ gmt_refund_pay, refund_fee: undefined })
})

describe('an answer that says "money moved", by the sum that it tells', () => {
  const by = (refund_fee: string | undefined, refundedBefore: number, ...found: Outcome<RefundRecord>[]) =>
    judgeRefund({
      ...{ params, refundedBefore, found, inDoubtSince: undefined, readAt: NOW },
      tries: [answered({ fund_change: 'Y', refund_fee })],
    })

  it('proves the refund where it has risen by its amount', () => {
    expect(by('30.00', 0)).toMatchObject({ state: 'done', moved: 'now', refund_fee: '30.00' })
    expect(by('31.00', 100)).toMatchObject({ state: 'done', moved: 'now', refund_fee: '31.00' })
  })

  it.each<[string | undefined, number]>([
    ['1.00', 0],
    ['30.00', 100],
    ['97.00', 9_700],
    ['29.99', 0],
    ['70.00', 0],
    [undefined, 0],
  ])('proves nothing with %s after %s fen', (refund_fee, before) => {
    for (const found of [[], [told({})], [told({}), told({})], [lost], [told({ ...success, out_request_no: 'RF2' })]]) {
      const verdict = by(refund_fee, before, ...found)
      expect(verdict).toMatchObject({ state: 'unknown', why: expect.stringContaining('does not fit this refund') })
    }
  })

  it('leaves it to the record, and of an older answer nothing is told', () => {
    expect(by('1.00', 0, told(success))).toMatchObject({ state: 'done', moved: 'now', refund_fee: undefined })
    expect(by('70.00', 0, told(success))).toMatchObject({ state: 'done', moved: 'now', refund_fee: '70.00' })
    expect(by(undefined, 0, told({}), told(success))).toMatchObject({ state: 'done', moved: 'now' })
  })

  it('says nothing of who moved it where "nothing moved now" is older than what is known', () => {
    const tries = [answered({ fund_change: 'N', refund_fee: '1.00' })] as const
    const sent = { params, tries, found: [told(success)], inDoubtSince: undefined, readAt: NOW }
    expect(judgeRefund({ ...sent, refundedBefore: 200 })).toMatchObject({ moved: 'now', refund_fee: undefined })
    expect(judgeRefund({ ...sent, refundedBefore: 100 })).toMatchObject({ moved: 'earlier', refund_fee: '1.00' })
  })
})
