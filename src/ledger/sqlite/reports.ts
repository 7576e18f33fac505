// What was done, for people who look back: events, decided requests, sums of days.

import type { Approval, DaySums, LedgerEvent } from '../ledger.ts'
import { approvalOf } from './approvals.ts'
import { LATEST } from './intents.ts'
import { STATE_SQL } from './orders.ts'
import { dayOf, type Partition } from './partition.ts'
import { asBytes, day, isFenSql, maybeText, moment, type Row, readAll, readEntry, text, whole } from './rows.ts'
import { columnsOf } from './schema.ts'

export interface RecordFilter {
  since?: number | undefined
  out_trade_no?: string | undefined
}

/** Oldest first; freezes belong to all partitions. */
export function events(partition: Partition, filter: RecordFilter): readonly LedgerEvent[] {
  return readAll(recorded(partition, 'events', 'at', filter), eventOf).entries
}

/** Oldest first. */
export function approvals(partition: Partition, filter: RecordFilter): readonly Approval[] {
  return readAll(recorded(partition, 'approvals', 'asked_at', filter), approvalOf).entries
}

function recorded(
  { db, id }: Partition,
  table: 'events' | 'approvals',
  at: string,
  { since = 0, out_trade_no }: RecordFilter,
) {
  const sql = `select ${columnsOf(table)} from ${table} where ${at} >= ?`
  return out_trade_no === undefined
    ? db.all(`${sql} and (partition = ? or partition is null) order by id`, since, id)
    : db.all(`${sql} and partition = ? and out_trade_no = ? order by id`, since, id, out_trade_no)
}

/** @throws DamagedEntry */
export function eventOf(row: Row): LedgerEvent {
  return readEntry('an event of order', row, () => ({
    id: whole(row, 'id'),
    at: moment(row, 'at'),
    host: text(row, 'host'),
    out_trade_no: maybeText(row, 'out_trade_no'),
    what: text(row, 'what'),
    why: maybeText(row, 'why'),
  }))
}

const SOUND = `(${isFenSql('total_fen')} and ${isFenSql('coalesce(other_fen, 0)')})`

// An order counts on the day it was made, its payment on the day it was paid, a refund on the day of its attempt.
const DAYS = `
  select day, 1 as orders, total_fen as created_fen, 0 as paid_fen, 0 as alarm_fen, 0 as refunds,
    0 as refunded_fen, 0 as unknown_fen
  from orders where partition = ? and created_here and ${SOUND}
  union all
  select coalesce(substr(send_pay_date, 1, 10), day), 0, 0, iif(other_fen is null, total_fen, 0),
    coalesce(other_fen, 0), 0, 0, 0
  from orders where partition = ? and created_here and ${SOUND}
    and ${STATE_SQL} in ('paid', 'part_refunded', 'refunded', 'alarm')
  union all
  select day, 0, 0, 0, 0, state = 'done', iif(state = 'done', amount_fen, 0), iif(state = 'done', 0, amount_fen)
  from ${LATEST} where partition = ? and kind = 'refund' and state in ('done', 'sent', 'unknown')
    and ${isFenSql('amount_fen')}`

export function days({ db, id }: Partition, since = 0): readonly DaySums[] {
  const sums = ['orders', 'created_fen', 'paid_fen', 'alarm_fen', 'refunds', 'refunded_fen', 'unknown_fen']
  const columns = sums.map((name) => `sum(${name}) as ${name}`).join(', ')
  const sql = `select ${asBytes('day')}, ${columns} from (${DAYS}) where day >= ? group by day order by day desc`
  return readAll(db.all(sql, id, id, id, dayOf(since)), dayOfRow).entries
}

/** Of all other partitions of this file. */
export function ordersElsewhere({ db, id }: Partition): number {
  const row = db.get('select count(*) as orders from orders where partition <> ?', id)
  return row ? whole(row, 'orders') : 0
}

function dayOfRow(row: Row): DaySums {
  return readEntry('a day', row, () => ({
    day: day(row, 'day'),
    orders: whole(row, 'orders'),
    created_fen: whole(row, 'created_fen'),
    paid_fen: whole(row, 'paid_fen'),
    alarm_fen: whole(row, 'alarm_fen'),
    refunds: whole(row, 'refunds'),
    refunded_fen: whole(row, 'refunded_fen'),
    unknown_fen: whole(row, 'unknown_fen'),
  }))
}
