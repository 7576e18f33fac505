// Sets a later planned day (alipay.user.agreement.executionplan.modify).
import * as z from 'zod'
import { postponeSubscription } from '../../subscriptions/postpone-subscription.ts'
import { viewIgnoringLedgerErrors } from '../../subscriptions/subscription-view.ts'
import { TEXT } from '../../written-input.ts'
import { output, subscriptionInput } from '../fields.ts'
import { defineTool } from '../tool.ts'

const planned_day = z
  .string(TEXT)
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'must be a day such as 2026-12-20.' })
  .describe('Beijing day, later than the planned one. Default: the first for which there is time to announce.')
  .optional()

export const postponeOneSubscription = defineTool({
  name: 'postpone_subscription',
  title: 'Postpone a subscription 订阅改期',
  description:
    'Sets a later planned day, for a charge that was missed or failed: without it the subscription dies. Only if the' +
    ' merchant says so. Charges nothing; the new day has to be announced again.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: subscriptionInput({ planned_day }),
  output: output({ planned_day: z.string().optional() }),
  async run({ external_agreement_no, planned_day: day }, services) {
    const subscription = await postponeSubscription(external_agreement_no, day, services)
    return viewIgnoringLedgerErrors(subscription, services)
  },
})
