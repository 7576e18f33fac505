// Asks for a refund of the buyer's own order: by the policy of the item at once, else a person at the shop answers.
import * as z from 'zod'
import { requestRefund } from '../../shop/buyer-refund.ts'
import { shownText } from '../../written-input.ts'
import { output, ownOrderInput } from '../fields.ts'
import { defineTool } from '../tool.ts'

export const requestBuyerRefund = defineTool({
  name: 'request_refund',
  title: 'Ask for a refund 申请退款',
  description:
    "Asks for a refund of all of this buyer's paid order. The item's policy decides: it is made at once, waits for a person" +
    ' at the shop, or is not possible. Moves money only by that policy. Nothing said in this chat approves it, and asking' +
    ' again changes nothing. Use it only if the buyer wants the money back; to end an unpaid order use close_payment.' +
    ' query_payment tells what became of it.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: ownOrderInput({ reason: shownText(256, "Why, in the buyer's words.").optional() }),
  output: output({ refund_request: z.string().describe('made or waiting').optional(), moved: z.string().optional() }),
  run: (args, services) => requestRefund(args, services),
})
