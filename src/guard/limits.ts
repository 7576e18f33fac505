// The operator's limits that need no ledger, looked at first: reads alone, and the most of one order or refund.
import type { RefusedError } from '../errors.ts'
import { toYuan } from '../money.ts'
import type { Rules } from './call.ts'
import { overLimit, refusal } from './refusals.ts'

/** @throws RefusedError where the server may only read */
export function requireWritable(operation: string, { readOnly }: Rules): void {
  if (readOnly) throw refusal(operation, 'this server only reads (ALIPAY_READ_ONLY)')
}

/** @throws RefusedError where a new order may not be made, or not for so much */
export function requirePaymentAllowed(amount_fen: number, rules: Rules): void {
  const { maxPaymentFen } = rules.limits
  requireWritable('create_payment', rules)
  if (maxPaymentFen === undefined || amount_fen <= maxPaymentFen) return
  throw overEach('create_payment', 'ALIPAY_MAX_PAYMENT', maxPaymentFen, amount_fen)
}

/** @throws RefusedError where no refund may be made, or none of so much */
export function requireRefundAllowed(amount_fen: number, rules: Rules): void {
  const { maxRefundFen } = rules.limits
  if (maxRefundFen === undefined || amount_fen <= maxRefundFen) return
  throw overEach('refund_payment', 'ALIPAY_MAX_REFUND', maxRefundFen, amount_fen)
}

/** A limit of each single order or refund: nothing of it is ever used up. */
function overEach(operation: string, variable: string, most_fen: number, asked_fen: number): RefusedError {
  const [limit, asked] = [toYuan(most_fen), toYuan(asked_fen)]
  const { refusal: each, next_step, facts } = overLimit(operation, variable, limit, '0.00', limit)
  return refusal(operation, `${each.not_sent}, asked for ${asked}`, next_step, { ...facts, asked })
}
