// Handing out what was paid: one decision between delivery and refund, written down before anybody sees it.
import type { Actor, Delivery, DeliveryBlock, DueHook, ReservedDelivery, Sale, Undelivered } from '../ledger.ts'
import { isKept } from '../order.ts'
import { buyerRequest, movedNothing, openRequest } from './buyer-requests.ts'
import { codesOf, markGiven, noteGiven, reserveCodes } from './codes.ts'
import { appendEntry, hasUnread, unreadEntries } from './delivery-journal.ts'
import { refundsOf } from './intents.ts'
import { findOrder, type OrderRow, STATE_SQL, toOrder, UNFINISHED } from './orders.ts'
import { frozen, note, type Partition } from './partition.ts'
import { asBytes, maybeText, moment, oneOf, type Row, readAll, readEntry, text, whole, yesNo } from './rows.ts'
import { findSale } from './sales.ts'
import { columnsOf } from './schema.ts'

type By = Delivery['given_by']
const GIVEN_BY: readonly By[] = ['chat', 'page', 'watcher', 'terminal', 'journal']

/** The same every time: what was handed out once is shown again, and nothing else. */
export function reserveDelivery(partition: Partition, out_trade_no: string, by: By, actor: Actor): ReservedDelivery {
  readJournal(partition)
  const sale = findSale(partition, out_trade_no)
  if (!sale) return { outcome: 'blocked', why: 'not_sold' }
  const before = findDelivery(partition, out_trade_no)
  if (before) return { outcome: 'given', first_time: false, delivery: before }
  const order = findOrder(partition, { out_trade_no })
  const why = deliveryBlock(partition, sale, order) ?? codesBlock(partition, sale)
  if (why) return { outcome: 'blocked', why }
  give(partition, sale, by, actor)
  return { outcome: 'given', first_time: true, delivery: theDelivery(partition, out_trade_no) }
}

/** Refunded in part counts, too: what was sold is not what was paid any more. */
function deliveryBlock(partition: Partition, sale: Sale, order: OrderRow | undefined): DeliveryBlock | undefined {
  if (frozen(partition)) return 'frozen'
  if (order && order.refunded_fen > 0) return 'refunded'
  if (!order || !isKept(order)) return 'not_paid'
  if (sale.item === undefined) return 'recovered'
  if (sale.terms.tip && sale.terms.deliver === 'none') return 'nothing_due'
  if (openRequest(partition, sale.out_trade_no)) return 'refund_asked'
  return refundBlock(partition, sale.out_trade_no)
}

/**
 * None of refunds that ended without effect. One whose answer was lost on the way may still be thought of as made by
 * hand: then a person decides, by a no to the buyer after it or by marking the order delivered.
 */
function refundBlock(partition: Partition, out_trade_no: string, byPerson = false): DeliveryBlock | undefined {
  const { decided_at: declined_at = 0 } = buyerRequest(partition, out_trade_no) ?? {}
  const decided = byPerson ? Number.POSITIVE_INFINITY : declined_at
  const isHarmless = refundsOf(partition, out_trade_no).every(
    (refund) => movedNothing(refund) && (refund.uncertain_since === undefined || refund.uncertain_since <= decided),
  )
  return isHarmless ? undefined : 'refund_in_doubt'
}

/** What the order had reserved, or others where it lost them: it was taken for over, and paid after all. */
function codesBlock(
  partition: Partition,
  { terms, item = '', quantity, out_trade_no }: Sale,
): DeliveryBlock | undefined {
  if (terms.deliver !== 'codes') return undefined
  return reserveCodes(partition, item, quantity, out_trade_no) ? undefined : 'no_codes'
}

function give(partition: Partition, { out_trade_no, item = '', terms }: Sale, by: By, actor: Actor): void {
  const codes = codesOf(partition, out_trade_no).map(({ hash }) => hash)
  const isHook = terms.deliver === 'url'
  partition.shopKey.require()
  appendEntry(partition, { out_trade_no, at: actor.at, codes, isHook, text: terms.text })
  insertDelivery(partition, { out_trade_no, at: actor.at, by, isHook, text: terms.text })
  if (codes.length > 0) markGiven(partition, item, out_trade_no, actor)
  note(partition, actor, isHook ? 'delivery begun' : 'delivered', out_trade_no)
}

interface NewDelivery {
  out_trade_no: string
  at: number
  by: By
  isHook: boolean
  text?: string | undefined
}

function insertDelivery({ db, id }: Partition, { out_trade_no, at, by, isHook, text: given }: NewDelivery): void {
  db.run(
    `insert into deliveries (partition, out_trade_no, given_at, given_by, confirmed, text, next_at) values (?, ?, ?, ?, ?, ?, ?)
      on conflict do nothing`,
    ...[id, out_trade_no, at, by, isHook ? 0 : 1, given ?? null, at],
  )
}

/** What a ledger that was restored does not know any more. */
export function readJournal(partition: Partition): void {
  if (!hasUnread(partition)) return
  for (const { out_trade_no, at, codes, isHook, text: given } of unreadEntries(partition)) {
    noteGiven(partition, codes, out_trade_no, at)
    insertDelivery(partition, { out_trade_no, at, by: 'journal', isHook, text: given })
  }
}

export function findDelivery(partition: Partition, out_trade_no: string): Delivery | undefined {
  const { db, id } = partition
  const sql = `select ${columnsOf('deliveries')} from deliveries where partition = ? and out_trade_no = ?`
  const row = db.get(sql, id, out_trade_no)
  const codes = row ? codesOf(partition, out_trade_no).flatMap(({ code, isGiven }) => (isGiven && code) || []) : []
  return row && { ...deliveryOf(row), codes }
}

