// The one way to a refund: one at a time, one repeat after a lost answer, and nothing called done or failed unproven.
import type { Clock } from '../clock.ts'
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type {
  Gateway,
  Outcome,
  RefundAnswer,
  RefundRecord,
  RefundRequest,
  Refusal,
  Trade,
} from '../gateway/gateway.ts'
import type { Memory, RefundBook, RefundMade } from '../ledger/memory.ts'
import { toFen, toYuan } from '../money.ts'

// Together at most 55 s, because hosts cut calls at 60: reads before, a first try, a repeat, reads after.
const READ_MS = 3_000
const FIRST_TRY_MS = 15_000
const PAUSE_MS = 3_000
const REPEAT_MS = 10_000
// A laptop may have slept meanwhile, and the merchant have refunded by hand: later, it is a new decision.
const FIRST_LATEST_MS = 20_000
const REPEAT_LATEST_MS = 40_000
const READ_AFTER_MS = 10_000
const FINAL_READ_MS = 6_000
// Alipay's least interval between two refunds of one trade (open/02ekfs).
const BETWEEN_MS = 3_000
// [guess] After this, a number that Alipay still does not know was not executed (state-machine, rule 4).
const NOT_EXECUTED_MS = 600_000

/** What an answer or a record of a refund tells beyond its success. */
type Proof = Pick<RefundAnswer, 'refund_fee' | 'gmt_refund_pay'>

const MOVED_NOTHING = 'This call moved nothing.'
const NOT_SENT = `No refund was sent. ${MOVED_NOTHING}`
const MAY_HAVE_MOVED = 'Money may have moved.'

export class Refunds {
  constructor(
    readonly gateway: Gateway,
    readonly clock: Clock,
    readonly memory: Memory,
  ) {}

  /**
   * Makes the refund or proves that it was made; the same wish while one is in flight joins it.
   * @throws RefusedError, OutcomeUnknownError
   */
  async make(trade: Trade, request: RefundRequest, signal?: AbortSignal): Promise<RefundMade> {
    const book = this.memory.refundsOf(trade.trade_no)
    const { inFlight } = book
    if (inFlight && inFlight.request.out_request_no !== request.out_request_no) {
      throw otherFirst(trade, inFlight.request)
    }
    if (inFlight) return { ...(await inFlight.made), joined: true }
    const made = new Refund(this.gateway, this.clock, book, trade, request, signal).make()
    book.inFlight = { request, made }
    return made.finally(() => {
      book.inFlight = undefined
    })
  }
}

/** One wish on its way. `book.unknown` is set from the moment before sending until there is a proof. */
class Refund {
  constructor(
    readonly gateway: Gateway,
    readonly clock: Clock,
    readonly book: RefundBook,
    readonly trade: Trade,
    readonly request: RefundRequest,
    /** The host's cancellation; heeded until the first byte is sent, not after. */
    readonly signal: AbortSignal | undefined,
  ) {}

  async make(): Promise<RefundMade> {
    const askedAt = this.clock.now()
    await this.#settleOther()
    const known = await this.#record(this.request, READ_MS)
    if (known.outcome !== 'done') throw this.#nothingSent(known)
    if (proves(known.answer, this.request)) return this.#done('earlier', known.answer)
    await this.clock.sleep(this.book.quietFrom + BETWEEN_MS - this.clock.ticks())
    const tooLate = this.clock.now() - askedAt > FIRST_LATEST_MS
    if (tooLate)
      throw this.#notSent('this computer was asleep or the clock was set; ask again if it is still wanted')
    if (this.signal?.aborted) throw this.#notSent('the host cancelled the call')
    return this.#send()
  }

