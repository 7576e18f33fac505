// Decisions about orders: reserving a new one within the limit, and what people wish of it afterwards.
import { beijingTime } from '../../clock.ts'
import { toFen } from '../../money.ts'
import type { Act, Block, Intent, NewOrder, ReservedOrder } from '../ledger.ts'
import { text, whole } from './database.ts'
import { prepare } from './intents.ts'
import type { OrderRow } from './orders.ts'
import { findOrder, insertOrder, replacedBy, STATE_SQL, shown, updateOrder } from './orders.ts'
import { type Books, dayOf, frozenBlock, note } from './partition.ts'

const TWINS_MS = 10 * 60_000

export function reserveOrder(
  books: Books,
  wish: NewOrder,
  limit_fen: number | undefined,
  act: Act,
): ReservedOrder {
  const stopped = frozenBlock(books)
  if (stopped) return { outcome: 'blocked', block: stopped }
  const known = findOrder(books, wish) ?? inItsPlace(books, wish)
  if (known) return { outcome: 'known', order: shown(known) }
  const block = paymentsBlock(books, toFen(wish.total_amount), limit_fen, act.at)
  if (block) return { outcome: 'blocked', block }
  return made(books, wish, act)
}

function made(books: Books, wish: NewOrder, act: Act): ReservedOrder {
  const twins = twinsOf(books, wish, act.at)
  const { total_amount, ...rest } = wish
  const order = insertOrder(books, {
    ...rest,
    total_fen: toFen(total_amount),
    made_at: act.at,
    day: dayOf(act.at),
    made_here: 1,
    host: act.host,
  })
  note(books, act, 'order made', wish.out_trade_no)
  if (wish.replaces !== undefined) markReplaced(books, wish.replaces, wish.out_trade_no)
  const intent = wish.channel === 'qr' ? prepareFor(books, 'create', order, undefined, act) : undefined
  return { outcome: 'made', order: shown(order), ...(intent && { intent }), twins }
}

/** Somebody else replaced that order meanwhile: two in its place could both be paid. */
function inItsPlace(books: Books, { replaces }: NewOrder): OrderRow | undefined {
  const by = replaces === undefined ? undefined : replacedBy(books, replaces)
  return by === undefined ? undefined : findOrder(books, { out_trade_no: by })
}

function markReplaced(books: Books, old: string, by: string): void {
  const order = findOrder(books, { out_trade_no: old })
  if (order) updateOrder(books, order, { replaced_by: by })
}

export function prepareFor(
  books: Books,
  kind: 'create' | 'close',
  { out_trade_no, trade_no, total_fen }: OrderRow,
  earlier: Intent | undefined,
  act: Act,
): Intent {
  const names = { kind, out_trade_no, trade_no, number: out_trade_no }
  const asked = { ...names, request: undefined, amount_fen: total_fen, reason: undefined } as const
  return prepare(books, { ...asked, approved_by: 'unasked' }, earlier, act)
}

/** What orders made here today may come to; one that certainly nobody paid nor can is not counted. */
export function paymentsBlock(
  { db, id }: Books,
  fen: number,
  limit_fen: number | undefined,
  at: number,
): Block | undefined {
  if (limit_fen === undefined) return undefined
  const sql = `select coalesce(sum(total_fen), 0) as used from orders
    where partition = ? and day = ? and made_here and not unpaid_for_ever`
  const used_fen = whole(db.get(sql, id, dayOf(at)) ?? {}, 'used')
  return used_fen + fen <= limit_fen ? undefined : { why: 'daily_payments', limit_fen, used_fen }
}

function twinsOf({ db, id }: Books, wish: NewOrder, at: number): readonly string[] {
  const rows = db.all(
    `select out_trade_no from orders where partition = ? and made_at > ? and made_here and subject = ?
      and total_fen = ? and time_expire > ? and ${STATE_SQL} = 'waiting' order by made_at desc, id desc`,
    ...[id, at - TWINS_MS, wish.subject, toFen(wish.total_amount), beijingTime(at)],
  )
  return rows.map((row) => text(row, 'out_trade_no'))
}

export function wishClose(books: Books, out_trade_no: string, act: Act): void {
  const order = findOrder(books, { out_trade_no })
  if (!order || order.close_wished_at !== undefined) return
  updateOrder(books, order, { close_wished_at: act.at })
  note(books, act, 'close wished', out_trade_no)
}

/**
 * Its link is shown again. Most orders are not wished closed, and take nobody's turn to write.
 * @param known the order, read outside of any transaction
 */
export function withdrawCloseWish(books: Books, known: OrderRow | undefined, act: Act): void {
  if (known?.close_wished_at !== undefined) books.db.write(() => withdraw(books, known, act))
}

function withdraw(books: Books, { out_trade_no }: OrderRow, act: Act): void {
  const order = findOrder(books, { out_trade_no })
  if (order?.close_wished_at === undefined) return
  updateOrder(books, order, { close_wished_at: null })
  note(books, act, 'close wish withdrawn', out_trade_no)
}
