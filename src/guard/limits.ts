// The operator's limits that need no ledger, looked at first: reads alone, and the most of one order or refund.
import { toYuan } from '../money.ts'
import type { Rules } from './call.ts'
import { noSplitting, overLimit, refusal } from './refusals.ts'

/** @throws RefusedError where the server may only read */
export function requireWritable(operation: string, { readOnly }: Rules): void {
  if (!readOnly) return
  const next_step = 'Tell the user and stop: only the operator can change ALIPAY_READ_ONLY.'
  throw refusal(operation, 'this server is read-only (ALIPAY_READ_ONLY)', next_step).with({ kind: 'not_configured' })
}

/** @throws RefusedError where a new order may not be made, or not for so much */
export function requirePaymentAllowed(amount_fen: number, rules: Rules): void {
  const { maxPaymentFen } = rules.limits
  requireWritable('create_payment', rules)
  if (maxPaymentFen === undefined || amount_fen <= maxPaymentFen) return
  throw overEach('create_payment', 'order', 'ALIPAY_MAX_PAYMENT', maxPaymentFen, amount_fen)
}

/** @throws RefusedError where no refund may be made, or none of so much */
export function requireRefundAllowed(amount_fen: number, rules: Rules): void {
  const { maxRefundFen } = rules.limits
  if (maxRefundFen === undefined || amount_fen <= maxRefundFen) return
  throw overEach('refund_payment', 'refund', 'ALIPAY_MAX_REFUND', maxRefundFen, amount_fen)
}

/** A limit of each single order or refund: nothing of it is ever used up. */
function overEach(operation: string, what: string, variable: string, most_fen: number, asked_fen: number) {
  const limit = toYuan(most_fen)
  const sums = { variable, asked: toYuan(asked_fen), limit, used: '0.00', left: limit }
  return overLimit(operation, `each ${what}`, sums, noSplitting(variable))
}
