// The worst case of every call, step by step: it answers within 55 seconds, because hosts cut a call at 60.
import { expect, it } from 'vitest'
import * as D from '../../src/guard/deadlines.ts'
import { TOOLS } from '../../src/tools/index.ts'

/** The most that ALIPAY_TIMEOUT_MS may be: what a read takes that has no limit of its own. */
const LONGEST_READ = 25_000
/** AlipayGateway looks at Alipay's clock before it makes a link. */
const SEE_CLOCK = 3_000
/** wait_for_payment takes 45 seconds at most. */
const LONGEST_WAIT = 45_000
/** Three seconds between two refunds of an order, and as much again where two clocks decide. */
const LONGEST_TURN = 6_000

const SENT_REFUND = LONGEST_TURN + D.FIRST_REFUND_MS + D.REFUND_PAUSE_MS + D.SECOND_REFUND_MS + 2 * D.REFUND_READ_MS

const CALLS: Readonly<Record<string, number>> = {
  // The number's own order, the order it replaces, its close, then a code twice.
  create_payment:
    2 * D.LOOK_UP_MS +
    (D.CLOSE_MS + D.AFTER_CLOSE_MS) +
    SEE_CLOCK +
    (D.FIRST_CODE_MS + D.CODE_PAUSE_MS + D.SECOND_CODE_MS),
  // The last poll, what is in doubt, and the orders that it replaced.
  wait_for_payment: LONGEST_WAIT + D.POLL_MS + 2 * D.READ_MS,
  query_payment: LONGEST_READ + 2 * D.READ_MS,
  // The order, earlier refunds of the amount, what is in doubt beside the number itself, then the sending.
  refund_payment: D.LOOK_UP_MS + 2 * D.READ_MS + SENT_REFUND,
  // The order, what is in doubt, the number, and whether the rest was made.
  query_refund: LONGEST_READ + D.READ_MS + D.REFUND_QUERY_MS + D.READ_MS,
  close_payment: LONGEST_READ + D.CLOSE_MS + D.AFTER_CLOSE_MS,
  list_payments: D.LAST_REFRESH_MS + D.LOOK_UP_MS + D.READ_MS,
}

it.each(TOOLS.map(({ name }) => name))('%s answers within 55 seconds', (name) => {
  expect(CALLS[name]).toBeLessThanOrEqual(55_000)
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
