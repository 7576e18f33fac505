// What counts against limits of a day, so that damage makes none of them looser: what cannot be read counts, or stops it.

import { ENDED_STATES } from '../order.ts'
import { quoted } from './database.ts'
import type { SqlValue } from './engines.ts'
import type { Partition } from './partition.ts'
import { areFenSql, asBytes, damagedEntry, isFenSql, isNoDaySql, whole } from './rows.ts'

/**
 * This day (a value to bind, after those of the condition, twice), and whatever is written in the place of one. By the
 * index from each day to the next: there are few days, and many orders.
 */
function daysSql(table: string, condition: string): string {
  const least = (than: string) => `(select min(day) from ${table} where ${condition}${than})`
  return `(with recursive days(day) as (select ${least('')}
      union all select ${least(` and ${table}.day > days.day`)} from days where days.day is not null)
    select ? union all select day from days where day is not null and ${isNoDaySql('day')})`
}

/** What can be added up: as SQL of one row, and, far faster, of all together. */
interface Sound {
  column: string
  one: string
  all: string
}

/** Charges of subscriptions have a limit of their own. */
const IS_CHARGE = `exists (select 1 from charges where charges.partition = orders.partition
  and charges.out_trade_no = orders.out_trade_no)`

/** Made here on that day; one that certainly nobody paid nor can is not counted. */
const ORDERED = `from orders where partition = ? and day in ${daysSql('orders', 'partition = ?')}
  and created_here is not 0 and can_never_be_paid is not 1 and not ${IS_CHARGE}`

const ORDER: Sound = {
  column: 'total_fen',
  one: `(${isFenSql('total_fen')} and created_here = 1 and can_never_be_paid = 0)`,
  all: `${areFenSql('total_fen')} and min(created_here) = 1 and max(created_here) = 1
    and min(can_never_be_paid) = 0 and max(can_never_be_paid) = 0`,
}
const REFUND: Sound = { column: 'amount_fen', one: isFenSql('amount_fen'), all: areFenSql('amount_fen') }

/** @param without an order that is not to be counted. @throws DamagedEntry for one that may count and has no sum */
export function orderedFen(partition: Partition, day: string, without = ''): number {
  const { id } = partition
  return sumOf(partition, ORDER, `${ORDERED} and out_trade_no <> ?`, id, id, id, day, without)
}

/** Refunds attempted on that day that may have moved money, or will; by the day, of which there is an index. */
const REFUNDED = `from attempts cross join intents on intents.id = attempts.intent
  where attempt = (select max(attempt) from attempts as others where others.intent = intents.id)
  and day in ${daysSql('attempts', 'true')} and partition = ?
  and kind not in ('create', 'close', 'charge') and state not in (${quoted(ENDED_STATES.filter((state) => state !== 'done'))})`

/** Without this number; of one buyer, where one is named: of what is his, and of what he asked back before another claimed it. @throws DamagedEntry for a refund that may count and has no sum */
export function refundedFen(
  partition: Partition,
  day: string,
  out_trade_no: string,
  number: string,
  buyer?: string,
): number {
  const others = `${REFUNDED} and not (out_trade_no = ? and number = ?)`
  if (buyer === undefined) return sumOf(partition, REFUND, others, day, partition.id, out_trade_no, number)
  const had = (table: string) =>
    `out_trade_no in (select out_trade_no from ${table} where ${table}.partition = intents.partition and buyer = ?)`
  const ofBuyer = `${others} and (${had('sales')} or ${had('buyer_requests')})`
  return sumOf(partition, REFUND, ofBuyer, day, partition.id, out_trade_no, number, buyer, buyer)
}

/** Those of other orders that nobody was asked about. @throws DamagedEntry as above */
export function unaskedFen(partition: Partition, day: string, out_trade_no: string): number {
  const unasked = `${REFUNDED} and approved_by not in ('chat', 'operator', 'elsewhere') and out_trade_no <> ?`
  return sumOf(partition, REFUND, unasked, day, partition.id, out_trade_no)
}

/** @throws DamagedEntry for one that is not sound */
function sumOf({ db }: Partition, { column, one, all }: Sound, from: string, ...values: SqlValue[]): number {
  const row = db.get(`select total(${column}) as used, coalesce(${all}, 1) as sound ${from}`, ...values) ?? {}
  if (whole(row, 'sound') === 1) return whole(row, 'used')
  const [damaged = {}] = db.all(`select ${asBytes('out_trade_no')} ${from} and not ${one} limit 1`, ...values)
  throw damagedEntry('order', damaged, column)
}
