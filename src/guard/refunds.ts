// The one way to a refund: one at a time, one repeat after a lost answer, and nothing called done or failed unproven.
import type { Clock } from '../clock.ts'
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type {
  Gateway,
  Outcome,
  RefundAnswer,
  RefundRecord,
  RefundRequest,
  Trade,
} from '../gateway/gateway.ts'
import type { Memory, RefundBook, RefundMade } from '../ledger/memory.ts'
import { toFen } from '../money.ts'

// Together at most 55 s, because hosts cut calls at 60: reads before, a first try, a repeat, reads after.
const READ_MS = 4_000
const FIRST_TRY_MS = 15_000
const PAUSE_MS = 3_000
const REPEAT_MS = 10_000
// A laptop may have slept between the tries: a later repeat is a new decision.
const REPEAT_LATEST_MS = 40_000
const READ_AFTER_MS = 10_000
const FINAL_READ_MS = 8_000
// Alipay's least interval between two refunds of one trade (open/02ekfs).
const BETWEEN_MS = 3_000
// [guess] After this, a number that Alipay still does not know was not executed (state-machine, rule 4).
const NOT_EXECUTED_MS = 600_000

/** What an answer or a record of a refund tells beyond its success. */
type Proof = Pick<RefundAnswer, 'refund_fee' | 'gmt_refund_pay'>

const MOVED_NOTHING = 'This call moved nothing.'
const MAY_HAVE_MOVED = 'Money may have moved.'

export class Refunds {
  constructor(
    readonly gateway: Gateway,
    readonly clock: Clock,
    readonly memory: Memory,
  ) {}

  /** Makes the refund or proves that it was made; the same wish while one is in flight joins it. */
  async make(trade: Trade, request: RefundRequest): Promise<RefundMade> {
    const book = this.memory.refundsOf(trade.trade_no)
    if (book.inFlight) {
      if (book.inFlight.request.out_request_no !== request.out_request_no)
        throw this.#busy(trade, book.inFlight.request)
      return { ...(await book.inFlight.made), joined: true }
    }
    const made = this.#make(trade, request, book)
    book.inFlight = { request, made }
    return made.finally(() => {
      book.inFlight = undefined
    })
  }

