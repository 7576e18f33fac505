// Everything that the ledger knows, or what it knows since a day or of one order, as plain rows: yuan text, Beijing time.
import { beijingTime } from '../../clock.ts'
import { DamagedEntry } from '../../errors.ts'
import type { Approval, DaySums, Freeze, Intent, Ledger, LedgerEvent, ListedPage } from '../../ledger/ledger.ts'
import { otherAmount } from '../../ledger/order.ts'
import { toYuan } from '../../money.ts'

export type Cell = string | boolean | undefined
export type Row = Readonly<Record<string, Cell>>
type ListedOrder = ListedPage['orders'][number]

export interface LedgerRecord {
  frozen: { at: string; why?: string | undefined } | undefined
  orders: readonly Row[]
  refunds: readonly Row[]
  /** Requests for a yes and what became of them, freezes and their ends; oldest first. */
  decisions: readonly Row[]
  /** Newest first; none where one order was asked for. */
  days: readonly Row[]
}

export interface Wanted {
  /** Milliseconds since the epoch. */
  since?: number | undefined
  /** Either number. */
  order?: string | undefined
}

const PAGE = 1_000

export async function readRecord(ledger: Ledger, wanted: Wanted, now: number): Promise<LedgerRecord> {
  const { since = 0, order } = wanted
  const orders: Row[] = []
  const refunds: Row[] = []
  for await (const listed of ordersOf(ledger, order)) {
    if (listed.created_at >= since) orders.push(orderRow(listed))
    // Of an old order, too: a refund is found on the day on which it was made.
    const intents = (await readableIntents(ledger, listed)).filter(({ kind }) => kind === 'refund')
    refunds.push(...intents.filter((intent) => lastMoved(intent) >= since).map(refundRow))
  }
  const out_trade_no = order === undefined ? undefined : (numberOf(orders) ?? numberOf(refunds) ?? order)
  const approvals = await ledger.approvals({ since, out_trade_no })
  const events = await ledger.events({ since, out_trade_no })
  const decisions = [...approvals.map((approval) => approvalRow(approval, now)), ...eventRows(events)]
  const frozen = await ledger.frozen()
  return {
    frozen: frozen && frozenRow(frozen),
    orders,
    refunds,
    decisions: decisions.sort((a, b) => String(a.at).localeCompare(String(b.at))),
    days: order === undefined ? (await ledger.days(since)).map(dayRow) : [],
  }
}

/** None of an order with a damaged one: which it is the command says. */
async function readableIntents(ledger: Ledger, { out_trade_no }: ListedOrder): Promise<readonly Intent[]> {
  return ledger.intents(out_trade_no).catch((error) => {
    if (error instanceof DamagedEntry) return []
    throw error
  })
}

const numberOf = (rows: readonly Row[]) => rows.map((row) => row.out_trade_no).find((no) => typeof no === 'string')

/** All of them, page by page; of one order only that. */
async function* ordersOf(ledger: Ledger, order: string | undefined): AsyncGenerator<ListedOrder> {
  let cursor: string | undefined
  do {
    const page: ListedPage = await ledger.list({ text: order, cursor, limit: PAGE })
    yield* page.orders.filter(
      ({ out_trade_no, trade_no }) => order === undefined || out_trade_no === order || trade_no === order,
    )
    cursor = page.next
  } while (cursor !== undefined)
}

const lastMoved = ({ created_at, last_sent_at = 0, ended_at = 0 }: Intent) =>
  Math.max(created_at, last_sent_at, ended_at)

const time = (ms: number | undefined) => (ms === undefined ? undefined : beijingTime(ms))

function orderRow(order: ListedOrder): Row {
  return {
    out_trade_no: order.out_trade_no,
    trade_no: order.trade_no,
    state: order.state,
    trade_status: order.trade_status,
    total_amount: order.total_amount,
    refunded_amount: toYuan(order.refunded_fen),
    alarm: otherAmount(order),
    subject: order.subject,
    channel: order.channel,
    created_at: time(order.created_at),
    time_expire: order.time_expire,
    paid_at: order.send_pay_date,
    checked_at: time(order.checked_at),
    created_here: order.created_here,
    host: order.host,
    replaces: order.replaces,
    replaced_by: order.replaced_by,
    in_doubt: order.in_doubt.map(({ kind }) => kind).join(' ') || undefined,
  }
}

function refundRow(intent: Intent): Row {
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
    ended_at: time(intent.ended_at),
    gmt_refund_pay: intent.gmt_refund_pay,
    approved_by: intent.approved_by,
    host: intent.host,
    answer: intent.answer,
    trace_id: intent.trace_id,
  }
}

function approvalRow(approval: Approval, now: number): Row {
  const open = approval.state === 'asked'
  return {
    at: time(approval.asked_at),
    what: open && approval.expires_at <= now ? 'expired' : approval.state,
    out_trade_no: approval.out_trade_no,
    refund_amount: toYuan(approval.amount_fen),
    decided_at: time(approval.decided_at),
    decided_by: approval.decided_by,
  }
}

// The others are told by the orders, refunds and requests themselves.
const DECIDED = /^(freeze|unfreeze|order forgotten|\d+ orders removed)$/

function eventRows(events: readonly LedgerEvent[]): Row[] {
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

const frozenRow = ({ at, why }: Freeze) => ({ at: beijingTime(at), why })

function dayRow(day: DaySums): Row {
  return {
    day: day.day,
    orders: String(day.orders),
    created_amount: toYuan(day.created_fen),
    paid_amount: toYuan(day.paid_fen),
    alarm_amount: toYuan(day.alarm_fen),
    refunds: String(day.refunds),
    refunded_amount: toYuan(day.refunded_fen),
    unknown_amount: toYuan(day.unknown_fen),
  }
}
