// What SQLite and the file system say when something is wrong with the ledger, in words that an operator can act on.
import { LedgerError } from '../../errors.ts'

const BUSY = 5
const LOCKED = 6

const DISK_FULL = {
  problem: 'The disk of the ledger is full.',
  fix: 'Free some space, or let ALIPAY_DATA_DIR name a folder on another disk.',
}
const NOT_READABLE = {
  problem: 'The ledger cannot be opened.',
  fix: 'Let the user who runs the server own the folder ALIPAY_DATA_DIR and the files in it, or name another folder.',
}
const NOT_WRITABLE = {
  problem: 'The ledger cannot be written.',
  fix: 'Let ALIPAY_DATA_DIR name a folder that is writable for the user who runs the server.',
}
const DAMAGED = {
  problem: 'ledger.db is damaged or is not a ledger.',
  fix: 'Move ledger.db (with ledger.db-wal and ledger.db-shm) elsewhere and keep it: it tells which refunds were sent. Put a backup in its place.',
}
const NOT_A_FOLDER = {
  problem: 'The folder of the ledger is a file.',
  fix: 'Let ALIPAY_DATA_DIR name a folder, or a name that is free.',
}
const HELD = {
  problem: 'The ledger is locked by another program.',
  fix: 'Try again; if it stays so, end the program that holds ledger.db open (a database browser, a backup).',
}
const BY_SQLITE: Readonly<Record<number, Words>> = {
  [BUSY]: HELD,
  [LOCKED]: HELD,
  8: NOT_WRITABLE,
  10: {
    problem: 'The disk of the ledger failed to read or write.',
    fix: 'Check the disk, and that ALIPAY_DATA_DIR is not on a network drive.',
  },
  11: DAMAGED,
  13: DISK_FULL,
  14: NOT_READABLE,
  3: NOT_READABLE,
  23: NOT_READABLE,
  26: DAMAGED,
}
const BY_SYSTEM: Readonly<Record<string, Words>> = {
  EACCES: NOT_READABLE,
  EPERM: NOT_READABLE,
  EROFS: NOT_WRITABLE,
  ENOSPC: DISK_FULL,
  EDQUOT: DISK_FULL,
  EEXIST: NOT_A_FOLDER,
  ENOTDIR: NOT_A_FOLDER,
  EISDIR: DAMAGED,
}

interface Words {
  problem: string
  fix: string
}

/** For content that no alipay-mcp wrote. */
export function damaged(cause: unknown): LedgerError {
  return new LedgerError(DAMAGED.problem, DAMAGED.fix, { cause })
}

/** Errors of SQLite and of the file system become a LedgerError; any other is our own fault and stays as it is. */
export function inPlainWords(error: unknown): unknown {
  if (error instanceof LedgerError) return error
  const code = sqliteCode(error)
  const words =
    (code === undefined ? undefined : (BY_SQLITE[code] ?? unnamed(code))) ?? BY_SYSTEM[systemCode(error) ?? '']
  return words ? new LedgerError(words.problem, words.fix, { cause: error }) : error
}

/** Whether trying again a moment later may help. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error instanceof LedgerError ? error.cause : error)
  return code === BUSY || code === LOCKED
}

/** The primary code: engines give it, or the extended one, whose last byte it is. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'errcode' in error ? error.errcode : 'rawCode' in error ? error.rawCode : undefined
  return typeof code === 'number' ? code & 0xff : undefined
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

function unnamed(code: number): Words {
  return {
    problem: `The ledger could not be read or written (SQLite error ${code}).`,
    fix: 'Try again; if it stays so, report it with this number.',
  }
}
