// An attempt on its way: reserving a create or close, the last look before each send, taking over, and how it ends.

import type { Act, Block, Intent, Settled } from '../ledger.ts'
import { isOpenIntent } from '../order.ts'
import { type Columns, text } from './database.ts'
import { FREE, intentById, intentsOf, isHeld, LEASE_MS, nameTrade, refundsOf, update } from './intents.ts'
import { findOrder, type OrderRow, updateOrder } from './orders.ts'
import { type Books, dayOf, frozenBlock, note } from './partition.ts'
import { paymentsBlock, prepareFor } from './reserve-order.ts'
import { wasPaid } from './trade-updates.ts'

// Long enough for one read.
const READING_MS = 30_000
// Alipay's least interval between two refunds of one trade (open/02ekfs).
const BETWEEN_MS = 3_000
// Each follows Alipay's clock to within two seconds, which its answers tell in whole ones.
const CLOCKS_APART_MS = 3_000

export function reserve(
  books: Books,
  kind: 'create' | 'close',
  out_trade_no: string,
  act: Act,
  daily_payments_fen?: number | undefined,
): Intent | Block {
  const order = findOrder(books, { out_trade_no })
  if (!order) throw new Error(`a ${kind} was wished of an order that is not in the ledger`)
  const stopped = kind === 'create' ? frozenBlock(books) : undefined
  if (stopped) return stopped
  const earlier = intentsOf(books, out_trade_no).find((intent) => intent.kind === kind)
  if (earlier?.state === 'done') return earlier
  if (earlier && isHeld(earlier, act.at)) return { why: 'in_flight', intent: earlier }
  const block = kind === 'create' ? reviveBlock(books, order, daily_payments_fen, act) : undefined
  return block ?? prepareFor(books, kind, order, earlier, act)
}

/** An order that was refused for certain is not counted as one of its day; wished again, it counts on this one. */
function reviveBlock(
  books: Books,
  order: OrderRow,
  limit_fen: number | undefined,
  { at }: Act,
): Block | undefined {
  if (!order.unpaid_for_ever || order.trade_status === 'TRADE_CLOSED') return undefined
  const block = paymentsBlock(books, order.total_fen, limit_fen, at)
  if (!block) updateOrder(books, order, { unpaid_for_ever: 0, day: dayOf(at) })
  return block
}

export function markSending(books: Books, id: number, repeat: boolean, act: Act): 'go' | Block {
  const intent = intentById(books, id)
  if (!intent) return { why: 'lease_lost' }
  const stopped = intent.kind === 'close' ? undefined : frozenBlock(books)
  if (stopped) return stopped
  const holds = intent.owner === act.owner && isHeld(intent, act.at)
  if (!holds || intent.state !== (repeat ? 'sent' : 'prepared')) return { why: 'lease_lost' }
  const order = intent.kind === 'refund' ? findOrder(books, intent) : undefined
  const wait = order && !repeat ? waitOf(books, order, act) : 0
  if (wait > 0) return { why: 'too_soon', wait }
  writeSending(books, intent, repeat, act)
  if (order) quietFrom(books, order, act.at)
  return 'go'
}

function writeSending(books: Books, intent: Intent, repeat: boolean, act: Act): void {
  const { at } = act
  const sent = { state: 'sent', sent_at: intent.sent_at ?? at, last_sent_at: at }
  update(books, intent, { ...sent, lease_until: at + LEASE_MS })
  note(books, act, `${intent.kind} sent${repeat ? ' again' : ''}`, intent.out_trade_no)
}

/** Where the clock was set back since, the wait begins now: it is never longer than the interval. */
function waitOf(books: Books, order: OrderRow, act: Act): number {
  const { refund_quiet_from: from } = order
  if (from === undefined) return 0
  const between = BETWEEN_MS + (isOfAnother(books, order, act) ? CLOCKS_APART_MS : 0)
  if (from <= act.at) return Math.max(0, from + between - act.at)
  quietFrom(books, order, act.at)
  return between
}

/** Whether the last refund of the order was another process's, by its own clock. */
function isOfAnother({ db, id }: Books, { out_trade_no }: OrderRow, { owner }: Act): boolean {
  const sql = `select owner from intents join attempts on intent = id where partition = ? and out_trade_no = ?
    and kind = 'refund' and last_sent_at is not null order by last_sent_at desc, id limit 1`
  const last = db.get(sql, id, out_trade_no)
  return last !== undefined && text(last, 'owner') !== owner
}

