// Closes an order that nobody has paid (alipay.trade.close); never alipay.trade.cancel, which may refund.
import * as z from 'zod'
import { closeNamedOrder } from '../orders/close-order.ts'
import { orderInput, orderName, output } from './fields.ts'
import { defineTool } from './tool.ts'

export const closePayment = defineTool({
  name: 'close_payment',
  title: 'Close an unpaid Alipay order 关闭订单',
  description:
    'Closes an order that waits for payment, so that nobody can pay it any more. Never moves money: for a paid order' +
    ' use refund_payment. Where a cashier or a link of Alipay is out and nobody has logged in, it cannot be closed: it' +
    ' expires by itself, and the result says when.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: orderInput({}),
  output: output({ closed: z.boolean().optional(), paid: z.boolean().optional(), alarm: z.string().optional() }),
  run: (args, services) => closeNamedOrder(orderName(args), services),
})