/** @throws DamagedEntry */
export function deliveryOf(row: Row): Omit<Delivery, 'codes'> {
  return readEntry('the delivery of order', row, () => ({
    out_trade_no: text(row, 'out_trade_no'),
    given_at: moment(row, 'given_at'),
    given_by: oneOf(row, 'given_by', GIVEN_BY),
    confirmed: yesNo(row, 'confirmed'),
    text: maybeText(row, 'text'),
    tries: whole(row, 'tries'),
    answer: maybeText(row, 'answer'),
  }))
}

function theDelivery(partition: Partition, out_trade_no: string): Delivery {
  const delivery = findDelivery(partition, out_trade_no)
  if (!delivery) throw new Error('a delivery that was just written is not there')
  return delivery
}

const IN_SHOP = 'sales join orders on orders.partition = sales.partition and orders.out_trade_no = sales.out_trade_no'
const OF_ORDER = 'deliveries.partition = sales.partition and deliveries.out_trade_no = sales.out_trade_no'
const IS_HOOK = `json_extract(terms, '$.deliver') = 'url'`

/** Not while a refund is on its way, nor once all was given back: the buyer has his money. */
export function dueHooks(partition: Partition, at: number, most: number): readonly DueHook[] {
  const { db, id } = partition
  const sql = `select ${asBytes('sales.out_trade_no', 'out_trade_no')} from ${IN_SHOP} left join deliveries on ${OF_ORDER}
    where sales.partition = ? and ${IS_HOOK} and coalesce(confirmed, 0) = 0 and coalesce(next_at, 0) <= ?
    and ((given_at is not null and ${STATE_SQL} <> 'refunded') or (${STATE_SQL} = 'paid' and can_never_be_paid = 0))
    and not ${UNFINISHED} order by coalesce(next_at, 0), orders.id limit ?`
  const due = (row: Row) => {
    const { order, sale, delivery } = shopOrder(partition, numberOf(row))
    return { order: toOrder(order), sale, delivery }
  }
  return readAll(db.all(sql, id, at, most), due).entries
}

const numberOf = (row: Row) => readEntry('the sale of order', row, () => text(row, 'out_trade_no'))

function shopOrder(partition: Partition, out_trade_no: string) {
  const [sale, order] = [findSale(partition, out_trade_no), findOrder(partition, { out_trade_no })]
  if (!sale || !order) throw new Error('a sale is written with its order')
  return { sale, order, delivery: findDelivery(partition, out_trade_no) }
}

export interface HookEnd {
  confirmed: boolean
  answer: string
  next_at: number
}

export function endHook(
  partition: Partition,
  out_trade_no: string,
  { confirmed, answer, next_at }: HookEnd,
  actor: Actor,
) {
  const { db, id } = partition
  db.run(
    `update deliveries set confirmed = max(confirmed, ?), tries = tries + 1, answer = ?, next_at = ?
      where partition = ? and out_trade_no = ?`,
    ...[confirmed ? 1 : 0, answer, next_at, id, out_trade_no],
  )
  if (confirmed) note(partition, actor, 'delivered', out_trade_no)
}

/** As an order that is paid, and for which nothing was handed out: in SQL, of `orders`. */
export const UNDELIVERED = `exists (select 1 from sales left join deliveries on ${OF_ORDER} where sales.partition = orders.partition
  and sales.out_trade_no = orders.out_trade_no and coalesce(deliveries.confirmed, 0) = 0
  and not (json_extract(terms, '$.tip') = 1 and json_extract(terms, '$.deliver') = 'none'))
  and ${STATE_SQL} in ('paid', 'part_refunded', 'alarm')`

export function undelivered(partition: Partition, paidBefore = Number.MAX_SAFE_INTEGER): readonly Undelivered[] {
  const { db, id } = partition
  const sql = `select ${asBytes('out_trade_no')} from orders where partition = ? and ${UNDELIVERED}
    and coalesce(unixepoch(substr(send_pay_date, 1, 19)) * 1000 - 28800000, created_at) <= ? order by orders.id`
  const one = (row: Row) => {
    const { order, sale, delivery } = shopOrder(partition, numberOf(row))
    return { order: toOrder(order), sale, delivery, request: buyerRequest(partition, sale.out_trade_no) }
  }
  return readAll(db.all(sql, id, paidBefore), one).entries
}

export function markDelivered(partition: Partition, out_trade_no: string, actor: Actor): boolean {
  readJournal(partition)
  const { db, id } = partition
  const sale = findSale(partition, out_trade_no)
  const order = findOrder(partition, { out_trade_no })
  const before = findDelivery(partition, out_trade_no)
  if (!sale || !order || !isKept(order) || before?.confirmed) return false
  if (before) db.run('update deliveries set confirmed = 1 where partition = ? and out_trade_no = ?', id, out_trade_no)
  else {
    if (refundBlock(partition, out_trade_no, true) || openRequest(partition, out_trade_no)) return false
    partition.shopKey.require()
    appendEntry(partition, { out_trade_no, at: actor.at, codes: [], isHook: false })
    insertDelivery(partition, { out_trade_no, at: actor.at, by: 'terminal', isHook: false })
  }
  note(partition, actor, 'delivered by hand', out_trade_no)
  return true
}
