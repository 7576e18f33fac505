// Asks Alipay what became of an order (alipay.trade.query), and adds what the ledger knows of it.
import * as z from 'zod'
import type { Call } from '../guard/call.ts'
import { ignoringLedgerErrors } from '../guard/send-permit.ts'
import type { Order } from '../ledger/ledger.ts'
import { withDoublePayment } from '../orders/double-payment.ts'
import { knownOrder, lookUp } from '../orders/find-order.ts'
import { isFinal, orderStatus, payableNow } from '../orders/order-status.ts'
import type { Value } from '../tool-result.ts'
import { orderInput, orderName, output } from './fields.ts'
import { defineTool } from './tool.ts'

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
    alarm: z.string().describe('Other amount: not paid').optional(),
    refunded: z.string().describe('none, part (at least), full, not_known').optional(),
  }),
  async run(args, services) {
    const name = orderName(args)
    const looked = await lookUp(services, { by: 'query_payment', order: name, readOnly: true })
    const checked = { name, looked, known: await knownOrder(services, name, looked) }
    const status = orderStatus(checked, services)
    const hasLink = !isFinal(checked, services) && status.alarm === undefined
    const link = hasLink ? await linkOf(checked.known.order, services) : {}
    return withDoublePayment({ ...status, ...link }, checked, services)
  },
})

/** So that a flow can go on where another one stopped; none of an order that is over or must not be paid. */
async function linkOf(order: Order | undefined, call: Call): Promise<{ pay_url?: Value; qr_content?: Value }> {
  const unwanted = order?.close_requested_at !== undefined || order?.replaced_by !== undefined
  if (!order || unwanted || payableNow(order, call).state !== 'open') return {}
  if (await ignoringLedgerErrors(call, (ledger) => ledger.frozen())) return {}
  const { out_trade_no, pay_url, qr_content } = order
  await ignoringLedgerErrors(call, (ledger) => ledger.withdrawCloseRequest(out_trade_no, call.actor()))
  return { pay_url: pay_url && (await call.gateway.wholeLink(pay_url)), qr_content }
}
