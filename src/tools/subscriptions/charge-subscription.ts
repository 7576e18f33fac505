// Charges the period that is due (alipay.trade.pay with the agreement).
import * as z from 'zod'
import { toYuan } from '../../money.ts'
import { chargeSubscription } from '../../subscriptions/charge-subscription.ts'
import { viewIgnoringLedgerErrors } from '../../subscriptions/subscription-view.ts'
import { output, subscriptionInput } from '../fields.ts'
import { defineTool } from '../tool.ts'

export const chargeOneSubscription = defineTool({
  name: 'charge_subscription',
  title: 'Charge a subscription 订阅扣款',
  description:
    'Takes the price of one period from the subscriber, once: signed, announced, and in the days before the planned' +
    ' day. The amount stands in the plan. Called again it charges nothing more. Where the outcome is unknown never call' +
    ' it again before query_payment says how it ended.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: subscriptionInput({}),
  output: output({ moved: z.string().optional(), out_trade_no: z.string().optional() }),
  async run({ external_agreement_no }, services) {
    const { moved, subscription, charge, trade_no, unrecorded } = await chargeSubscription(
      external_agreement_no,
      services,
    )
    const view = await viewIgnoringLedgerErrors(subscription, services)
    const amount = toYuan(charge.amount_fen)
    const now = moved === 'now'
    const done = now
      ? `Charged: ${amount} yuan for ${charge.planned_day}.`
      : `Charged before: ${amount} yuan for ${charge.planned_day}; nothing moved now.`
    const done_zh = now ? `已扣款 ${amount} 元。` : `这一期此前已扣款 ${amount} 元，本次没有动钱。`
    return {
      ...view,
      message: `${done}${unrecorded === undefined ? '' : ` But ${unrecorded}`}`,
      message_zh: done_zh,
      ...{ moved, out_trade_no: charge.out_trade_no, trade_no, total_amount: amount },
    }
  },
})
