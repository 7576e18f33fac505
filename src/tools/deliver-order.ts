// Hands out what was bought of an item, once, and shows it again when asked again.
import * as z from 'zod'
import { deliverOrder } from '../shop/deliver-order.ts'
import { output, ownOrderInput } from './fields.ts'
import { defineTool } from './tool.ts'

export const deliverShopOrder = defineTool({
  name: 'deliver_order',
  title: 'Deliver a paid order 交付商品',
  description:
    'Hands out what was bought with a paid order, once: asks Alipay, writes it down, and returns the text or codes. Asked' +
    ' again it returns the same with first_time=false. Call it before you hand anything out yourself; if it is refused,' +
    ' hand out nothing. Not for unpaid orders (wait_for_payment). After it a buyer gets no automatic refund.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: ownOrderInput({}),
  output: output({ first_time: z.boolean().optional(), codes: z.unknown().optional() }),
  run: ({ out_trade_no }, services) => deliverOrder(out_trade_no, services),
})
