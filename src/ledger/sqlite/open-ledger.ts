// Opens the ledger: a file that several servers share, or one in memory that ends with this process.
import type { Ledger, PartitionKey } from '../ledger.ts'
import { Database } from './database.ts'
import { type EngineName, findEngine, IN_MEMORY, type Opener } from './engines.ts'
import { emptied, inPlainWords, isBusy, isEmptied } from './failures.ts'
import { privateFile, sizes } from './ledger-file.ts'
import { isNew, makeTables } from './schema.ts'
import { sqliteLedger } from './sqlite-ledger.ts'
import { Patience, WAITS } from './turns.ts'

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
    if (folder === undefined) return connect(open, IN_MEMORY, { folder, partition }, false)
    return await openFile(open, await privateFile(folder), { folder, partition })
  } catch (error) {
    throw inPlainWords(error)
  }
}

/** In short tries, each with a connection of its own: two that turn a new file to WAL would wait for each other. */
function openFile(open: Opener, file: string, place: Place): Promise<Ledger> {
  const wasUsed = sizes(file).total > 0
  const until = performance.now() + WAITS.held
  const patience = new Patience(
    () => sizes(file).changed,
    // It may be that another server is just making it.
    (error) => isBusy(error) || (isEmptied(error) && performance.now() < until),
  )
  return patience.wait(() => connect(open, file, place, wasUsed))
}

/** @param wasUsed whether there was something in it before, so that it is no new ledger */
function connect(open: Opener, where: string, { folder, partition }: Place, wasUsed: boolean): Ledger {
  const db = new Database(open(where))
  try {
    prepare(db, wasUsed)
    return sqliteLedger(db, partition, folder)
  } catch (error) {
    db.abandon()
    throw error
  }
}

function prepare(db: Database, wasUsed: boolean): void {
  // A file of another version must not even become one with a write-ahead log.
  if (isNew(db) && wasUsed) throw emptied()
  db.script('pragma journal_mode = wal')
  db.script('pragma synchronous = full')
  // What is erased is overwritten.
  db.script('pragma secure_delete = on')
  makeTables(db)
}
