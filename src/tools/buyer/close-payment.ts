// Closes the buyer's own order, which nobody has paid.
import * as z from 'zod'
import { closeOwnOrder } from '../../shop/own-order.ts'
import { output, ownOrderInput } from '../fields.ts'
import { defineTool } from '../tool.ts'

export const closeBuyerPayment = defineTool({
  name: 'close_payment',
  title: 'Close the unpaid order 取消订单',
  description:
    "Closes this buyer's unpaid order, if the buyer wants it no more. Never moves money: for a paid order use" +
    ' request_refund. Where a cashier of Alipay is open already it expires by itself, and the result says when.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: ownOrderInput({}),
  output: output({ closed: z.boolean().optional(), paid: z.boolean().optional() }),
  run: ({ out_trade_no }, services) => closeOwnOrder(out_trade_no, services),
})
