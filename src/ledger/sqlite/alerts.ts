// What a person has to hear of, written with what caused it: nothing is lost, and each is told once.
import { DamagedEntry } from '../../errors.ts'
import { toYuan } from '../../money.ts'
import type { Actor, Alert, NewAlert } from '../ledger.ts'
import { alarmOf, isKept, wasPaid } from '../order.ts'
import { ALERT_KINDS } from '../watching.ts'
import type { OrderRow } from './orders.ts'
import { findOrder, replacements } from './orders.ts'
import type { Partition } from './partition.ts'
import { maybeText, moment, oneOf, type Row, readAll, readEntry, text, whole } from './rows.ts'
import { columnsOf } from './schema.ts'

export function raiseAlert({ db, id }: Partition, alert: NewAlert, { at }: Actor): void {
  const { key, kind, out_trade_no, facts } = alert
  db.run(
    `insert into alerts (partition, key, kind, out_trade_no, facts, raised_at) values (?, ?, ?, ?, ?, ?)
      on conflict do nothing`,
    ...[id, key, kind, out_trade_no ?? null, JSON.stringify(facts), at],
  )
}

/** Oldest first. */
export function unsentAlerts({ db, id }: Partition, most: number): readonly Alert[] {
  const sql = `select ${columnsOf('alerts')} from alerts where partition = ? and sent_at is null order by id limit ?`
  return readAll(db.all(sql, id, most), alertOf).entries
}

export function markAlertsSent({ db, id }: Partition, ids: readonly number[], { at }: Actor): void {
  for (const one of ids) db.run('update alerts set sent_at = ? where partition = ? and id = ?', at, id, one)
}

/** @throws DamagedEntry */
export function alertOf(row: Row): Alert {
  return readEntry('an alert of order', row, () => ({
    id: whole(row, 'id'),
    key: text(row, 'key'),
    kind: oneOf(row, 'kind', ALERT_KINDS),
    out_trade_no: maybeText(row, 'out_trade_no'),
    facts: factsIn(text(row, 'facts')),
    raised_at: moment(row, 'raised_at'),
  }))
}

function factsIn(json: string): Readonly<Record<string, string>> {
  try {
    const parsed: unknown = JSON.parse(json)
    return Object.fromEntries(Object.entries(parsed ?? {}).map(([name, value]) => [name, String(value)]))
  } catch {
    return {}
  }
}

/** What somebody has to hear of, where an order was seen to go from one state to another. */
export function raiseForTrade(partition: Partition, before: OrderRow, after: OrderRow, actor: Actor): void {
  const { out_trade_no, total_amount, subject = '' } = after
  const raise = (kind: Alert['kind'], more: Record<string, string> = {}, key = `${kind}/${out_trade_no}`) =>
    raiseAlert(partition, { kind, key, out_trade_no, facts: { total_amount, subject, ...more } }, actor)
  const alarm = alarmOf(after)
  if (alarm !== undefined) raise('other_amount', { other_amount: after.other_amount ?? '' })
  if (wasPaid(before) || !wasPaid(after)) return
  if (after.created_here && alarm === undefined) raise('payment')
  // A replaced one was to be closed for that.
  if (before.replaced_by !== undefined) raise('paid_after_replacement', { replaced_by: before.replaced_by })
  else if (before.close_requested_at !== undefined || before.can_never_be_paid) raise('paid_after_close')
  const others = replacements(partition, out_trade_no).filter((number) => isKeptOrder(partition, number))
  if (others.length === 0 || !isKept(after)) return
  const all = [out_trade_no, ...others].sort()
  raise('paid_twice', { others: others.join(', ') }, `paid_twice/${all.join('/')}`)
}

/** With another amount, too. One that is damaged must not keep this one from being written. */
export function tookMoney(partition: Partition, out_trade_no: string): boolean {
  return isKeptOrder(partition, out_trade_no, (order) => isKept(order) || alarmOf(order) !== undefined)
}

function isKeptOrder(partition: Partition, out_trade_no: string, isIt: (order: OrderRow) => boolean = isKept): boolean {
  try {
    const order = findOrder(partition, { out_trade_no })
    return order !== undefined && isIt(order)
  } catch (error) {
    if (error instanceof DamagedEntry) return false
    throw error
  }
}

/** A refund that nobody here asked for: by hand in the console, or by another program. */
export function raiseForRefund(partition: Partition, order: OrderRow, refunded_fen: number, actor: Actor): void {
  const { out_trade_no, total_amount, subject = '' } = order
  const refunded = toYuan(refunded_fen)
  const key = `refund_elsewhere/${out_trade_no}/${refunded}`
  raiseAlert(
    partition,
    { kind: 'refund_elsewhere', key, out_trade_no, facts: { total_amount, subject, refunded } },
    actor,
  )
}
