// Sales of a shop as rows: reserved with their order within the limits, found by who bought, and recovered after a restore.
import * as z from 'zod'
import { beijingTime } from '../../clock.ts'
import type { Trade } from '../../gateway/gateway.ts'
import type { Actor, NewOrder, NewSale, Order, Sale, SaleBlock, SaleTerms } from '../ledger.ts'
import { isPaid, newOrderNumber, wasPaid } from '../order.ts'
import { raiseAlert } from './alerts.ts'
import { freeCodes, RELEASED, reserveCodes } from './codes.ts'
import { findOrder, type OrderRow, STATE_SQL, toOrder } from './orders.ts'
import { note, type Partition } from './partition.ts'
import { damagedEntry, maybeText, moment, type Row, readEntry, text, whole } from './rows.ts'
import { columnsOf } from './schema.ts'
import { writeTrade } from './trade-updates.ts'

const HOUR_MS = 3_600_000
/** Its page opens no cashier in the last minute. */
const LEAST_LEFT_MS = 60_000

const SALE = `select ${columnsOf('sales')} from sales where partition = ?`

export function findSale({ db, id }: Partition, out_trade_no: string): Sale | undefined {
  const row = db.get(`${SALE} and out_trade_no = ?`, id, out_trade_no)
  return row && saleOf(row)
}

/** @throws DamagedEntry */
export function saleOf(row: Row): Sale {
  return readEntry('the sale of order', row, () => ({
    out_trade_no: text(row, 'out_trade_no'),
    buyer: maybeText(row, 'buyer'),
    item: maybeText(row, 'item'),
    quantity: whole(row, 'quantity'),
    items_hash: text(row, 'items_hash'),
    terms: termsIn(row),
    claim_code: maybeText(row, 'claim_code'),
    created_at: moment(row, 'created_at'),
  }))
}

const terms = z.object({
  deliver: z.enum(['text', 'codes', 'url', 'none']),
  text: z.string().optional(),
  url: z.string().optional(),
  tip: z.boolean(),
  refund: z.discriminatedUnion('policy', [
    z.object({ policy: z.literal('auto'), minutes: z.number(), max_fen: z.number() }),
    z.object({ policy: z.literal('operator') }),
    z.object({ policy: z.literal('never') }),
  ]),
})

