// What a buyer or the merchant asks of one subscription: how it stands, and that it be ended.
import type { Charge, Subscription } from '../ledger/ledger.ts'
import { isOpenIntent } from '../ledger/order.ts'
import type { ToolResult } from '../tool-result.ts'
import { cancelSubscription, stillOpen } from './cancel-subscription.ts'
import { resolveCharges } from './charge-subscription.ts'
import { lookUpSubscription, ownSubscription, recordsOf, requireAgreements } from './find-subscription.ts'
import { stateOf } from './renewal.ts'
import { subscriptionView, type ViewingCall, viewIgnoringLedgerErrors } from './subscription-view.ts'

export async function querySubscription(external_agreement_no: string, call: ViewingCall): Promise<ToolResult> {
  requireAgreements('query_subscription', call)
  const known = await ownSubscription('query_subscription', external_agreement_no, call)
  // What is in doubt first: a charge that is found made moves the planned day.
  await resolveCharges(known, call)
  const { subscription, unread } = await lookUpSubscription(known, call)
  const view = withOnTheWay(await subscriptionView(subscription, call), await onTheWay(subscription, call), call)
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
  return withOnTheWay(await viewIgnoringLedgerErrors(subscription, call), on_the_way[0], call)
}

/** Of one that is live its renewal says so. */
async function onTheWay(subscription: Subscription, call: ViewingCall): Promise<Charge | undefined> {
  if (stateOf(subscription, call.clock.now()) === 'live') return undefined
  const { charges } = await recordsOf(subscription, call)
  return charges.find(({ intent }) => isOpenIntent(intent) && intent.state !== 'prepared')
}

/** A buyer has no query_payment for it: it is no order of theirs, and their refund is the merchant's to give. */
function withOnTheWay(view: ToolResult, charge: Charge | undefined, { role }: ViewingCall): ToolResult {
  if (!charge) return view
  const { external_agreement_no, out_trade_no } = charge
  const isMerchant = role === 'merchant'
  const refund = isMerchant ? 'it can be refunded' : 'the merchant can refund it'
  const then = isMerchant ? 'offer the refund' : 'the buyer may ask the merchant for the refund, with that number'
  if (charge.intent.state === 'done')
    return {
      ...view,
      message: `${view.message} One charge was on its way before, and is paid: ${out_trade_no}; ${refund}.`,
      message_zh: `${view.message_zh}取消前已发出的一笔扣款 ${out_trade_no} 已经成功，可以${isMerchant ? '' : '请商家'}退款。`,
      on_the_way: out_trade_no,
      next_step: `Tell the user that it was charged, and ${then}.`,
    }
  const ask = `Find out with query_subscription ${JSON.stringify({ external_agreement_no })}, a minute later`
  return {
    ...view,
    message: `${view.message} One charge was on its way before: ${out_trade_no}. If it turns out paid, ${refund}.`,
    message_zh: `${view.message_zh}取消前已有一笔扣款 ${out_trade_no} 正在处理；如果最终扣款成功，可以${isMerchant ? '' : '请商家'}退款。`,
    on_the_way: out_trade_no,
    next_step: `${ask}: its charges say how it ended. If it is paid, ${then}.`,
  }
}
