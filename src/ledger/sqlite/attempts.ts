// An attempt on its way: reserving a create or close, the last look before each send, and taking over.

import { CLOCKS_APART_MS } from '../../clock.ts'
import type { Actor, Block, Intent } from '../ledger.ts'
import { isOpenIntent } from '../order.ts'
import { quietFrom } from './attempt-ends.ts'
import { chargeStopped } from './charges.ts'
import { FREE, intentById, intentsOf, isHeld, LEASE_MS, update } from './intents.ts'
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
