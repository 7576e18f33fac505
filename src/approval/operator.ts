// The yes outside the chat: a request in the ledger, which a person decides on a page or at a terminal.

import { OPERATOR_MS } from '../guard/deadlines.ts'
import { refusal } from '../guard/refusals.ts'
import type { Actor, Approval, ApprovalRequest, Ledger, Yes } from '../ledger/ledger.ts'
import type { ApprovalWindows } from './browser-window.ts'
import { ASK_AGAIN, notAccepted } from './chat.ts'
import type { ApprovalContext, ApprovalsOptions } from './context.ts'

const POLL_MS = 300

export class OperatorApprovals {
  #windows: ApprovalWindows | undefined

  constructor(readonly options: ApprovalsOptions) {}

  /** @throws RefusedError where nobody has said yes before the call has to answer */
  async yes(request: ApprovalRequest, context: ApprovalContext): Promise<Yes> {
    const { clock } = this.options
    const { ctx, stopping, tool } = context
    const leaving = AbortSignal.any([ctx.mcpReq.signal, stopping])
    const left = new Promise((resolve) => leaving.addEventListener('abort', resolve, { once: true }))
    requirePresent(context)
    const ledger = await this.options.ledger()
    const actor = context.actor()
    let approval = await ledger.requestApproval(request, actor)
    await this.#show(approval, ledger, actor)
    for (;;) {
      const isOver = approval.state !== 'asked' || clock.now() >= approval.expires_at
      if (isOver) this.#windows?.end(approval.id)
      requirePresent(context)
      if (approval.state === 'approved')
        return { how: 'operator', approvalDigest: request.approvalDigest, id: approval.id }
      if (approval.state !== 'asked') throw decided(tool, approval)
      if (isOver) throw refusal(tool, EXPIRED, ASK_AGAIN)
      if (clock.ticks() - context.began >= OPERATOR_MS) {
        const onPage = this.#windows?.isOpen(approval.id) ?? false
        throw refusal(tool, WAITING, whereToAnswer(ledger.inMemory, onPage))
      }
      await Promise.race([clock.sleep(POLL_MS), left])
      approval = (await ledger.approval(approval.id)) ?? approval
    }
  }

  close(): void {
    this.#windows?.close()
  }

  async #show(approval: Approval, ledger: Ledger, actor: Actor): Promise<void> {
    if (!this.options.openPage || approval.state !== 'asked') return
    // Loaded when it is needed: hardly any start needs it. Before anything is looked at, so that one window is opened.
    const { ApprovalWindows } = await import('./browser-window.ts')
    this.#windows ??= new ApprovalWindows(this.options)
    await this.#windows.show(approval, ledger, actor)
  }
}

const WAITING = "it is waiting for the merchant's approval: ask again with the same words"
const EXPIRED = 'nobody answered the request for approval within 15 minutes'

/** Nothing may move for a host that is gone, or by a process that is going. */
function requirePresent({ tool, ctx, stopping }: ApprovalContext): void {
  if (ctx.mcpReq.signal.aborted) throw notAccepted(tool, 'cancelled')
  if (stopping.aborted) throw notAccepted(tool, 'stopping')
}

function whereToAnswer(inMemory: boolean, onPage: boolean): string {
  const page = onPage ? ['in the browser window that this server opens on its computer, if there is a screen'] : []
  const terminal = inMemory ? [] : ['with "alipay-mcp approvals" at a terminal']
  const places = [...page, ...terminal].join(', or ')
  if (places === '') return NOWHERE
  return (
    `The merchant answers ${places}; only a person can. Tell that, and when the merchant has answered, make the same ` +
    'call again with the same words.'
  )
}

const NOWHERE =
  'No browser window could be opened on the computer where this server runs, and the ledger is in memory, where no ' +
  'terminal sees it: tell the operator to set ALIPAY_DATA_DIR, and that "alipay-mcp approvals" then answers.'

function decided(tool: string, { state }: Approval): Error {
  if (state === 'denied') {
    return refusal(
      tool,
      'the merchant said no to exactly this',
      'Do not ask again unless the merchant wishes it; the answer stays for 15 minutes after the question, as long as nothing about the order changes.',
    )
  }
  return refusal(tool, "the merchant's approval was used by another call for the same", ASK_AGAIN)
}
