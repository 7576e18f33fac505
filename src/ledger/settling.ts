// How an attempt ends, and what its end says about the order.
import { type Books, note } from './books.ts'
import type { Columns } from './database.ts'
import { quietFrom } from './intent-decisions.ts'
import { FREE, intentById, isSettled, update } from './intent-rows.ts'
import type { Act, Intent, Settled } from './ledger.ts'
import { findOrder, type OrderRow, updateOrder } from './order-rows.ts'
import { raiseRefunded } from './refund-decisions.ts'
import { wasPaid } from './sightings.ts'

type Done = Extract<Settled, { state: 'done' }>
type NotDone = Exclude<Settled, Done>

export function settle(books: Books, id: number, settled: Settled, act: Act, attempt?: number): Intent {
  const intent = intentById(books, id)
  if (!intent) throw new Error('what was to be settled is not in the ledger')
  if (settled.state === 'done') return settleDone(books, intent, settled, act)
  const same = attempt === undefined || attempt === intent.attempt
  const may = same && intent.owner === act.owner && !isSettled(intent)
  return may ? settleNotDone(books, intent, settled, act) : intent
}

function settleDone(books: Books, intent: Intent, done: Done, act: Act): Intent {
  const now = intent.state === 'done' ? intent : writeDone(books, intent, done, act)
  const order = findOrder(books, intent)
  if (!order) return now
  if (intent.kind === 'refund') {
    raiseRefunded(books, order, done.refund_fee_fen ?? 0)
    quiet(books, intent, act)
  } else if (now !== intent) {
    updateOrder(books, order, intent.kind === 'close' ? closed(order, done) : coded(order, done))
  }
  return now
}

function writeDone(books: Books, intent: Intent, done: Done, act: Act): Intent {
  const { moved, gmt_refund_pay, trade_no = intent.trade_no } = done
  note(books, act, `${intent.kind} done`, intent.out_trade_no)
  const end = { state: 'done', ended_at: act.at, lease_until: FREE, answer: null }
  return update(books, intent, { ...end, moved, gmt_refund_pay, trade_no })
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
  const wasUnknown = intent.state === 'unknown'
  if (state === 'unknown') {
    const found_empty_at = intent.found_empty_at ?? (settled.empty ? at : undefined)
    const ended_at = wasUnknown ? intent.ended_at : at
    if (!wasUnknown) ended(books, intent, 'unknown', answer, act)
    return update(books, intent, { state, answer, found_empty_at, ended_at, lease_until: FREE })
  }
  ended(books, intent, state === 'refused' ? 'refused' : 'not executed', answer, act)
  const { trace_id } = settled
  if (state === 'refused' && intent.kind === 'create') neverMade(books, intent)
  const earlier_try_at = wasUnknown ? intent.ended_at : intent.earlier_try_at
  return update(books, intent, { state, answer, trace_id, ended_at: at, earlier_try_at, lease_until: FREE })
}

function ended(books: Books, intent: Intent, how: string, answer: string, act: Act): void {
  note(books, act, `${intent.kind} ${how}`, intent.out_trade_no, answer)
  if (intent.state === 'sent') quiet(books, intent, act)
}

function quiet(books: Books, intent: Intent, { at }: Act): void {
  const order = intent.kind === 'refund' ? findOrder(books, intent) : undefined
  if (order) quietFrom(books, order, at)
}

/** Only the first attempt, sent once, and only while it was not unknown: then no code can be out. */
function neverMade(books: Books, intent: Intent): void {
  const order = findOrder(books, intent)
  const once = intent.attempt === 1 && intent.last_sent_at === intent.sent_at
  const certain = once && intent.state !== 'unknown'
  if (order && certain && order.trade_status === undefined) updateOrder(books, order, { unpaid_for_ever: 1 })
}
