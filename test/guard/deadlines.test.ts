// The worst case of every call, step by step: it answers within 55 seconds, because hosts cut a call at 60.
import { expect, it } from 'vitest'
import * as D from '../../src/guard/deadlines.ts'
import { CATALOGUE, LONGEST_TURN, SENT_REFUND } from '../tools/catalogue.ts'

it.each(CATALOGUE)('$name answers within 55 seconds', ({ longest }) => {
  expect(longest).toBeLessThanOrEqual(55_000)
})

it('refund_payment does so, too, where an operator is waited for as long as that may be', () => {
  expect(D.OPERATOR_MS + SENT_REFUND).toBeLessThanOrEqual(55_000)
})

it('a second reading comes when Alipay must know the number, also where both tries were answered at once', () => {
  expect(D.READ_AFTER_SEND_MS).toBeGreaterThanOrEqual(10_000)
  // Where they were not, the repeat itself has taken that long.
  expect(D.READ_AFTER_SEND_MS).toBeLessThanOrEqual(D.SECOND_REFUND_MS)
})

it('a repeat, and a decision, grow stale later than what comes before them takes', () => {
  expect(D.REPEAT_MS).toBeGreaterThan(D.FIRST_REFUND_MS + D.REFUND_PAUSE_MS)
  expect(D.REPEAT_MS).toBeGreaterThan(D.FIRST_CODE_MS + D.CODE_PAUSE_MS)
  expect(D.DECISION_MS).toBeGreaterThan(2 * D.READ_MS + LONGEST_TURN)
})
