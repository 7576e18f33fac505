// Asks Alipay what became of an order (alipay.trade.query), and adds what the ledger knows of it.
import * as z from 'zod'
import { afterwards } from '../guard/sending.ts'
import { orderInput, orderName, output } from './fields.ts'
import { type Known, knownOrder } from './known-order.ts'
import { lookUp } from './look-up.ts'
import { isSettled, payableOf, stateOf } from './order-state.ts'
import { defineTool, type Services, type Value } from './tool.ts'

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
    const name = orderName(args)
    const looked = await lookUp(services, { by: 'query_payment', order: name, readOnly: true })
    const known = await knownOrder(services, name, looked)
    const state = stateOf(looked, args, known, services)
    const settled = isSettled(looked, args, known, services)
    return { ...state, ...(settled || state.alarm !== undefined ? {} : await linkOf(known, services)) }
  },
})

/** So that a flow can go on where another one stopped; none of an order that is over or shall be. */
async function linkOf(known: Known, services: Services): Promise<{ pay_url?: Value; qr_content?: Value }> {
  const { order } = known
  const unwanted = order?.close_wished_at !== undefined || order?.replaced_by !== undefined
  if (!order || unwanted || payableOf(known, services).state !== 'open') return {}
  if (await afterwards(services, (ledger) => ledger.frozen())) return {}
  await afterwards(services, (ledger) => ledger.withdrawCloseWish(order.out_trade_no, services.act()))
  return { pay_url: order.pay_url, qr_content: order.qr_content }
}
