// One refund on its way: sent, repeated once after a lost answer, and nothing called done or failed without a proof.
import { LedgerError, OutcomeUnknownError, RefusedError } from '../errors.ts'
import type {
  Outcome,
  RefundAnswer,
  RefundRecord,
  RefundRequest,
  Refusal,
  Trade,
} from '../gateway/gateway.ts'
import { earlierTryAt } from '../ledger/earlier-try.ts'
import type { Intent, RefundWish, Settled } from '../ledger/ledger.ts'
import { toFen, toYuan } from '../money.ts'
import { blockedError, EARLIER_UNKNOWN, findOut, MOVED_NOTHING, refusal } from './blocked.ts'
import type { Call } from './call.ts'
import type { RefundMade } from './refunds.ts'
import { afterwards, leaveToRepeat, leaveToSend, record, refusedBy } from './sending.ts'
import { isEmpty, proves } from './settling.ts'

const DID = 'refund_payment'
// Together with what comes before them at most 55 s, because hosts cut calls at 60.
const FIRST_TRY_MS = 15_000
const PAUSE_MS = 3_000
const REPEAT_MS = 10_000
const READ_AFTER_MS = 10_000
const FINAL_READ_MS = 6_000
// A laptop may have slept meanwhile, and the merchant have refunded by hand: later, it is a new decision.
const FIRST_LATEST_MS = 35_000
const REPEAT_LATEST_MS = 40_000
// [guess] So long an earlier try of the same number may still come to be (state-machine, rule 4).
const EARLIER_MS = 600_000

const MAY_HAVE_MOVED = 'Money may have moved.'

export class RefundSending {
  readonly #request: RefundRequest
  #lastSentAt = 0
  #empty = false

  constructor(
    readonly call: Call,
    readonly trade: Trade,
    readonly wish: RefundWish,
    /** Prepared, and its lease is ours. */
    readonly intent: Intent,
  ) {
    const { out_request_no, amount_fen, reason } = wish
    this.#request = { out_request_no, refund_amount: toYuan(amount_fen), refund_reason: reason }
  }

  /** @param startedAt when the call began to look at the order */
  async make(startedAt: number): Promise<RefundMade> {
    const leave = await leaveToSend(this.call, this.intent).catch((error) => {
      throw this.#ledgerFailed(error)
    })
    if (leave.blocked) throw await this.#notSent(blockedError(DID, leave.blocked))
    if (this.call.clock.now() - startedAt > FIRST_LATEST_MS) throw await this.#notSent(refusal(DID, ASLEEP))
    if (this.call.signal?.aborted) throw await this.#notSent(refusal(DID, 'the host cancelled the call'))
    const firstAt = this.call.clock.now()
    const first = await this.#try(FIRST_TRY_MS, leave.send)
    if (first.outcome === 'done') return this.#confirm(first.answer, 'earlier')
    if (first.outcome === 'refused') return this.#refused(first.refusal)
    await this.call.clock.sleep(PAUSE_MS)
    if (this.call.clock.now() - firstAt > REPEAT_LATEST_MS) return this.#read('now', first.why)
    const again = await leaveToRepeat(this.call, this.intent)
    if (!again) return this.#read('now', first.why)
    const second = await this.#try(REPEAT_MS, again)
    if (second.outcome === 'done') return this.#confirm(second.answer, 'now')
    // After a lost try even a refusal proves nothing: the first one may have closed the trade.
    return this.#read('now', first.why)
  }

  #try(within: number, send: { mayStillSend?: (() => boolean) | undefined }): Promise<Outcome<RefundAnswer>> {
    this.#lastSentAt = this.call.clock.ticks()
    return this.call.gateway.refund(this.#name, this.#request, { within, ...send })
  }

