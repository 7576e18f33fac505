// Holds the number of a refund to its request: the same request is the same refund, another request never is.
import { describe, expect, it } from 'vitest'
import type { Trade } from '../../src/gateway/gateway.ts'
import type { RefundPortion } from '../../src/ledger/ledger.ts'
import { toYuan } from '../../src/money.ts'
import { furtherNumber, refundParamsFor } from '../../src/refunds/refund-number.ts'

const trade: Trade = {
  out_trade_no: 'ORDER_1',
  trade_no: '2026112022001400100500000001',
  trade_status: 'TRADE_SUCCESS',
  total_amount: '100.00',
}
const numberFor = (amount?: string, of: Trade = trade) => refundParamsFor(of, amount).out_request_no

describe('the same request', () => {
  it('is the same request, today and in every later version', () => {
    expect(refundParamsFor(trade, '50.00', 'broken')).toStrictEqual({
      out_request_no: 'RFe5aedd65a99f69fb4c259af1f525f4',
      refund_amount: '50.00',
      refund_reason: 'broken',
    })
    expect(refundParamsFor(trade, undefined)).toStrictEqual({
      out_request_no: 'RF650e689897f0b54b327622888512f8',
      refund_amount: '100.00',
      refund_reason: undefined,
    })
  })

  it('has the same number whatever the reason, the status, the subject and the name of the buyer', () => {
    const later: Trade = { ...trade, trade_status: 'TRADE_CLOSED', subject: 'x', buyer_logon_id: 'a***' }
    expect(refundParamsFor(later, '50.00', 'other words').out_request_no).toBe(numberFor('50.00'))
    expect(numberFor(undefined, later)).toBe(numberFor())
  })

  it('is meant by the whole amount, named or not', () => {
    expect(refundParamsFor(trade, '100.00')).toStrictEqual(refundParamsFor(trade, undefined))
  })
})

describe('another request', () => {
  it('has another number: every amount, and every order', () => {
    const numbers = new Set<string>()
    for (let fen = 1; fen <= 10_000; fen++) numbers.add(numberFor(toYuan(fen)))
    numbers.add(numberFor('50.00', { ...trade, trade_no: '2026112022001400100500000002' }))
    numbers.add(numberFor(undefined, { ...trade, trade_no: '2026112022001400100500000002' }))
    expect(numbers.size).toBe(10_002)
  })

  it('is a rest of 50 yuan, which is not the refund of 50 yuan', () => {
    const rest = numberFor(undefined, { ...trade, total_amount: '50.00' })
    expect(rest).not.toBe(numberFor('50.00'))
  })
})

describe('a further refund of the same amount', () => {
  const request = { ...trade, total_fen: 10_000, amount_fen: 5_000, out_request_no: '' }
  const numberAfter = (ordinal: number, kind: RefundPortion['kind'] = 'amount') =>
    furtherNumber(trade, { ...request, portion: { kind, ordinal } })

  it('has a number of its own, today and in every later version', () => {
    expect([numberAfter(1), numberAfter(2)]).toStrictEqual([
      'RF77c1ae5f89b9928bd4e2ba37bbdd25',
      'RFb2874f4998d9cd3972663b2a78a9cc',
    ])
  })

  it('is another one each time, up to the twentieth, and there is none of a rest', () => {
    const numbers = Array.from({ length: 19 }, (_, index) => numberAfter(index + 1))
    expect(new Set([...numbers, numberFor('50.00'), numberFor()]).size).toBe(21)
    expect(numbers).not.toContain(undefined)
    expect(numberAfter(20)).toBeUndefined()
    expect(numberAfter(1, 'rest')).toBeUndefined()
  })
})

it('makes numbers that Alipay takes: letters and digits, at most 64', () => {
  for (const amount of [undefined, '0.01', '50.00', '100.00', '100000000.00']) {
    expect(numberFor(amount)).toMatch(/^[A-Za-z0-9]{16,64}$/)
  }
})
