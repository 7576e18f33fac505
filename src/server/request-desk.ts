// Asks the person at the server's computer about what a buyer wants back: a yes on the page sends the refund at once.
import type { Approvals } from '../approval/approvals.ts'
import { RefusedError } from '../errors.ts'
import type { Call } from '../guard/call.ts'
import type { BuyerRequest } from '../ledger/ledger.ts'
import type { Refunds } from '../refunds/refund.ts'
import type { RequestDesk } from '../shop/buyer-refund.ts'
import { declineForBuyer, refundForBuyer } from '../shop/operator-refund.ts'
import type { SharedServices } from './shared-services.ts'

type DeskCall = Omit<Call, 'approver'> & { refunds: Refunds }

interface DeskOptions {
  /** Aborts when the process is about to leave. */
  stopping: AbortSignal
  /** Tells the operator why an answer was not carried out. */
  tell(line: string): void
}

/** For a server whose chats are with buyers. */
export function withRequestDesk(services: SharedServices, options: DeskOptions): SharedServices {
  const { approvals, owner, clock } = services
  const actor = () => ({ at: clock.now(), owner, host: 'a buyer in the chat' })
  return { ...services, requestDesk: requestDesk({ ...services, actor }, approvals, options) }
}

/** The page lives for a quarter of an hour; after that a terminal answers. */
function requestDesk(call: DeskCall, approvals: Approvals, { stopping, tell }: DeskOptions): RequestDesk {
  const asked = new Set<number>()
  const { actor } = call
  const context = { tool: 'request_refund', actor, began: Number.POSITIVE_INFINITY, stopping, signal: stopping }
  const asking: Call & { refunds: Refunds } = { ...call, approver: approvals.atOperator(context), signal: undefined }

  async function answer(request: BuyerRequest): Promise<void> {
    try {
      await refundForBuyer(request, asking)
    } catch (error) {
      if (error instanceof RefusedError && error.kind === 'declined') await declineForBuyer(request, 'page', asking)
      else if (!stopping.aborted)
        tell(`The refund that a buyer asked for was not made: ${error instanceof Error ? error.message : error}`)
    }
  }

  return {
    ask(request) {
      if (asked.has(request.id)) return
      asked.add(request.id)
      void answer(request).catch(() => {})
    },
  }
}
