// Decisions about orders: reserving a new one within the limit, and the request to close one.
import { beijingTime } from '../../clock.ts'
import { toFen } from '../../money.ts'
import type { Actor, Block, Intent, NewOrder, ReservedOrder } from '../ledger.ts'
import { insertCheckout } from './checkouts.ts'
import { prepare } from './intents.ts'
import { orderedFen } from './limit-sums.ts'
import type { OrderRow } from './orders.ts'
import { findOrder, insertOrder, replacedBy, STATE_SQL, toOrder, updateOrder } from './orders.ts'
import { dayOf, frozenBlock, note, type Partition } from './partition.ts'
import { maybeText } from './rows.ts'
import { findOpenSale, insertSale, saleBlock } from './sales.ts'

const SIMILAR_MS = 10 * 60_000

export function reserveOrder(
  partition: Partition,
  request: NewOrder,
  rules: { daily_payments_fen?: number | undefined },
  actor: Actor,
): ReservedOrder {
  const stopped = frozenBlock(partition)
  if (stopped) return { outcome: 'blocked', block: stopped }
  const known =
    findOrder(partition, request) ?? inItsPlace(partition, request) ?? sameSale(partition, request, actor.at)
  if (known) return { outcome: 'known', order: toOrder(known) }
  const total_fen = toFen(request.total_amount)
  const ofSale = request.sale && saleBlock(partition, request.sale, actor.at)
  const block = ofSale ?? paymentsBlock(partition, total_fen, rules.daily_payments_fen, actor.at)
  if (block) return { outcome: 'blocked', block }
  return addOrder(partition, request, actor)
}

function addOrder(partition: Partition, request: NewOrder, actor: Actor): ReservedOrder {
  const similar_orders = similarOrders(partition, request, actor.at)
  const { total_amount, checkout, sale, ...rest } = request
  const order = insertOrder(partition, {
    ...rest,
    token: checkout?.token,
    total_fen: toFen(total_amount),
    created_at: actor.at,
    day: dayOf(actor.at),
    created_here: 1,
    host: actor.host,
  })
  if (checkout) insertCheckout(partition, request.out_trade_no, checkout)
  if (sale) insertSale(partition, request, sale, actor)
  note(partition, actor, 'order made', request.out_trade_no)
  if (request.replaces !== undefined) markReplaced(partition, request.replaces, request.out_trade_no)
  const intent = request.channel === 'qr' ? prepareFor(partition, 'create', order, undefined, actor) : undefined
  return { outcome: 'made', order: toOrder(order), ...(intent && { intent }), similar_orders }
}

/** Somebody else replaced that order meanwhile: two in its place could both be paid. */
function inItsPlace(partition: Partition, { replaces }: NewOrder): OrderRow | undefined {
  const by = replaces === undefined ? undefined : replacedBy(partition, replaces)
  return by === undefined ? undefined : findOrder(partition, { out_trade_no: by })
}

/** The same buyer wants the same thing again. */
function sameSale(partition: Partition, request: NewOrder, at: number): OrderRow | undefined {
  const { buyer, item, quantity } = request.sale ?? {}
  if (buyer === undefined || item === undefined || quantity === undefined) return undefined
  const { subject, total_amount } = request
  return findOpenSale(partition, { buyer, item, quantity, subject, total_fen: toFen(total_amount) }, at)
}

function markReplaced(partition: Partition, old: string, by: string): void {
  const order = findOrder(partition, { out_trade_no: old })
  if (order) updateOrder(partition, order, { replaced_by: by })
}

export function prepareFor(
  partition: Partition,
  kind: 'create' | 'close',
  { out_trade_no, trade_no, total_fen }: OrderRow,
  earlier: Intent | undefined,
  actor: Actor,
): Intent {
  const names = { kind, out_trade_no, trade_no, number: out_trade_no }
  const asked = { ...names, portion: undefined, amount_fen: total_fen, reason: undefined } as const
  return prepare(partition, { ...asked, approved_by: 'unasked' }, earlier, actor)
}

/** What orders made here today may come to. */
export function paymentsBlock(
  partition: Partition,
  fen: number,
  limit_fen: number | undefined,
  at: number,
  freed?: string,
): Block | undefined {
  if (limit_fen === undefined) return undefined
  const used_fen = orderedFen(partition, dayOf(at), freed)
  return used_fen + fen <= limit_fen ? undefined : { why: 'daily_payments', asked_fen: fen, limit_fen, used_fen }
}

function similarOrders({ db, id }: Partition, request: NewOrder, at: number): readonly string[] {
  // In one row: a busy shop has thousands of them, and each makes the next one slower. As hex, which damage cannot break.
  const row = db.get(
    `select group_concat(hex(out_trade_no)) as numbers from (
      select out_trade_no from orders where partition = ? and created_at > ? and created_here and subject = ?
      and total_fen = ? and time_expire > ? and ${STATE_SQL} = 'waiting' order by created_at desc, id desc)`,
    ...[id, at - SIMILAR_MS, request.subject, toFen(request.total_amount), beijingTime(at)],
  )
  const numbers = maybeText(row ?? {}, 'numbers')?.split(',') ?? []
  return numbers.map((hex) => Buffer.from(hex, 'hex').toString())
}

export function requestClose(partition: Partition, out_trade_no: string, actor: Actor): void {
  const order = findOrder(partition, { out_trade_no })
  if (!order || order.close_requested_at !== undefined) return
  updateOrder(partition, order, { close_requested_at: actor.at })
  note(partition, actor, 'close requested', out_trade_no)
}

/**
 * Its link is shown again. Most orders are not to be closed, and take nobody's turn to write.
 * @param known the order, read outside of any transaction
 */
export async function withdrawCloseRequest(
  partition: Partition,
  known: OrderRow | undefined,
  actor: Actor,
  requested_at = known?.close_requested_at,
): Promise<void> {
  if (known?.close_requested_at === undefined || known.close_requested_at !== requested_at) return
  await partition.db.write(() => withdraw(partition, known, actor, requested_at))
}

function withdraw(partition: Partition, { out_trade_no }: OrderRow, actor: Actor, requested_at: number): void {
  const order = findOrder(partition, { out_trade_no })
  if (order?.close_requested_at !== requested_at) return
  updateOrder(partition, order, { close_requested_at: null })
  note(partition, actor, 'close request withdrawn', out_trade_no)
}
