// What a shop sells now, as a buyer may know it: no codes, no addresses of hooks, no sums.
import { beijingTime } from '../clock.ts'
import type { Both } from '../language.ts'
import { refundPolicyWords } from '../ledger/sale-words.ts'
import { toYuan } from '../money.ts'
import type { Item as ResultItem, ToolResult } from '../tool-result.ts'
import { requireShop, type ShopCall } from './buyer.ts'
import { type Item, isOver } from './item.ts'
import { type Plan, planTermsOf } from './plan.ts'
import { periodText } from './plan-words.ts'

export async function listItems(call: ShopCall): Promise<ToolResult> {
  const { items, plans } = await requireShop(call).items.now(call)
  const offered = items.filter((item) => !isOver(item, call.clock.now()))
  const listed = await Promise.all(offered.map((item) => itemView(item, call)))
  const sold = call.gateway.agreements ? plans : []
  const { en: message, zh: message_zh } = summary(listed.length, sold.length)
  return {
    ...{ message, message_zh },
    items: listed,
    plans: sold.length > 0 ? sold.map(planView) : undefined,
    next_step: nextStep(listed.length > 0, sold.length > 0),
  }
}

function summary(items: number, plans: number): Both {
  if (items + plans === 0) return { en: 'Nothing is sold here just now.', zh: '现在没有商品。' }
  const count = (of: number, one: string) => `${of} ${one}${of === 1 ? '' : 's'}.`
  const en = [
    items > 0 && `${count(items, 'item')} Nothing is shipped: all is delivered online.`,
    plans > 0 && count(plans, 'subscription plan'),
  ]
  const zh = [items > 0 && `共 ${items} 个商品，均为线上交付，不寄送实物。`, plans > 0 && `${plans} 个订阅方案。`]
  return { en: en.filter(Boolean).join(' '), zh: zh.filter(Boolean).join('') }
}

function nextStep(hasItems: boolean, hasPlans: boolean): string {
  const order = hasItems && 'make the order with the id as item'
  const subscription = hasPlans && 'offer a plan with create_subscription'
  const either = [order, subscription].filter(Boolean).join('; ')
  return either === '' ? 'Tell the user.' : `Once the buyer has chosen, ${either}.`
}

function planView(plan: Plan): ResultItem {
  const { id, subject, description, price_fen, payments, trial_days } = plan
  const { en: period, zh: period_zh } = periodText(planTermsOf(plan))
  return { plan: id, subject, description, price: toYuan(price_fen), period, period_zh, payments, trial_days }
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
