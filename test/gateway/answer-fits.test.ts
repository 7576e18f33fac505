// Holds the judge to the method that was asked: Alipay signs the value alone, so whoever stands between can put a genuine
// answer under another name, or give it to another question.
import { describe, expect, it } from 'vitest'
import { judge } from '../../src/gateway/answer.ts'
import type { Fields } from '../../src/gateway/envelope.ts'
import { alipay, envelope, rootOf, signatureOf } from '../keys-for-tests.ts'

const order = { out_trade_no: 'ORDER_1', trade_no: '2026112922001400100500000001' }
const done = { code: '10000', msg: 'Success' }
const failed = { code: '40004', msg: 'Business Failed', sub_msg: '失败' }
const buyer = { buyer_logon_id: 'abc***@sandbox.com', buyer_user_id: '2088000000000102' }
const amounts = { buyer_pay_amount: '0.00', invoice_amount: '0.00', point_amount: '0.00', receipt_amount: '0.00' }
const waiting = { ...done, ...order, ...buyer, ...amounts, total_amount: '20.00', trade_status: 'WAIT_BUYER_PAY' }
const paid = { ...waiting, trade_status: 'TRADE_SUCCESS', send_pay_date: '2026-11-29 10:03:35' }
const refunded = {
  ...{ ...done, ...order, ...buyer, fund_change: 'Y', refund_fee: '2.00', send_back_fee: '0.00' },
  gmt_refund_pay: '2026-11-29 11:32:52',
}
const proof = { ...done, ...order, out_request_no: 'RF1', refund_amount: '2.00', refund_status: 'REFUND_SUCCESS' }
const { refund_status, ...oldProof } = { ...proof, total_amount: '20.00' }
const charged = {
  ...{ ...done, ...order, ...buyer, ...amounts, total_amount: '15.00', gmt_payment: '2026-11-29 10:00:03' },
  fund_bill_list: [{ amount: '15.00', fund_channel: 'ALIPAYACCOUNT' }],
}
const { gmt_payment: _, fund_bill_list: __, ...waits } = charged
const underWay = { ...waits, code: '10003', msg: ' order success pay inprocess' }
const AGREEMENT = { agreement_no: '20260000000000000001' }
const agreed = {
  ...{ ...done, ...AGREEMENT, alipay_logon_id: '159******00', invalid_time: '2115-02-01 00:00:00', status: 'NORMAL' },
  ...{ next_deduct_time: '2026-12-06', principal_id: '2088000000000102', sign_time: '2026-10-06 10:00:00' },
}
const cancelled = { ...done, ...order, action: 'refund', retry_flag: 'N' }

interface Method {
  asked: Fields
  changing: boolean
  /** Answers of Alipay as recorded and documented, and with what it may add one day. */
  genuine: Readonly<Record<string, Fields>>
}

