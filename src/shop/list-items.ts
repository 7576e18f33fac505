// What a shop sells now, as a buyer may know it: no codes, no addresses of hooks, no sums.
import { beijingTime } from '../clock.ts'
import { refundPolicyWords } from '../ledger/sale-words.ts'
import { toYuan } from '../money.ts'
import type { Item as ResultItem, ToolResult } from '../tool-result.ts'
import { requireShop, type ShopCall } from './buyer.ts'
import { type Item, isOver } from './item.ts'

export async function listItems(call: ShopCall): Promise<ToolResult> {
  const { items } = await requireShop(call).items.now(call)
  const offered = items.filter((item) => !isOver(item, call.clock.now()))
  const listed = await Promise.all(offered.map((item) => itemView(item, call)))
  const count = listed.length === 1 ? '1 item' : `${listed.length} items`
  return {
    message:
      listed.length === 0 ? 'Nothing is sold here just now.' : `${count}. Nothing is shipped: all is delivered online.`,
    message_zh: listed.length === 0 ? '现在没有商品。' : `共 ${listed.length} 个商品，均为线上交付，不寄送实物。`,
    items: listed,
    next_step:
      listed.length === 0 ? 'Tell the user.' : 'Once the buyer has chosen, make the order with the id as item.',
  }
}

const DELIVERED = {
  text: 'a text, here and on the paid page',
  codes: 'a code for each, here and on the paid page',
  url: 'by the shop, by itself',
  none: 'in this chat',
} as const

async function itemView(item: Item, call: ShopCall): Promise<ResultItem> {
  const { id, subject, description, price_fen, tip, max_quantity, stock, available_until, refund, deliver } = item
  const hasCodes = deliver.kind === 'codes'
  const left = await (await call.ledger()).leftOf({ id, stock, hasCodes })
  return {
    item: id,
    subject,
    description,
    price: price_fen === undefined ? undefined : toYuan(price_fen),
    tip: tip && `the buyer names it, ${toYuan(tip.min_fen)} to ${toYuan(tip.max_fen)} yuan`,
    suggested: tip?.suggested_fen === undefined ? undefined : toYuan(tip.suggested_fen),
    max_quantity,
    // How much a shop has is its own business, as long as there is enough.
    left: left !== undefined && left <= max_quantity ? left : undefined,
    until: available_until === undefined ? undefined : beijingTime(available_until).slice(0, 16),
    delivered: tip && deliver.kind === 'none' ? undefined : DELIVERED[deliver.kind],
    refunds: refundPolicyWords(refund, tip !== undefined).en,
    refunds_zh: refundPolicyWords(refund, tip !== undefined).zh,
  }
}
