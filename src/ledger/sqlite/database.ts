// One connection to the ledger's database: cached statements, and transactions that end whole, each in its turn.
import { setTimeout } from 'node:timers/promises'
import { LedgerError } from '../../errors.ts'
import type { Engine, SqlValue, Statement } from './engines.ts'
import { inPlainWords } from './failures.ts'
import type { Row } from './rows.ts'
import { Patience, Turns } from './turns.ts'

// Within SQLite, where nothing else of this process goes on meanwhile.
const BUSY_MS = 5
const CLOSING_MS = 250
const SHEDDING_TRIES = 100
const MOST_PAUSE_MS = 20

export type Columns = Readonly<Record<string, SqlValue | undefined>>

export class Database {
  readonly #engine: Engine
  readonly #statements = new Map<string, Statement>()
  #open = true
  #writes = 0
  readonly #reads = new Patience(() => this.#progress())
  readonly #turns = new Turns(() => this.#progress())

  constructor(engine: Engine) {
    this.#engine = engine
    this.script(`pragma busy_timeout = ${BUSY_MS}`)
  }

  all(sql: string, ...values: SqlValue[]): readonly Row[] {
    return this.#executed(sql, (statement) => statement.all(values)).filter(isRow)
  }

  get(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.all(sql, ...values)[0]
  }

  run(sql: string, ...values: SqlValue[]): void {
    this.#executed(sql, (statement) => statement.run(values))
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
    return `${this.#versionByOthers()} ${this.#writes}`
  }

  /** SQLite's own tells of other connections only: https://sqlite.org/pragma.html#pragma_data_version */
  #versionByOthers(): unknown {
    return this.get('pragma data_version')?.data_version
  }

  /** Reads, of one moment where they are one statement. Who holds the lock is waited for. */
  look<T>(work: () => T): Promise<T> {
    return this.#reads.wait(work)
  }

  /** Several reads of one moment. */
  read<T>(work: () => T): Promise<T> {
    return this.#reads.wait(() => this.#transaction('begin', work))
  }

  /** One decision, in its turn: nobody else decides meanwhile, and it is written whole or not at all. */
  write<T>(work: () => T): Promise<T> {
    return this.#turns.take(() => this.decide(work))
  }

  /** A decision now or not at all: for who opens the ledger, and waits by itself. */
  decide<T>(work: () => T): T {
    this.#writes++
    return this.#transaction('begin immediate', work)
  }

  /** So that what was erased is not left in the write-ahead log; somebody who reads all the while may prevent it. */
  async shedOldPages(): Promise<void> {
    for (let tries = 0; tries < SHEDDING_TRIES; tries++) {
      if (this.#emptyLog()) return
      await setTimeout(MOST_PAUSE_MS)
    }
  }

  /** Writes all into the file itself. @returns false where others were at work */
  #emptyLog(): boolean {
    try {
      return Number(this.get('pragma wal_checkpoint(truncate)')?.busy) === 0
    } catch {
      return false
    }
  }

  /** A copy of the file alone is whole after this: with libsql everything could else be in the log. */
  close(): void {
    if (!this.#open) return
    this.#statements.clear()
    this.#safely(() => this.#engine.exec(`pragma busy_timeout = ${CLOSING_MS}`))
    this.#emptyLog()
    this.abandon()
  }

  /** As it is, for who could not open it: its log may be all that is left of it. */
  abandon(): void {
    if (!this.#open) return
    this.#statements.clear()
    this.#safely(() => this.#engine.close())
    this.#open = false
  }

  /** Not as prepared statements: one that met a lock stays open with libsql, and no later transaction can commit. */
  #transaction<T>(begin: string, work: () => T): T {
    this.script(begin)
    try {
      const result = work()
      this.script('commit')
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

  /** For the same reason one that failed is not kept. */
  #executed<T>(sql: string, execute: (statement: Statement) => T): T {
    return this.#safely(() => {
      try {
        return execute(this.#statement(sql))
      } catch (error) {
        this.#statements.delete(sql)
        throw error
      }
    })
  }

  /** Undefined while somebody keeps even readers out. */
  #progress(): unknown {
    try {
      return this.#versionByOthers()
    } catch {
      return undefined
    }
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

/** For `in (...)`: words of ours, never what somebody typed. */
export function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ')
}
