// What a buyer or the merchant asks of one subscription: how it stands, and that it be ended.
import type { ToolResult } from '../tool-result.ts'
import { cancelSubscription, stillOpen } from './cancel-subscription.ts'
import { lookUpSubscription, ownSubscription, requireAgreements } from './find-subscription.ts'
import { subscriptionView, type ViewingCall } from './subscription-view.ts'

export async function querySubscription(external_agreement_no: string, call: ViewingCall): Promise<ToolResult> {
  requireAgreements('query_subscription', call)
  const known = await ownSubscription('query_subscription', external_agreement_no, call)
  const { subscription, unread } = await lookUpSubscription(known, call)
  const view = await subscriptionView(subscription, call)
  if (unread === undefined) return view
  return {
    ...view,
    message: `As last known: ${view.message} Alipay did not say now: ${unread}.`,
    message_zh: `以下为上次所知：${view.message_zh}支付宝这次没有返回结果。`,
  }
}

/** @throws OutcomeUnknownError where Alipay has not ended it yet: the wish stands */
export async function cancelOwnSubscription(external_agreement_no: string, call: ViewingCall): Promise<ToolResult> {
  requireAgreements('cancel_subscription', call)
  const known = await ownSubscription('cancel_subscription', external_agreement_no, call)
  const { subscription, on_the_way, open } = await cancelSubscription(known, 'chat', call)
  if (open !== undefined) throw stillOpen(subscription, open)
  const view = await subscriptionView(subscription, call)
  const [charge] = on_the_way
  if (!charge) return view
  const { out_trade_no } = charge
  return {
    ...view,
    message: `${view.message} One charge was on its way before: ${out_trade_no}. If it turns out paid, it can be refunded.`,
    message_zh: `${view.message_zh}取消前已有一笔扣款 ${out_trade_no} 正在处理；如果最终扣款成功，可以退款。`,
    on_the_way: out_trade_no,
    next_step: `Find out with query_payment {"out_trade_no":"${out_trade_no}"}; if it is paid, offer the refund.`,
  }
}
