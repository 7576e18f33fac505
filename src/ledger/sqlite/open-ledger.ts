// Opens the ledger: a file that several servers share, or one in memory that ends with this process.
import { chmod, mkdir, open } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Ledger, PartitionKey } from '../ledger.ts'
import { Database } from './database.ts'
import { type EngineName, findEngine, IN_MEMORY } from './engines.ts'
import { inPlainWords, isBusy } from './failures.ts'
import { isNew, makeTables } from './schema.ts'
import { sqliteLedger } from './sqlite-ledger.ts'

const FILE = 'ledger.db'
const BUSY_MS = 2_000
// While opening, one wait for a lock is short and tried again: two that turn a new file to WAL wait for each other.
const OPENING_BUSY_MS = 100
const MOST_PAUSE_MS = 50

export interface Place {
  /** Made where it is missing; undefined keeps the ledger in memory. */
  folder: string | undefined
  partition: PartitionKey
}

/**
 * @param only for tests: this engine or none
 * @throws LedgerError
 */
export async function openLedger({ folder, partition }: Place, only?: EngineName): Promise<Ledger> {
  try {
    const open = await findEngine(folder === undefined ? 'memory' : 'file', only)
    const where = folder === undefined ? IN_MEMORY : await privateFile(folder)
    return await patiently(() => {
      const db = new Database(open(where))
      return closingOnError(db, () => {
        prepare(db)
        const ledger = sqliteLedger(db, partition, folder === undefined)
        db.script(`pragma busy_timeout = ${BUSY_MS}`)
        return ledger
      })
    })
  } catch (error) {
    throw inPlainWords(error)
  }
}

/** SQLite gives -wal and -shm the permissions of the file itself. */
async function privateFile(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Absolute, because an engine may take a relative name for an address.
  const file = join(resolve(folder), FILE)
  await (await open(file, 'a', 0o600)).close()
  await chmod(file, 0o600)
  return file
}

async function patiently<T>(work: () => T): Promise<T> {
  const until = performance.now() + BUSY_MS
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error
      await setTimeout(Math.random() * MOST_PAUSE_MS)
    }
  }
}

function closingOnError<T>(db: Database, work: () => T): T {
  try {
    return work()
  } catch (error) {
    db.close()
    throw error
  }
}

function prepare(db: Database): void {
  db.script(`pragma busy_timeout = ${OPENING_BUSY_MS}`)
  // A file of another version must not even become one with a write-ahead log.
  isNew(db)
  db.script('pragma journal_mode = wal')
  db.script('pragma synchronous = full')
  // What is erased is overwritten.
  db.script('pragma secure_delete = on')
  makeTables(db)
}
