// Closes an order that nobody has paid (alipay.trade.close); never alipay.trade.cancel, which may refund.
import * as z from 'zod'
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { OrderName, Outcome, Trade } from '../gateway/gateway.ts'
import { viewOf } from '../ledger/order.ts'
import { orderInput, orderName, output } from './fields.ts'
import { payableOf, withoutTrade } from './order-state.ts'
import { defineTool, type Services, type ToolResult } from './tool.ts'

export const closePayment = defineTool({
  name: 'close_payment',
  title: 'Close an unpaid Alipay order 关闭订单',
  description:
    'Closes an order that waits for payment, so that it cannot be paid any more. Never moves money and never' +
    ' refunds: for a paid order use refund_payment. An order whose link nobody opened cannot be closed: it stays' +
    ' payable until its expiry, and the answer says until when. Then call query_payment to watch it.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: orderInput({}),
  output: output({ closed: z.boolean().optional(), paid: z.boolean().optional() }),
  async run(args, services) {
    const order = orderName(args)
    const outcome = await services.gateway.close(order)
    if (outcome.outcome === 'done') {
      const message = 'Closed: it was not paid, and nobody can pay it any more.'
      return { message, ...order, ...outcome.answer, closed: true, paid: false, next_step: NEW_ORDER }
    }
    if (outcome.outcome === 'refused' && outcome.refusal.not_sent) {
      throw new RefusedError('close_payment', outcome.refusal, 'Nothing was sent, nothing was closed.')
    }
    return afterClose(order, outcome, services)
  },
})

const NEW_ORDER = 'For a new payment call create_payment without out_trade_no.'

type NotDone = Exclude<Outcome<unknown>, { outcome: 'done' }>

/** The answer of a close that did not work, or got lost, tells less than the order itself. */
async function afterClose(order: OrderName, close: NotDone, services: Services): Promise<ToolResult> {
  const asked = await services.gateway.query(order, { signal: services.signal })
  if (asked.outcome === 'done') return byStatus(asked.answer, close, services)
  const notExist = 'ACQ.TRADE_NOT_EXIST'
  const noTrade = asked.outcome === 'refused' && asked.refusal.sub_code === notExist
  if (noTrade) return notClosed(order, services)
  if (close.outcome === 'refused') {
    throw new RefusedError('close_payment', close.refusal, 'Nothing was closed by this call.')
  }
  throw lost(order, close.why)
}

function byStatus(trade: Trade, close: NotDone, { memory }: Services): ToolResult {
  const view = viewOf(trade, memory.refundedFen(trade.trade_no))
  const { out_trade_no, trade_no, trade_status } = trade
  if (trade_status === 'WAIT_BUYER_PAY') {
    if (close.outcome === 'refused') {
      throw new RefusedError('close_payment', close.refusal, 'Not closed: it can still be paid.')
    }
    throw lost({ out_trade_no }, close.why)
  }
  const facts = { out_trade_no, trade_no, trade_status }
  if (view.paid) {
    const next_step = trade_status === 'TRADE_SUCCESS' ? ASK_MERCHANT : undefined
    return { ...view, message: `Not closed. ${view.message}`, closed: false, ...facts, next_step }
  }
  // The answer of a close that worked may have been lost.
  const first = close.outcome === 'refused' ? 'Nothing was left to close. ' : ''
  return {
    ...view,
    message: first + view.message,
    closed: view.refunded !== 'full',
    ...facts,
    next_step: NEW_ORDER,
  }
}

const ASK_MERCHANT =
  'Tell the merchant that it was paid; only on the wish to give it back call refund_payment.'

function notClosed(order: OrderName, services: Services): ToolResult {
  const state = withoutTrade(order, services)
  const open = 'out_trade_no' in order && payableOf(order.out_trade_no, services).state === 'open'
  const can = open ? ` It can still be paid until ${state.payable_until}.` : ''
  return {
    ...state,
    message: `Not closed. ${state.message}${can}`,
    closed: false,
    next_step: open ? WATCH : state.next_step,
  }
}

const WATCH =
  'Tell the buyer not to use the link. Call query_payment until 15 minutes past that time; if it was paid ' +
  'meanwhile, tell the merchant. Calling close_payment again works once the buyer has opened it.'

function lost(order: OrderName, why: string): Error {
  return new OutcomeUnknownError(
    'close_payment',
    why,
    'It may be closed, or still be payable; a close moves no money.',
    `call query_payment with ${JSON.stringify(order)}; if it still waits, call close_payment again.`,
  )
}
