// How an attempt ended: done, which is final, or refused, not executed or unknown; and what that makes of its order.
import { DamagedEntry } from '../../errors.ts'
import type { Actor, Intent, Resolution } from '../ledger.ts'
import { isOpenIntent, wasPaid } from '../order.ts'
import { endQuestions } from './approvals.ts'
import type { Columns } from './database.ts'
import { FREE, intentById, nameTrade, refundsOf, update } from './intents.ts'
import { findOrder, type OrderRow, updateOrder } from './orders.ts'
import { note, type Partition } from './partition.ts'

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
  const { trace_id, never_sent } = resolution
  return update(partition, intent, { ...end, trace_id, ended_at: at, ...(never_sent && NEVER_SENT) })
}

/** `sent` was written down, and it did not leave this computer. */
const NEVER_SENT: Columns = { sent_at: null, last_sent_at: null }

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
