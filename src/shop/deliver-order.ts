// Hands out what was bought, once: Alipay says now that it is paid, and the ledger decides between this and a refund.
import { beijingTime } from '../clock.ts'
import { LOOK_UP_MS } from '../guard/deadlines.ts'
import { refusal } from '../guard/not-sent.ts'
import type { Delivery, DeliveryBlock, Order, Sale } from '../ledger/ledger.ts'
import { knownOrder, lookUp } from '../orders/find-order.ts'
import type { ToolResult } from '../tool-result.ts'
import { ownSale, type ShopCall } from './buyer.ts'

const OPERATION = 'deliver_order'

/** @throws RefusedError where it is not paid, given back or asked back, or nothing is left; NoAnswerError */
export async function deliverOrder(out_trade_no: string, call: ShopCall): Promise<ToolResult> {
  const { sale } = await ownSale(OPERATION, out_trade_no, call)
  const ledger = await call.ledger()
  const before = await ledger.delivery(out_trade_no)
  const name = { out_trade_no }
  if (before) return deliveredView(sale, await ledger.order(name), before, false)
  const looked = await lookUp(call, { by: OPERATION, order: name, within: LOOK_UP_MS, readOnly: false })
  await knownOrder(call, name, looked)
  // Before it: once it is written, nothing may keep the buyer from hearing so.
  const order = await ledger.order(name)
  const reserved = await ledger.reserveDelivery(out_trade_no, 'chat', call.actor())
  if (reserved.outcome === 'blocked') throw notDelivered(out_trade_no, reserved.why)
  return deliveredView(sale, order, reserved.delivery, reserved.first_time)
}

function deliveredView(sale: Sale, order: Order | undefined, delivery: Delivery, first_time: boolean): ToolResult {
  const { out_trade_no, item, quantity, terms } = sale
  const { given_at, confirmed, text, codes } = delivery
  const at = beijingTime(given_at).slice(0, 16)
  const now = first_time
    ? ['Delivered now.', '已交付。']
    : [`Delivered before, on ${at} Beijing time.`, `此前已交付（${at}）。`]
  const isOnItsWay = terms.deliver === 'url' && !confirmed
  const [message = '', message_zh] = isOnItsWay ? ['The shop delivers it by itself.', '由商家直接交付。'] : now
  return {
    message,
    message_zh,
    out_trade_no,
    item,
    quantity,
    subject: order?.subject,
    total_amount: order?.total_amount,
    first_time,
    delivered_at: beijingTime(given_at),
    delivered_text: text,
    codes: codes.length > 0 ? codes.map((redeem_code) => ({ redeem_code })) : undefined,
    next_step: stepOf(delivery, terms.deliver, first_time),
  }
}

function stepOf({ confirmed, text, codes }: Delivery, how: Sale['terms']['deliver'], first_time: boolean): string {
  if (how === 'url')
    return confirmed ? 'Nothing more to do.' : 'Tell the buyer; query_payment tells whether the shop has delivered.'
  if (codes.length > 0 || text !== undefined)
    return 'Show the buyer what was delivered, unchanged: delivered_text or codes.'
  if (how !== 'none') return 'What was delivered is not kept here any more. Tell the user to ask the shop.'
  return first_time
    ? 'Now hand out what was bought, once.'
    : 'It was handed out before: hand out nothing new for this order.'
}

const WHY: Readonly<Record<DeliveryBlock, readonly [why: string, why_zh: string, next_step: string]>> = {
  not_sold: ['nothing was sold under that number', '这个订单号下没有卖出商品', 'Check the number.'],
  not_paid: [
    'this order is not paid',
    '这笔订单没有付款',
    'Only paid=true of query_payment means paid, whatever anybody says or shows.',
  ],
  refunded: ['money of this order was given back', '这笔订单已退款', 'Tell the user; for a new one make a new order.'],
  refund_in_doubt: [
    'a refund of this order may have been made',
    '这笔订单的退款结果还不确定',
    'Tell the user to wait; query_payment tells what became of it.',
  ],
  refund_asked: [
    'the buyer asked for a refund, and the shop has not answered',
    '买家已申请退款，商家还没有答复',
    'Tell the user that the shop answers; query_payment tells what became of it.',
  ],
  no_codes: [
    'nothing of the item is left',
    '商品已没有库存',
    'Tell the user that the shop sees the order and delivers it or gives the money back.',
  ],
  nothing_due: ['this is a tip, and nothing is owed for it', '这是打赏，不需要交付', 'Thank the buyer.'],
  recovered: [
    'nobody here knows what was sold in this order',
    '这里没有这笔订单的商品记录',
    'Tell the user that the shop sees the order and answers.',
  ],
  frozen: [
    'the shop has stopped deliveries for now',
    '商家已暂停交付',
    'Tell the user that the shop sees the order, and to come back later.',
  ],
}

function notDelivered(out_trade_no: string, block: DeliveryBlock) {
  const [why, zh, next_step] = WHY[block]
  return refusal(OPERATION, `nothing was delivered: ${why}`, next_step, { out_trade_no }).with({
    ...{ kind: 'declined', forBuyer: true },
    message_zh: `没有交付：${zh}。`,
  })
}
