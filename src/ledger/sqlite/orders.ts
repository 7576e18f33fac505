// Orders as rows: what a row says, which state it amounts to, the writing of one, and what was read last.
import type { Channel, OrderName, TradeStatus } from '../../gateway/gateway.ts'
import { toYuan } from '../../money.ts'
import type { Order, OrderState } from '../ledger.ts'
import { ENDED_STATES, PAID_STATUSES } from '../order.ts'
import { type Columns, quoted } from './database.ts'
import type { SqlValue } from './engines.ts'
import { LATEST } from './intents.ts'
import type { Partition } from './partition.ts'
import type { Row } from './rows.ts'
import {
  asBytes,
  damagedEntry,
  day,
  fen,
  maybeFen,
  maybeMoment,
  maybeOneOf,
  maybeText,
  maybeTime,
  moment,
  oneOf,
  readAll,
  readEntry,
  text,
  whole,
  yesNo,
} from './rows.ts'
import { columnsOf } from './schema.ts'

const CHANNELS: readonly Channel[] = ['page', 'mobile', 'qr']
const STATUSES: readonly TradeStatus[] = ['WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED']
const STATES: readonly OrderState[] = ['waiting', 'paid', 'part_refunded', 'refunded', 'closed', 'alarm']

/** An order with what only the ledger itself needs. */
export interface OrderRow extends Order {
  id: number
  total_fen: number
  other_fen: number | undefined
  /** When a refund of it was last sent or ended. */
  refund_quiet_from: number | undefined
}

// A refund proves a payment, whatever was seen of the trade.
export const STATE_SQL = `case
  when refunded_fen >= coalesce(other_fen, total_fen) then 'refunded'
  when other_fen is not null and (refunded_fen > 0 or trade_status in (${quoted(PAID_STATUSES)})) then 'alarm'
  when refunded_fen > 0 then 'part_refunded'
  when trade_status in (${quoted(PAID_STATUSES)}) then 'paid'
  when trade_status = 'TRADE_CLOSED' or can_never_be_paid then 'closed'
  else 'waiting' end`

/** An order with all that its readers want, in one statement: most calls of tools read one order and nothing else. */
export const UNFINISHED = `exists (select 1 from ${LATEST} where intents.partition = orders.partition
  and intents.out_trade_no = orders.out_trade_no and attempts.state not in (${quoted(ENDED_STATES)}))`
const SELECT = `select ${columnsOf('orders')}, ${UNFINISHED} as unfinished from orders`

export function findOrder({ db, id }: Partition, name: OrderName): OrderRow | undefined {
  const row =
    'out_trade_no' in name
      ? db.get(`${SELECT} where partition = ? and out_trade_no = ?`, id, name.out_trade_no)
      : db.get(`${SELECT} where partition = ? and trade_no = ? limit 1`, id, name.trade_no)
  const order = row && orderRow(row)
  // Found by an index that does not fit the row.
  if (order && 'out_trade_no' in name && order.out_trade_no !== name.out_trade_no) {
    throw damagedEntry('order', { ...name }, 'out_trade_no')
  }
  return order
}

export function ordersWhere({ db, id }: Partition, where: string, ...values: SqlValue[]): readonly OrderRow[] {
  return db.all(`${SELECT} where partition = ? and ${where}`, id, ...values).map(orderRow)
}

export function insertOrder(partition: Partition, columns: Columns & { out_trade_no: string }): OrderRow {
  partition.db.insert('orders', { partition: partition.id, ...columns })
  return theOrder(partition, columns.out_trade_no)
}

export function updateOrder({ db }: Partition, { id }: OrderRow, columns: Columns): void {
  db.update('orders', { id }, columns)
}

/** As it is after it was written. */
export function theOrder(partition: Partition, out_trade_no: string): OrderRow {
  const order = findOrder(partition, { out_trade_no })
  if (!order) throw new Error('an order that was just written is not there')
  return order
}

/** @throws DamagedEntry */
export function orderRow(row: Row): OrderRow {
  return readEntry('order', row, () => ({
    ...readOrder(row),
    id: whole(row, 'id'),
    total_fen: fen(row, 'total_fen'),
    other_fen: maybeFen(row, 'other_fen'),
    refund_quiet_from: maybeMoment(row, 'refund_quiet_from'),
  }))
}

