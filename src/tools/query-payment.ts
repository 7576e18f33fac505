// Asks Alipay what became of an order (alipay.trade.query).
import * as z from 'zod'
import { NO_TRADE_YET, payableUntil, viewOf } from '../ledger/order.ts'
import { orderInput, orderName, orderOutput } from './fields.ts'
import { lookUp } from './look-up.ts'
import { defineTool, type Services, type ToolResult } from './tool.ts'

export const queryPayment = defineTool({
  name: 'query_payment',
  title: 'Query an Alipay payment 查询订单',
  description:
    "Asks Alipay for an order's status: paid or not, how much, refunded as far as known. Changes nothing. Use it" +
    ' when the buyer says he paid, and before a refund; not to list orders. Only paid=true means paid. No trade yet' +
    ' does not mean unpaid for ever: the link stays payable until it expires. Ask again after 5 seconds or more.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: orderInput({}),
  output: z.looseObject({
    ...orderOutput,
    trade_status: z.string().optional(),
    paid: z.boolean().optional(),
    refunded: z.string().describe('none, part (at least), full or not_known').optional(),
    total_amount: z.string().optional(),
  }),
  async run(args, services) {
    const { trade } = await lookUp(services, { by: 'query_payment', order: orderName(args) })
    if (!trade) return noTradeYet(args, services)
    const { memory } = services
    const refundedFen = memory.refundedFen(trade.trade_no)
    const view = viewOf(trade, refundedFen)
    const subject = trade.subject ?? memory.order(trade.out_trade_no)?.subject
    const next_step = view.paid ? undefined : NEXT_STEP[trade.trade_status]
    return { ...view, ...trade, subject, next_step }
  },
})

const NEXT_STEP: Readonly<Record<string, string>> = {
  WAIT_BUYER_PAY: 'Ask again in 5 seconds or more, or call close_payment if it shall not be paid any more.',
  TRADE_CLOSED: 'For a new payment call create_payment without out_trade_no.',
}

function noTradeYet(
  { out_trade_no, trade_no }: { out_trade_no?: string | undefined; trade_no?: string | undefined },
  { memory, environment, clock }: Services,
): ToolResult {
  const until =
    out_trade_no && payableUntil(memory.order(out_trade_no)?.time_expire, environment, clock.now())
  return {
    message: NO_TRADE_YET,
    paid: false,
    refunded: 'none',
    out_trade_no,
    trade_no,
    sub_code: 'ACQ.TRADE_NOT_EXIST',
    payable_until: until,
    next_step: 'The buyer can still open the link and pay. Ask again in 5 seconds or more.',
  }
}
