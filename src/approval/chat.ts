// The question in the chat: signed, bound to its approval digest, answered once and within five minutes.
import { randomBytes } from 'node:crypto'
import {
  createRequestStateCodec,
  type ElicitRequestFormParams,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  SdkError,
  SdkErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import type { ApprovalRequest, Yes } from '../ledger/ledger.ts'
import { type ApprovalContext, type ClientReply, clientReply } from './context.ts'
import { type NotAccepted, notAccepted } from './not-accepted.ts'
import { changed } from './question.ts'

const ANSWER_MS = 300_000
/** The name of the question in `inputRequests` and of the answer in `inputResponses`. */
const QUESTION = 'approval'

// One text to choose from two: some hosts show nothing else. The safe one comes first.
export const NO = '不同意 no'
export const YES = '同意 yes'
const answer = z.object({ decision: z.enum([NO, YES]) })

/** Not a failure: the question goes to the client, and what asked begins anew with the state and the answer. */
export class AskInChat extends Error {
  override name = 'AskInChat'
  constructor(
    message: string,
    /** Signed, not encrypted. */
    readonly state: string,
  ) {
    super(message)
  }

  get form(): ElicitRequestFormParams {
    const decision = { type: 'string' as const, title: '你的决定 Your decision', enum: [NO, YES] }
    const requestedSchema = { type: 'object' as const, properties: { decision }, required: ['decision'] }
    return { mode: 'form', message: this.message, requestedSchema }
  }

  get result(): InputRequiredResult {
    const inputRequests = { [QUESTION]: inputRequired.elicit(this.form) }
    return inputRequired({ inputRequests, requestState: this.state })
  }
}

interface Asked {
  approvalDigest: string
  nonce: string
  /** Both clocks: one stands still while a computer sleeps, the other can be set back. */
  now: number
  ticks: number
}

/** The questions of one process: nobody else can sign them. */
export class ChatQuestions {
  readonly #codec = createRequestStateCodec<Asked>({
    key: randomBytes(32),
    ttlSeconds: ANSWER_MS / 1_000,
    bind: ({ mcpReq }) => mcpReq.method,
  })
  /** States that no answer was taken for, until when they matter (ticks), and whether a call came back with one. */
  readonly #open = new Map<string, { until: number; isBack: boolean }>()

  constructor(readonly clock: Clock) {}

  /** Whether this call is the first that comes back with the state of an open question. */
  comesBack(state: unknown): boolean {
    const open = typeof state === 'string' ? this.#open.get(state) : undefined
    if (!open || open.isBack) return false
    open.isBack = true
    return true
  }

  /** Of a question that nobody was shown. */
  forget(state: string): void {
    this.#open.delete(state)
  }

  async ask({ question, approvalDigest }: ApprovalRequest, ctx: ServerContext, again: boolean): Promise<AskInChat> {
    const ticks = this.clock.ticks()
    for (const [state, { until }] of this.#open) if (until < ticks) this.#open.delete(state)
    const nonce = randomBytes(16).toString('hex')
    const asked = { approvalDigest, nonce, now: this.clock.now(), ticks }
    const state = await this.#codec.mint(asked, ctx)
    this.#open.set(state, { until: ticks + ANSWER_MS, isBack: false })
    return new AskInChat(again ? changed(question) : question, state)
  }

  /**
   * What was asked when this state was given out. It is used up, whatever the answer was.
   * @throws RefusedError for a state that is not ours, too old, or used before
   */
  async take(tool: string, state: string, ctx: ServerContext): Promise<Asked> {
    const asked = await this.#codec.verify(state, ctx).catch((error: unknown) => {
      throw notAccepted(tool, error instanceof Error && error.message === 'expired' ? 'late' : 'foreign')
    })
    const wasOpen = this.#open.delete(state)
    const age = Math.max(this.clock.ticks() - asked.ticks, this.clock.now() - asked.now)
    if (age > ANSWER_MS) throw notAccepted(tool, 'late')
    if (!wasOpen) throw notAccepted(tool, 'used')
    return asked
  }
}

