// Asks Alipay what became of an order (alipay.trade.query).
import * as z from 'zod'
import { orderInput, orderName, output } from './fields.ts'
import { lookUp } from './look-up.ts'
import { stateOf } from './order-state.ts'
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
    refunded: z.string().describe('none, part (at least), full, not_known').optional(),
  }),
  async run(args, services) {
    const looked = await lookUp(services, { by: 'query_payment', order: orderName(args), readOnly: true })
    return stateOf(looked, args, services)
  },
})