const METHODS: Readonly<Record<string, Method>> = {
  'alipay.trade.query': {
    asked: { out_trade_no: 'ORDER_1' },
    changing: false,
    genuine: {
      paid,
      waiting,
      'paid, with funds': { ...paid, fund_bill_list: [{ amount: '0.01', fund_channel: 'PCREDIT' }], store_name: '店' },
      'fully refunded': { ...paid, trade_status: 'TRADE_CLOSED' },
      'not there': { ...failed, ...amounts, sub_code: 'ACQ.TRADE_NOT_EXIST', out_trade_no: 'ORDER_1' },
    },
  },
  'alipay.trade.refund': {
    asked: { trade_no: order.trade_no, out_request_no: 'RF1', refund_amount: '2.00' },
    changing: true,
    genuine: {
      refunded,
      'refunded, with funds': { ...refunded, refund_detail_item_list: [{ amount: '2.00', fund_channel: 'PCREDIT' }] },
      'refunded, with the number': { ...refunded, out_request_no: 'RF1', refund_amount: '2.00' },
      repeated: { ...refunded, fund_change: 'N' },
      'too little': { ...failed, sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH', refund_fee: '0.00', send_back_fee: '0.00' },
    },
  },
  'alipay.trade.fastpay.refund.query': {
    asked: { trade_no: order.trade_no, out_request_no: 'RF1' },
    changing: false,
    genuine: { proof, 'of before 2021': oldProof, nothing: done, 'with its time': { ...proof, gmt_refund_pay: 'x' } },
  },
  'alipay.trade.close': {
    asked: { out_trade_no: 'ORDER_1' },
    changing: true,
    genuine: {
      closed: { ...done, ...order },
      'too late': { ...failed, sub_code: 'ACQ.TRADE_STATUS_ERROR', out_trade_no: 'ORDER_1' },
    },
  },
  'alipay.trade.precreate': {
    asked: { out_trade_no: 'ORDER_1', total_amount: '20.00', subject: 'Tea' },
    changing: true,
    genuine: {
      code: { ...done, out_trade_no: 'ORDER_1', qr_code: 'https://qr.alipay.com/bax0' },
      'paid already': { ...failed, sub_code: 'ACQ.TRADE_HAS_SUCCESS' },
    },
  },
  'alipay.trade.pay': {
    asked: { out_trade_no: 'ORDER_1', total_amount: '15.00', subject: 'Tea' },
    changing: true,
    genuine: {
      charged,
      'in process': underWay,
      'too early': { ...failed, sub_code: 'ACQ.CYCLE_PAY_DATE_NOT_MATCH', out_trade_no: 'ORDER_1' },
    },
  },
  'alipay.user.agreement.query': {
    asked: AGREEMENT,
    changing: false,
    genuine: { agreed, 'not there': { ...failed, sub_code: 'USER_AGREEMENT_NOT_EXIST' } },
  },
  'alipay.user.agreement.executionplan.modify': {
    asked: { ...AGREEMENT, deduct_time: '2026-12-10' },
    changing: true,
    genuine: {
      'put off': { ...done, ...AGREEMENT, deduct_time: '2026-12-10 00:00:00' },
      'not there': { ...failed, sub_code: 'USER_AGREEMENT_NOT_EXIST' },
    },
  },
}
const NAMES = Object.keys(METHODS)

function judged(method: string, value: Fields | string, more: Fields = {}) {
  const { asked, changing } = METHODS[method] ?? { asked: {}, changing: true }
  const raw = typeof value === 'string' ? value : JSON.stringify({ ...value, ...more })
  const bytes = Buffer.from(envelope(rootOf(method), raw, signatureOf(raw)))
  const answered = { kind: 'answered', host: 'localhost', status: 200, bytes } as const
  return judge(method, answered, alipay.publicKey, changing, asked)
}

describe.each(NAMES)('%s', (method) => {
  const { genuine = {}, changing } = METHODS[method] ?? {}

  it.each(Object.entries(genuine))('takes its own answer: %s', (_, value) => {
    const expected = /^1000[03]$/.test(String(value.code)) ? 'done' : 'refused'
    expect(judged(method, value).outcome).toBe(expected)
    // What Alipay adds one day, and what it leaves empty.
    const more = { new_field: '1', trade_settle_info: { a: ['b'] }, qr_code_2: 'x', retry_flag: '', gmt_payment: null }
    expect(judged(method, value, more).outcome).toBe(expected)
  })

  const others = NAMES.filter((other) => other !== method).flatMap((other) =>
    Object.entries(METHODS[other]?.genuine ?? {}).map(([name, value]) => [`${other}: ${name}`, value] as const),
  )
  const tells = others.filter(([, value]) => !SAME_EVERYWHERE.includes(value))
  it.each([...tells, ['alipay.trade.cancel: refunded', cancelled]] as const)('does not take %s', (_, value) => {
    const judgement = judged(method, value)
    const { outcome } = judgement
    expect(outcome).not.toBe('refused')
    // Without a word on whether money moved it proves no refund.
    if (judgement.outcome === 'done' && method === 'alipay.trade.refund') {
      return expect(judgement.answer.fund_change).toBeUndefined()
    }
    // What a read takes for done has to have what its own answer has (`fitting`).
    if (changing || value.code !== '10000') expect(outcome).toBe('unknown')
  })

  it.each(['out_trade_no', 'trade_no', 'out_request_no', 'refund_amount', 'total_amount'])(
    'does not take an answer about another %s',
    (key) => {
      const { asked } = METHODS[method] ?? {}
      if (asked?.[key] === undefined) return
      for (const value of Object.values(genuine)) expect(judged(method, value, { [key]: '7' }).outcome).toBe('unknown')
    },
  )

  it('does not take a success with a sub_code, nor one that says a thing twice', () => {
    const [value = {}] = Object.values(genuine)
    expect(judged(method, value, { sub_code: 'ACQ.SYSTEM_ERROR' }).outcome).toBe('unknown')
    expect(judged(method, value, { sub_code: 'ACQ.TRADE_STATUS_ERROR' }).outcome).toBe('unknown')
    const twice = JSON.stringify(value).replace('{', '{"out_trade_no":"ORDER_2",')
    expect(judged(method, `${twice.slice(0, -1)},"out_trade_no":"ORDER_1"}`).outcome).toBe('unknown')
  })
})

/** Refusals and successes that every method's answers can look like: nobody can tell whose they are. */
const SAME_EVERYWHERE: readonly Fields[] = [
  ...Object.values(METHODS).flatMap(({ genuine }) => Object.values(genuine)),
].filter((value) => {
  const keys = Object.keys(value).filter((key) => !['code', 'msg', 'sub_code', 'sub_msg'].includes(key))
  return keys.every((key) => ['out_trade_no', 'trade_no'].includes(key))
})

describe('what contradicts itself', () => {
  it.each<[string, Fields]>([
    ['alipay.trade.close', { ...done, ...order, trade_status: 'TRADE_SUCCESS' }],
    ['alipay.trade.close', { ...failed, ...order, sub_code: 'ACQ.TRADE_STATUS_ERROR', trade_status: 'TRADE_SUCCESS' }],
    ['alipay.trade.query', { ...paid, refund_fee: '2.00' }],
    ['alipay.trade.query', { ...paid, trade_status: 'WAIT_BUYER_PAY' }],
    ['alipay.trade.refund', { ...refunded, refund_status: 'REFUND_FAIL' }],
    ['alipay.trade.refund', { ...refunded, ...failed, sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' }],
    ['alipay.trade.refund', { ...refunded, code: '40006', msg: 'x' }],
    ['alipay.trade.precreate', { ...failed, sub_code: 'ACQ.INVALID_PARAMETER', qr_code: 'https://qr.alipay.com/bax0' }],
  ])('is unknown, never refused: %s %j', (method, value) => {
    expect(judged(method, value).outcome).toBe('unknown')
  })
})
