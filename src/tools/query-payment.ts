// Asks Alipay what became of an order (alipay.trade.query), and adds what the ledger knows of it.
import * as z from 'zod'
import type { Call } from '../guard/call.ts'
import { ignoringLedgerErrors } from '../guard/send-permit.ts'
import type { Order } from '../ledger/ledger.ts'
import { withDoublePayment } from '../orders/double-payment.ts'
import { knownOrder, lookUp, underOtherKind } from '../orders/find-order.ts'
import { isFinal, orderStatus, payableNow } from '../orders/order-status.ts'
import { linkFor, PAGE_UNPROVEN, pageFrozen, withCode } from '../orders/pay-view.ts'
import { orderInput, orderName, output } from './fields.ts'
import { defineTool } from './tool.ts'

export const queryPayment = defineTool({
  name: 'query_payment',
  title: 'Query an Alipay payment 查询订单',
  description:
    'Asks Alipay whether an order is paid, how much, and when. Changes nothing. Use it when the buyer says they paid,' +
    ' or to see the link again; not to list orders (list_payments). Only paid=true means paid; an order' +
    ' that is not paid yet stays payable until it expires. Ask again after 5 seconds or more.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: orderInput({}),
  output: output({
    trade_status: z.string().optional(),
    paid: z.boolean().optional(),
    alarm: z.string().describe('Other amount: not paid').optional(),
    refunded: z.string().describe('none_known, part (at least) or full').optional(),
  }),
  async run(args, services) {
    const look = { by: 'query_payment', order: orderName(args), readOnly: true }
    const { name, looked } = await underOtherKind(services, look, await lookUp(services, look))
    const checked = { name, looked, known: await knownOrder(services, name, looked) }
    const status = orderStatus(checked, services)
    const { alarm } = status
    const hasLink = !isFinal(checked, services) && alarm === undefined && checked.known.charge === undefined
    const open = hasLink ? await payableOrder(checked.known.order, services) : undefined
    const link = open && (await linkFor(open, services))
    const frozen = hasLink ? await pageFrozen(checked.known.order, services) : undefined
    const next_step = frozen ?? (link?.no_short_link ? PAGE_UNPROVEN : status.next_step)
    const answer = { ...status, next_step, ...link, qr_content: open?.qr_content }
    const found = await withDoublePayment(answer, checked, services)
    // Of two for one request nobody is to pay the second.
    const isTaken = found.paid_instead !== undefined || found.alarm !== undefined
    const result = isTaken ? { ...found, pay_url: undefined, qr_content: undefined } : found
    if (isTaken) return result
    return open ? withCode(result, open, services) : result
  },
})

/** So that a flow can go on where another one stopped; none of an order that is over or must not be paid. */
async function payableOrder(order: Order | undefined, call: Call): Promise<Order | undefined> {
  const unwanted = order?.close_requested_at !== undefined || order?.replaced_by !== undefined
  if (!order || unwanted || payableNow(order, call).state !== 'open') return undefined
  if (await ignoringLedgerErrors(call, (ledger) => ledger.frozen())) return undefined
  // Somebody may have closed or replaced it while Alipay was asked.
  const { out_trade_no } = order
  const now = await ignoringLedgerErrors(call, (ledger) => ledger.order({ out_trade_no }))
  return now?.close_requested_at === undefined && now?.replaced_by === undefined ? order : undefined
}
