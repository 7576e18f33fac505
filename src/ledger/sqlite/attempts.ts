// An attempt on its way: reserving a create or close, the last look before each send, taking over, and how it ends.

import { CLOCKS_APART_MS } from '../../clock.ts'
import { DamagedEntry } from '../../errors.ts'
import type { Actor, Block, Intent, Resolution } from '../ledger.ts'
import { isOpenIntent, wasPaid } from '../order.ts'
import { endQuestions } from './approvals.ts'
import { chargeStopped } from './charges.ts'
import type { Columns } from './database.ts'
import { FREE, intentById, intentsOf, isHeld, LEASE_MS, nameTrade, refundsOf, update } from './intents.ts'
import { findOrder, type OrderRow, updateOrder } from './orders.ts'
import { dayOf, frozenBlock, note, type Partition } from './partition.ts'
import { paymentsBlock, prepareFor } from './reserve-order.ts'
import { asBytes, readEntry, text } from './rows.ts'

// Long enough for one read.
const READING_MS = 30_000
// Alipay's least interval between two refunds of one trade (open/02ekfs).
const BETWEEN_MS = 3_000

export function reserve(
  partition: Partition,
  kind: 'create' | 'close',
  out_trade_no: string,
  actor: Actor,
  daily_payments_fen?: number | undefined,
): Intent | Block {
  const order = findOrder(partition, { out_trade_no })
  if (!order) throw new Error(`a ${kind} was asked of an order that is not in the ledger`)
  const stopped = kind === 'create' ? frozenBlock(partition) : undefined
  if (stopped) return stopped
  const earlier = intentsOf(partition, out_trade_no).find((intent) => intent.kind === kind)
  if (earlier?.state === 'done') return earlier
  if (earlier && isHeld(earlier, actor.at)) return { why: 'in_flight', intent: earlier }
  const block = kind === 'create' ? reviveBlock(partition, order, daily_payments_fen, actor) : undefined
  return block ?? prepareFor(partition, kind, order, earlier, actor)
}

/** An order that was refused for certain is not counted as one of its day; asked for again, it counts on this one. */
function reviveBlock(
  partition: Partition,
  order: OrderRow,
  limit_fen: number | undefined,
  { at }: Actor,
): Block | undefined {
  if (!order.can_never_be_paid || order.trade_status === 'TRADE_CLOSED') return undefined
  const block = paymentsBlock(partition, order.total_fen, limit_fen, at)
  if (!block) updateOrder(partition, order, { can_never_be_paid: 0, day: dayOf(at) })
  return block
}

export function markSending(partition: Partition, id: number, repeat: boolean, actor: Actor): 'go' | Block {
  const intent = intentById(partition, id)
  if (!intent) return { why: 'lease_lost' }
  const stopped = intent.kind === 'close' ? undefined : frozenBlock(partition)
  if (stopped) return stopped
  const ended = intent.kind === 'charge' ? chargeStopped(partition, intent.out_trade_no) : undefined
  if (ended?.why === 'cancelled' || ended?.why === 'not_live') return ended
  const holds = intent.owner === actor.owner && isHeld(intent, actor.at)
  if (!holds || intent.state !== (repeat ? 'sent' : 'prepared')) return { why: 'lease_lost' }
  const order = intent.kind === 'refund' ? findOrder(partition, intent) : undefined
  const wait = order && !repeat ? waitOf(partition, order, actor) : 0
  if (wait > 0) return { why: 'too_soon', wait }
  writeSending(partition, intent, repeat, actor)
  if (order) quietFrom(partition, order, actor.at)
  return 'go'
}

function writeSending(partition: Partition, intent: Intent, repeat: boolean, actor: Actor): void {
  const { at } = actor
  const sent = { state: 'sent', sent_at: intent.sent_at ?? at, last_sent_at: at }
  update(partition, intent, { ...sent, lease_until: at + LEASE_MS })
  note(partition, actor, `${intent.kind} sent${repeat ? ' again' : ''}`, intent.out_trade_no)
}

/** Where the clock was set back since, the wait begins now: it is never longer than the interval. */
function waitOf(partition: Partition, order: OrderRow, actor: Actor): number {
  const { refund_quiet_from: from } = order
  if (from === undefined) return 0
  const between = BETWEEN_MS + (isOfAnother(partition, order, actor) ? CLOCKS_APART_MS : 0)
  if (from <= actor.at) return Math.max(0, from + between - actor.at)
  quietFrom(partition, order, actor.at)
  return between
}

/** Whether the last refund of the order was another process's, by its own clock. */
function isOfAnother({ db, id }: Partition, { out_trade_no }: OrderRow, { owner }: Actor): boolean {
  const sql = `select ${asBytes('owner')}, ${asBytes('out_trade_no')} from intents join attempts on intent = id where partition = ? and out_trade_no = ?
    and kind = 'refund' and last_sent_at is not null order by last_sent_at desc, id limit 1`
  const last = db.get(sql, id, out_trade_no)
  return last !== undefined && readEntry('an operation on order', last, () => text(last, 'owner')) !== owner
}

