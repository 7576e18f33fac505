// Rows as the engines give them, read strictly: what no alipay-mcp wrote is damage, and is told with the entry it is in.
import { isUtf8 } from 'node:buffer'
import { fromBeijingTime } from '../../clock.ts'
import { DamagedEntry, LedgerError } from '../../errors.ts'
import { oneLine, shortLine } from '../../text.ts'
import { damaged } from './failures.ts'

/** Text as bytes (`asBytes`), whole numbers as numbers or bigints: each engine has its own habits. */
export type Row = Readonly<Record<string, unknown>>

/** For `select`: text as bytes, decoded here. libsql ends the whole process over text that is not UTF-8. */
export function asBytes(value: string, name = value): string {
  return `iif(typeof(${value}) = 'text', cast(${value} as blob), ${value}) as ${name}`
}

/** Also more than any sum of money that Alipay takes. */
const MOST_FEN = 99_999_999_999
/** The year 9999. */
const LATEST_MOMENT = 253_402_300_799_999

/** True in SQL where a column holds a sum of money. */
export function isFenSql(column: string): string {
  return `(typeof(${column}) = 'integer' and ${column} between 0 and ${MOST_FEN})`
}

/** The same of all rows together: to SQLite text and bytes are more than any number. */
export function areFenSql(column: string): string {
  return `(min(${column}) >= 0 and max(${column}) <= ${MOST_FEN})`
}

/** A value that no alipay-mcp wrote; where nobody says which entry it is in, the file as a whole is damaged. */
class UnfitValue extends LedgerError {
  constructor(readonly column: string) {
    const { problem, fix } = damaged(undefined)
    super(problem, fix, { cause: new Error(`the column ${column} holds what does not belong there`) })
  }
}

/**
 * Reads one entry of the ledger.
 * @param what such as `order`; the number of the order is added
 * @throws DamagedEntry that names it
 */
export function readEntry<T>(what: string, row: Row, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof UnfitValue) throw damagedEntry(what, row, error.column)
    throw error
  }
}

export function damagedEntry(what: string, row: Row, column: string): DamagedEntry {
  return new DamagedEntry([what, nameOf(row), `(${column})`].filter(Boolean).join(' '))
}

export interface Readable<T> {
  entries: readonly T[]
  /** Which entries are left out. */
  damaged: readonly string[]
}

/** What can be read; one damaged entry must not hide the others. */
export function readAll<In, T>(rows: readonly In[], read: (row: In) => T): Readable<T> {
  const entries: T[] = []
  const damaged: string[] = []
  for (const row of rows) {
    try {
      entries.push(read(row))
    } catch (error) {
      if (!(error instanceof DamagedEntry)) throw error
      damaged.push(error.entry)
    }
  }
  return { entries, damaged }
}

const NAME_MOST = 64

function nameOf(row: Row): string {
  const named = row.out_trade_no ?? row.external_agreement_no
  const bytes = bytesIn(named)
  const number = bytes ? new TextDecoder().decode(bytes) : named
  if (typeof number === 'string') return JSON.stringify(shortLine(oneLine(number), NAME_MOST))
  return row.id === undefined || row.id === null ? '' : `in row ${row.id}`
}

function bytesIn(value: unknown): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  return value instanceof Uint8Array ? value : undefined
}

export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value === 'string') return value
  const bytes = bytesIn(value)
  if (!bytes || !isUtf8(bytes)) throw new UnfitValue(column)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

export function maybeText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column)
}

/** A Beijing day, `yyyy-MM-dd`. */
export function day(row: Row, column: string): string {
  return dated(row, column, /^\d{4}-\d{2}-\d{2}$/, '00:00:00')
}

/** In SQL, where it is no Beijing day. */
export function isNoDaySql(column: string): string {
  return `(typeof(${column}) <> 'text' or ${column} not glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')`
}

/** A Beijing time, `yyyy-MM-dd HH:mm:ss`, as far as there is one. */
export function maybeTime(row: Row, column: string): string | undefined {
  if (row[column] === null) return undefined
  return dated(row, column, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)
}

function dated(row: Row, column: string, form: RegExp, ...rest: string[]): string {
  const value = text(row, column)
  const at = fromBeijingTime([value, ...rest].join(' '))
  if (!form.test(value) || Number.isNaN(at)) throw new UnfitValue(column)
  return value
}

export function whole(row: Row, column: string): number {
  const value = row[column]
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw new UnfitValue(column)
  return number
}

function within(row: Row, column: string, most: number): number {
  const number = whole(row, column)
  if (number < 0 || number > most) throw new UnfitValue(column)
  return number
}

/** A sum of money; none is negative. */
export function fen(row: Row, column: string): number {
  return within(row, column, MOST_FEN)
}

export function maybeFen(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : fen(row, column)
}

/** Milliseconds since the epoch. */
export function moment(row: Row, column: string): number {
  return within(row, column, LATEST_MOMENT)
}

export function maybeMoment(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : moment(row, column)
}

export function yesNo(row: Row, column: string): boolean {
  return within(row, column, 1) === 1
}

export function oneOf<T extends string>(row: Row, column: string, allowed: readonly T[]): T {
  const value = text(row, column)
  const found = allowed.find((one) => one === value)
  if (found === undefined) throw new UnfitValue(column)
  return found
}

export function maybeOneOf<T extends string>(row: Row, column: string, allowed: readonly T[]): T | undefined {
  return row[column] === null ? undefined : oneOf(row, column, allowed)
}
