// Ends a subscription for good (alipay.user.agreement.unsign).
import * as z from 'zod'
import { cancelOwnSubscription } from '../../subscriptions/query-subscription.ts'
import { output, subscriptionInput } from '../fields.ts'
import { defineTool } from '../tool.ts'

export const cancelOneSubscription = defineTool({
  name: 'cancel_subscription',
  title: 'Cancel a subscription 取消订阅',
  description:
    'Ends a subscription, whenever the subscriber wants it: from this call on nothing more is charged. It needs no' +
    ' approval, and works while all is frozen. What was paid stays paid: a refund is another call.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: subscriptionInput({}),
  output: output({ state: z.string().optional() }),
  run: ({ external_agreement_no }, services) => cancelOwnSubscription(external_agreement_no, services),
})
