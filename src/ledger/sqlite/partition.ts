// The books of one partition: what all decisions read and write, and the one place that appends to the record.
import { beijingTime } from '../../clock.ts'
import type { Act, Block, Freeze, Partition } from '../ledger.ts'
import { type Database, maybeText, whole } from './database.ts'

export interface Books {
  readonly db: Database
  readonly partition: Partition
  /** Of the partition, in this file. */
  readonly id: number
}

export function openBooks(db: Database, partition: Partition): Books {
  return { db, partition, id: partitionId(db, partition) ?? db.write(() => newPartition(db, partition)) }
}

function partitionId(db: Database, { environment, gateway, merchant }: Partition): number | undefined {
  const sql = 'select id from partitions where environment = ? and gateway = ? and merchant = ?'
  const row = db.get(sql, environment, gateway, merchant)
  return row && whole(row, 'id')
}

function newPartition(db: Database, partition: Partition): number {
  const { environment, gateway, merchant } = partition
  return partitionId(db, partition) ?? db.insert('partitions', { environment, gateway, merchant })
}

/** Beijing's, `yyyy-MM-dd`: what limits count by. */
export function dayOf(at: number): string {
  return beijingTime(at).slice(0, 10)
}

/** Appends to the record. */
export function note(books: Books, act: Act, what: string, out_trade_no?: string, why?: string): void {
  const { at, host } = act
  books.db.insert('events', { partition: books.id, at, host, out_trade_no, what, why })
}

/** Of the whole file, whoever did it. */
export function frozen({ db }: Books): Freeze | undefined {
  const row = db.get('select at, why from freeze')
  return row && { at: whole(row, 'at'), why: maybeText(row, 'why') }
}

export function frozenBlock(books: Books): Block | undefined {
  const freeze = frozen(books)
  return freeze && { why: 'frozen', since: freeze.at, because: freeze.why }
}

/** All partitions see it in their record. */
export function freeze({ db }: Books, why: string | undefined, { at, host }: Act): void {
  db.run('insert into freeze (id, at, why) values (1, ?, ?) on conflict do nothing', at, why ?? null)
  db.insert('events', { partition: null, at, host, what: 'freeze', why })
}

export function unfreeze({ db }: Books, { at, host }: Act): void {
  db.run('delete from freeze')
  db.insert('events', { partition: null, at, host, what: 'unfreeze' })
}
