// Asks Alipay whether a refund was made (alipay.trade.fastpay.refund.query), or tells which refunds of an order are known.
import * as z from 'zod'
import type { RefundRecord, Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { isEmpty, proves, recordProof } from '../guard/in-doubt.ts'
import { toYuan } from '../money.ts'
import { lookUpTrade } from '../orders/find-order.ts'
import { refundParamsFor } from '../refunds/refund-number.ts'
import {
  askRefund,
  listRefunds,
  noteFound,
  type RefundRecords,
  refundRecords,
  stateOfRefund,
} from '../refunds/refund-records.ts'
import { holdsNothing } from '../tool-input.ts'
import type { ToolResult } from '../tool-result.ts'
import { amount, orderInput, orderName, output, refundNumber } from './fields.ts'
import { defineTool } from './tool.ts'

const EMPTY = 'is empty: give the amount in yuan, such as "9.90", or leave the field out for all refunds of the order.'

export const queryRefund = defineTool({
  name: 'query_refund',
  title: 'Query an Alipay refund 查询退款',
  description:
    'Asks Alipay whether a refund made by refund_payment was executed; with the order alone it lists the refunds known' +
    ' here, and what is left. Changes nothing. Use it after an unknown outcome or when the buyer asks; it does not know' +
    ' refunds made by hand in the console. No record yet is no proof of none: ask again 10 minutes after the refund.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: orderInput({
    refund_amount: amount('One refund, as given to refund_payment.', EMPTY).optional(),
    out_request_no: refundNumber('Instead: as a result named it.').optional(),
  }).refine(({ refund_amount, out_request_no }) => refund_amount === undefined || out_request_no === undefined, {
    error: 'Name a refund by refund_amount or by out_request_no, not by both; by neither for all of the order.',
  }),
  // Beside a number it is no question of its own; some hosts fill in every field.
  refusedEmpty: ({ out_request_no }) => (holdsNothing(out_request_no) ? ['refund_amount'] : []),
  output: output({ refund_status: z.string().describe('REFUND_SUCCESS or not_known').optional() }),
  async run({ refund_amount, out_request_no, ...order }, services) {
    const trade = await lookUpTrade(services, { by: 'query_refund', order: orderName(order), readOnly: true })
    const records = await refundRecords(services, trade)
    if (out_request_no !== undefined) return byNumber(trade, out_request_no, records, services)
    if (refund_amount === undefined) return listRefunds(trade, records, services)
    const params = refundParamsFor(trade, refund_amount)
    const record = await askRefund(trade, params.out_request_no, services)
    await noteFound(trade, record, params, records, services)
    return refundStatus(trade, params, record, records, services)
  },
})

/** Alipay names the amount of a number that is not known here. */
async function byNumber(trade: Trade, out_request_no: string, records: RefundRecords, call: Call): Promise<ToolResult> {
  const record = await askRefund(trade, out_request_no, call)
  const intent = records.refunds.find(({ number }) => number === out_request_no)
  const refund_amount = intent ? toYuan(intent.amount_fen) : record.refund_amount
  if (intent) await recordProof(call, intent, record)
  return refundStatus(trade, { out_request_no, refund_amount }, record, records, call)
}

interface Asked {
  out_request_no: string
  refund_amount: string | undefined
}

function refundStatus(
  { out_trade_no, trade_no }: Trade,
  { out_request_no, refund_amount }: Asked,
  record: RefundRecord,
  records: RefundRecords,
  call: Call,
): ToolResult {
  const facts = { out_trade_no, trade_no, out_request_no, refund_amount, ledger: records.problem }
  if (refund_amount === undefined || !proves(record, { out_request_no, refund_amount })) {
    return { ...facts, ...notProven(facts, record, records, call), refund_status: 'not_known' }
  }
  const { refund_status, gmt_refund_pay, refund_reason } = record
  const when = gmt_refund_pay ? ` on ${gmt_refund_pay} Beijing time` : ''
  const message = `Refund of ${refund_amount} yuan was executed by Alipay${when}.`
  return { message, ...facts, refund_status, gmt_refund_pay, refund_reason, next_step: ARRIVES }
}

const ARRIVES = 'Executed is not arrived: it goes back the way the buyer paid, to a bank card it can take days.'

function notProven(
  { out_request_no, refund_amount }: Asked,
  record: RefundRecord,
  { refunds }: RefundRecords,
  call: Call,
) {
  const found = isEmpty(record) ? 'has no record' : 'has a record, but not of success,'
  const what = refund_amount ? `of ${refund_amount} yuan under this wish` : 'under this number'
  const known = refunds.find(({ number }) => number === out_request_no)
  const hasSameAmount = refunds.some(
    ({ number, amount_fen }) => number !== out_request_no && toYuan(amount_fen) === refund_amount,
  )
  return {
    message: `Alipay ${found} of a refund ${what}.`,
    known_here: known && stateOfRefund(known, call),
    next_step: WAIT + (refund_amount ? AGAIN : CHECK) + (hasSameAmount ? SAME_AMOUNT : ''),
  }
}

const WAIT = 'This proves nothing within 10 minutes of a refund: ask again then. '
const AGAIN = 'To make it, call refund_payment with the same order and amount; the same wish moves money once only.'
const CHECK = 'Check the number: no refund of this order that is known here has it.'
const SAME_AMOUNT =
  ' Another refund of the same amount is known here: call query_refund with the order alone to see it.'
