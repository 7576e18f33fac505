// Waits a little while until the buyer's own order is paid or over.
import * as z from 'zod'
import { waitForOwnOrder } from '../../shop/own-order.ts'
import { output, ownOrderInput, waitingSeconds } from '../fields.ts'
import { defineTool } from '../tool.ts'

export const waitForBuyerPayment = defineTool({
  name: 'wait_for_payment',
  title: 'Wait until the order is paid 等待付款',
  description:
    "Waits until this buyer's order is paid or over, and answers at once then. Changes nothing. Use it in the turn after the" +
    ' buyer got the link; not for an old order (query_payment). Once paid, call deliver_order. While the buyer is still' +
    ' paying, call it again.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: ownOrderInput({ seconds: waitingSeconds }),
  output: output({ paid: z.boolean().optional(), delivered: z.boolean().optional() }),
  run: ({ out_trade_no, seconds }, services) => waitForOwnOrder(out_trade_no, seconds, services),
})
