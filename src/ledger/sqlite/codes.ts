// Codes of a shop: free, reserved for an order, or handed out, each once for ever; and the items file that brings them.
import type { Actor, ItemCodes } from '../ledger.ts'
import { raiseAlert } from './alerts.ts'
import { note, type Partition } from './partition.ts'
import { asBytes, maybeMoment, maybeText, type Row, readEntry, text, whole } from './rows.ts'

/** Nobody can pay the order any more, or all was given back, and nothing was handed out: what it had reserved is free. */
export const RELEASED = `(orders.can_never_be_paid = 1 or orders.refunded_fen >= coalesce(orders.other_fen, orders.total_fen))
  and not exists (select 1 from deliveries where deliveries.partition = orders.partition
    and deliveries.out_trade_no = orders.out_trade_no)`

const FEW = 10

export const hashOfCode = ({ shopKey }: Partition, code: string) => shopKey.hash('code', code).toString('base64url')

/** What belongs to another item already. */
export function takenCodes(partition: Partition, { item, codes }: ItemCodes): readonly string[] {
  const { db, id } = partition
  const sql = `select ${asBytes('item')} from codes where partition = ? and hash = ? and item <> ? and item <> ''
    and (given_at is not null or out_trade_no is not null)`
  return codes.flatMap((code) => {
    const row = db.get(sql, id, hashOfCode(partition, code), item)
    return row ? [itemIn(row)] : []
  })
}

const itemIn = (row: Row) => readEntry('a code', row, () => text(row, 'item'))

/** Those that are in no file any more, and belong to no order, go; what was handed out stays known. */
export function importCodes(partition: Partition, all: readonly ItemCodes[]): void {
  const { db, id } = partition
  db.run('update codes set place = null where partition = ? and given_at is null', id)
  const sql = `insert into codes (partition, hash, item, code, place) values (?, ?, ?, ?, ?)
    on conflict do update set item = excluded.item, place = excluded.place, code = iif(forgotten, null, excluded.code)`
  for (const { item, codes } of all) {
    for (const [place, code] of codes.entries()) db.run(sql, id, hashOfCode(partition, code), item, code, place)
  }
  db.run('delete from codes where partition = ? and place is null and out_trade_no is null and given_at is null', id)
}

export function freeCodes({ db, id }: Partition, item: string): number {
  const sql = `select count(*) as free from codes where partition = ? and item = ? and given_at is null and place is not null
    and (out_trade_no is null or out_trade_no in (select out_trade_no from orders where orders.partition = codes.partition and ${RELEASED}))`
  return whole(db.get(sql, id, item) ?? {}, 'free')
}

/** @returns whether there were as many */
export function reserveCodes(partition: Partition, item: string, quantity: number, out_trade_no: string): boolean {
  const { db, id } = partition
  db.run(
    `update codes set out_trade_no = null where partition = ? and item = ? and given_at is null and out_trade_no in
      (select out_trade_no from orders where partition = ? and ${RELEASED})`,
    ...[id, item, id],
  )
  db.run(
    `update codes set out_trade_no = ? where partition = ? and hash in (select hash from codes where partition = ?
      and item = ? and given_at is null and out_trade_no is null and place is not null order by place limit ?)`,
    ...[out_trade_no, id, id, item, quantity - reservedFor(partition, out_trade_no)],
  )
  return reservedFor(partition, out_trade_no) >= quantity
}

function reservedFor({ db, id }: Partition, out_trade_no: string): number {
  const sql = 'select count(*) as reserved from codes where partition = ? and out_trade_no = ?'
  return whole(db.get(sql, id, out_trade_no) ?? {}, 'reserved')
}

export interface GivenCode {
  hash: string
  /** Absent once it is forgotten, or while it is in no file. */
  code: string | undefined
  /** False while it is only reserved. */
  isGiven: boolean
}

export function codesOf({ db, id }: Partition, out_trade_no: string): readonly GivenCode[] {
  const sql = `select ${asBytes('hash')}, ${asBytes('code')}, ${asBytes('out_trade_no')}, given_at from codes
    where partition = ? and out_trade_no = ? order by place, hash`
  const codeIn = (row: Row) => ({
    hash: text(row, 'hash'),
    code: maybeText(row, 'code'),
    isGiven: maybeMoment(row, 'given_at') !== undefined,
  })
  return db.all(sql, id, out_trade_no).map((row) => readEntry('a code of order', row, () => codeIn(row)))
}

export function markGiven(partition: Partition, item: string, out_trade_no: string, actor: Actor): void {
  const { db, id } = partition
  const sql = 'update codes set given_at = ? where partition = ? and out_trade_no = ? and given_at is null'
  db.run(sql, actor.at, id, out_trade_no)
  alarmWhenFew(partition, item, actor)
}

/** Told once for each stock of codes. */
export function alarmWhenFew(partition: Partition, item: string, actor: Actor): void {
  const { db, id } = partition
  const free = freeCodes(partition, item)
  if (free > FEW) return
  const row = db.get('select count(*) as known from codes where partition = ? and item = ?', id, item)
  const key = `few_codes/${item}/${whole(row ?? {}, 'known')}${free === 0 ? '/none' : ''}`
  raiseAlert(partition, { kind: 'few_codes', key, facts: { item, left: String(free) } }, actor)
}

/** Of a ledger that was restored: handed out before, to that order, which keeps no others. */
export function noteGiven({ db, id }: Partition, hashes: readonly string[], out_trade_no: string, at: number): void {
  const sql = `insert into codes (partition, hash, item, out_trade_no, given_at) values (?, ?, '', ?, ?) on conflict do update
      set out_trade_no = iif(given_at is null, excluded.out_trade_no, out_trade_no), given_at = coalesce(given_at, excluded.given_at)`
  for (const hash of hashes) db.run(sql, id, hash, out_trade_no, at)
  if (hashes.length === 0) return
  const rest = 'update codes set out_trade_no = null where partition = ? and out_trade_no = ? and given_at is null'
  db.run(rest, id, out_trade_no)
}

export interface AcceptedItems {
  hash: string
  /** How many items there are. */
  count: number
  codes: readonly ItemCodes[]
}

export function acceptItems(
  partition: Partition,
  { hash, count, codes }: AcceptedItems,
  actor: Actor,
): readonly { item: string; other: string }[] {
  const taken = codes.flatMap((one) => takenCodes(partition, one).map((other) => ({ item: one.item, other })))
  if (taken.length > 0) return taken
  partition.shopKey.require()
  const { db, id } = partition
  const row = db.get(`select ${asBytes('hash')} from items_files where partition = ?`, id)
  const before = row && maybeText(row, 'hash')
  importCodes(partition, codes)
  for (const { item } of codes) alarmWhenFew(partition, item, actor)
  if (before === hash) return []
  const sql = 'insert into items_files (partition, hash) values (?, ?) on conflict do update set hash = excluded.hash'
  db.run(sql, id, hash)
  const name = hash.slice(0, 12)
  note(partition, actor, 'items file accepted', undefined, `${name}, ${count} items`)
  const facts = { items: String(count), hash: name, before: before?.slice(0, 12) ?? '' }
  raiseAlert(partition, { kind: 'items_changed', key: `items_changed/${name}/${actor.at}`, facts }, actor)
  return []
}
