// Lists what the shop sells, with prices, what is left, and what is refunded.
import * as z from 'zod'
import { listItems } from '../shop/list-items.ts'
import { output, unknownKeys } from './fields.ts'
import { defineTool } from './tool.ts'

export const listShopItems = defineTool({
  name: 'list_items',
  title: 'List the items of the shop 商品列表',
  description:
    'Lists what this shop sells: price, how many are left, how it is delivered, and which refunds there are. Changes' +
    ' nothing. Use it before an order is made, or when somebody asks what there is; not for orders (query_payment). Only' +
    ' these items and prices can be bought.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({}, { error: unknownKeys([]) }),
  output: output({ items: z.unknown().optional() }),
  run: (_args, services) => listItems(services),
})
