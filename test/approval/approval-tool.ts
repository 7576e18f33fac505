// The tool that stands in for all others: it asks the merchant, and tells what it was then allowed to do.
import * as z from 'zod'
import { questionOf, type RefundFacts } from '../../src/approval/question.ts'
import type { Yes } from '../../src/ledger/ledger.ts'
import { toFen } from '../../src/money.ts'
import { defineTool } from '../../src/tools/tool.ts'

/** One entry for each time that money would have moved. */
export const allowed: (Yes & { host: string })[] = []

interface World {
  /** What the tool finds when it looks up the order. */
  facts: Partial<RefundFacts>
  beforeAsking: () => Promise<void>
  /** Between the yes and the operation. */
  beforeReserving: () => Promise<void>
}

export const QUIET: World = {
  facts: {},
  beforeAsking: async () => {},
  beforeReserving: async () => {},
}
export const world: World = { ...QUIET }

const giveBack = defineTool({
  name: 'give_back',
  title: 'Give back',
  description: 'Asks, then does it.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({ amount: z.string(), how: z.enum(['chat', 'operator']).optional() }),
  output: z.looseObject({}),
  async run({ amount, how = 'chat' }, { approver, actor, rules: { environment } }) {
    return approver.restartOnAnswer(async () => {
      for (;;) {
        await world.beforeAsking()
        const facts = factsOf(amount, environment)
        const [approvalDigest, question] = [digestOf(facts), questionOf(facts)]
        const { out_trade_no } = facts
        const yes = await approver.yes({ approvalDigest, out_trade_no, amount_fen: toFen(amount), question }, how)
        if (yes.approvalDigest !== approvalDigest) throw new Error('a yes to something else')
        await world.beforeReserving()
        if (digestOf(factsOf(amount, environment)) !== yes.approvalDigest) continue
        allowed.push({ ...yes, host: actor().host })
        return { message: 'done' }
      }
    })
  },
})

function factsOf(amount: string, environment: RefundFacts['environment']): RefundFacts {
  const order = { out_trade_no: 'T1', total_amount: '100.00', refunded: '0.00', left: '70.00', further: false }
  return { environment, amount, host: 'raw 1', ...order, ...world.facts }
}

function digestOf({ out_trade_no, amount, refunded }: RefundFacts): string {
  return [out_trade_no, amount, refunded].join('|')
}

export const MERCHANT_TOOLS = [giveBack]
export const ITEM_TOOLS = []
export const BUYER_TOOLS = []
