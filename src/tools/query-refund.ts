// Asks Alipay whether a refund was made (alipay.trade.fastpay.refund.query), or tells which refunds of an order are known.
import * as z from 'zod'
import type { RefundParams, Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { recordProof } from '../guard/in-doubt.ts'
import type { Approval } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'
import { lookUpTrade } from '../orders/find-order.ts'
import { refundParamsFor } from '../refunds/refund-number.ts'
import {
  askRefund,
  listRefunds,
  noteFound,
  type RefundRecords,
  refundRecords,
  withoutAnswer,
} from '../refunds/refund-records.ts'
import { refundStatus } from '../refunds/refund-status.ts'
import { holdsNothing } from '../tool-input.ts'
import type { ToolResult } from '../tool-result.ts'
import { amount } from '../written-input.ts'
import { orderInput, orderName, output, refundNumber } from './fields.ts'
import { defineTool } from './tool.ts'

const EMPTY = 'is empty: give the amount in yuan, such as "9.90", or leave the field out for all refunds of the order.'

export const queryRefund = defineTool({
  name: 'query_refund',
  title: 'Query an Alipay refund 查询退款',
  description:
    'Asks Alipay whether one refund was made; with the order alone, lists the refunds known here and what is left.' +
    ' Changes nothing. Use it after an unknown outcome or when the buyer asks. Refunds made by hand in the console are' +
    ' not seen. No record proves nothing within 10 minutes of a refund.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: orderInput({
    refund_amount: amount('Amount of the one refund.', EMPTY).optional(),
    out_request_no: refundNumber('Instead of refund_amount, from a result.').optional(),
  }).refine(({ refund_amount, out_request_no }) => refund_amount === undefined || out_request_no === undefined, {
    error: 'Name a refund by refund_amount or by out_request_no, not by both; by neither for all of the order.',
    params: { zh: 'refund_amount 和 out_request_no 只填一个；查询订单的全部退款时都不填' },
  }),
  // Beside a number it is no question of its own; some hosts fill in every field.
  refusedEmpty: ({ out_request_no }) => (holdsNothing(out_request_no) ? ['refund_amount'] : []),
  output: output({ refund_status: z.string().describe('REFUND_SUCCESS: made').optional() }),
  async run({ refund_amount, out_request_no, ...order }, services) {
    try {
      const trade = await lookUpTrade(services, { by: 'query_refund', order: orderName(order), readOnly: true })
      const records = await refundRecords(services, trade)
      if (out_request_no !== undefined) return await byNumber(trade, out_request_no, records, services)
      if (refund_amount === undefined) return await listRefunds(trade, records, services)
      return await byAmount(trade, refundParamsFor(trade, refund_amount), records, services)
    } catch (error) {
      throw withoutAnswer(error, { ...order, refund_amount, out_request_no })
    }
  },
})

async function byAmount(trade: Trade, params: RefundParams, records: RefundRecords, call: Call): Promise<ToolResult> {
  const record = await askRefund(trade, params.out_request_no, call)
  await noteFound(trade, record, params, records, call)
  return refundStatus(trade, params, record, records, call)
}

/** Alipay names the amount of a number that is not known here. */
async function byNumber(trade: Trade, out_request_no: string, records: RefundRecords, call: Call): Promise<ToolResult> {
  const record = await askRefund(trade, out_request_no, call)
  const intent = records.refunds.find(({ number }) => number === out_request_no)
  // One that a person was asked about has a number before it is sent.
  const isAsked = ({ amount_fen }: Approval) =>
    refundParamsFor(trade, toYuan(amount_fen)).out_request_no === out_request_no
  const amount_fen = (intent ?? records.approvals.find(isAsked))?.amount_fen
  const refund_amount = amount_fen === undefined ? record.refund_amount : toYuan(amount_fen)
  if (intent) await recordProof(call, intent, record)
  return refundStatus(trade, { out_request_no, refund_amount }, record, records, call)
}
