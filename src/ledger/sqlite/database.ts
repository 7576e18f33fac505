// One connection to the ledger's database: cached statements, transactions that end whole, rows read alike from each engine.
import { LedgerError } from '../../errors.ts'
import type { Engine, SqlValue, Statement } from './engines.ts'
import { damaged, inPlainWords } from './failures.ts'

/** As the engine gave it; each has its own habits, which the readers below make alike. */
export type Row = Readonly<Record<string, unknown>>
export type Columns = Readonly<Record<string, SqlValue | undefined>>

export class Database {
  readonly #engine: Engine
  readonly #statements = new Map<string, Statement>()
  #open = true
  #writes = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  all(sql: string, ...values: SqlValue[]): readonly Row[] {
    return this.#safely(() => this.#statement(sql).all(values).filter(isRow))
  }

  get(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.all(sql, ...values)[0]
  }

  run(sql: string, ...values: SqlValue[]): void {
    this.#safely(() => this.#statement(sql).run(values))
  }

  /** Several statements without values. */
  script(sql: string): void {
    this.#safely(() => this.#engine.exec(sql))
  }

  /** @returns the id of the new row */
  insert(table: string, columns: Columns): number {
    const names = Object.keys(columns)
    const places = names.map(() => '?').join(', ')
    const sql = `insert into ${table} (${names.join(', ')}) values (${places}) returning rowid as id`
    return Number(this.get(sql, ...values(columns))?.id)
  }

  update(table: string, key: Columns, columns: Columns): void {
    const set = Object.keys(columns).map((name) => `${name} = ?`)
    const where = Object.keys(key).map((name) => `${name} = ?`)
    const sql = `update ${table} set ${set.join(', ')} where ${where.join(' and ')}`
    this.run(sql, ...values(columns), ...values(key))
  }

  /** Another one after anybody has written to the file; far cheaper than reading. */
  version(): string {
    // SQLite's own tells of other connections only: https://sqlite.org/pragma.html#pragma_data_version
    return `${this.get('pragma data_version')?.data_version} ${this.#writes}`
  }

  /** Several reads of one moment. */
  read<T>(look: () => T): T {
    return this.#transaction('begin', look)
  }

  /** One decision: nobody else decides meanwhile, and it is written whole or not at all. */
  write<T>(decide: () => T): T {
    this.#writes++
    return this.#transaction('begin immediate', decide)
  }

  /** So that what was erased is not left in the write-ahead log; somebody who reads just now may prevent it. */
  shedOldPages(): void {
    try {
      this.get('pragma wal_checkpoint(truncate)')
    } catch {}
  }

  close(): void {
    if (!this.#open) return
    this.#statements.clear()
    this.#safely(() => this.#engine.close())
    this.#open = false
  }

  #transaction<T>(begin: string, work: () => T): T {
    this.run(begin)
    try {
      const result = work()
      this.run('commit')
      return result
    } catch (error) {
      this.#rollback()
      throw error
    }
  }

  /** After some failures SQLite has rolled back by itself already. */
  #rollback(): void {
    try {
      this.#engine.exec('rollback')
    } catch {}
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#engine.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  #safely<T>(work: () => T): T {
    if (!this.#open) throw new LedgerError('The ledger is closed.', 'Start the server again.')
    try {
      return work()
    } catch (error) {
      throw inPlainWords(error)
    }
  }
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null
}

function values(columns: Columns): SqlValue[] {
  return Object.values(columns).map((value) => value ?? null)
}

export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw unfit(column, value)
  return value
}

export function maybeText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column)
}

export function whole(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw unfit(column, value)
  return value
}

export function maybeWhole(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : whole(row, column)
}

export function yesNo(row: Row, column: string): boolean {
  return whole(row, column) === 1
}

export function oneOf<T extends string>(row: Row, column: string, allowed: readonly T[]): T {
  const value = row[column]
  const found = allowed.find((one) => one === value)
  if (found === undefined) throw unfit(column, value)
  return found
}

export function maybeOneOf<T extends string>(row: Row, column: string, allowed: readonly T[]): T | undefined {
  return row[column] === null ? undefined : oneOf(row, column, allowed)
}

function unfit(column: string, value: unknown): Error {
  return damaged(new Error(`the column ${column} holds a ${typeof value} that does not belong there`))
}

/** For `in (...)`: words of ours, never what somebody typed. */
export function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ')
}
