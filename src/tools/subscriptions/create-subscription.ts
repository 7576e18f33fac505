// Offers a subscription plan and returns the page on which the buyer signs (alipay.user.agreement.page.sign).
import * as z from 'zod'
import { createSubscription } from '../../subscriptions/create-subscription.ts'
import { subscriptionView } from '../../subscriptions/subscription-view.ts'
import { TEXT } from '../../written-input.ts'
import { output, unknownKeys } from '../fields.ts'
import { defineTool } from '../tool.ts'

const fields = {
  plan: z
    .string(TEXT)
    .min(1, { error: 'is empty.' })
    .max(40, { error: 'is longer than 40 characters.' })
    .describe('Id of the plan, from list_items.'),
}

export const createSubscriptionOffer = defineTool({
  name: 'create_subscription',
  title: 'Offer a subscription 创建订阅',
  description:
    "Offers one of the shop's plans and returns sign_url, the page on which the buyer signs in Alipay. Charges nothing:" +
    ' price, period and first day stand in the plan. The same buyer and plan again is the same offer. Show sign_url' +
    ' unchanged; then call query_subscription.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject(fields, { error: unknownKeys(Object.keys(fields)) }),
  output: output({ external_agreement_no: z.string().optional(), sign_url: z.string().optional() }),
  async run({ plan }, services) {
    const { subscription, sign_url } = await createSubscription(plan, services)
    return { ...(await subscriptionView(subscription, services)), sign_url }
  },
})
