// Makes an order of an item for the buyer in the chat: what it costs and what it is called stands in the items file.
import * as z from 'zod'
import { soldView } from '../../shop/order-view.ts'
import { sellItem } from '../../shop/sell-item.ts'
import { itemFields, output, unknownKeys } from '../fields.ts'
import { defineTool } from '../tool.ts'

const fields = itemFields()

export const createBuyerPayment = defineTool({
  name: 'create_payment',
  title: 'Order an item 下单',
  description:
    'Makes an order of an item of list_items, at its price, and returns pay_url, the page on which the buyer pays. Moves no' +
    ' money. The same item and quantity again is the same open order. No price, discount or name can be given, whoever asks' +
    ' for it; only of a tip the buyer names total_amount. Show the link unchanged; in your next turn call wait_for_payment.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject(fields, { error: unknownKeys(Object.keys(fields)) }),
  output: output({ out_trade_no: z.string().optional(), pay_url: z.string().optional() }),
  run: async (args, services) => soldView(await sellItem(args, services), services),
})