export function takeOver(books: Books, id: number, act: Act): Intent | undefined {
  const intent = intentById(books, id)
  const free = intent && isOpenIntent(intent) && !isHeld(intent, act.at)
  if (!free) return undefined
  const { at, owner } = act
  if (intent.state === 'prepared' && intent.in_doubt_since === undefined) {
    note(books, act, `${intent.kind} not executed`, intent.out_trade_no, NEVER_SENT)
    const ended = { state: 'not_executed', answer: NEVER_SENT, ended_at: at }
    return update(books, intent, { ...ended, owner, lease_until: FREE })
  }
  note(books, act, `${intent.kind} taken over`, intent.out_trade_no)
  // Itself it never left, and an attempt before it may have come to be.
  const state = intent.state === 'prepared' ? 'unknown' : intent.state
  return update(books, intent, { state, owner, lease_until: at + READING_MS })
}

const NEVER_SENT = 'it was prepared and never sent'

type Done = Extract<Settled, { state: 'done' }>
type NotDone = Exclude<Settled, Done>

export function settle(books: Books, id: number, settled: Settled, act: Act, attempt?: number): Intent {
  const intent = intentById(books, id)
  if (!intent) throw new Error('what was to be settled is not in the ledger')
  if (settled.state === 'done') return settleDone(books, intent, settled, act)
  const same = attempt === undefined || attempt === intent.attempt
  const may = same && intent.owner === act.owner && isOpenIntent(intent)
  return may ? settleNotDone(books, intent, settled, act) : intent
}

function settleDone(books: Books, intent: Intent, done: Done, act: Act): Intent {
  const now = intent.state === 'done' ? intent : writeDone(books, intent, done, act)
  const order = findOrder(books, intent)
  if (!order) return now
  if (intent.kind === 'refund') {
    raiseRefunded(books, order, done.refund_fee_fen ?? 0)
    quietFrom(books, order, act.at)
  } else if (now !== intent) {
    updateOrder(books, order, intent.kind === 'close' ? closed(order, done) : coded(order, done))
  }
  return now
}

function writeDone(books: Books, intent: Intent, done: Done, act: Act): Intent {
  const { moved, gmt_refund_pay, trade_no } = done
  note(books, act, `${intent.kind} done`, intent.out_trade_no)
  nameTrade(books, intent, trade_no)
  const end = { state: 'done', ended_at: act.at, lease_until: FREE, answer: null }
  return update(books, intent, { ...end, moved, gmt_refund_pay })
}

function closed(order: OrderRow, { trade_no = order.trade_no }: Done): Columns {
  if (wasPaid(order)) return { trade_no }
  return { trade_no, trade_status: 'TRADE_CLOSED', unpaid_for_ever: 1, close_wished_at: null }
}

function coded(order: OrderRow, { qr_content = order.qr_content }: Done): Columns {
  return { qr_content }
}

function settleNotDone(books: Books, intent: Intent, settled: NotDone, act: Act): Intent {
  const { at } = act
  const { state, answer } = settled
  const end = { state, answer, lease_until: FREE }
  if (settled.state === 'unknown') {
    const isNew = intent.state !== 'unknown'
    if (isNew) ended(books, intent, 'unknown', answer, act)
    const foundEmpty = settled.empty && intent.found_empty_at === undefined && { found_empty_at: at }
    return update(books, intent, { ...end, ...(isNew && { unknown_since: at }), ...foundEmpty })
  }
  ended(books, intent, state === 'refused' ? 'refused' : 'not executed', answer, act)
  if (state === 'refused' && intent.kind === 'create') neverMade(books, intent)
  return update(books, intent, { ...end, trace_id: settled.trace_id, ended_at: at })
}

function ended(books: Books, intent: Intent, how: string, answer: string, act: Act): void {
  note(books, act, `${intent.kind} ${how}`, intent.out_trade_no, answer)
  if (intent.state === 'sent' && intent.kind === 'refund') quietFrom(books, intent, act.at)
}

/** Only the first attempt, sent once, and only while it was not unknown: then no code can be out. */
function neverMade(books: Books, intent: Intent): void {
  const order = findOrder(books, intent)
  const once = intent.attempt === 1 && intent.last_sent_at === intent.sent_at
  const certain = once && intent.state !== 'unknown'
  if (order && certain && order.trade_status === undefined) updateOrder(books, order, { unpaid_for_ever: 1 })
}

/** Of a refund that was just sent, or just ended. */
export function quietFrom(books: Books, { out_trade_no }: Intent | OrderRow, at: number): void {
  books.db.update('orders', { partition: books.id, out_trade_no }, { refund_quiet_from: at })
}

/** What is known to have been refunded only grows: by Alipay's sum, or by the refunds that are done here. */
export function raiseRefunded(books: Books, order: OrderRow, refund_fee_fen: number): void {
  const done = refundsOf(books, order.out_trade_no).filter(({ state }) => state === 'done')
  const sum = done.reduce((fen, { amount_fen }) => fen + amount_fen, 0)
  const refunded_fen = Math.max(refund_fee_fen, sum)
  if (refunded_fen > order.refunded_fen) updateOrder(books, order, { refunded_fen, unpaid_for_ever: 0 })
}
