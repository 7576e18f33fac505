// What Alipay was seen to say of an order: only what is new is written, and a late answer undoes nothing.
import type { Trade } from '../../gateway/gateway.ts'
import { toFen } from '../../money.ts'
import type { Actor, Order } from '../ledger.ts'
import { isStale, wasPaid } from '../order.ts'
import { raiseForTrade } from './alerts.ts'
import { endQuestions } from './approvals.ts'
import { resolve } from './attempt-ends.ts'
import type { Columns } from './database.ts'
import { intentsOf } from './intents.ts'
import type { OrderRow } from './orders.ts'
import { findOrder, insertOrder, replacedBy, theOrder, toOrder, updateOrder } from './orders.ts'
import { dayOf, note, type Partition } from './partition.ts'

export type TradeUpdate = { trade: Trade } | { out_trade_no: string; certainlyUnpaid: boolean }

/**
 * Most looks at an order tell nothing new, and take nobody's turn to write.
 * @param known the order before, read outside of any transaction
 */
export async function recordTrade(
  partition: Partition,
  known: OrderRow | undefined,
  update: TradeUpdate,
  actor: Actor,
  addIfMissing: boolean,
): Promise<Order | undefined> {
  const isNews = known ? newsOf(known, update) !== undefined : addIfMissing && 'trade' in update
  return isNews ? partition.db.write(() => writeTrade(partition, update, actor, addIfMissing)) : known && toOrder(known)
}

/** Within a transaction. */
export function writeTrade(
  partition: Partition,
  update: TradeUpdate,
  actor: Actor,
  addIfMissing: boolean,
): Order | undefined {
  const known = findOrder(partition, nameOf(update))
  const trade = addIfMissing && 'trade' in update ? update.trade : undefined
  const order = known ?? (trade && addForeignOrder(partition, trade, toFen(trade.total_amount), actor))
  const news = order && newsOf(order, update)
  if (!news) return order && toOrder(order)
  const what = 'trade' in update ? `order is ${update.trade.trade_status}` : 'order never paid'
  note(partition, actor, what, order.out_trade_no)
  updateOrder(partition, order, { ...news, checked_at: actor.at })
  if ('refunded_fen' in news) endQuestions(partition, order.out_trade_no, actor.at)
  const now = theOrder(partition, order.out_trade_no)
  if (wasPaid(now)) noteChargePaid(partition, now, actor)
  raiseForTrade(partition, order, now, actor)
  return toOrder(now)
}

/** Whatever was thought of the charge before: that it is paid counts, for its period, its plan and its subscriber. */
function noteChargePaid(partition: Partition, { out_trade_no, trade_no }: OrderRow, actor: Actor): void {
  const charge = intentsOf(partition, out_trade_no).find(({ kind }) => kind === 'charge')
  if (charge) resolve(partition, charge.id, { state: 'done', moved: 'now', trade_no }, actor)
}

export function nameOf(update: TradeUpdate): { out_trade_no: string } {
  return 'trade' in update ? update.trade : update
}

/** An order that another program made. */
export function addForeignOrder(
  partition: Partition,
  { out_trade_no, trade_no, subject }: Pick<Trade, 'out_trade_no' | 'trade_no' | 'subject'>,
  total_fen: number,
  actor: Actor,
): OrderRow {
  const { at, host } = actor
  note(partition, actor, 'order of another program added', out_trade_no)
  const made = { total_fen, created_at: at, day: dayOf(at), created_here: 0, host }
  const replaced_by = replacedBy(partition, out_trade_no)
  return insertOrder(partition, { out_trade_no, trade_no, subject, ...made, replaced_by })
}

function newsOf(order: OrderRow, update: TradeUpdate): Columns | undefined {
  const news = 'trade' in update ? newsOfTrade(order, update.trade) : newsOfNone(order, update.certainlyUnpaid)
  return Object.keys(news).length > 0 ? news : undefined
}

function newsOfNone(order: OrderRow, certainlyUnpaid: boolean): Columns {
  const over = order.can_never_be_paid || order.trade_status === 'TRADE_CLOSED' || wasPaid(order)
  return over || !certainlyUnpaid ? {} : { can_never_be_paid: 1, close_requested_at: undefined }
}

function newsOfTrade(order: OrderRow, trade: Trade): Columns {
  if (isStale(order, trade)) return {}
  const { trade_no, trade_status, send_pay_date = order.send_pay_date } = trade
  const { total_fen, other_fen, refunded_fen, close_requested_at, can_never_be_paid } = order
  const before: Columns = {
    ...{ trade_no: order.trade_no, trade_status: order.trade_status, send_pay_date: order.send_pay_date },
    ...{ total_fen, other_fen, refunded_fen, close_requested_at, can_never_be_paid: can_never_be_paid ? 1 : 0 },
  }
  // What is asked for an order of ours was decided here, whatever somebody else made under its number.
  const fen = toFen(trade.total_amount)
  const sums = order.created_here
    ? { total_fen, other_fen: fen === total_fen ? undefined : fen }
    : { total_fen: fen, other_fen: undefined }
  const now = { ...before, trade_no, trade_status, send_pay_date, ...sums, ...endOf(order, trade) }
  return Object.fromEntries(Object.entries(now).filter(([key, value]) => value !== before[key]))
}

/** What its status means for the money. */
function endOf(order: OrderRow, trade: Trade): Columns {
  if (trade.trade_status === 'WAIT_BUYER_PAY') return { can_never_be_paid: 0 }
  // That it was to be closed stays written down: whoever sees it paid has to hear of it.
  if (trade.trade_status !== 'TRADE_CLOSED') return { can_never_be_paid: 0 }
  // Closed after a payment: all of it was paid back.
  if (trade.send_pay_date || wasPaid(order)) {
    return {
      refunded_fen: Math.max(order.refunded_fen, toFen(trade.total_amount)),
      can_never_be_paid: 0,
      close_requested_at: undefined,
    }
  }
  return { can_never_be_paid: 1, close_requested_at: undefined }
}
