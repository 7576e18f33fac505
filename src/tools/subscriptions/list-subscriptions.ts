// Lists subscriptions by what they need next, from the ledger.
import * as z from 'zod'
import { LISTED, listSubscriptions } from '../../subscriptions/list-subscriptions.ts'
import { output, unknownKeys } from '../fields.ts'
import { defineTool } from '../tool.ts'

const fields = {
  state: z
    .enum(LISTED, { error: `must be one of ${LISTED.join(', ')}.` })
    .describe('Only these: to_announce and due need a call now; failed, in_doubt and missed a person.')
    .optional(),
  limit: z
    .int({ error: 'must be a whole number.' })
    .min(1, { error: 'is under 1.' })
    .max(50, { error: 'is over 50.' })
    .describe('At most so many.')
    .default(20),
}

export const listAllSubscriptions = defineTool({
  name: 'list_subscriptions',
  title: 'List subscriptions 订阅列表',
  description:
    'Lists subscriptions as the ledger has them, newest first: who is to be announced, who is due, whose charge failed,' +
    ' was missed or is in doubt. Only reads, and asks Alipay nothing.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject(fields, { error: unknownKeys(Object.keys(fields)) }),
  output: output({ subscriptions: z.unknown().optional() }),
  run: (args, services) => listSubscriptions(args, services),
})
