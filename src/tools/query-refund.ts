// Asks Alipay whether a refund was made (alipay.trade.fastpay.refund.query).
import * as z from 'zod'
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { RefundRecord, RefundRequest, Trade } from '../gateway/gateway.ts'
import { requestFor } from '../guard/refund-wish.ts'
import { isEmpty, proves } from '../guard/refunds.ts'
import { amount, orderInput, orderName, output } from './fields.ts'
import { lookUpTrade } from './look-up.ts'
import { defineTool, type ToolResult } from './tool.ts'

export const queryRefund = defineTool({
  name: 'query_refund',
  title: 'Query an Alipay refund 查询退款',
  description:
    'Asks Alipay whether a refund made by refund_payment was executed. Changes nothing. Give the same order and' +
    ' refund_amount as there. Use it after an unknown outcome or when the buyer asks; it does not know refunds made by' +
    ' hand in the console. No record yet is no proof of none: ask again 10 minutes after the refund.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: orderInput({
    refund_amount: amount('As given to refund_payment; left out: the whole order.').optional(),
  }),
  output: output({ refund_status: z.string().describe('REFUND_SUCCESS or not_known').optional() }),
  async run(args, services) {
    const order = orderName(args)
    const trade = await lookUpTrade(services, { by: 'query_refund', order, readOnly: true })
    const request = requestFor(trade, args.refund_amount)
    const { signal } = services
    const outcome = await services.gateway.refundQuery({ trade_no: trade.trade_no }, request.out_request_no, {
      signal,
    })
    if (outcome.outcome === 'refused') throw new RefusedError('query_refund', outcome.refusal, ONLY_READ)
    if (outcome.outcome === 'unknown') {
      throw new OutcomeUnknownError('query_refund', outcome.why, ONLY_READ, 'call query_refund again.')
    }
    return told(trade, request, outcome.answer)
  },
})

const ONLY_READ = 'This call only reads. Whether the refund was made is not known.'

function told(trade: Trade, request: RefundRequest, record: RefundRecord): ToolResult {
  const { out_trade_no, trade_no } = trade
  const facts = {
    out_trade_no,
    trade_no,
    out_request_no: request.out_request_no,
    refund_amount: request.refund_amount,
  }
  if (!proves(record, request)) {
    const found = isEmpty(record) ? 'has no record' : 'has a record, but not of success,'
    return {
      message: `Alipay ${found} of a refund of ${request.refund_amount} yuan under this wish.`,
      ...facts,
      refund_status: 'not_known',
      next_step:
        'This proves nothing within 10 minutes of a refund: ask again then. To make it, call refund_payment with ' +
        'the same order and amount; the same wish moves money once only.',
    }
  }
  const when = record.gmt_refund_pay ? ` on ${record.gmt_refund_pay} Beijing time` : ''
  return {
    message: `Refund of ${request.refund_amount} yuan was executed by Alipay${when}.`,
    ...facts,
    refund_status: record.refund_status,
    gmt_refund_pay: record.gmt_refund_pay,
    refund_reason: record.refund_reason,
    next_step:
      'Executed is not arrived: it goes back the way the buyer paid, to a bank card it can take days.',
  }
}
