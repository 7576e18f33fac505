// One partition of a ledger: what all decisions read and write, and the one place that appends to the record.
import { beijingTime } from '../../clock.ts'
import type { Actor, Block, Freeze, PartitionKey } from '../ledger.ts'
import { type Database, maybeText, whole } from './database.ts'

export interface Partition {
  readonly db: Database
  readonly key: PartitionKey
  /** Of the partition, in this file. */
  readonly id: number
}

export function openPartition(db: Database, key: PartitionKey): Partition {
  return { db, key, id: partitionId(db, key) ?? db.write(() => newPartition(db, key)) }
}

function partitionId(db: Database, { environment, gateway, merchant }: PartitionKey): number | undefined {
  const sql = 'select id from partitions where environment = ? and gateway = ? and merchant = ?'
  const row = db.get(sql, environment, gateway, merchant)
  return row && whole(row, 'id')
}

function newPartition(db: Database, key: PartitionKey): number {
  const { environment, gateway, merchant } = key
  return partitionId(db, key) ?? db.insert('partitions', { environment, gateway, merchant })
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
  const row = db.get('select at, why from freeze')
  return row && { at: whole(row, 'at'), why: maybeText(row, 'why') }
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