/** For one call. The question is thrown: the client shows it to the merchant, and calls again with the answer. */
export class ChatApprover {
  /** Used up by the first question: if its digest changes within one call, the merchant is asked about the new one. */
  protected reply: ClientReply | undefined
  /** False once the client has said that it shows none, whatever it declared. */
  showsForms: boolean

  constructor(
    readonly questions: ChatQuestions,
    readonly context: ApprovalContext,
  ) {
    this.reply = clientReply(context.ctx)
    this.showsForms = context.host.showsForms
  }

  restartOnAnswer<T>(operation: () => Promise<T>): Promise<T> {
    return operation()
  }

  /** @throws AskInChat, RefusedError */
  async yes(request: ApprovalRequest): Promise<Yes> {
    const { tool, ctx } = this.context
    const { reply } = this
    this.reply = undefined
    if (!reply) throw await this.questions.ask(request, ctx, true)
    if (reply.state === undefined) {
      if (Object.keys(reply.responses ?? {}).length > 0) throw notAccepted(tool, 'unasked')
      throw await this.questions.ask(request, ctx, false)
    }
    const { approvalDigest, nonce } = await this.questions.take(tool, reply.state, ctx)
    const why = ctx.mcpReq.signal.aborted ? 'cancelled' : whyNoYes(reply.responses)
    if (why) throw notAccepted(tool, why)
    if (approvalDigest !== request.approvalDigest) throw await this.questions.ask(request, ctx, true)
    return { how: 'chat', approvalDigest, nonce }
  }
}

/** For one call of a client of before 2026-07-28, which answers while the call waits. */
export class FormApprover extends ChatApprover {
  override async restartOnAnswer<T>(operation: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await operation()
      } catch (error) {
        if (!(error instanceof AskInChat)) throw error
        this.reply = await this.#replyTo(error)
      }
    }
  }

  /**
   * The SDK would ask, too, but tell a silence or a broken answer in words that do not say that nothing moved.
   * @returns undefined where certainly nobody saw the question: what asks begins anew, and the operator is asked
   */
  async #replyTo({ form, state }: AskInChat): Promise<ClientReply | undefined> {
    const { signal, send } = this.context.ctx.mcpReq
    const options = { timeout: ANSWER_MS, signal: AbortSignal.any([signal, this.context.stopping]) }
    const request = { method: 'elicitation/create' as const, params: { ...form } }
    try {
      return { state, responses: { [QUESTION]: await send(request, options) } }
    } catch (error) {
      if (!showsNoForms(error)) throw unanswered(this.context, error)
      this.questions.forget(state)
      this.showsForms = false
      return undefined
    }
  }
}

const METHOD_NOT_FOUND = -32_601

/**
 * Only where no person can have answered. Any other error may come after a form was shown: some clients tell a no so,
 * or stumble over the answer, and nobody is asked twice.
 */
function showsNoForms(error: unknown): boolean {
  if (error instanceof SdkError) return error.code === SdkErrorCode.CapabilityNotSupported
  return Object(error).code === METHOD_NOT_FOUND
}

/** Undefined for a clear yes. */
function whyNoYes(responses: ClientReply['responses']): NotAccepted | undefined {
  const view = inputResponse(responses, QUESTION)
  if (view.kind !== 'elicit') return 'missing'
  if (view.action !== 'accept') return view.action === 'decline' ? 'declined' : view.action
  const parsed = answer.safeParse(view.content)
  if (!parsed.success) return 'unclear'
  return parsed.data.decision === YES ? undefined : 'no'
}

/** Why a client that was asked gave no answer at all. */
function unanswered({ tool, ctx, stopping }: ApprovalContext, error: unknown): Error {
  if (ctx.mcpReq.signal.aborted) return notAccepted(tool, 'cancelled')
  if (stopping.aborted) return notAccepted(tool, 'stopping')
  const isLate = error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout
  return notAccepted(tool, isLate ? 'silence' : 'unshown')
}
