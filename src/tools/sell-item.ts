// Makes an order of an item, for the merchant: price and name are those of the items file.
import * as z from 'zod'
import { soldView } from '../shop/order-view.ts'
import { sellItem } from '../shop/sell-item.ts'
import { itemFields, output, unknownKeys } from './fields.ts'
import { defineTool } from './tool.ts'

const fields = itemFields()

export const sellShopItem = defineTool({
  name: 'sell_item',
  title: 'Sell an item of the shop 卖出商品',
  description:
    'Makes an order of an item of list_items, at its price, and returns pay_url. Moves no money. For what is not listed use' +
    ' create_payment. Show the buyer the link unchanged; in your next turn call wait_for_payment, then deliver_order.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject(fields, { error: unknownKeys(Object.keys(fields)) }),
  output: output({ out_trade_no: z.string().optional(), pay_url: z.string().optional() }),
  run: async (args, services) => soldView(await sellItem(args, services), services),
})
