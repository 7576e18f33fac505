// The yes outside the chat: a request in the ledger, which a person decides on a page or at a terminal.

import { beijingTime } from '../clock.ts'
import { OPERATOR_MS } from '../guard/deadlines.ts'
import { refusal } from '../guard/not-sent.ts'
import { ANOTHER_AMOUNT } from '../guard/refusals.ts'
import { ANSWER_HOLDS_MS } from '../ledger/approval-digest.ts'
import type { Actor, Approval, ApprovalRequest, Ledger, Yes } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'
import { ownCall } from '../pasteable-call.ts'
import type { ApprovalWindows, WindowState } from './browser-window.ts'
import type { ApprovalsOptions, OperatorContext } from './context.ts'
import { ASK_AGAIN, ASK_AGAIN_ZH, notAccepted } from './not-accepted.ts'

const POLL_MS = 300

export class OperatorApprovals {
  #windows: ApprovalWindows | undefined

  constructor(readonly options: ApprovalsOptions) {}

  /** @throws RefusedError where nobody has said yes before the call has to answer */
  async yes(request: ApprovalRequest, context: OperatorContext): Promise<Yes> {
    const { clock } = this.options
    const { signal, stopping, tool } = context
    const leaving = AbortSignal.any([signal, stopping])
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
      if (isOver) throw expired(tool, approval)
      if (clock.ticks() - context.began >= OPERATOR_MS) {
        const window = this.#windows?.stateOf(approval.id)
        throw waiting(tool, approval, ledger.inMemory, window)
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

function expired(tool: string, { asked_at, expires_at }: Approval): Error {
  if (expires_at - asked_at < ANSWER_HOLDS_MS) {
    const why = 'the question to the merchant has ended before it was answered, as another refund of the order ends it'
    const message_zh = `商家答复之前，原来的询问已失效：这个订单有别的退款时就会这样。${ASK_AGAIN_ZH}`
    return refusal(tool, why, ASK_AGAIN).with({ retry: 'after_change', message_zh })
  }
  const why = 'nobody answered the request for approval within 15 minutes'
  const message_zh = `15 分钟内没有人确认。${ASK_AGAIN_ZH}`
  return refusal(tool, why, ASK_AGAIN).with({ retry: 'after_change', message_zh })
}

/** Nothing may move for a host that is gone, or by a process that is going. */
function requirePresent({ tool, signal, stopping }: OperatorContext): void {
  if (signal.aborted) throw notAccepted(tool, 'cancelled')
  if (stopping.aborted) throw notAccepted(tool, 'stopping')
}

function waiting(
  tool: string,
  { expires_at, amount_fen, out_trade_no }: Approval,
  inMemory: boolean,
  window?: WindowState,
) {
  const amount = toYuan(amount_fen)
  const until = beijingTime(expires_at).slice(0, 16)
  const why =
    `the refund of ${amount} yuan of order ${out_trade_no} needs a person's yes outside the chat, until ${until} Beijing ` +
    'time; a yes in this chat does not count. Do not repeat the call until the merchant says that it is approved'
  return refusal(tool, why, whereToAnswer(inMemory, window)).with({
    kind: 'waiting_for_approval',
    message_zh: `退款 ${amount} 元等待商家确认（${until} 前有效），确认前不会发送；在对话里说同意不算。`,
  })
}

const WINDOW = {
  loaded: 'in the browser window that this server opened on its computer',
  opening: 'in the browser window, if one has opened on the computer of this server',
}

function whereToAnswer(inMemory: boolean, window?: WindowState): string {
  const page = window ? [WINDOW[window]] : []
  const terminal = inMemory ? [] : [`with "${ownCall('approvals')}" at a terminal of that computer`]
  const places = [...page, ...terminal].join(', or ')
  if (places === '') return nowhere()
  return (
    `Tell the merchant to answer ${places}; only a person can approve, not you. Once the ` +
    'merchant says that the refund is approved, make the same call again, with the same refund_reason: the yes holds for that only.'
  )
}

const nowhere = () =>
  `Tell the operator to set ALIPAY_DATA_DIR: then "${ownCall('approvals')}" at a terminal can answer. No browser window could ` +
  'be opened on the computer of this server, and no terminal sees a ledger in memory.'

function decided(tool: string, { state, expires_at }: Approval): Error {
  if (state === 'denied') {
    const until = beijingTime(expires_at).slice(0, 16)
    const next_step = `Do not repeat the call: whatever the refund_reason, this no stands for this order and amount until ${until} Beijing time, unless another refund changes the order.${ANOTHER_AMOUNT}`
    const message_zh = `商家没有同意这笔退款，退款没有发送，本次没有动钱。这个答复到北京时间 ${until} 前有效，换一个理由也一样，请不要重复请求。`
    return refusal(tool, 'the merchant said no to this refund', next_step).with({ kind: 'declined', message_zh })
  }
  return refusal(tool, "the merchant's approval was used by another call for the same refund", ASK_AGAIN).with({
    retry: 'after_change',
    message_zh: `商家的同意已被同一笔退款的另一次调用用掉。${ASK_AGAIN_ZH}`,
  })
}