export function takeOver(partition: Partition, id: number, actor: Actor): Intent | undefined {
  const intent = intentById(partition, id)
  const free = intent && isOpenIntent(intent) && !isHeld(intent, actor.at)
  if (!free) return undefined
  const { at, owner } = actor
  if (intent.state === 'prepared' && intent.in_doubt_since === undefined) {
    note(partition, actor, `${intent.kind} not executed`, intent.out_trade_no, NEVER_SENT)
    const ended = { state: 'not_executed', answer: NEVER_SENT, ended_at: at }
    return update(partition, intent, { ...ended, owner, lease_until: FREE })
  }
  note(partition, actor, `${intent.kind} taken over`, intent.out_trade_no)
  // This attempt never left; one before it may have taken effect.
  const state = intent.state === 'prepared' ? 'unknown' : intent.state
  return update(partition, intent, { state, owner, lease_until: at + READING_MS })
}

const NEVER_SENT = 'it was prepared and never sent'

type Done = Extract<Resolution, { state: 'done' }>
type NotDone = Exclude<Resolution, Done>

export function resolve(
  partition: Partition,
  id: number,
  resolution: Resolution,
  actor: Actor,
  attempt?: number,
): Intent {
  const intent = intentById(partition, id)
  // Nothing removes an open one: the file is damaged.
  if (!intent) throw new DamagedEntry(`an operation on an order (${id})`)
  if (resolution.state === 'done') return resolveDone(partition, intent, resolution, actor)
  const same = attempt === undefined || attempt === intent.attempt
  const may = same && intent.owner === actor.owner && isOpenIntent(intent)
  return may ? resolveNotDone(partition, intent, resolution, actor) : intent
}

function resolveDone(partition: Partition, intent: Intent, done: Done, actor: Actor): Intent {
  const now = intent.state === 'done' ? intent : writeDone(partition, intent, done, actor)
  const order = findOrder(partition, intent)
  if (!order) return now
  if (intent.kind === 'refund') {
    raiseRefunded(partition, order, done.refund_fee_fen ?? 0, actor.at)
    quietFrom(partition, order, actor.at)
  } else if (now !== intent && intent.kind !== 'charge') {
    updateOrder(partition, order, intent.kind === 'close' ? closed(order, done) : coded(order, done))
  }
  return now
}

function writeDone(partition: Partition, intent: Intent, done: Done, actor: Actor): Intent {
  const { moved, gmt_refund_pay, trade_no } = done
  note(partition, actor, `${intent.kind} done`, intent.out_trade_no)
  nameTrade(partition, intent, trade_no)
  const end = { state: 'done', ended_at: actor.at, lease_until: FREE, answer: null }
  return update(partition, intent, { ...end, moved, gmt_refund_pay })
}

function closed(order: OrderRow, { trade_no = order.trade_no }: Done): Columns {
  if (wasPaid(order)) return { trade_no }
  return { trade_no, trade_status: 'TRADE_CLOSED', can_never_be_paid: 1, close_requested_at: null }
}

function coded(order: OrderRow, { qr_content = order.qr_content }: Done): Columns {
  return { qr_content }
}

function resolveNotDone(partition: Partition, intent: Intent, resolution: NotDone, actor: Actor): Intent {
  const { at } = actor
  const { state, answer } = resolution
  const end = { state, answer, lease_until: FREE }
  if (resolution.state === 'unknown') {
    const isNew = intent.state !== 'unknown'
    if (isNew) ended(partition, intent, 'unknown', answer, actor)
    if (isNew && intent.kind === 'refund') endQuestions(partition, intent.out_trade_no, at)
    const foundEmpty = resolution.empty && intent.found_empty_at === undefined && { found_empty_at: at }
    return update(partition, intent, { ...end, ...(isNew && { unknown_since: at }), ...foundEmpty })
  }
  ended(partition, intent, state === 'refused' ? 'refused' : 'not executed', answer, actor)
  if (state === 'refused' && intent.kind === 'create') neverMade(partition, intent)
  return update(partition, intent, { ...end, trace_id: resolution.trace_id, ended_at: at })
}

function ended(partition: Partition, intent: Intent, how: string, answer: string, actor: Actor): void {
  note(partition, actor, `${intent.kind} ${how}`, intent.out_trade_no, answer)
  if (intent.state === 'sent' && intent.kind === 'refund') quietFrom(partition, intent, actor.at)
}

/** Only the first attempt, sent once, and only while it was not unknown: then no code can be out. */
function neverMade(partition: Partition, intent: Intent): void {
  const order = findOrder(partition, intent)
  const once = intent.attempt === 1 && intent.last_sent_at === intent.sent_at
  const certain = once && intent.state !== 'unknown'
  if (order && certain && order.trade_status === undefined) updateOrder(partition, order, { can_never_be_paid: 1 })
}

/** A refund was just sent, or has just ended: the pause before the next one of its order counts from now. */
export function quietFrom(partition: Partition, { out_trade_no }: Intent | OrderRow, at: number): void {
  partition.db.update('orders', { partition: partition.id, out_trade_no }, { refund_quiet_from: at })
}

/** What is known to have been refunded only grows: by Alipay's sum, or by the refunds that are done here. */
export function raiseRefunded(partition: Partition, order: OrderRow, refund_fee_fen: number, at: number): void {
  const done = refundsOf(partition, order.out_trade_no).filter(({ state }) => state === 'done')
  const sum = done.reduce((fen, { amount_fen }) => fen + amount_fen, 0)
  const refunded_fen = Math.max(refund_fee_fen, sum)
  if (refunded_fen <= order.refunded_fen) return
  updateOrder(partition, order, { refunded_fen, can_never_be_paid: 0, checked_at: at })
  endQuestions(partition, order.out_trade_no, at)
}
