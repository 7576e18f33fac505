// Whether an answer can be one to what was asked: the signature covers the value alone, neither the name under which it
// stands nor the call that it answered, so the fields have to tell. What contradicts itself proves nothing either.
import type { Fields } from './envelope.ts'

const QUERY = 'alipay.trade.query'
const PRECREATE = 'alipay.trade.precreate'
const REFUND = 'alipay.trade.refund'
const REFUND_QUERY = 'alipay.trade.fastpay.refund.query'
const PAY = 'alipay.trade.pay'
const AGREEMENT_QUERY = 'alipay.user.agreement.query'
const MODIFY = 'alipay.user.agreement.executionplan.modify'

/**
 * [guess G17] Whose answers have the field. Only what says for certain that it is another method's stands here: Alipay
 * adds fields, and a field that is not known is no reason to doubt.
 */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  trade_status: [QUERY],
  send_pay_date: [QUERY],
  buyer_pay_amount: [QUERY, PAY],
  receipt_amount: [QUERY, PAY],
  fund_change: [REFUND],
  refund_fee: [REFUND],
  send_back_fee: [REFUND, REFUND_QUERY],
  gmt_refund_pay: [REFUND, REFUND_QUERY],
  out_request_no: [REFUND, REFUND_QUERY],
  refund_amount: [REFUND, REFUND_QUERY],
  refund_status: [REFUND_QUERY],
  qr_code: [PRECREATE],
  share_code: [PRECREATE],
  gmt_payment: [PAY],
  agreement_no: [AGREEMENT_QUERY, MODIFY],
  deduct_time: [MODIFY],
  next_deduct_time: [AGREEMENT_QUERY],
  sign_time: [AGREEMENT_QUERY],
  principal_id: [AGREEMENT_QUERY],
  principal_open_id: [AGREEMENT_QUERY],
  // alipay.trade.cancel, which is never called here.
  retry_flag: [],
}

/** What an answer repeats of its question, where it repeats it. */
const REPEATED = [
  ...['out_trade_no', 'trade_no', 'out_request_no', 'refund_amount', 'total_amount'],
  ...['agreement_no', 'external_agreement_no', 'personal_product_code', 'sign_scene'],
]

/** What nobody says of a call that did nothing. */
const SAYS_DONE: readonly ((fields: Fields) => boolean)[] = [
  ({ fund_change }) => fund_change === 'Y',
  ...['trade_status', 'refund_status', 'qr_code', 'gmt_payment', 'deduct_time'].map(
    (key) => (fields: Fields) => has(fields, key),
  ),
]

/**
 * Why the answer is none to this question; undefined where it may be one.
 * @param asked what was asked, as it was sent
 */
export function misfitOf(method: string, fields: Fields, asked: Fields): string | undefined {
  const foreign = Object.entries(OWNERS).find(([key, owners]) => has(fields, key) && !owners.includes(method))
  if (foreign) return `the answer has ${foreign[0]}, which is none to ${method}`
  const other = REPEATED.find((key) => has(asked, key) && has(fields, key) && asked[key] !== fields[key])
  if (other) return `the answer is about another ${other} than the one asked`
  return contradicts(fields) ? 'the answer contradicts itself' : undefined
}

function contradicts(fields: Fields): boolean {
  const { code, trade_status } = fields
  if (code === '10000' && has(fields, 'sub_code')) return true
  if (code !== '10000' && SAYS_DONE.some((says) => says(fields))) return true
  // [guess G4] Only a trade that was paid has a send_pay_date.
  return trade_status === 'WAIT_BUYER_PAY' && has(fields, 'send_pay_date')
}

function has(fields: Fields, key: string): boolean {
  const value = fields[key]
  return value !== undefined && value !== null && value !== ''
}
