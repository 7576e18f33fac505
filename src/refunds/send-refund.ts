// Sends a refund: tries once, or twice after a lost answer, reads until it is proven, and writes how it ended.
import { LedgerError, OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { Outcome, RefundAnswer, RefundParams, RefundRecord, Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import {
  DECISION_MS,
  FIRST_REFUND_MS,
  READ_AFTER_SEND_MS,
  REFUND_PAUSE_MS,
  REFUND_READ_MS,
  REPEAT_MS,
  SECOND_REFUND_MS,
} from '../guard/deadlines.ts'
import { MOVED_NOTHING } from '../guard/not-sent.ts'
import {
  asleepError,
  blockedError,
  cancelledError,
  EARLIER_UNKNOWN,
  ledgerErrorInDoubt,
  refundNextStep,
} from '../guard/refusals.ts'
import {
  ignoringLedgerErrors,
  refusedOutcome,
  repeatPermit,
  type SendPermit,
  saveOutcome,
  sendPermit,
} from '../guard/send-permit.ts'
import type { Intent, RefundRequest, Resolution } from '../ledger/ledger.ts'
import { toFen, toYuan } from '../money.ts'
import { isInDoubt, judgeRefund, type Moved, provesIt, provesItself, type RefundVerdict } from './judge-refund.ts'
import { type ApprovalKind, unknownRefundZh } from './refund-words.ts'

const OPERATION = 'refund_payment'

/** How a refund ended well. */
export interface RefundMade {
  /** `now`: this call moved the money. `earlier`: it had been made before, and this call moved nothing. */
  moved: Moved
  gmt_refund_pay?: string | undefined
  /** Yuan refunded of this order so far, where Alipay said it. */
  refund_fee?: string | undefined
  /** The same request was in flight already: both calls tell of one refund. */
  joined?: true
  /** Said to be recorded, and was not. */
  unrecorded?: string | undefined
  /** Absent where nothing was sent now. */
  approval?: ApprovalKind | undefined
  /** Other refunds of the order whose outcome is unknown. */
  in_doubt?: readonly Intent[] | undefined
  /** Alipay does not tell it of every order; the ledger may. */
  subject?: string | undefined
  /** Alipay has another amount than was asked here. */
  alarm?: string | undefined
}

/** Nothing of this attempt left; an earlier one may have. */
interface NotSent {
  state: 'not_sent'
  error: RefusedError
}

type Tries = readonly [Outcome<RefundAnswer>, Outcome<RefundAnswer>?]

/**
 * @param intent prepared, and its lease is ours
 * @param startedAt when the call began to look at the order, or the merchant said yes
 * @throws RefusedError, OutcomeUnknownError, LedgerError (nothing sent)
 */
export function sendRefund(
  call: Call,
  trade: Trade,
  request: RefundRequest,
  intent: Intent,
  startedAt: number,
): Promise<RefundMade> {
  return new RefundSending(call, trade, request, intent).send(startedAt)
}

class RefundSending {
  readonly #params: RefundParams
  /** Of the order, before this one is sent, in fen: an answer's sum has to be this and the amount. */
  #refundedBefore = 0
  #lastSentAt = 0
  /** When the last reading was asked, by wall clock: it tells of no later time. */
  #readAt = 0

  constructor(
    readonly call: Call,
    readonly trade: Trade,
    readonly request: RefundRequest,
    readonly intent: Intent,
  ) {
    const { out_request_no, amount_fen, reason } = request
    this.#params = { out_request_no, refund_amount: toYuan(amount_fen), refund_reason: reason }
  }

  async send(startedAt: number): Promise<RefundMade> {
    const permit = await this.#permit().catch((error: unknown) => {
      throw this.#ledgerFailed(error)
    })
    const error = this.#whyNotNow(permit, startedAt)
    if (error) return this.#end({ state: 'not_sent', error })
    const tries = await this.#tries(permit.send)
    const found = await this.#readings(tries)
    const [inDoubtSince, readAt] = [this.intent.in_doubt_since, this.#readAt]
    return this.#end(judgeRefund({ ...this.#sum, tries, found, inDoubtSince, readAt }))
  }

  /** No other refund of the order is on its way now: what is known of it stays until this one is over. */
  async #permit(): Promise<SendPermit> {
    const order = await (await this.call.ledger()).order({ out_trade_no: this.request.out_trade_no })
    this.#refundedBefore = order?.refunded_fen ?? 0
    return sendPermit(this.call, this.intent)
  }

  #whyNotNow({ blocked }: SendPermit, startedAt: number): RefusedError | undefined {
    if (blocked) return blockedError(OPERATION, blocked)
    if (this.call.clock.now() - startedAt > DECISION_MS) return asleepError(OPERATION)
    return this.call.signal?.aborted ? cancelledError(OPERATION) : undefined
  }

  /** The second try is an identical repeat: without the ledger, against its word, or too late there is none. */
  async #tries(send: SendPermit['send']): Promise<Tries> {
    const { clock } = this.call
    const firstAt = clock.now()
    const first = await this.#try(FIRST_REFUND_MS, send)
    if (first.outcome !== 'unknown') return [first]
    await clock.sleep(REFUND_PAUSE_MS)
    if (clock.now() - firstAt > REPEAT_MS) return [first]
    const again = await repeatPermit(this.call, this.intent)
    return again ? [first, await this.#try(SECOND_REFUND_MS, again)] : [first]
  }

  #try(within: number, send: SendPermit['send']): Promise<Outcome<RefundAnswer>> {
    this.#lastSentAt = this.call.clock.ticks()
    return this.call.gateway.refund(this.#name, this.#params, { within, ...send })
  }

  /** At once, and again when Alipay must know it (10 s after the last send), until it is proven. */
  async #readings([first, second]: Tries): Promise<readonly Outcome<RefundRecord>[]> {
    const { clock } = this.call
    const last = second ?? first
    if (last.outcome === 'done' && provesItself(last.answer, this.#sum)) return []
    const found: Outcome<RefundRecord>[] = []
    for (const after of first.outcome === 'refused' ? [0] : [0, READ_AFTER_SEND_MS]) {
      if (after > 0) await clock.sleep(this.#lastSentAt + after - clock.ticks())
      const read = await this.#queryRefund()
      found.push(read)
      if (provesIt(read, this.#params)) break
    }
    return found
  }

  #queryRefund(): Promise<Outcome<RefundRecord>> {
    this.#readAt = this.call.clock.now()
    return this.call.gateway.refundQuery(this.#name, this.request.out_request_no, { within: REFUND_READ_MS })
  }

  /** Writes how it ended, and tells it. */
  async #end(verdict: RefundVerdict | NotSent): Promise<RefundMade> {
    const unrecorded = await saveOutcome(this.call, this.intent, this.#resolution(verdict))
    const ledger = unrecorded ? { ledger: unrecorded } : {}
    switch (verdict.state) {
      case 'done': {
        const { moved, gmt_refund_pay, refund_fee } = verdict
        return { moved, gmt_refund_pay, refund_fee, unrecorded }
      }
      case 'not_sent':
        throw verdict.error
      case 'unknown': {
        throw unknownRefund(this.trade, this.request, verdict.why, ledger)
      }
      case 'refused': {
        const { refusal, earlierInDoubt } = verdict
        const money = earlierInDoubt ? `${MOVED_NOTHING} ${EARLIER_UNKNOWN}` : MOVED_NOTHING
        const next_step = earlierInDoubt ? this.#nextStep : await this.#whatIsLeft()
        const facts = earlierInDoubt ? { ...ledger, moved: 'unknown' } : ledger
        throw new RefusedError(OPERATION, refusal, { money, next_step, facts })
      }
    }
  }

  /** A refusal ends its attempt; while an earlier one is in doubt, the number stays unknown. */
  #resolution(verdict: RefundVerdict | NotSent): Resolution {
    if (verdict.state === 'done') {
      const { moved, gmt_refund_pay, refund_fee } = verdict
      const refund_fee_fen = refund_fee === undefined ? undefined : toFen(refund_fee)
      return { state: 'done', moved, gmt_refund_pay, refund_fee_fen }
    }
    if (verdict.state === 'unknown') return { state: 'unknown', answer: verdict.why, empty: verdict.empty }
    if (verdict.state === 'not_sent') {
      const answer = `not sent: ${verdict.error.refusal.not_sent}`
      return this.#earlierInDoubt ? { state: 'unknown', answer, empty: false } : { state: 'refused', answer }
    }
    const refused = refusedOutcome(verdict.refusal)
    if (!verdict.earlierInDoubt) return refused
    return { state: 'unknown', answer: `${refused.answer}; an earlier try is unknown`, empty: false }
  }

  /** Whether an earlier attempt of the number is in doubt; nothing was read for it since. */
  get #earlierInDoubt(): boolean {
    return isInDoubt(this.intent.in_doubt_since, false, this.call.clock.now())
  }

  #ledgerFailed(error: unknown): unknown {
    if (!(error instanceof LedgerError) || !this.#earlierInDoubt) return error
    return ledgerErrorInDoubt(OPERATION, error, this.#nextStep)
  }

  /** As far as this ledger knows: refunds by hand in the console are invisible. */
  async #whatIsLeft(): Promise<string | undefined> {
    const order = await ignoringLedgerErrors(this.call, (ledger) => ledger.order(this.#name))
    if (!order || order.refunded_fen === 0) return undefined
    const left = toYuan(Math.max(0, this.request.total_fen - order.refunded_fen))
    return `Known here: ${this.trade.total_amount} yuan paid, at least ${toYuan(order.refunded_fen)} refunded, at most ${left} left.`
  }

  get #nextStep(): string {
    return refundNextStep({ ...this.request, refund_amount: this.#params.refund_amount })
  }

  get #sum() {
    return { params: this.#params, refundedBefore: this.#refundedBefore }
  }

  get #name(): { trade_no: string } {
    return { trade_no: this.trade.trade_no }
  }
}

/** Nobody can tell how the refund ended. */
export function unknownRefund(
  { out_trade_no, subject, total_amount }: Trade,
  request: RefundRequest,
  why: string,
  more: Readonly<Record<string, string>> = {},
): OutcomeUnknownError {
  const { out_request_no } = request
  const refund_amount = toYuan(request.amount_fen)
  return new OutcomeUnknownError(OPERATION, why, {
    money: 'Money may have moved.',
    next_step: refundNextStep({ ...request, refund_amount }),
    message_zh: unknownRefundZh(refund_amount),
    facts: { out_trade_no, subject, total_amount, refund_amount, out_request_no, ...more },
  })
}