  /** fund_change N alone proves nothing: it is the answer to a repeat, and to other things. */
  async #confirm(answer: RefundAnswer, otherwise: RefundMade['moved']): Promise<RefundMade> {
    if (answer.fund_change === 'Y') return this.#done('now', answer)
    // The number was not known to Alipay before this call: without a word on it, a proof means that it was this one.
    if (answer.fund_change === undefined)
      return this.#read('now', 'Alipay did not say whether money moved', answer.refund_fee)
    return this.#read(otherwise, `Alipay answered fund_change ${answer.fund_change}`, answer.refund_fee)
  }

  /** A definite refusal says nothing about earlier tries of the same number, here or on another machine. */
  async #refused(refused: Refusal): Promise<RefundMade> {
    const asked = await this.#record()
    if (asked.outcome === 'done' && proves(asked.answer, this.#request))
      return this.#done('earlier', asked.answer)
    if (asked.outcome !== 'done' && refused.not_sent === undefined) {
      throw await this.#unknown('Alipay refused, and did not answer whether it was made earlier')
    }
    if (asked.outcome === 'done' && !isEmpty(asked.answer)) {
      throw await this.#unknown('Alipay refused, and has a record of it that tells of no success')
    }
    const certain = refusedBy(refused)
    const earlier = this.#earlierTryOpen(asked.outcome === 'done')
    const settled: Settled = earlier
      ? { state: 'unknown', answer: `${certain.answer}; an earlier try is unknown`, empty: false }
      : certain
    const unrecorded = await record(this.call, this.intent, settled)
    const money = earlier ? `${MOVED_NOTHING} ${EARLIER_UNKNOWN}` : MOVED_NOTHING
    const next_step = earlier ? this.#findOut : await this.#whatIsLeft()
    throw new RefusedError(DID, refused, money, next_step, unrecorded ? { ledger: unrecorded } : {})
  }

  /** Time alone ends no earlier try: Alipay must know nothing of it when it is asked late enough. */
  #earlierTryOpen(foundEmptyNow: boolean): boolean {
    const at = earlierTryAt(this.intent)
    if (at === undefined) return false
    return !foundEmptyNow || this.call.clock.now() - at < EARLIER_MS
  }

  /** Reads at once, and again when Alipay must know it (10 s after the last send); then it stays unknown. */
  async #read(moved: RefundMade['moved'], why: string, refund_fee?: string): Promise<RefundMade> {
    for (const after of [0, READ_AFTER_MS]) {
      await this.call.clock.sleep(this.#lastSentAt + after - this.call.clock.ticks())
      const asked = await this.#record()
      if (asked.outcome === 'done' && proves(asked.answer, this.#request)) {
        return this.#done(moved, { ...asked.answer, refund_fee })
      }
      if (asked.outcome === 'done' && isEmpty(asked.answer)) this.#empty = true
    }
    throw await this.#unknown(why)
  }

  async #done(
    moved: RefundMade['moved'],
    { refund_fee, gmt_refund_pay }: Pick<RefundAnswer, 'refund_fee' | 'gmt_refund_pay'>,
  ): Promise<RefundMade> {
    const refund_fee_fen = refund_fee === undefined ? undefined : toFen(refund_fee)
    const settled: Settled = { state: 'done', moved, gmt_refund_pay, refund_fee_fen }
    const unrecorded = await record(this.call, this.intent, settled)
    return { moved, gmt_refund_pay, refund_fee, unrecorded }
  }

  async #unknown(why: string): Promise<Error> {
    const unrecorded = await record(this.call, this.intent, {
      state: 'unknown',
      answer: why,
      empty: this.#empty,
    })
    const facts = { out_request_no: this.wish.out_request_no, ...(unrecorded && { ledger: unrecorded }) }
    return new OutcomeUnknownError(DID, why, MAY_HAVE_MOVED, this.#findOut, facts)
  }

  #ledgerFailed(error: unknown): unknown {
    if (!(error instanceof LedgerError) || !this.#earlierTryOpen(false)) return error
    const money = `${MOVED_NOTHING} ${EARLIER_UNKNOWN}`
    return refusal(DID, `the ledger cannot be used: ${error.message}`, this.#findOut, {}, money)
  }

  /** Nothing of this attempt left; an earlier one may have. */
  async #notSent(error: RefusedError): Promise<Error> {
    const answer = `not sent: ${error.refusal.not_sent}`
    await record(
      this.call,
      this.intent,
      this.#earlierTryOpen(false) ? { state: 'unknown', answer, empty: false } : { state: 'refused', answer },
    )
    return error
  }

  /** As far as this ledger knows: refunds by hand in the console are invisible. */
  async #whatIsLeft(): Promise<string | undefined> {
    const { trade_no } = this.trade
    const order = await afterwards(this.call, (ledger) => ledger.order({ trade_no }))
    if (!order || order.refunded_fen === 0) return undefined
    const left = toYuan(Math.max(0, this.wish.total_fen - order.refunded_fen))
    return `Known here: ${this.trade.total_amount} yuan paid, at least ${toYuan(order.refunded_fen)} refunded, at most ${left} left.`
  }

  #record(): Promise<Outcome<RefundRecord>> {
    return this.call.gateway.refundQuery(this.#name, this.wish.out_request_no, { within: FINAL_READ_MS })
  }

  get #findOut(): string {
    return findOut(this.trade.trade_no, this.#request.refund_amount, this.wish.out_request_no)
  }

  get #name(): { trade_no: string } {
    return { trade_no: this.trade.trade_no }
  }
}

const ASLEEP = 'this computer was asleep or the clock was set; ask again if it is still wanted'
