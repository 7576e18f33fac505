// Asks Alipay how a subscription stands (alipay.user.agreement.query).
import * as z from 'zod'
import { querySubscription } from '../../subscriptions/query-subscription.ts'
import { output, subscriptionInput } from '../fields.ts'
import { defineTool } from '../tool.ts'

export const queryOneSubscription = defineTool({
  name: 'query_subscription',
  title: 'Query a subscription 查询订阅',
  description:
    'Tells how a subscription stands: offered, live, cancelled or ended, its next planned charge, and its charges so' +
    ' far. Only reads.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: subscriptionInput({}),
  output: output({ state: z.string().optional(), planned_day: z.string().optional() }),
  run: ({ external_agreement_no }, services) => querySubscription(external_agreement_no, services),
})
