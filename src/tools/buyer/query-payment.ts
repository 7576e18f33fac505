// Tells what became of the buyer's own order, or gives it back to a buyer who is lost, by its claim code.
import * as z from 'zod'
import { queryOwnOrder } from '../../shop/own-order.ts'
import { orderNumber, output, unknownKeys } from '../fields.ts'
import { defineTool } from '../tool.ts'

const fields = {
  out_trade_no: orderNumber('Order number, as create_payment returned it.').optional(),
  claim_code: z
    .string({ error: 'must be a text.' })
    .regex(/^[\s\w-]{16,40}$/, { error: 'must be the 16 letters and digits that the paid page shows.' })
    .describe('Claim code from the paid page, for an order of another chat.')
    .optional(),
}

export const queryBuyerPayment = defineTool({
  name: 'query_payment',
  title: 'Query the order 查询订单',
  description:
    "Asks Alipay whether this buyer's order is paid, and tells whether it is delivered or a refund is under way. Changes" +
    ' nothing. Use it when the buyer says they paid, or to see the link again: only paid=true means paid. With claim_code' +
    ' it finds a paid order of another chat of the same buyer. Ask again after 5 seconds or more.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject(fields, { error: unknownKeys(Object.keys(fields)) }).refine(namesOrder, {
    error: 'Name the order by out_trade_no, or by claim_code.',
    params: { zh: '请填 out_trade_no 或 claim_code' },
  }),
  output: output({
    paid: z.boolean().optional(),
    refunded: z.string().optional(),
    delivered: z.boolean().optional(),
    refund_request: z.string().describe('waiting, declined').optional(),
  }),
  run: (args, services) => queryOwnOrder(args, services),
})

function namesOrder({ out_trade_no, claim_code }: { out_trade_no?: unknown; claim_code?: unknown }): boolean {
  return out_trade_no !== undefined || claim_code !== undefined
}
