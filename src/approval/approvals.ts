// The merchant's yes: asked in the chat where the client can show a form, else outside it, in a browser or a terminal.
import type { ServerContext } from '@modelcontextprotocol/server'
import type { Clock } from '../clock.ts'
import type { Environment } from '../gateway/gateway.ts'
import type { Act, ApprovalRequest, Ledger, Yes } from '../ledger/ledger.ts'
import { type Brought, ChatQuestions, notAccepted, whyNoYes } from './chat.ts'
import { OperatorApprovals } from './operator.ts'

/** Asks for one call; made anew for each, because it knows what the client can do and what it brought back. */
export interface Asker {
  /** Whether the client declared that it can show forms. */
  readonly inChat: boolean
  /**
   * The yes to exactly this effect. `chat` falls back to `operator` where the client shows no forms.
   * @throws AskInChat for server.ts to hand the question to the client, which calls again with the answer
   * @throws RefusedError (not_sent) where it was denied, cancelled, late, tampered with, or is still waiting
   */
  yes(request: ApprovalRequest, how: 'chat' | 'operator'): Promise<Yes>
}

/** What an asker knows of its call. */
export interface AskedCall {
  tool: string
  ctx: ServerContext
  /** Whether the client declared that it can show forms. */
  inChat: boolean
  brought: Brought
  act(): Act
  /** By the ticks of the clock. */
  began: number
  /** Aborts when the process is about to leave. */
  stopping: AbortSignal
}

export interface ApprovalsOptions {
  environment: Environment
  clock: Clock
  ledger(): Promise<Ledger>
  /** Shows a page of this computer to the person at it; absent: there is no such page. */
  openPage?: ((url: string) => Promise<unknown>) | undefined
}

/** The questions of one process, made once. */
export class Approvals {
  readonly #chat: ChatQuestions
  readonly #operator: OperatorApprovals

  constructor(options: ApprovalsOptions) {
    this.#chat = new ChatQuestions(options.clock)
    this.#operator = new OperatorApprovals(options)
  }

  /** Whether a call that came back with this state continues one whose question is open. */
  awaits(state: unknown): boolean {
    return this.#chat.isOpen(state)
  }

  forCall(call: AskedCall): Asker {
    // Used up by the first question: if the effect changes within one call, the merchant is asked about the new one.
    let brought: Brought | undefined = call.brought
    return {
      inChat: call.inChat,
      yes: (request, how) => {
        if (how === 'operator' || !call.inChat) return this.#operator.yes(request, call)
        const first = brought
        brought = undefined
        return this.#yesInChat(request, call, first)
      },
    }
  }

  close(): void {
    this.#operator.close()
  }

  async #yesInChat(request: ApprovalRequest, call: AskedCall, brought: Brought | undefined): Promise<Yes> {
    const { tool, ctx } = call
    if (!brought) throw await this.#chat.ask(request, ctx, true)
    if (brought.state === undefined) {
      if (Object.keys(brought.responses ?? {}).length > 0) throw notAccepted(tool, 'unasked')
      throw await this.#chat.ask(request, ctx, false)
    }
    const asked = await this.#chat.take(tool, brought.state, ctx)
    const why = ctx.mcpReq.signal.aborted ? 'cancelled' : whyNoYes(brought.responses)
    if (why) throw notAccepted(tool, why)
    if (asked.effect !== request.effect) throw await this.#chat.ask(request, ctx, true)
    return { how: 'chat', effect: asked.effect, nonce: asked.nonce }
  }
}
