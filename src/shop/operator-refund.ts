// A refund that a buyer asked for and a person decides: the yes sends it at once, through all guards; a no lets the order be delivered.
import type { Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { refusal } from '../guard/not-sent.ts'
import type { BuyerRequest } from '../ledger/ledger.ts'
import { lookUpTrade } from '../orders/find-order.ts'
import type { Refunds } from '../refunds/refund.ts'
import { refundRequestFor } from '../refunds/refund-number.ts'
import { requireSettings } from '../refunds/refund-rules.ts'
import type { RefundMade } from '../refunds/send-refund.ts'

const OPERATION = 'request_refund'

/**
 * All that is left of the order, as its buyer asked. The approver of the call asks the person.
 * @throws what the approver throws where nobody said yes; RefusedError, OutcomeUnknownError, LedgerError
 */
export async function refundForBuyer(
  { out_trade_no, buyer, reason }: BuyerRequest,
  call: Call & { refunds: Refunds },
): Promise<RefundMade & { trade: Trade }> {
  requireSettings(call.rules)
  const rules = { ...call.rules, refundApproval: 'operator', approveAboveFen: undefined } as const
  const asking: Call = { ...call, rules }
  const trade = await lookUpTrade(asking, { by: OPERATION, order: { out_trade_no }, readOnly: false })
  const refund = await refundRequestFor(asking, trade, { refund_reason: reason })
  const made = await call.refunds.make(asking, trade, { ...refund, of_buyer: { buyer } })
  return { ...made, trade }
}

/** @throws RefusedError where its refund is on its way, or somebody has answered it */
export async function declineForBuyer(request: BuyerRequest, by: 'page' | 'terminal', call: Call): Promise<void> {
  const ledger = await call.ledger()
  if (await ledger.declineRequest(request.id, by, call.actor())) return
  throw refusal(OPERATION, 'somebody has answered this request, or its refund is on its way')
}