function readOrder(row: Row): Order {
  // Limits and pauses go by them.
  day(row, 'day')
  maybeMoment(row, 'refund_quiet_from')
  const other_fen = maybeFen(row, 'other_fen')
  return {
    out_trade_no: text(row, 'out_trade_no'),
    trade_no: maybeText(row, 'trade_no'),
    total_amount: toYuan(fen(row, 'total_fen')),
    other_amount: other_fen === undefined ? undefined : toYuan(other_fen),
    subject: maybeText(row, 'subject'),
    body: maybeText(row, 'body'),
    channel: maybeOneOf(row, 'channel', CHANNELS),
    pay_url: maybeText(row, 'pay_url'),
    token: maybeText(row, 'token'),
    cashier_opened_at: maybeMoment(row, 'cashier_opened_at'),
    qr_content: maybeText(row, 'qr_content'),
    time_expire: maybeTime(row, 'time_expire'),
    trade_status: maybeOneOf(row, 'trade_status', STATUSES),
    send_pay_date: maybeText(row, 'send_pay_date'),
    checked_at: maybeMoment(row, 'checked_at'),
    can_never_be_paid: yesNo(row, 'can_never_be_paid'),
    refunded_fen: fen(row, 'refunded_fen'),
    close_requested_at: maybeMoment(row, 'close_requested_at'),
    replaces: maybeText(row, 'replaces'),
    replaced_by: maybeText(row, 'replaced_by'),
    unfinished: yesNo(row, 'unfinished'),
    created_at: moment(row, 'created_at'),
    created_here: yesNo(row, 'created_here'),
    host: maybeText(row, 'host'),
  }
}

/** An order with its state, as `list` selects it. @throws DamagedEntry */
export function listedOrder(row: Row): Order & { state: OrderState } {
  return readEntry('order', row, () => ({ ...readOrder(row), state: oneOf(row, 'state', STATES) }))
}

/** Without what only the ledger needs. */
export function toOrder(row: OrderRow): Order {
  const { id, total_fen, other_fen, refund_quiet_from, ...order } = row
  return order
}

/** What one order replaced, and what replaced it, however often; that one need not be in the ledger itself. */
export function replacements(partition: Partition, out_trade_no: string): readonly string[] {
  return [...chain(partition, out_trade_no, replacedBy), ...chain(partition, out_trade_no, replaces)]
}

type Way = (partition: Partition, out_trade_no: string) => string | undefined

const replaces: Way = ({ db, id }, out_trade_no) => {
  const sql = `select ${asBytes('replaces')} from orders where partition = ? and out_trade_no = ?`
  return numberIn(db.all(sql, id, out_trade_no), 'replaces')
}

/** Where it cannot be read the chain ends. */
function numberIn(rows: readonly Row[], column: string): string | undefined {
  return readAll(rows, (row) => readEntry('order', row, () => maybeText(row, column))).entries[0]
}

function chain(partition: Partition, from: string, way: Way): string[] {
  const found: string[] = []
  let next = way(partition, from)
  while (next !== undefined && next !== from && !found.includes(next)) {
    found.push(next)
    next = way(partition, next)
  }
  return found
}

export function replacedBy({ db, id }: Partition, out_trade_no: string): string | undefined {
  const rows = db.all(
    `select ${asBytes('out_trade_no')} from orders where partition = ? and replaces = ? order by id limit 1`,
    id,
    out_trade_no,
  )
  return numberIn(rows, 'out_trade_no')
}

const MOST = 100

/** Orders as they were last read, for as long as nobody writes: most calls ask for one that nothing happens to. */
export class OrderMemory {
  readonly #orders = new Map<string, OrderRow | undefined>()
  #version: string | undefined

  constructor(readonly partition: Partition) {}

  /** As `findOrder`; not for use within a transaction, whose own writes it does not see. */
  find(name: OrderName): OrderRow | undefined {
    if (!('out_trade_no' in name)) return findOrder(this.partition, name)
    this.#forgetIfOld()
    const { out_trade_no } = name
    if (!this.#orders.has(out_trade_no)) this.#orders.set(out_trade_no, findOrder(this.partition, name))
    return this.#orders.get(out_trade_no)
  }

  /** Asked before the order is read: what is written in between is then seen the next time. */
  #forgetIfOld(): void {
    const version = this.partition.db.version()
    if (version !== this.#version || this.#orders.size >= MOST) this.#orders.clear()
    this.#version = version
  }
}
