// What counts against limits of a day, so that damage makes none of them looser: what cannot be read counts, or stops it.

import { ENDED_STATES } from '../order.ts'
import { quoted } from './database.ts'
import type { SqlValue } from './engines.ts'
import { LATEST } from './intents.ts'
import type { Partition } from './partition.ts'
import { asBytes, damagedEntry, isFenSql, isNoDaySql, whole } from './rows.ts'

/**
 * This day (a value to bind), and whatever is written in the place of one. By the index from each day to the next: there
 * are few days, and many orders.
 */
function daysSql(table: string): string {
  const least = (than: string) => `(select min(day) from ${table}${than})`
  return `(with recursive days(day) as (select ${least('')}
      union all select ${least(` where ${table}.day > days.day`)} from days where days.day is not null)
    select ? union all select day from days where day is not null and ${isNoDaySql('day')})`
}

/** Made here on that day; one that certainly nobody paid nor can is not counted. */
const ORDERED = `from orders where partition = ? and day in ${daysSql('orders')}
  and created_here is not 0 and can_never_be_paid is not 1`

const isSound = `(${isFenSql('total_fen')} and created_here in (0, 1) and can_never_be_paid in (0, 1))`

/** @throws DamagedEntry for an order that may count and has no sum */
export function orderedFen(partition: Partition, day: string): number {
  return sumOf(partition, 'total_fen', isSound, ORDERED, partition.id, day)
}

/** Refunds attempted on that day that may have moved money, or will. */
const REFUNDED = `from ${LATEST} where partition = ? and day in ${daysSql('attempts')}
  and kind not in ('create', 'close') and state not in (${quoted(ENDED_STATES.filter((state) => state !== 'done'))})`

/** Without this number. @throws DamagedEntry for a refund that may count and has no sum */
export function refundedFen(partition: Partition, day: string, out_trade_no: string, number: string): number {
  const others = `${REFUNDED} and not (out_trade_no = ? and number = ?)`
  return sumOf(partition, 'amount_fen', isFenSql('amount_fen'), others, partition.id, day, out_trade_no, number)
}

/** Those of other orders that nobody was asked about. @throws DamagedEntry as above */
export function unaskedFen(partition: Partition, day: string, out_trade_no: string): number {
  const unasked = `${REFUNDED} and approved_by not in ('chat', 'operator', 'elsewhere') and out_trade_no <> ?`
  return sumOf(partition, 'amount_fen', isFenSql('amount_fen'), unasked, partition.id, day, out_trade_no)
}

function sumOf({ db }: Partition, column: string, sound: string, from: string, ...values: SqlValue[]): number {
  const sums = `coalesce(sum(iif(${sound}, ${column}, 0)), 0) as used, count(*) filter (where not ${sound}) as damaged`
  const row = db.get(`select ${sums} ${from}`, ...values) ?? {}
  if (whole(row, 'damaged') === 0) return whole(row, 'used')
  const [damaged = {}] = db.all(`select ${asBytes('out_trade_no')} ${from} and not ${sound} limit 1`, ...values)
  throw damagedEntry('order', damaged, column)
}
