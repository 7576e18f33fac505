// The yes outside the chat: a request in the ledger, which a person decides on a page or at a terminal.

import { refusal } from '../guard/blocked.ts'
import type { Approval, ApprovalRequest, Yes } from '../ledger/ledger.ts'
import type { ApprovalsOptions, AskedCall } from './approvals.ts'
import { ApprovalWindows } from './browser-windows.ts'
import { notAccepted } from './chat.ts'

// Of the 55 seconds in which a call answers, the refund itself wants most.
const WAIT_MS = 12_000
const POLL_MS = 300

export class OperatorApprovals {
  readonly #options: ApprovalsOptions
  readonly #windows: ApprovalWindows

  constructor(options: ApprovalsOptions) {
    this.#options = options
    this.#windows = new ApprovalWindows(options)
  }

  /** @throws RefusedError where nobody has said yes before the call has to answer */
  async yes(request: ApprovalRequest, call: AskedCall): Promise<Yes> {
    const { clock } = this.#options
    const leaving = AbortSignal.any([call.ctx.mcpReq.signal, call.stopping])
    const left = new Promise((resolve) => leaving.addEventListener('abort', resolve, { once: true }))
    demandPresent(call)
    const ledger = await this.#options.ledger()
    const act = call.act()
    let approval = await ledger.requestApproval(request, act)
    await this.#windows.show(approval, ledger, act)
    for (;;) {
      const isOver = approval.state !== 'asked' || clock.now() >= approval.expires_at
      if (isOver) this.#windows.end(approval.id)
      demandPresent(call)
      if (approval.state === 'approved') return { how: 'operator', effect: request.effect, id: approval.id }
      if (approval.state !== 'asked') throw decided(call.tool, approval)
      if (isOver) throw refusal(call.tool, EXPIRED, ASK_AGAIN)
      if (clock.ticks() - call.began >= WAIT_MS) {
        throw refusal(call.tool, WAITING, whereToAnswer(ledger.inMemory, this.#windows.isOpen(approval.id)))
      }
      await Promise.race([clock.sleep(POLL_MS), left])
      approval = (await ledger.approval(approval.id)) ?? approval
    }
  }

  close(): void {
    this.#windows.close()
  }
}

const WAITING = "it is waiting for the merchant's approval: ask again with the same words"
const EXPIRED = 'nobody answered the request for approval within 15 minutes'
const ASK_AGAIN =
  'If it is still wanted, make the same call again with the same words: the merchant is asked anew.'

/** Nothing may move for a host that is gone, or by a process that is going. */
function demandPresent({ tool, ctx, stopping }: AskedCall): void {
  if (ctx.mcpReq.signal.aborted) throw notAccepted(tool, 'cancelled')
  if (stopping.aborted) throw notAccepted(tool, 'stopping')
}

function whereToAnswer(inMemory: boolean, onPage: boolean): string {
  const page = onPage
    ? ['in the browser window that this server opens on its computer, if there is a screen']
    : []
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
