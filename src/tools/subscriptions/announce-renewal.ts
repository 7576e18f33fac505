// Announces the next charge to the subscriber through the merchant's hook.
import * as z from 'zod'
import { announceRenewal } from '../../subscriptions/announce-renewal.ts'
import { viewIgnoringLedgerErrors } from '../../subscriptions/subscription-view.ts'
import { output, subscriptionInput } from '../fields.ts'
import { defineTool } from '../tool.ts'

export const announceOneRenewal = defineTool({
  name: 'announce_renewal',
  title: 'Announce a renewal 续费提醒',
  description:
    "Has the merchant's hook tell the subscriber of the next charge, once. Law wants five full days between this and the" +
    ' charge. Charges nothing. Only the answer of the hook is the proof: no message of yours replaces it.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: subscriptionInput({}),
  output: output({ first_time: z.boolean().optional(), planned_day: z.string().optional() }),
  async run({ external_agreement_no }, services) {
    const { subscription, first_time } = await announceRenewal(external_agreement_no, services)
    const view = await viewIgnoringLedgerErrors(subscription, services)
    const message = `${first_time ? 'Announced now.' : 'Announced before.'} ${view.message}`
    const message_zh = `${first_time ? '已通知用户。' : '此前已通知过。'}${view.message_zh}`
    return { ...view, message, message_zh, first_time }
  },
})
