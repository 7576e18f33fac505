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
const NO_FOLDER = {
  problem: 'The folder of the ledger cannot be made.',
  fix: 'Let ALIPAY_DATA_DIR name a folder: no link that leads nowhere or in a circle, and no path that is too long.',
}
const HELD = {
  problem: 'The ledger is locked by another program.',
  fix: 'Try again; if it stays so, end the program that holds ledger.db open (a database browser, a backup).',
}
const CROWDED = {
  problem: 'The ledger is busy: other alipay-mcp servers write to it all the time.',
  fix: 'Make the same call again in a moment; if it stays so, let fewer servers share this ledger.',
}
const EMPTIED = {
  problem: 'ledger.db is empty, but it is no new ledger: what it knew is, or was, in ledger.db-wal.',
  fix: 'If ledger.db was copied, copy ledger.db, ledger.db-wal and ledger.db-shm together (see "Copy a ledger" in docs/ledger.md). Put a backup in its place, or if this folder never held a ledger, remove the three files.',
}
const DISK_FAILED = {
  problem: 'The disk of the ledger failed to read or write.',
  fix: 'Check the disk, and that ALIPAY_DATA_DIR is not on a network drive.',
}
const TOO_MANY_FILES = {
  problem: 'The ledger cannot be opened: too many files are open.',
  fix: 'End programs that are not needed, or raise the limit of open files for the user who runs the server.',
}
const BY_SQLITE: Readonly<Record<number, Words>> = {
  [BUSY]: HELD,
  [LOCKED]: HELD,
  8: NOT_WRITABLE,
  10: DISK_FAILED,
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
  ELOOP: NO_FOLDER,
  ENAMETOOLONG: NO_FOLDER,
  EIO: DISK_FAILED,
  EMFILE: TOO_MANY_FILES,
  ENFILE: TOO_MANY_FILES,
}

interface Words {
  problem: string
  fix: string
}

function notAFile(what: string, name = 'ledger.db'): Words {
  return {
    problem: `${name} is ${what}, not a file.`,
    fix: 'Move it away, or let ALIPAY_DATA_DIR name another folder.',
  }
}

const asError = ({ problem, fix }: Words, cause?: unknown) => new LedgerError(problem, fix, { cause })

/** @param what such as `a pipe` */
export const notAFileError = (name: string, what: string) => asError(notAFile(what, name))
export const leadsNowhere = (cause?: unknown) => asError(NO_FOLDER, cause)
export const notAFolder = () => asError(NOT_A_FOLDER)
/** Without a word it would be taken for a new ledger. */
export const emptied = () => asError(EMPTIED)
export const isEmptied = (error: unknown) => error instanceof LedgerError && error.problem === EMPTIED.problem
/** The lock goes from one of our own servers to the next, and never came here. */
export const crowded = (cause: unknown) => asError(CROWDED, cause)

/** For content that no alipay-mcp wrote. */
export function damaged(cause: unknown): LedgerError {
  return asError(DAMAGED, cause)
}

/** Errors of SQLite and of the file system become a LedgerError; any other is our own fault and stays as it is. */
export function inPlainWords(error: unknown): unknown {
  if (error instanceof LedgerError) return error
  const code = sqliteCode(error)
  const words =
    (code === undefined ? undefined : (BY_SQLITE[code] ?? unnamed(code))) ?? BY_SYSTEM[systemCode(error) ?? '']
  return words ? asError(words, error) : error
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

export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

function unnamed(code: number): Words {
  return {
    problem: `The ledger could not be read or written (SQLite error ${code}).`,
    fix: 'Try again; if it stays so, report it with this number.',
  }
}