function termsIn(row: Row): SaleTerms {
  const parsed = terms.safeParse(jsonIn(text(row, 'terms')))
  if (parsed.success) return parsed.data
  throw damagedEntry('the sale of order', row, 'terms')
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const buyerHash = ({ shopKey }: Partition, name: string) => shopKey.hash('buyer', name).toString('base64url')

const TAG_LENGTH = 8

/** The last half of what is random in it is worked out from the rest. */
export function newSaleNumber(partition: Partition, now: number): string {
  const number = newOrderNumber(now).slice(0, -TAG_LENGTH)
  return number + tagOf(partition, number)
}

export function isSaleNumber(partition: Partition, out_trade_no: string): boolean {
  const number = out_trade_no.slice(0, -TAG_LENGTH)
  return /^\d{17}[0-9a-f]{16}$/.test(out_trade_no) && out_trade_no === number + tagOf(partition, number)
}

const tagOf = ({ shopKey }: Partition, number: string) =>
  shopKey.hash('number', number).toString('hex').slice(0, TAG_LENGTH)

const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const CLAIM_LENGTH = 16

/** 80 bits, in letters that nobody takes for one another. */
export function claimCodeOf({ shopKey }: Partition, out_trade_no: string): string {
  const bytes = shopKey.hash('claim', out_trade_no)
  return Array.from({ length: CLAIM_LENGTH }, (_, at) => LETTERS[(bytes[at] ?? 0) % LETTERS.length]).join('')
}

const OPEN = `orders.partition = sales.partition and orders.out_trade_no = sales.out_trade_no and ${STATE_SQL} = 'waiting'
  and time_expire > ?`

export interface WantedSale {
  buyer: string
  item: string
  quantity: number
  total_fen: number
  subject: string
}

/** Nobody buys the same thing twice by asking twice. */
export function openSale(partition: Partition, wanted: WantedSale, now: number): Order | undefined {
  const order = findOpenSale(partition, wanted, now)
  return order && toOrder(order)
}

export function findOpenSale(partition: Partition, wanted: WantedSale, now: number): OrderRow | undefined {
  const { buyer, item, quantity, total_fen, subject } = wanted
  const row = partition.db.get(
    `select orders.id from sales join orders on ${OPEN} where sales.partition = ? and buyer = ? and item = ? and quantity = ?
      and total_fen = ? and subject = ? and close_requested_at is null order by orders.id desc limit 1`,
    ...[beijingTime(now + LEAST_LEFT_MS), partition.id, buyer, item, quantity, total_fen, subject],
  )
  return row && orderById(partition, whole(row, 'id'))
}

function orderById(partition: Partition, order: number): OrderRow | undefined {
  const row = partition.db.get('select cast(out_trade_no as blob) as out_trade_no from orders where id = ?', order)
  return row && findOrder(partition, { out_trade_no: text(row, 'out_trade_no') })
}

/** What stands in the way of one more sale. */
export function saleBlock(partition: Partition, sale: NewSale, at: number): SaleBlock | undefined {
  const { buyer, limits, quantity } = sale
  const { buyerOpen, buyerPerHour, open } = limits
  if (buyer !== undefined && buyerOpen !== undefined && countOpen(partition, at, buyer) >= buyerOpen)
    return { why: 'buyer_open', limit: buyerOpen }
  if (buyer !== undefined && buyerPerHour !== undefined && countLately(partition, at, buyer) >= buyerPerHour)
    return { why: 'buyer_per_hour', limit: buyerPerHour }
  if (buyer !== undefined && open !== undefined && countOpen(partition, at) >= open)
    return { why: 'shop_open', limit: open }
  const left = leftOf(partition, { id: sale.item, stock: sale.stock, hasCodes: sale.terms.deliver === 'codes' })
  return left === undefined || left >= quantity ? undefined : { why: 'sold_out', left }
}

function countOpen({ db, id }: Partition, at: number, buyer?: string): number {
  const of = buyer === undefined ? 'buyer is not null' : 'buyer = ?'
  const sql = `select count(*) as open from sales join orders on ${OPEN} where sales.partition = ? and ${of}`
  return whole(db.get(sql, beijingTime(at), id, ...(buyer === undefined ? [] : [buyer])) ?? {}, 'open')
}

function countLately({ db, id }: Partition, at: number, buyer: string): number {
  const sql = 'select count(*) as lately from sales where partition = ? and buyer = ? and created_at > ?'
  return whole(db.get(sql, id, buyer, at - HOUR_MS) ?? {}, 'lately')
}

export function leftOf(
  partition: Partition,
  { id: item, stock, hasCodes }: { id: string; stock?: number | undefined; hasCodes: boolean },
): number | undefined {
  const left = stock === undefined ? undefined : Math.max(0, stock - soldOf(partition, item))
  if (!hasCodes) return left
  return Math.min(left ?? Number.MAX_SAFE_INTEGER, freeCodes(partition, item))
}

/** Reserved ones, too, and those whose orders were removed since. */
function soldOf({ db, id }: Partition, item: string): number {
  const sql = `select (select total(quantity) from sales join orders on orders.partition = sales.partition
      and orders.out_trade_no = sales.out_trade_no where sales.partition = ? and item = ? and not (${RELEASED}))
    + (select total(quantity) from removed_sales where partition = ? and item = ?) as sold`
  return whole(db.get(sql, id, item, id, item) ?? {}, 'sold')
}

/** Within the transaction that writes its order, which has looked at what stands in the way. */
export function insertSale(partition: Partition, { out_trade_no }: NewOrder, sale: NewSale, actor: Actor): void {
  const { buyer, item, quantity, items_hash, terms } = sale
  partition.shopKey.require()
  partition.db.run(
    `insert into sales (partition, out_trade_no, buyer, item, quantity, items_hash, terms, claim_code, created_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[partition.id, out_trade_no, buyer ?? null, item, quantity, items_hash, JSON.stringify(terms)],
    ...[claimCodeOf(partition, out_trade_no), actor.at],
  )
  if (terms.deliver !== 'codes') return
  // The transaction is undone: one that was counted as free was none.
  if (!reserveCodes(partition, item, quantity, out_trade_no)) throw new Error('codes that were free are not')
}

/** Only of a paid order: before that there is nothing to lose. */
export function claimSale(
  partition: Partition,
  { claim_code, out_trade_no }: { claim_code: string; out_trade_no?: string | undefined },
  buyer: string,
  actor: Actor,
): string | undefined {
  const { db, id } = partition
  const row = db.get(`${SALE} and claim_code = ?`, id, claim_code)
  const sale = row && saleOf(row)
  const order = sale && findOrder(partition, sale)
  if (!sale || !order || !wasPaid(order) || (out_trade_no ?? sale.out_trade_no) !== sale.out_trade_no) return undefined
  if (sale.buyer === buyer) return sale.out_trade_no
  db.run('update sales set buyer = ? where partition = ? and out_trade_no = ?', buyer, id, sale.out_trade_no)
  note(partition, actor, 'claimed with its claim code', sale.out_trade_no)
  return sale.out_trade_no
}

export function isClaimCode(partition: Partition, out_trade_no: string, claim_code: string): boolean {
  return isSaleNumber(partition, out_trade_no) && claimCodeOf(partition, out_trade_no) === claim_code
}

const UNKNOWN: SaleTerms = { deliver: 'none', tip: false, refund: { policy: 'operator' } }

/** Nobody knows what was sold: the order comes onto the operator's list. */
export function recoverSale(partition: Partition, trade: Trade, buyer: string | undefined, actor: Actor): void {
  const { out_trade_no, total_amount, trade_status } = trade
  const known = findSale(partition, out_trade_no)
  if (known?.buyer !== undefined || !isPaid(trade_status) || !isSaleNumber(partition, out_trade_no)) return
  const { db, id } = partition
  writeTrade(partition, { trade }, actor, true)
  if (known) {
    if (buyer) db.run('update sales set buyer = ? where partition = ? and out_trade_no = ?', buyer, id, out_trade_no)
    return
  }
  db.run(
    `insert into sales (partition, out_trade_no, buyer, quantity, items_hash, terms, claim_code, created_at)
      values (?, ?, ?, 1, '', ?, ?, ?)`,
    ...[id, out_trade_no, buyer ?? null, JSON.stringify(UNKNOWN), claimCodeOf(partition, out_trade_no), actor.at],
  )
  note(partition, actor, 'sale recovered', out_trade_no)
  const facts = { total_amount, subject: trade.subject ?? '' }
  raiseAlert(partition, { kind: 'sale_recovered', key: `sale_recovered/${out_trade_no}`, out_trade_no, facts }, actor)
}