  async #make(trade: Trade, request: RefundRequest, book: RefundBook): Promise<RefundMade> {
    if (book.unknown && book.unknown.request.out_request_no !== request.out_request_no) {
      await this.#settle(trade, book, book.unknown)
    }
    const known = await this.#record(trade, request, READ_MS)
    if (known.outcome !== 'done') {
      throw book.unknown ? this.#unknown(trade, request, 'Alipay does not answer') : this.#nothingSent(known)
    }
    if (proves(known.answer, request)) return this.#done(book, request, 'earlier', known.answer)
    await this.clock.sleep(book.lastSentAt + BETWEEN_MS - this.clock.now())
    return this.#send(trade, request, book)
  }

  async #send(trade: Trade, request: RefundRequest, book: RefundBook): Promise<RefundMade> {
    const sentBefore = book.unknown
    const first = await this.#try(trade, request, book, FIRST_TRY_MS)
    if (first.outcome === 'done') return this.#confirm(trade, request, book, first.answer, false)
    if (first.outcome === 'refused') {
      book.unknown = sentBefore
      return this.#refused(trade, request, book, first)
    }
    const firstAt = book.lastSentAt
    await this.clock.sleep(PAUSE_MS)
    if (this.clock.now() - firstAt > REPEAT_LATEST_MS)
      return this.#read(trade, request, book, true, first.why)
    const second = await this.#try(trade, request, book, REPEAT_MS)
    if (second.outcome === 'done') return this.#confirm(trade, request, book, second.answer, true)
    return this.#read(trade, request, book, true, first.why)
  }

  #try(
    trade: Trade,
    request: RefundRequest,
    book: RefundBook,
    within: number,
  ): Promise<Outcome<RefundAnswer>> {
    book.lastSentAt = this.clock.now()
    book.unknown = { request, lastSentAt: book.lastSentAt, foundEmpty: false }
    return this.gateway.refund(nameOf(trade), request, within)
  }

  /** fund_change N alone proves nothing: it is the answer to a repeat, and to other things. */
  async #confirm(
    trade: Trade,
    request: RefundRequest,
    book: RefundBook,
    answer: RefundAnswer,
    lost: boolean,
  ) {
    if (answer.fund_change === 'Y') return this.#done(book, request, 'now', answer)
    const made = await this.#read(
      trade,
      request,
      book,
      lost,
      `Alipay answered fund_change ${answer.fund_change}`,
    )
    return { ...made, refund_fee: answer.refund_fee }
  }

  /** A definite refusal says nothing about earlier tries of the same number, here or on another machine. */
  async #refused(trade: Trade, request: RefundRequest, book: RefundBook, first: Outcome<RefundAnswer>) {
    if (first.outcome !== 'refused') throw new TypeError('only for refusals')
    const asked = await this.#record(trade, request, FINAL_READ_MS)
    if (asked.outcome === 'done' && proves(asked.answer, request)) {
      return this.#done(book, request, 'earlier', asked.answer)
    }
    const neverLeft = first.refusal.not_sent !== undefined
    if (asked.outcome !== 'done' && !neverLeft) {
      throw this.#unknown(trade, request, 'Alipay refused, and did not answer whether it was made earlier')
    }
    const earlier = book.unknown ? ' An earlier try of the same refund is still unknown.' : ''
    throw new RefusedError('refund_payment', first.refusal, MOVED_NOTHING + earlier)
  }

  /** Reads at once, and again when Alipay must know it (10 s after the last send); then it stays unknown. */
  async #read(
    trade: Trade,
    request: RefundRequest,
    book: RefundBook,
    lost: boolean,
    why: string,
  ): Promise<RefundMade> {
    for (const after of [0, READ_AFTER_MS]) {
      await this.clock.sleep(book.lastSentAt + after - this.clock.now())
      const asked = await this.#record(trade, request, FINAL_READ_MS)
      if (asked.outcome === 'done' && proves(asked.answer, request)) {
        return this.#done(book, request, lost ? 'now' : 'earlier', asked.answer)
      }
      if (book.unknown && asked.outcome === 'done') book.unknown.foundEmpty = true
    }
    throw this.#unknown(trade, request, why)
  }

  /** Before another refund of this order may be sent: only reads, and lets it pass only with a proof. */
  async #settle(trade: Trade, book: RefundBook, earlier: NonNullable<RefundBook['unknown']>): Promise<void> {
    const asked = await this.#record(trade, earlier.request, READ_MS)
    if (asked.outcome === 'done' && proves(asked.answer, earlier.request)) {
      this.#done(book, earlier.request, 'earlier', asked.answer)
      return
    }
    const late = this.clock.now() - earlier.lastSentAt >= NOT_EXECUTED_MS
    if (asked.outcome === 'done' && late && earlier.foundEmpty) {
      book.unknown = undefined
      return
    }
    earlier.foundEmpty ||= asked.outcome === 'done'
    throw this.#busy(trade, earlier.request)
  }

  #done(book: RefundBook, request: RefundRequest, moved: RefundMade['moved'], answer: Proof): RefundMade {
    if (book.unknown?.request.out_request_no === request.out_request_no) book.unknown = undefined
    const fen = toFen(answer.refund_fee ?? request.refund_amount)
    book.refundedFen = Math.max(book.refundedFen, fen)
    return { moved, gmt_refund_pay: answer.gmt_refund_pay, refund_fee: answer.refund_fee }
  }

  #record(trade: Trade, request: RefundRequest, within: number): Promise<Outcome<RefundRecord>> {
    return this.gateway.refundQuery(nameOf(trade), request.out_request_no, { within })
  }

  #nothingSent(read: Outcome<RefundRecord>): Error {
    const refusal =
      read.outcome === 'refused'
        ? read.refusal
        : { verified: false, not_sent: read.outcome === 'unknown' ? read.why : '' }
    return new RefusedError('refund_payment', refusal, `Nothing was sent. ${MOVED_NOTHING}`)
  }

  #busy(trade: Trade, other: RefundRequest): Error {
    return new OutcomeUnknownError(
      'refund_payment',
      `another refund of this order, ${other.refund_amount} yuan, is in flight or unknown`,
      `${MOVED_NOTHING} Nothing was sent. The other refund may have moved money.`,
      findOut(trade, other),
      { out_request_no: other.out_request_no },
    )
  }

  #unknown(trade: Trade, request: RefundRequest, why: string): Error {
    return new OutcomeUnknownError('refund_payment', why, MAY_HAVE_MOVED, findOut(trade, request), {
      out_request_no: request.out_request_no,
    })
  }
}

/** Only REFUND_SUCCESS of exactly this amount; old answers without a status prove nothing. */
export function proves(record: RefundRecord, request: RefundRequest): boolean {
  return record.refund_status === 'REFUND_SUCCESS' && record.refund_amount === request.refund_amount
}

const nameOf = ({ trade_no }: Trade) => ({ trade_no })

function findOut(trade: Trade, { refund_amount }: RefundRequest): string {
  const call = { out_trade_no: trade.out_trade_no, refund_amount }
  return (
    `call query_refund with ${JSON.stringify(call)}, now and again in 10 minutes. Do not refund by hand or under ` +
    'another number meanwhile; asking for the same refund again is safe.'
  )
}
