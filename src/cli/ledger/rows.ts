// Entries of the ledger as rows: orders, refunds, requests for a yes, and what was decided otherwise.
import { readQuestion, reasonIn } from '../../approval/question.ts'
import { beijingTime, fromBeijingTime } from '../../clock.ts'
import type { Approval, Intent, LedgerEvent, ListedPage } from '../../ledger/ledger.ts'
import { isOpenIntent, otherAmount } from '../../ledger/order.ts'
import { toYuan } from '../../money.ts'

export type Cell = string | boolean | undefined
export type Row = Readonly<Record<string, Cell>>
export type ListedOrder = ListedPage['orders'][number]

const time = (ms: number | undefined) => (ms === undefined ? undefined : beijingTime(ms))

/** @param closing the event by which it was first seen closed */
export function orderRow(order: ListedOrder, now: number, closing?: LedgerEvent): Row {
  const { state, time_expire = '' } = order
  const isPayable = state === 'waiting' && !order.can_never_be_paid && fromBeijingTime(time_expire) > now
  return {
    out_trade_no: order.out_trade_no,
    trade_no: order.trade_no,
    state: order.state,
    trade_status: order.trade_status,
    total_amount: order.total_amount,
    refunded_amount: toYuan(order.refunded_fen),
    alarm: otherAmount(order),
    other_amount: order.other_amount,
    subject: order.subject,
    channel: order.channel,
    created_at: time(order.created_at),
    time_expire: order.time_expire,
    payable_until: isPayable ? time_expire : undefined,
    cashier_opened_at: time(order.cashier_opened_at),
    close_requested_at: time(order.close_requested_at),
    closed_at: time(closing?.at),
    closed_by: closing?.host,
    paid_at: order.send_pay_date,
    checked_at: time(order.checked_at),
    created_here: order.created_here,
    host: order.host,
    replaces: order.replaces,
    replaced_by: order.replaced_by,
    in_doubt: order.in_doubt.map(({ kind }) => kind).join(' ') || undefined,
  }
}

export function refundRow(intent: Intent): Row {
  // Until the outcome is known, the end is the moment from which it was not.
  const isOpen = isOpenIntent(intent)
  return {
    out_trade_no: intent.out_trade_no,
    trade_no: intent.trade_no,
    out_request_no: intent.number,
    state: intent.state,
    refund_amount: toYuan(intent.amount_fen),
    refund_reason: intent.reason,
    attempt: String(intent.attempt),
    created_at: time(intent.created_at),
    sent_at: time(intent.sent_at),
    unknown_since: isOpen ? time(intent.ended_at) : undefined,
    ended_at: isOpen ? undefined : time(intent.ended_at),
    gmt_refund_pay: intent.gmt_refund_pay,
    approved_by: intent.approved_by,
    host: intent.host,
    answer: intent.answer,
    trace_id: intent.trace_id,
  }
}

export function approvalRow(approval: Approval, now: number): Row {
  const { state, expires_at } = approval
  return {
    at: time(approval.asked_at),
    what: expires_at <= now ? (OVER[state] ?? state) : state,
    out_trade_no: approval.out_trade_no,
    refund_amount: toYuan(approval.amount_fen),
    ...askedBy(approval),
    decided_at: time(approval.decided_at),
    decided_by: approval.decided_by,
    usable_until: state === 'approved' ? time(expires_at) : undefined,
  }
}

/** What a request is called that was not answered, or whose yes was not used, in its time. */
const OVER: Readonly<Record<string, string>> = { asked: 'expired', approved: 'lapsed' }

/** Which program asked, and why, as its question to the merchant has it. */
export function askedBy({ question }: Pick<Approval, 'question'>) {
  const { facts } = readQuestion(question)
  return { host: facts.find(({ name }) => name === 'host')?.value, refund_reason: reasonIn(question) }
}

// The others show in the orders, refunds and requests themselves.
const DECIDED = /^(freeze|unfreeze|order forgotten|\d+ orders removed)$/

export function eventRows(events: readonly LedgerEvent[]): Row[] {
  return events
    .filter(({ what }) => DECIDED.test(what))
    .map(({ at, what, why, host, out_trade_no }) => ({
      at: time(at),
      what,
      out_trade_no,
      why,
      decided_by: host,
    }))
}

const CLOSED = /^(close done|closed before its cashier was opened|order (is TRADE_CLOSED|never paid))$/

/** By which each order was first seen closed, by its number. */
export function closingEvents(events: readonly LedgerEvent[]): ReadonlyMap<string, LedgerEvent> {
  const closing = events.filter(({ what }) => CLOSED.test(what)).reverse()
  return new Map(closing.map((event) => [event.out_trade_no ?? '', event]))
}
