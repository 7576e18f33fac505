// What the watcher works by: the unpaid orders, who is asked to look at one, and whose turn it is to watch.
import { fromBeijingTime } from '../../clock.ts'
import type { Actor, UnpaidOrder } from '../ledger.ts'
import { STATE_SQL } from './orders.ts'
import type { Partition } from './partition.ts'
import { asBytes, maybeTime, moment, type Row, readAll, readEntry, text, whole } from './rows.ts'

const UNPAID = `select ${asBytes('out_trade_no')}, created_at, ${asBytes('time_expire')} from orders
  where partition = ? and created_here = 1 and time_expire is not null and ${STATE_SQL} = 'waiting'`

/** Without those whose entry is damaged: doctor tells of them. */
export function unpaidOrders({ db, id }: Partition): readonly UnpaidOrder[] {
  return readAll(db.all(UNPAID, id), unpaidOrder).entries
}

function unpaidOrder(row: Row): UnpaidOrder {
  return readEntry('order', row, () => ({
    out_trade_no: text(row, 'out_trade_no'),
    created_at: moment(row, 'created_at'),
    expires_at: fromBeijingTime(maybeTime(row, 'time_expire') ?? ''),
  }))
}

const BETWEEN_REQUESTS_MS = 60_000

/** Whoever floods us with forged ones takes nobody's turn to write. */
export function mayRequestQuery({ db, id }: Partition, out_trade_no: string, { at }: Actor): boolean {
  if (!db.get('select id from orders where partition = ? and out_trade_no = ?', id, out_trade_no)) return false
  const last = db.get('select asked_at from query_requests where partition = ? and out_trade_no = ?', id, out_trade_no)
  return !last || Math.abs(at - whole(last, 'asked_at')) >= BETWEEN_REQUESTS_MS
}

export function requestQuery(partition: Partition, out_trade_no: string, actor: Actor): boolean {
  if (!mayRequestQuery(partition, out_trade_no, actor)) return false
  const { db, id } = partition
  const sql = `insert into query_requests (partition, out_trade_no, asked_at) values (?, ?, ?)
    on conflict do update set asked_at = excluded.asked_at, taken = 0`
  db.run(sql, id, out_trade_no, actor.at)
  return true
}

const OPEN_REQUEST = `select ${asBytes('out_trade_no')} from query_requests where partition = ? and taken = 0
  order by asked_at limit 1`

/** A look first: most of the time there is none, and nobody's turn to write is taken. */
export function queryRequested({ db, id }: Partition): boolean {
  return db.get(OPEN_REQUEST, id) !== undefined
}

export function takeQueryRequest({ db, id }: Partition): string | undefined {
  const row = db.get(OPEN_REQUEST, id)
  if (!row) return undefined
  const out_trade_no = text(row, 'out_trade_no')
  db.run('update query_requests set taken = 1 where partition = ? and out_trade_no = ?', id, out_trade_no)
  return out_trade_no
}

const LEASE = `select ${asBytes('owner')}, until from leases where partition = ? and name = ? and until > ?`

export function leaseOwner({ db, id }: Partition, name: string, at: number): string | undefined {
  const row = db.get(LEASE, id, name, at)
  return row && text(row, 'owner')
}

export function takeLease({ db, id }: Partition, name: string, ms: number, { at, owner }: Actor): boolean {
  db.run('delete from leases where partition = ? and until <= ?', id, at)
  const row = db.get(LEASE, id, name, at)
  // More than anybody takes was taken while a clock was ahead.
  if (row && text(row, 'owner') !== owner && whole(row, 'until') - at <= ms) return false
  const sql = `insert into leases (partition, name, owner, until) values (?, ?, ?, ?)
    on conflict do update set owner = excluded.owner, until = excluded.until`
  db.run(sql, id, name, owner, at + ms)
  return true
}

export function endLease({ db, id }: Partition, name: string, { owner }: Actor): void {
  db.run('delete from leases where partition = ? and name = ? and owner = ?', id, name, owner)
}
