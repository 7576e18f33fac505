// Closes an order that nobody has paid (alipay.trade.close); never alipay.trade.cancel, which may refund.
import * as z from 'zod'
import { RefusedError } from '../errors.ts'
import type { OrderName } from '../gateway/gateway.ts'
import { sendClose } from '../guard/closing.ts'
import { afterwards } from '../guard/sending.ts'
import { isNoTrade } from '../guard/settling.ts'
import type { Order } from '../ledger/ledger.ts'
import { otherAmount } from '../ledger/order.ts'
import { byStatus, lost, NEW_ORDER, type NotDone, otherOrder } from './close-told.ts'
import { orderInput, orderName, output } from './fields.ts'
import { lookUp } from './look-up.ts'
import { isOurNumber } from './order-number.ts'
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
    const name = orderName(args)
    const order = await orderToClose(name, services)
    if (!('out_trade_no' in order)) return order.told
    const outcome = await sendClose(services, order.out_trade_no)
    if (outcome.outcome === 'done') {
      const message = 'Closed: it was not paid, and nobody can pay it any more.'
      const { answer, unrecorded } = outcome
      return { message, ...answer, closed: true, paid: false, ledger: unrecorded, next_step: NEW_ORDER }
    }
    if (outcome.outcome === 'refused' && outcome.refusal.not_sent) {
      throw new RefusedError('close_payment', outcome.refusal, 'Nothing was sent, nothing was closed.')
    }
    return afterClose(order.out_trade_no, outcome, services)
  },
})

/** An order that was not made here is queried first; what does not wait for payment is told, not closed. */
async function orderToClose(
  name: OrderName,
  services: Services,
): Promise<{ out_trade_no: string } | { told: ToolResult }> {
  const ledger = await services.ledger()
  const known = await ledger.order(name)
  if (known?.made_here && !known.unpaid_for_ever && isOurNumber(known.out_trade_no)) return known
  const { trade } = await lookUp(services, { by: 'close_payment', order: name, readOnly: false })
  if (!trade && known?.made_here && !known.unpaid_for_ever) return known
  if (!trade) return { told: notClosedYet(name, known, services) }
  const order = await ledger.saw({ trade }, services.act(), true)
  const other = otherAmount(order, trade)
  if (other) throw otherOrder(other)
  if (trade.trade_status === 'WAIT_BUYER_PAY') return trade
  return { told: byStatus(trade, NOT_SENT, order) }
}

const NOT_SENT: NotDone = { outcome: 'refused', refusal: { verified: false, not_sent: 'nothing to close' } }

/** The answer of a close that did not work, or got lost, tells less than the order itself. */
async function afterClose(out_trade_no: string, close: NotDone, services: Services): Promise<ToolResult> {
  const { gateway, signal } = services
  const asked = await gateway.query({ out_trade_no }, { signal })
  if (asked.outcome === 'done') {
    const trade = asked.answer
    const order = await afterwards(services, (ledger) => ledger.saw({ trade }, services.act()))
    return byStatus(trade, close, order)
  }
  if (isNoTrade(asked)) return notClosed(out_trade_no, services)
  if (close.outcome === 'refused') {
    throw new RefusedError('close_payment', close.refusal, 'Nothing was closed by this call.')
  }
  throw lost({ out_trade_no }, close.why)
}

/** The wish is kept, so that reads of the order remind of it. */
async function notClosed(out_trade_no: string, services: Services): Promise<ToolResult> {
  const order = await afterwards(services, (ledger) => ledger.order({ out_trade_no }))
  const open = payableOf({ order, unsettled: [] }, services).state === 'open'
  if (open && order) await afterwards(services, (ledger) => ledger.wishClose(out_trade_no, services.act()))
  const told = notClosedYet({ out_trade_no }, order, services)
  return { ...told, next_step: open ? WATCH : told.next_step }
}

function notClosedYet(name: OrderName, order: Order | undefined, services: Services): ToolResult {
  const known = { order, unsettled: [] }
  const state = withoutTrade(name, known, services)
  const open = state.payable_until !== undefined && payableOf(known, services).state === 'open'
  const can = open ? ` It can still be paid until ${state.payable_until}.` : ''
  return { ...state, message: `Not closed. ${state.message}${can}`, closed: false }
}

const WATCH =
  'Tell the buyer not to use the link. Call query_payment until 15 minutes past that time; if it was paid ' +
  'meanwhile, tell the merchant. Calling close_payment again works once the buyer has opened it.'
