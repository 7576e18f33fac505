// The operator's limits that need no ledger, looked at first: reads alone, and the most of one order or refund.
import type { Both } from '../language.ts'
import { toYuan } from '../money.ts'
import type { Rules } from './call.ts'
import { noSplitting, overLimit } from './limit-refusals.ts'
import { refusal } from './not-sent.ts'
import { closeAtTerminal, refundByHand } from './refusals.ts'

/** @throws RefusedError where the server may only read */
export function requireWritable(operation: string, { readOnly, environment }: Rules): void {
  if (!readOnly) return
  const meanwhile = operation === 'refund_payment' ? refundByHand(environment) : MEANWHILE[operation]?.()
  const next_step = `Tell the user and stop: only the operator can set ALIPAY_READ_ONLY=false and restart the server.${meanwhile ? ` Meanwhile ${meanwhile}.` : ''}`
  throw refusal(operation, 'this server is read-only (ALIPAY_READ_ONLY)', next_step).with({
    kind: 'not_configured',
    message_zh:
      '本服务器只读（ALIPAY_READ_ONLY），没有执行，本次没有动钱。只有管理员能改为 ALIPAY_READ_ONLY=false 并重启服务器。',
  })
}

/** Who can do it all the same. */
const MEANWHILE: Readonly<Record<string, () => string>> = { close_payment: closeAtTerminal }

/** @throws RefusedError where a new order may not be made, or not for so much */
export function requirePaymentAllowed(amount_fen: number, rules: Rules): void {
  const { maxPaymentFen } = rules.limits
  requireWritable('create_payment', rules)
  if (maxPaymentFen === undefined || amount_fen <= maxPaymentFen) return
  throw overEach('create_payment', EACH_ORDER, 'ALIPAY_MAX_PAYMENT', maxPaymentFen, amount_fen)
}

/** @throws RefusedError where no refund may be made, or none of so much */
export function requireRefundAllowed(amount_fen: number, rules: Rules): void {
  const { maxRefundFen } = rules.limits
  if (maxRefundFen === undefined || amount_fen <= maxRefundFen) return
  throw overEach('refund_payment', EACH_REFUND, 'ALIPAY_MAX_REFUND', maxRefundFen, amount_fen)
}

const EACH_ORDER: Both = { en: 'each order', zh: '每笔收款' }
const EACH_REFUND: Both = { en: 'each refund', zh: '每笔退款' }

function overEach(operation: string, of: Both, variable: string, most_fen: number, asked_fen: number) {
  const sums = { variable, asked: toYuan(asked_fen), limit: toYuan(most_fen) }
  return overLimit(operation, of, sums, noSplitting(variable))
}