  async #send(): Promise<RefundMade> {
    const sentBefore = this.book.unknown
    const firstAt = this.clock.now()
    const first = await this.#try(FIRST_TRY_MS)
    if (first.outcome === 'done') return this.#confirm(first.answer, 'earlier')
    if (first.outcome === 'refused') return this.#refused(first.refusal, sentBefore)
    await this.clock.sleep(PAUSE_MS)
    if (this.clock.now() - firstAt > REPEAT_LATEST_MS) return this.#read('now', first.why)
    const second = await this.#try(REPEAT_MS)
    if (second.outcome === 'done') return this.#confirm(second.answer, 'now')
    // After a lost try even a refusal proves nothing: the first one may have closed the trade.
    return this.#read('now', first.why)
  }

  async #try(within: number): Promise<Outcome<RefundAnswer>> {
    this.book.unknown = { request: this.request, lastSentAt: this.clock.ticks(), foundEmpty: false }
    const outcome = await this.gateway.refund(this.#name, this.request, within)
    this.book.quietFrom = this.clock.ticks()
    return outcome
  }

  /** fund_change N alone proves nothing: it is the answer to a repeat, and to other things. */
  async #confirm(answer: RefundAnswer, otherwise: RefundMade['moved']): Promise<RefundMade> {
    if (answer.fund_change === 'Y') return this.#done('now', answer)
    const made = await this.#read(otherwise, `Alipay answered fund_change ${answer.fund_change}`)
    return { ...made, refund_fee: answer.refund_fee }
  }

  /** A definite refusal says nothing about earlier tries of the same number, here or on another machine. */
  async #refused(refusal: Refusal, sentBefore: RefundBook['unknown']): Promise<RefundMade> {
    const asked = await this.#record(this.request, FINAL_READ_MS)
    if (asked.outcome === 'done' && proves(asked.answer, this.request)) {
      return this.#done('earlier', asked.answer)
    }
    if (asked.outcome !== 'done' && refusal.not_sent === undefined) {
      throw this.#unknown('Alipay refused, and did not answer whether it was made earlier')
    }
    this.book.unknown = sentBefore
    const earlier = sentBefore ? ' An earlier try of the same refund is still unknown.' : ''
    const next_step = sentBefore ? findOut(this.trade, this.request) : this.#whatIsLeft()
    throw new RefusedError('refund_payment', refusal, MOVED_NOTHING + earlier, next_step)
  }

  /** Reads at once, and again when Alipay must know it (10 s after the last send); then it stays unknown. */
  async #read(moved: RefundMade['moved'], why: string): Promise<RefundMade> {
    const { unknown } = this.book
    for (const after of [0, READ_AFTER_MS]) {
      await this.clock.sleep((unknown?.lastSentAt ?? 0) + after - this.clock.ticks())
      const asked = await this.#record(this.request, FINAL_READ_MS)
      if (asked.outcome === 'done' && proves(asked.answer, this.request))
        return this.#done(moved, asked.answer)
      if (unknown && asked.outcome === 'done' && isEmpty(asked.answer)) unknown.foundEmpty = true
    }
    throw this.#unknown(why)
  }

  /** Before this refund may be sent, another one that is unknown must be settled: only by reading, with a proof. */
  async #settleOther(): Promise<void> {
    const other = this.book.unknown
    if (!other || other.request.out_request_no === this.request.out_request_no) return
    const asked = await this.#record(other.request, READ_MS)
    const done = asked.outcome === 'done' && proves(asked.answer, other.request)
    if (done) this.#noteRefunded(other.request.refund_amount)
    const late = this.clock.ticks() - other.lastSentAt >= NOT_EXECUTED_MS
    const empty = asked.outcome === 'done' && isEmpty(asked.answer)
    const notExecuted = empty && late && other.foundEmpty
    other.foundEmpty ||= empty
    if (!done && !notExecuted) throw otherFirst(this.trade, other.request)
    this.book.unknown = undefined
  }

  /** As far as this process knows: refunds by hand in the console are invisible. */
  #whatIsLeft(): string | undefined {
    const { refundedFen } = this.book
    if (refundedFen === 0) return undefined
    const total = toFen(this.trade.total_amount)
    const left = toYuan(Math.max(0, total - refundedFen))
    return `Known here: ${this.trade.total_amount} yuan paid, at least ${toYuan(refundedFen)} refunded, at most ${left} left.`
  }

  #done(moved: RefundMade['moved'], { refund_fee, gmt_refund_pay }: Proof): RefundMade {
    this.book.unknown = undefined
    this.#noteRefunded(refund_fee ?? this.request.refund_amount)
    return { moved, gmt_refund_pay, refund_fee }
  }

  #noteRefunded(atLeast: string): void {
    this.book.refundedFen = Math.max(this.book.refundedFen, toFen(atLeast))
  }

  #record({ out_request_no }: RefundRequest, within: number): Promise<Outcome<RefundRecord>> {
    return this.gateway.refundQuery(this.#name, out_request_no, { within })
  }

  get #name(): { trade_no: string } {
    return { trade_no: this.trade.trade_no }
  }

  #nothingSent(read: Exclude<Outcome<RefundRecord>, { outcome: 'done' }>): Error {
    if (this.book.unknown)
      return this.#unknown('an earlier try got no answer, and now Alipay does not tell either')
    if (read.outcome === 'unknown') return this.#notSent(`the check before it got no answer: ${read.why}`)
    return new RefusedError('refund_payment', read.refusal, NOT_SENT)
  }

  #notSent(not_sent: string): Error {
    return new RefusedError('refund_payment', { verified: false, not_sent }, NOT_SENT)
  }

  #unknown(why: string): Error {
    const { out_request_no } = this.request
    const how = findOut(this.trade, this.request)
    return new OutcomeUnknownError('refund_payment', why, MAY_HAVE_MOVED, how, { out_request_no })
  }
}

/** Only REFUND_SUCCESS of exactly this number and amount; old answers without a status prove nothing. */
export function proves(record: RefundRecord, request: RefundRequest): boolean {
  return (
    record.refund_status === 'REFUND_SUCCESS' &&
    record.out_request_no === request.out_request_no &&
    record.refund_amount === request.refund_amount &&
    record.trade_no !== undefined
  )
}

/** Alipay knows nothing of the number: no trace of another state, either. */
export function isEmpty({ out_request_no, refund_amount, refund_status }: RefundRecord): boolean {
  return out_request_no === undefined && refund_amount === undefined && refund_status === undefined
}

function otherFirst(trade: Trade, other: RefundRequest): Error {
  const { out_request_no, refund_amount } = other
  const not_sent = `another refund of this order, ${refund_amount} yuan, is in flight or unknown and comes first`
  const money = `Nothing was sent. ${MOVED_NOTHING} The other refund may have moved money.`
  const how = findOut(trade, other)
  return new RefusedError('refund_payment', { verified: false, not_sent }, money, how, { out_request_no })
}

function findOut(trade: Trade, { refund_amount }: RefundRequest): string {
  const call = { trade_no: trade.trade_no, refund_amount }
  return (
    `call query_refund with ${JSON.stringify(call)}, now and again in 10 minutes. Do not refund by hand or under ` +
    'another number meanwhile; asking for the same refund again is safe.'
  )
}
