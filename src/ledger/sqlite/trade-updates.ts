// What Alipay was seen to say of an order: only what is new is written, and a late answer undoes nothing.
import type { Trade, TradeStatus } from '../../gateway/gateway.ts'
import { toFen } from '../../money.ts'
import type { Act, Order } from '../ledger.ts'
import { isPaid } from '../order.ts'
import type { Columns } from './database.ts'
import type { OrderRow } from './orders.ts'
import { findOrder, insertOrder, replacedBy, shown, theOrder, updateOrder } from './orders.ts'
import { type Books, dayOf, note } from './partition.ts'

export type Seen = { trade: Trade } | { out_trade_no: string; certainlyUnpaid: boolean }

const RANK: Readonly<Record<TradeStatus, number>> = {
  WAIT_BUYER_PAY: 1,
  TRADE_SUCCESS: 2,
  TRADE_FINISHED: 3,
  TRADE_CLOSED: 3,
}

/**
 * Most looks at an order tell nothing new, and take nobody's turn to write.
 * @param known the order before, read outside of any transaction
 */
export function saw(
  books: Books,
  known: OrderRow | undefined,
  seen: Seen,
  act: Act,
  adopt: boolean,
): Order | undefined {
  const isNews = known ? newsOf(known, seen) !== undefined : adopt && 'trade' in seen
  return isNews ? books.db.write(() => write(books, seen, act, adopt)) : known && shown(known)
}

function write(books: Books, seen: Seen, act: Act, adopt: boolean): Order | undefined {
  const known = findOrder(books, nameOf(seen))
  const trade = adopt && 'trade' in seen ? seen.trade : undefined
  const order = known ?? (trade && adopted(books, trade, toFen(trade.total_amount), act))
  const news = order && newsOf(order, seen)
  if (!news) return order && shown(order)
  const what = 'trade' in seen ? `order seen as ${seen.trade.trade_status}` : 'order never paid'
  note(books, act, what, order.out_trade_no)
  updateOrder(books, order, { ...news, seen_at: act.at })
  return shown(theOrder(books, order.out_trade_no))
}

export function nameOf(seen: Seen): { out_trade_no: string } {
  return 'trade' in seen ? seen.trade : seen
}

/** An order that another program made. */
export function adopted(
  books: Books,
  { out_trade_no, trade_no, subject }: Pick<Trade, 'out_trade_no' | 'trade_no' | 'subject'>,
  total_fen: number,
  act: Act,
): OrderRow {
  const { at, host } = act
  note(books, act, 'order of another program noted', out_trade_no)
  const made = { total_fen, made_at: at, day: dayOf(at), made_here: 0, host }
  const replaced_by = replacedBy(books, out_trade_no)
  return insertOrder(books, { out_trade_no, trade_no, subject, ...made, replaced_by })
}

function newsOf(order: OrderRow, seen: Seen): Columns | undefined {
  const news = 'trade' in seen ? newsOfTrade(order, seen.trade) : newsOfNone(order, seen.certainlyUnpaid)
  return Object.keys(news).length > 0 ? news : undefined
}

function newsOfNone(order: OrderRow, certainlyUnpaid: boolean): Columns {
  const over = order.unpaid_for_ever || order.trade_status === 'TRADE_CLOSED' || wasPaid(order)
  return over || !certainlyUnpaid ? {} : { unpaid_for_ever: 1, close_wished_at: undefined }
}

function newsOfTrade(order: OrderRow, trade: Trade): Columns {
  if (isStale(order, trade)) return {}
  const { trade_no, trade_status, send_pay_date = order.send_pay_date } = trade
  const { total_fen, refunded_fen, close_wished_at, unpaid_for_ever } = order
  const before: Columns = {
    ...{ trade_no: order.trade_no, trade_status: order.trade_status, send_pay_date: order.send_pay_date },
    ...{ total_fen, refunded_fen, close_wished_at, unpaid_for_ever: unpaid_for_ever ? 1 : 0 },
  }
  // What is asked for an order of ours was decided here, whatever somebody else made under its number.
  const sum = order.made_here ? total_fen : toFen(trade.total_amount)
  const now = { ...before, trade_no, trade_status, send_pay_date, total_fen: sum, ...endOf(order, trade) }
  return Object.fromEntries(Object.entries(now).filter(([key, value]) => value !== before[key]))
}

/** Answers may overtake each other: a trade only goes forward, and one that is paid back stays so. */
function isStale(order: OrderRow, { trade_status }: Trade): boolean {
  const { trade_status: before } = order
  if (before === undefined || RANK[trade_status] >= RANK[before]) return false
  const closedUnpaid = before === 'TRADE_CLOSED' && !wasPaid(order)
  // A payment after all outweighs what was thought of an order.
  return !(closedUnpaid && trade_status === 'TRADE_SUCCESS')
}

/** What its status means for the money. */
function endOf(order: OrderRow, trade: Trade): Columns {
  if (trade.trade_status === 'WAIT_BUYER_PAY') return { unpaid_for_ever: 0 }
  if (trade.trade_status !== 'TRADE_CLOSED') return { unpaid_for_ever: 0, close_wished_at: undefined }
  // Closed after a payment: all of it was paid back.
  if (trade.send_pay_date || wasPaid(order)) {
    return {
      refunded_fen: Math.max(order.refunded_fen, order.total_fen),
      unpaid_for_ever: 0,
      close_wished_at: undefined,
    }
  }
  return { unpaid_for_ever: 1, close_wished_at: undefined }
}

export function wasPaid({ trade_status, send_pay_date, refunded_fen }: OrderRow): boolean {
  return isPaid(trade_status) || send_pay_date !== undefined || refunded_fen > 0
}
