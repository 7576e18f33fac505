// An order of an item as its buyer may see it: what it is, whether it is paid and delivered, what comes next; nothing else.
import { beijingTime } from '../clock.ts'
import type { BuyerRequest, Delivery, Order, Sale } from '../ledger/ledger.ts'
import { isNothingDue, refundPolicyWords } from '../ledger/sale-words.ts'
import { type CheckedOrder, isFinal, orderStatus, timeLeft } from '../orders/order-status.ts'
import { linkFor, linkPicture, type ShowingCall } from '../orders/pay-view.ts'
import type { Pictured, ToolResult } from '../tool-result.ts'
import type { ShopCall } from './buyer.ts'
import type { SoldItem } from './sell-item.ts'

export type ViewCall = ShopCall & ShowingCall

/** A new order, or the one that the same buyer has open for the same thing. */
export async function soldView(sold: SoldItem, call: ViewCall): Promise<ToolResult | Pictured> {
  const { order, again, item, quantity, terms } = sold
  const { out_trade_no, total_amount, subject, time_expire } = order
  const { pay_url, no_short_link } = await linkFor(order, call)
  const policy = refundPolicyWords(terms.refund, terms.tip)
  const result = {
    message: `${again ? 'The order is open already' : 'Order made'}: ${total_amount} yuan. Not paid yet. Refunds: ${policy.en}`,
    message_zh: `${again ? '订单此前已创建' : '已创建订单'}：${total_amount} 元，尚未付款。退款规则：${policy.zh}`,
    out_trade_no,
    item,
    quantity,
    subject,
    total_amount,
    pay_url,
    time_expire,
    expires: timeLeft(order, call),
    refund_policy: policy.en,
    refund_policy_zh: policy.zh,
    next_step: pay_url === undefined ? NO_LINK : showLink(total_amount),
  }
  if (no_short_link !== undefined && call.role === 'merchant') return { ...result, no_short_link }
  return linkPicture(result, pay_url)
}

const NO_LINK = 'The link cannot be shown just now. Tell the user, and call query_payment for it in a minute.'
const showLink = (total_amount: string) =>
  `Show the link as [Pay ${total_amount} yuan](pay_url), unchanged, to this buyer alone: what is bought goes to this chat. ` +
  'In your next turn call wait_for_payment.'

export interface SaleState {
  sale: Sale
  delivery: Delivery | undefined
  request: BuyerRequest | undefined
}

/** What the ledger knows of a sale beside its order. */
export async function saleState(sale: Sale, call: ShopCall): Promise<SaleState> {
  const ledger = await call.ledger()
  const { out_trade_no } = sale
  const [delivery, request] = [await ledger.delivery(out_trade_no), await ledger.buyerRequest(out_trade_no)]
  return { sale, delivery, request }
}

/** After Alipay was asked. */
export async function orderView(checked: CheckedOrder, state: SaleState, call: ViewCall): Promise<ToolResult> {
  const { sale, delivery } = state
  const status = orderStatus(checked, call)
  const { order } = checked.known
  const isOpen = !isFinal(checked, call) && status.alarm === undefined && isWanted(order)
  const link = isOpen && order ? await linkFor(order, call) : undefined
  const words = deliveryWords(status, state)
  const policy = refundPolicyWords(sale.terms.refund, sale.terms.tip)
  return {
    state: stateOf(status, isOpen),
    message: `${status.message}${words.en && ` ${words.en}`}`,
    message_zh: `${status.message_zh}${words.zh}`,
    out_trade_no: sale.out_trade_no,
    item: sale.item,
    quantity: sale.quantity,
    subject: order?.subject,
    total_amount: order?.total_amount,
    trade_status: status.trade_status,
    send_pay_date: status.send_pay_date,
    paid: status.paid ?? false,
    refunded: status.refunded,
    refunded_total: status.refunded_total,
    delivered: delivery?.confirmed ?? false,
    delivered_at: delivery?.confirmed ? beijingTime(delivery.given_at) : undefined,
    refund_request: words.request,
    refund_policy: policy.en,
    refund_policy_zh: policy.zh,
    pay_url: link?.pay_url,
    expires: isOpen && order ? timeLeft(order, call) : undefined,
    next_step: nextStep(status, state, isOpen, link?.pay_url),
  }
}

/** What became of it, in one word; `closing`: it can be paid, and nobody wants that. */
function stateOf(status: ToolResult, isOpen: boolean): string {
  if (status.alarm !== undefined) return 'alarm'
  if (status.refunded === 'full') return 'refunded'
  if (status.paid === true) return status.refunded === 'part' ? 'part_refunded' : 'paid'
  if (isOpen) return 'open'
  return status.payable_until === undefined && status.trade_status !== 'WAIT_BUYER_PAY' ? 'over' : 'closing'
}

const isWanted = (order: Order | undefined) =>
  order?.close_requested_at === undefined && order?.replaced_by === undefined

function deliveryWords(status: ToolResult, { sale, delivery, request }: SaleState) {
  if (delivery) {
    const at = beijingTime(delivery.given_at).slice(0, 16)
    return delivery.confirmed
      ? { en: `Delivered on ${at} Beijing time.`, zh: `已交付（${at}）。`, request: undefined }
      : { en: 'The shop is delivering it.', zh: '商家正在交付。', request: undefined }
  }
  const isBack = status.refunded === 'full'
  if (request && !isBack) {
    return request.state === 'declined'
      ? { en: 'The shop said no to the refund.', zh: '商家没有同意退款。', request: 'declined' }
      : { en: "The refund waits for the shop's answer.", zh: '退款申请等待商家答复。', request: 'waiting' }
  }
  const isDue = status.paid === true && !isNothingDue(sale.terms)
  return isDue
    ? { en: 'Not delivered yet.', zh: '尚未交付。', request: undefined }
    : { en: '', zh: '', request: undefined }
}

function nextStep(status: ToolResult, state: SaleState, isOpen: boolean, pay_url: string | undefined) {
  const { sale, delivery, request } = state
  const { total_amount } = status
  if (pay_url !== undefined) return showLink(String(total_amount ?? ''))
  if (status.alarm !== undefined) return 'Hand out nothing. Tell the user to ask the shop.'
  if (stateOf(status, isOpen) === 'closing') return 'Tell the buyer not to pay it: it is to be closed.'
  if (delivery)
    return sale.terms.deliver === 'url' ? undefined : 'To show what was handed out again call deliver_order.'
  if (status.paid !== true) return undefined
  if (request?.state === 'asked')
    return 'Hand out nothing. Tell the user that the shop answers; query_payment tells what became of it.'
  if (isNothingDue(sale.terms)) return 'Thank the buyer; nothing else is owed.'
  return 'Call deliver_order before anything of it is handed out.'
}
