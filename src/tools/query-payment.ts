// Asks Alipay what became of an order (alipay.trade.query).
import * as z from 'zod'
import { NO_TRADE_YET, payable, viewOf } from '../ledger/order.ts'
import { type NamedOrder, orderInput, orderName, output } from './fields.ts'
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
  output: output({
    trade_status: z.string().optional(),
    paid: z.boolean().optional(),
    refunded: z.string().describe('none, part (at least), full, not_known').optional(),
  }),
  async run(args, services) {
    const { trade } = await lookUp(services, { by: 'query_payment', order: orderName(args), readOnly: true })
    if (!trade) return noTrade(args, services)
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

function noTrade(
  { out_trade_no, trade_no }: NamedOrder,
  { memory, environment, clock }: Services,
): ToolResult {
  const none = { paid: false, refunded: 'none', out_trade_no, trade_no, sub_code: 'ACQ.TRADE_NOT_EXIST' }
  if (out_trade_no === undefined) {
    const message =
      'Alipay knows no trade of this trade_no: the number is wrong, for an order has none before its trade.'
    return { message, ...none, next_step: 'Check the number, or ask by out_trade_no.' }
  }
  const { state, until } = payable(memory.order(out_trade_no)?.time_expire, environment, clock.now())
  const message = state === 'expired' ? 'Expired: nobody paid it, and nobody can any more.' : NO_TRADE_YET
  return { message, ...none, payable_until: until, next_step: WITHOUT_TRADE[state] }
}

const WITHOUT_TRADE = {
  open: 'The buyer can still open the link and pay. Ask again in 5 seconds or more.',
  time_is_up:
    'Its time is up, and a payment of the last moment may still show: ask once more 15 minutes past it.',
  expired: 'For a new payment call create_payment without out_trade_no.',
} as const
