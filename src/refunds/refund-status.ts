// What Alipay and the ledger know of one refund, as a result: proven, waiting for a yes, or not known.
import type { RefundRecord, Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { isEmpty, proves } from '../guard/in-doubt.ts'
import { sameRefundCall } from '../guard/refusals.ts'
import type { Approval, Intent } from '../ledger/ledger.ts'
import { isOpenIntent } from '../ledger/order.ts'
import { toYuan } from '../money.ts'
import { stepInDoubt } from '../orders/order-status.ts'
import type { ToolResult } from '../tool-result.ts'
import { lastQuestion, MOVED, type RefundRecords, stateOfRefund } from './refund-records.ts'
import {
  askedWords,
  executedWords,
  noneKnownWords,
  notRefundedWords,
  repeatAskedWords,
  stepOf,
  unprovenWords,
} from './refund-words.ts'

interface NamedRefund {
  out_request_no: string
  refund_amount: string | undefined
}

export function refundStatus(
  { out_trade_no, trade_no, total_amount, ...trade }: Trade,
  { out_request_no, refund_amount }: NamedRefund,
  record: RefundRecord,
  records: RefundRecords,
  call: Call,
): ToolResult {
  const subject = trade.subject ?? records.order?.subject
  const order = { out_trade_no, trade_no, subject, total_amount }
  const facts = { ...order, out_request_no, refund_amount, ledger: records.problem }
  if (refund_amount === undefined || !proves(record, { out_request_no, refund_amount })) {
    return { ...facts, refund_status: 'unknown', ...notProven(facts, record, records, call) }
  }
  const { refund_status, gmt_refund_pay, refund_reason } = record
  const words = executedWords(refund_amount, gmt_refund_pay)
  const more = { refund_status, moved: 'earlier', gmt_refund_pay, refund_reason }
  const open = records.refunds.filter((one) => isOther(one, out_request_no, refund_amount) && isOpenIntent(one))
  const hasSame = records.refunds.some((one) => isOther(one, out_request_no, refund_amount))
  const in_doubt = open.map((intent) => stepInDoubt(intent, call)).join('; ') || undefined
  return {
    ...words,
    ...facts,
    ...more,
    in_doubt,
    next_step: in_doubt ? OTHER_FIRST : ARRIVES + (hasSame ? SAME_AMOUNT : ''),
  }
}

const OTHER_FIRST =
  'Find out how the refund in "in_doubt" ended: it has the same amount, and is another refund than this.'
const ARRIVES = 'The money goes back the way the buyer paid, to a bank card within days.'

function notProven(
  { out_request_no, refund_amount }: NamedRefund,
  record: RefundRecord,
  records: RefundRecords,
  call: Call,
) {
  const { refunds } = records
  const known = refunds.find(({ number }) => number === out_request_no)
  const known_here = known && stateOfRefund(known, call)
  const moved = known_here === undefined ? 'unknown' : MOVED[known_here]
  const other = refunds.some((one) => isOther(one, out_request_no, refund_amount)) ? SAME_AMOUNT : ''
  // A record of it may mean that money moves.
  if (isEmpty(record)) {
    const question = lastQuestion(records, refund_amount, call)
    // An earlier try may have ended for certain, and a person was asked anew.
    if (question && (known_here === undefined || moved === 'no')) {
      const refund_status = STATUS_OF[question.state]
      const next_step = stepOf(question, call) + other
      return { ...askedWords(question), known_here, refund_status, moved: 'no', next_step }
    }
    if (question?.state === 'asked') {
      return { ...repeatAskedWords(question), known_here, moved, next_step: WAIT + stepOf(question, call) + other }
    }
    const isComplete = records.order !== undefined && records.problem === undefined
    if (known === undefined && refund_amount !== undefined && isComplete && other === '') {
      return {
        ...noneKnownWords(refund_amount),
        refund_status: 'none_known',
        moved,
        next_step: ELSEWHERE + again(undefined),
      }
    }
    if (moved === 'no') {
      const answer = known?.answer
      return {
        ...notRefundedWords(refund_amount),
        known_here,
        refund_status: known_here,
        answer,
        moved,
        next_step: again(known) + other,
      }
    }
  }
  const next_step = WAIT + (refund_amount ? again(known) : CHECK) + other
  return { ...unprovenWords(refund_amount, isEmpty(record)), known_here, moved, next_step }
}

function isOther({ number, amount_fen }: Intent, out_request_no: string, refund_amount: string | undefined): boolean {
  return number !== out_request_no && toYuan(amount_fen) === refund_amount
}

const STATUS_OF: Readonly<Record<Approval['state'], string>> = {
  asked: 'waiting_for_approval',
  approved: 'approved',
  denied: 'declined',
  used: 'unknown',
}

const WAIT = 'Within 10 minutes of a refund this proves nothing: ask again then. '
/** A further refund of one amount is asked for by its number only. */
function again(known: Intent | undefined): string {
  const call = known
    ? sameRefundCall({ ...known, refund_amount: toYuan(known.amount_fen), out_request_no: known.number })
    : 'refund_payment with the same order and amount'
  return `If the refund is still wanted, call ${call}: the same request moves money once only.`
}

const ELSEWHERE = 'If another computer may have sent it within the last 10 minutes, ask again then. '
const CHECK = 'Check the number: no refund of this order that is known here has this number.'
const SAME_AMOUNT = ' Another refund of the same amount is known here: call query_refund with the order alone.'
