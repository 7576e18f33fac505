// What the watcher works by: the unpaid orders, who is asked to look at one, and whose turn it is to watch.
import { fromBeijingTime } from '../../clock.ts'
import type { Actor, QueryRequest, UnpaidOrder } from '../ledger.ts'
import type { Partition } from './partition.ts'
import { asBytes, maybeTime, moment, type Row, readAll, readEntry, text, whole, yesNo } from './rows.ts'
import { UNPAID } from './schema.ts'

const WATCHED = `select ${asBytes('out_trade_no')}, created_at, ${asBytes('time_expire')},
  cashier_opened_at is not null and (close_requested_at is not null or replaced_by is not null) as withdrawn from orders
  where partition = ? and created_here = 1 and time_expire is not null and ${UNPAID}`

/** Without those whose entry is damaged: doctor tells of them. */
export function unpaidOrders({ db, id }: Partition): readonly UnpaidOrder[] {
  return readAll(db.all(WATCHED, id), unpaidOrder).entries
}

function unpaidOrder(row: Row): UnpaidOrder {
  return readEntry('order', row, () => ({
    out_trade_no: text(row, 'out_trade_no'),
    created_at: moment(row, 'created_at'),
    expires_at: fromBeijingTime(maybeTime(row, 'time_expire') ?? ''),
    withdrawn: yesNo(row, 'withdrawn'),
  }))
}

/** Of one order, and from then on one a minute: who holds its link must not keep the watcher from all others. */
const MOST_BY_PAGE = 40
const THEN_APART_MS = 60_000

/** Whoever floods us with forged ones takes nobody's turn to write. */
export function mayRequestQuery(
  { db, id }: Partition,
  out_trade_no: string,
  { at }: Actor,
  apart: number,
  byPage = false,
): boolean {
  if (!db.get('select id from orders where partition = ? and out_trade_no = ?', id, out_trade_no)) return false
  const sql = 'select asked_at, by_page from query_requests where partition = ? and out_trade_no = ?'
  const last = db.get(sql, id, out_trade_no)
  if (!last) return true
  const isMuch = byPage && whole(last, 'by_page') >= MOST_BY_PAGE
  return Math.abs(at - whole(last, 'asked_at')) >= (isMuch ? Math.max(apart, THEN_APART_MS) : apart)
}

export function requestQuery(
  partition: Partition,
  out_trade_no: string,
  actor: Actor,
  apart: number,
  byPage = false,
): boolean {
  if (!mayRequestQuery(partition, out_trade_no, actor, apart, byPage)) return false
  const { db, id } = partition
  wantQuery(partition, out_trade_no, actor)
  const count = 'update query_requests set by_page = by_page + 1 where partition = ? and out_trade_no = ?'
  if (byPage) db.run(count, id, out_trade_no)
  return true
}

/** However often: only for what is genuine. */
export function wantQuery({ db, id }: Partition, out_trade_no: string, { at }: Actor): void {
  const sql = `insert into query_requests (partition, out_trade_no, asked_at) values (?, ?, ?)
    on conflict do update set asked_at = max(excluded.asked_at, asked_at + 1)`
  db.run(sql, id, out_trade_no, at)
}

const OPEN_REQUESTS = `select ${asBytes('out_trade_no')}, asked_at from query_requests
  where partition = ? and answered < asked_at order by asked_at limit 100`

/** Without those that cannot be read. */
export function queryRequests({ db, id }: Partition): readonly QueryRequest[] {
  const request = (row: Row) =>
    readEntry('a request about order', row, () => ({
      out_trade_no: text(row, 'out_trade_no'),
      asked_at: whole(row, 'asked_at'),
    }))
  return readAll(db.all(OPEN_REQUESTS, id), request).entries
}

/** What Alipay says now answers what was asked until then; one that was made again meanwhile stays. */
export function endQueryRequest({ db, id }: Partition, { out_trade_no, asked_at }: QueryRequest): void {
  db.run('update query_requests set answered = ? where partition = ? and out_trade_no = ?', asked_at, id, out_trade_no)
}

const LEASE = `select ${asBytes('owner')}, until from leases where partition = ? and name = ? and until > ?`

/** One that cannot be read is nobody's. */
function heldLease({ db, id }: Partition, name: string, at: number): { owner: string; until: number } | undefined {
  const lease = (row: Row) =>
    readEntry('a turn', row, () => ({ owner: text(row, 'owner'), until: whole(row, 'until') }))
  return readAll(db.all(LEASE, id, name, at), lease).entries[0]
}

export function leaseOwner(partition: Partition, name: string, at: number): string | undefined {
  return heldLease(partition, name, at)?.owner
}

export function takeLease(partition: Partition, name: string, ms: number, { at, owner }: Actor): boolean {
  const { db, id } = partition
  const held = heldLease(partition, name, at)
  // More than anybody takes was taken while a clock was ahead.
  if (held && held.owner !== owner && held.until - at <= ms) return false
  db.run('delete from leases where partition = ? and until <= ?', id, at)
  const sql = `insert into leases (partition, name, owner, until) values (?, ?, ?, ?)
    on conflict do update set owner = excluded.owner, until = excluded.until`
  db.run(sql, id, name, owner, at + ms)
  return true
}

export function endLease({ db, id }: Partition, name: string, { owner }: Actor): void {
  db.run('delete from leases where partition = ? and name = ? and owner = ?', id, name, owner)
}
