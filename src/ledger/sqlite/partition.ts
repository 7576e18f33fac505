// One partition of a ledger: what all decisions read and write, and the one place that appends to the record.
import { beijingTime } from '../../clock.ts'
import { LedgerError } from '../../errors.ts'
import type { Actor, Block, Freeze, PartitionKey } from '../ledger.ts'
import type { Database } from './database.ts'
import { asBytes, maybeText, moment, type Row, readAll, readEntry, text, whole } from './rows.ts'
import { columnsOf } from './schema.ts'
import { type ShopKey, shopKeyOf } from './shop-key.ts'

export interface Partition {
  readonly db: Database
  readonly key: PartitionKey
  /** Of the partition, in this file. */
  readonly id: number
  /** Of the file; undefined: it is in memory. */
  readonly folder: string | undefined
  readonly shopKey: ShopKey
}

export function openPartition(db: Database, key: PartitionKey, folder: string | undefined): Partition {
  const id = partitionId(db, key) ?? db.decide(() => takenOver(db, key) ?? newPartition(db, key))
  return { db, key, id, folder, shopKey: shopKeyOf(db, folder) }
}

function partitionId(db: Database, { environment, gateway, merchant }: PartitionKey): number | undefined {
  const sql = 'select id from partitions where environment = ? and gateway = ? and merchant = ?'
  const row = db.get(sql, environment, gateway, merchant)
  return row && whole(row, 'id')
}

/**
 * The orders of before, under the same id: a server that still runs with it, or starts anew without the merchant, goes on
 * in the same partition, and so does one whose merchant id was wrong and is set right.
 */
function takenOver(db: Database, key: PartitionKey): number | undefined {
  const { merchant, merchant_before } = key
  requireReadable(db)
  if (partitionId(db, key) !== undefined) return undefined
  if (merchant_before === undefined) return ofApp(db, key, merchant)
  if (key.takes_over === false) return requireNothingBefore(db, key, merchant_before)
  const id = partitionId(db, { ...key, merchant: merchant_before }) ?? ofApp(db, key, merchant_before)
  if (id !== undefined) db.update('partitions', { id }, { merchant, app: merchant_before })
  return id
}

function ofApp(db: Database, { environment, gateway }: PartitionKey, app: string): number | undefined {
  const row = db.get(
    'select id from partitions where environment = ? and gateway = ? and app = ? order by id limit 1',
    ...[environment, gateway, app],
  )
  return row && whole(row, 'id')
}

/** What an app did for itself must not become the merchant's for whom it acts, nor the other way round. */
function requireNothingBefore(db: Database, { environment, gateway }: PartitionKey, app: string): undefined {
  const isOfApp = (column: string) => `(${column} = ? or ${column} glob ?)`
  const sql = `select id from partitions where environment = ? and gateway = ? and (${isOfApp('merchant')} or ${isOfApp('app')})`
  if (db.get(sql, environment, gateway, ...[app, `${app}/*`], ...[app, `${app}/*`]) === undefined) return undefined
  throw new LedgerError(
    'The ledger has orders from before ALIPAY_SELLER_ID was set.',
    'Start a server or the watcher with ALIPAY_SELLER_ID once: it knows whose orders they are.',
  )
}

function newPartition(db: Database, key: PartitionKey): number {
  const { environment, gateway, merchant, merchant_before, takes_over = true } = key
  const app = takes_over ? merchant_before : undefined
  return partitionId(db, key) ?? db.insert('partitions', { environment, gateway, merchant, app })
}

/** One that cannot be read may be the one that is looked for, with all its orders: limits must not begin anew. */
function requireReadable(db: Database): void {
  for (const row of db.all(`select ${columnsOf('partitions')} from partitions`)) readPartition(row)
}

export function readPartition(row: Row): number {
  return readEntry('partition', row, () => {
    for (const column of ['environment', 'gateway', 'merchant']) text(row, column)
    maybeText(row, 'app')
    return whole(row, 'id')
  })
}

/** Beijing's, `yyyy-MM-dd`: what limits count by. */
export function dayOf(at: number): string {
  return beijingTime(at).slice(0, 10)
}

/** Appends to the record. */
export function note(partition: Partition, actor: Actor, what: string, out_trade_no?: string, why?: string): void {
  const { at, host } = actor
  partition.db.insert('events', { partition: partition.id, at, host, out_trade_no, what, why })
}

/** Of the whole file, whoever did it. */
export function frozen({ db }: Partition): Freeze | undefined {
  const row = db.get(`select at, ${asBytes('why')} from freeze`)
  // Whatever else its row holds, it is frozen.
  const read = <T>(value: (row: Row) => T) =>
    readAll(row ? [row] : [], (row) => readEntry('freeze', row, () => value(row)))
  return (
    row && {
      at: read((row) => moment(row, 'at')).entries[0] ?? 0,
      why: read((row) => maybeText(row, 'why')).entries[0],
    }
  )
}

export function frozenBlock(partition: Partition): Block | undefined {
  const freeze = frozen(partition)
  return freeze && { why: 'frozen', since: freeze.at, because: freeze.why }
}

/** All partitions see it in their record. */
export function freeze({ db }: Partition, why: string | undefined, { at, host }: Actor): void {
  db.run('insert into freeze (id, at, why) values (1, ?, ?) on conflict do nothing', at, why ?? null)
  db.insert('events', { partition: null, at, host, what: 'freeze', why })
}

export function unfreeze({ db }: Partition, { at, host }: Actor): void {
  db.run('delete from freeze')
  db.insert('events', { partition: null, at, host, what: 'unfreeze' })
}
