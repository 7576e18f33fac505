// What is kept of Alipay's answers, and what they must have.
import * as z from 'zod'
import { WIRE_YUAN } from '../money.ts'
import type { Fields } from './envelope.ts'
import type { Outcome } from './gateway.ts'
import type { Unsigned } from './signing.ts'

/** A request, and what its answer must have. */
export interface Typed<T> extends Unsigned {
  schema: z.ZodType<T>
}

const yuan = z.string().regex(WIRE_YUAN)
// Longer than anything that Alipay documents, and short enough for a model.
const asTold = z
  .string()
  .transform((text) => text.slice(0, 300))
  .optional()
/** [guess G24] What is empty says nothing: an empty time of payment is no payment. */
export const optional = asTold.transform((text) => text || undefined)
// z.object drops what is not named: buyer ids and payment means never come further than here.
export const tradeAnswer = z.object({
  out_trade_no: z.string().min(1),
  trade_no: z.string().min(1),
  trade_status: z.enum(['WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED']),
  total_amount: yuan,
  subject: optional,
  buyer_logon_id: optional,
  send_pay_date: optional,
})
export const refundAnswer = z.object({
  out_trade_no: z.string().min(1),
  trade_no: z.string().min(1),
  fund_change: optional,
  refund_fee: yuan.optional(),
  gmt_refund_pay: optional,
})
export const refundRecord = z.object({
  // Only what is wholly absent proves that there is no refund (`isEmpty`, guess G18).
  out_trade_no: asTold,
  trade_no: asTold,
  out_request_no: asTold,
  refund_amount: yuan.optional(),
  refund_status: asTold,
  refund_reason: optional,
  gmt_refund_pay: optional,
})
export const closeAnswer = z.object({ out_trade_no: z.string().min(1), trade_no: z.string().min(1) })
export const qrAnswer = z.object({ out_trade_no: z.string().min(1), qr_code: z.string().min(1) })

/** An answer that lacks what it must have proves nothing. */
export function fitting<T>(answer: Fields, schema: z.ZodType<T>): Outcome<T> {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return { outcome: 'done', answer: parsed.data }
  const missing = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')
  return { outcome: 'unknown', why: `the answer lacks what Alipay documents (${missing})` }
}
