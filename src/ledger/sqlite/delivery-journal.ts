// What was handed out, in a file beside the ledger: a ledger that is restored from a backup reads there what came after it.
import { closeSync, fstatSync, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Partition } from './partition.ts'
import { asBytes, maybeText, whole } from './rows.ts'

const FILE = 'deliveries.log'

export interface JournalEntry {
  out_trade_no: string
  at: number
  /** Keyed hashes. */
  codes: readonly string[]
  /** Whether a hook is to be called for it. */
  isHook: boolean
  /** The merchant's words that were handed out: an order that the ledger does not know any more brings none. */
  text?: string | undefined
}

/**
 * Appends one entry, on the disk before this returns: within the transaction that writes the delivery, and before it is
 * committed. What is in the file and not in the ledger counts as handed out.
 */
export function appendEntry(partition: Partition, { out_trade_no, at, codes, isHook, text }: JournalEntry): void {
  const { folder } = partition
  if (folder === undefined) return
  const file = openSync(join(folder, FILE), 'a+', statSync(join(folder, 'ledger.db')).mode & 0o660)
  try {
    const { key } = partition
    const line = { of: nameOf(key, key.merchant), order: out_trade_no, at, codes, hook: isHook || undefined, text }
    // Behind a line that a killed process has left without its end.
    writeSync(file, `${endsWhole(file) ? '' : '\n'}${JSON.stringify(line)}\n`)
    fsyncSync(file)
    saveOffset(partition, fstatSync(file).size)
  } finally {
    closeSync(file)
  }
}

/** Entries that the ledger has not read: it was restored since, or a process was killed before its commit. */
export function unreadEntries(partition: Partition): readonly JournalEntry[] {
  const { folder } = partition
  if (folder === undefined) return []
  const path = join(folder, FILE)
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  const offset = offsetOf(partition)
  if (size === offset) return []
  // Another file than the one that was read: all of it.
  const text = size === 0 ? '' : readFrom(path, size > offset ? offset : 0)
  saveOffset(partition, size)
  const names = namesOf(partition)
  return text.split('\n').flatMap((line) => entryIn(line, names))
}

/** Whether there is anything to read, without a transaction. */
export function hasUnread(partition: Partition): boolean {
  const { folder } = partition
  if (folder === undefined) return false
  const size = statSync(join(folder, FILE), { throwIfNoEntry: false })?.size ?? 0
  return size !== offsetOf(partition)
}

/** Not by the id of the partition: a ledger that is begun anew gives others. */
const nameOf = ({ environment, gateway }: Partition['key'], merchant: string) => `${environment} ${gateway} ${merchant}`

/** By all names that its merchant has, or had before the merchant id was set. */
function namesOf({ db, id, key }: Partition): ReadonlySet<string> {
  const row = db.get(`select ${asBytes('merchant')}, ${asBytes('app')} from partitions where id = ?`, id) ?? {}
  const before = key.takes_over === false ? undefined : key.merchant_before
  const merchants = [key.merchant, before, maybeText(row, 'merchant'), maybeText(row, 'app')]
  return new Set(merchants.flatMap((merchant) => (merchant === undefined ? [] : [nameOf(key, merchant)])))
}

function entryIn(line: string, names: ReadonlySet<string>): JournalEntry[] {
  try {
    const { order, at, codes, hook, text, ...rest } = Object(JSON.parse(line))
    const isSound = typeof order === 'string' && Number.isSafeInteger(at) && Array.isArray(codes)
    if (!isSound || !names.has(rest.of)) return []
    const given = typeof text === 'string' ? text : undefined
    return [{ out_trade_no: order, at, codes: codes.map(String), isHook: hook === true, text: given }]
  } catch {
    return []
  }
}

function endsWhole(file: number): boolean {
  const { size } = fstatSync(file)
  const last = Buffer.alloc(1)
  return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 0x0a)
}

function readFrom(path: string, offset: number): string {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - offset))
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, offset + length)
    }
    return bytes.subarray(0, length).toString()
  } finally {
    closeSync(file)
  }
}

function offsetOf({ db, id }: Partition): number {
  const row = db.get('select read_to from journals where partition = ?', id)
  return row ? whole(row, 'read_to') : 0
}

function saveOffset({ db, id }: Partition, offset: number): void {
  const sql =
    'insert into journals (partition, read_to) values (?, ?) on conflict do update set read_to = excluded.read_to'
  db.run(sql, id, offset)
}
