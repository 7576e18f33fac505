// Judges a refund that was sent: what its one or two tries and the readings after them prove, and what they do not.
import type { Outcome, RefundAnswer, RefundRecord, Refusal } from '../gateway/gateway.ts'
import { IN_DOUBT_MS } from '../guard/deadlines.ts'
import { isEmpty, proves } from '../guard/in-doubt.ts'
import { toFen, toYuan } from '../money.ts'

/** Where this call found the money: moved by it, or earlier. */
export type Moved = 'now' | 'earlier'

export interface SentRefund {
  params: { out_request_no: string; refund_amount: string }
  /** Known to have been refunded of the order before the first try, in fen: what is proven, at least. */
  refundedBefore: number
  /** Answers of Alipay, in their order; a second one only where the first was lost. */
  tries: readonly [Outcome<RefundAnswer>, Outcome<RefundAnswer>?]
  /** What Alipay then told of the number, in its order. */
  found: readonly Outcome<RefundRecord>[]
  /** Since when an earlier attempt of the number is in doubt; undefined: none is. */
  inDoubtSince: number | undefined
  /** When the last of these was asked. */
  readAt: number
}

export type RefundVerdict =
  | { state: 'done'; moved: Moved; gmt_refund_pay?: string | undefined; refund_fee?: string | undefined }
  /** This call moved nothing, certainly; an earlier attempt may have. */
  | { state: 'refused'; refusal: Refusal; earlierInDoubt: boolean }
  /** @param empty whether Alipay said that it knows nothing of the number */
  | { state: 'unknown'; why: string; empty: boolean }

/** Nothing is done without a proof: an answer that proves it by itself, or a record of success under this number. */
export function judgeRefund(sent: SentRefund): RefundVerdict {
  const { params, tries, found } = sent
  const answer = answerOf(tries)
  if (answer && provesItself(answer, sent)) return { state: 'done', moved: 'now', ...timesOf(answer), ...feeOf(sent) }
  const proof = found.find((read) => provesIt(read, params))
  if (proof?.outcome === 'done')
    return { state: 'done', moved: movedBy(sent), ...timesOf(proof.answer), ...feeOf(sent) }
  const [first, second] = tries
  if (first.outcome === 'refused' && !second) return judgeRefusal(first.refusal, sent)
  return { state: 'unknown', why: whyUnknown(sent), empty: found.some(isNothing) }
}

/**
 * An answer names no refund number, so that of another refund of the order, given again, looks like this one's: only
 * the sum tells. It is of all refunds so far, and this one raises it by its own amount. A greater one may be right, by
 * refunds that are not known here, or another's; where it is not there, nothing tells: then the refund is read first.
 */
export function provesItself({ fund_change, refund_fee }: RefundAnswer, sent: SumBefore): boolean {
  return fund_change === 'Y' && refund_fee !== undefined && toFen(refund_fee) === sumAfter(sent)
}

type SumBefore = Pick<SentRefund, 'params' | 'refundedBefore'>

const sumAfter = ({ params, refundedBefore }: SumBefore) => refundedBefore + toFen(params.refund_amount)

/** It says less than was known before it was asked for: an earlier answer that somebody gave again. */
function isOlder({ fund_change, refund_fee }: RefundAnswer, sent: SumBefore): boolean {
  const least = fund_change === 'Y' ? sumAfter(sent) : sent.refundedBefore
  return refund_fee !== undefined && toFen(refund_fee) < least
}

/** A definite refusal says nothing about earlier attempts of the same number, here or on another computer. */
function judgeRefusal(refusal: Refusal, { found, inDoubtSince, readAt }: SentRefund): RefundVerdict {
  const [read] = found
  const isAnswered = read?.outcome === 'done'
  if (!isAnswered && refusal.not_sent === undefined) return { state: 'unknown', why: NOT_TOLD, empty: false }
  if (isAnswered && !isNothing(read)) return { state: 'unknown', why: NO_SUCCESS, empty: false }
  return { state: 'refused', refusal, earlierInDoubt: isInDoubt(inDoubtSince, isAnswered, readAt) }
}

const NOT_TOLD = 'Alipay refused, and did not answer whether it was made earlier'
const NO_SUCCESS = 'Alipay refused, and has a record of it that tells of no success'

/** Time alone ends no earlier attempt: Alipay must know nothing of it when it is asked late enough. */
export function isInDoubt(since: number | undefined, foundEmptyNow: boolean, now: number): boolean {
  return since !== undefined && (!foundEmptyNow || now - since < IN_DOUBT_MS)
}

export function provesIt(read: Outcome<RefundRecord>, params: SentRefund['params']): boolean {
  return read.outcome === 'done' && proves(read.answer, params)
}

const isNothing = (read: Outcome<RefundRecord>) => read.outcome === 'done' && isEmpty(read.answer)

/** Of the last try: after a lost one a refusal proves nothing, for the lost one may have closed the trade. */
function answerOf([first, second]: SentRefund['tries']): RefundAnswer | undefined {
  const last = second ?? first
  return last.outcome === 'done' ? last.answer : undefined
}

/**
 * Who moved what is proven to be done. The number was not known to Alipay before this call, so a lost try, or an answer
 * that says nothing of it, did; "nothing moved now" of the only try, or its refusal, says that it was made before.
 */
function movedBy(sent: SentRefund): Moved {
  const [first, second] = sent.tries
  const answer = answerOf(sent.tries)
  const said = answer ? answer.fund_change === 'N' && !isOlder(answer, sent) : first.outcome === 'refused'
  return !second && said ? 'earlier' : 'now'
}

function whyUnknown(sent: SentRefund): string {
  const [first] = sent.tries
  const answer = answerOf(sent.tries)
  if (!answer) return first.outcome === 'unknown' ? first.why : 'no try was answered'
  if (answer.fund_change === undefined) return 'Alipay did not say whether money moved'
  if (answer.fund_change === 'Y') return sumDoesNotFit(answer, sent)
  return `Alipay answered fund_change ${answer.fund_change}`
}

function sumDoesNotFit({ refund_fee = 'none' }: RefundAnswer, sent: SumBefore): string {
  return (
    `Alipay's answer does not fit this refund, and may be that of another one: after it ${toYuan(sumAfter(sent))} ` +
    `yuan of the order would be refunded, as far as known here, and its refund_fee is ${refund_fee}`
  )
}

const timesOf = ({ gmt_refund_pay }: Pick<RefundAnswer, 'gmt_refund_pay'>) => ({ gmt_refund_pay })

/** Of an answer that is not older than what is known. */
function feeOf(sent: SentRefund): { refund_fee: string | undefined } {
  const answer = answerOf(sent.tries)
  return { refund_fee: answer && !isOlder(answer, sent) ? answer.refund_fee : undefined }
}
