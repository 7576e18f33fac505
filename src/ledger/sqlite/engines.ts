// Finds a SQLite in this runtime: Node's own, else the package libsql, else, in memory only, the bundled sql.js.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { LedgerError } from '../../errors.ts'

export type SqlValue = string | number | null

export interface Statement {
  run(values: readonly SqlValue[]): void
  /** Always read to the end: a statement left half read would hold on to its view of the file. */
  all(values: readonly SqlValue[]): readonly unknown[]
}

/** The little that the ledger needs of SQLite; everything is synchronous, so that no decision is ever interrupted. */
export interface Engine {
  exec(sql: string): void
  prepare(sql: string): Statement
  close(): void
}

export const ENGINES = ['node:sqlite', 'libsql', 'sql.js'] as const
export type EngineName = (typeof ENGINES)[number]

export const IN_MEMORY = ':memory:'

/** Of a file, or IN_MEMORY; throws what SQLite throws. */
export type Opener = (where: string) => Engine

/**
 * @param only for tests: this one or none
 * @throws LedgerError where this runtime has none for a file
 */
export async function findEngine(where: 'file' | 'memory', only?: EngineName): Promise<Opener> {
  for (const name of only ? [only] : ENGINES) {
    const open = await engine(name, where)
    if (open) return open
  }
  throw new LedgerError(
    `This Node.js (${process.version}) has no SQLite for a ledger on disk.`,
    'Use Node.js 22.13 or newer, or libsql beside it: npx -y -p alipay-mcp -p libsql alipay-mcp' +
      ' 请使用 Node.js 22.13 或更高版本，或同时安装 libsql：npx -y -p alipay-mcp -p libsql alipay-mcp',
  )
}

/** Undefined where this runtime has it not. */
export async function engine(name: EngineName, where: 'file' | 'memory'): Promise<Opener | undefined> {
  if (name === 'node:sqlite') return nodeSqlite()
  if (name === 'libsql') return libsql()
  return where === 'memory' ? openWasm() : undefined
}

interface NodeStatement {
  all(...values: SqlValue[]): unknown[]
  run(...values: SqlValue[]): unknown
  setReadBigInts(on: boolean): void
}

interface NodeSqlite {
  DatabaseSync: new (
    path: string,
  ) => {
    exec(sql: string): void
    prepare(sql: string): NodeStatement
    close(): void
  }
}

function nodeSqlite(): Opener | undefined {
  const found = withoutItsWarning(() => process.getBuiltinModule?.('node:sqlite'))
  if (!found || !('DatabaseSync' in found)) return undefined
  const { DatabaseSync } = found as NodeSqlite
  return (where) => {
    const db = new DatabaseSync(where)
    return {
      exec: (sql) => db.exec(sql),
      prepare(sql) {
        const statement = db.prepare(sql)
        return {
          run: (values) => void statement.run(...values),
          all: (values) => allRows(statement, sql, values),
        }
      },
      close: () => db.close(),
    }
  }
}

/** A number beyond what JavaScript counts exactly is an error of the whole answer: what holds it is damaged, not all. */
function allRows(statement: NodeStatement, sql: string, values: readonly SqlValue[]): unknown[] {
  try {
    return statement.all(...values)
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE'
    if (!tooLarge || !/^select/i.test(sql)) throw error
    statement.setReadBigInts(true)
    try {
      return statement.all(...values)
    } finally {
      statement.setReadBigInts(false)
    }
  }
}

/** Node warns on standard error that its SQLite is new; all other warnings go their way. */
function withoutItsWarning<T>(load: () => T): T {
  const { emitWarning } = process
  const others = (warning: string | Error, ...rest: []) => {
    if (!/^SQLite is an experimental feature/.test(String(warning))) emitWarning.call(process, warning, ...rest)
  }
  process.emitWarning = others
  try {
    return load()
  } finally {
    process.emitWarning = emitWarning
  }
}

async function libsql(): Promise<Opener | undefined> {
  // Absent, or present without a binary for this computer: both are "not here".
  const found = await import('libsql').catch(() => undefined)
  if (!found) return undefined
  return (where) => {
    const db = new found.default(where)
    return {
      exec: (sql) => void db.exec(sql),
      prepare(sql) {
        const statement = db.prepare(sql)
        return {
          run: (values) => void statement.run([...values]),
          all: (values) => statement.all([...values]),
        }
      },
      close: () => void db.close(),
    }
  }
}

const WASM = 'sql-wasm.wasm'

/** For a ledger in memory where nothing else is at hand. */
async function openWasm(): Promise<Opener> {
  const [{ default: initSqlJs }, wasm] = await Promise.all([import('sql.js'), readFile(wasmFile())])
  const sqlJs = await initSqlJs({ wasmBinary: new Uint8Array(wasm).buffer })
  return () => {
    const db = new sqlJs.Database()
    return {
      exec: (sql) => void db.exec(sql),
      prepare(sql) {
        const statement = db.prepare(sql)
        return {
          run: (values) => statement.run([...values]),
          all(values) {
            const rows: unknown[] = []
            statement.bind([...values])
            while (statement.step()) rows.push(statement.getAsObject())
            statement.reset()
            return rows
          },
        }
      },
      close: () => db.close(),
    }
  }
}

/** Beside the built program, else where the package is installed. */
function wasmFile(): string {
  const beside = fileURLToPath(new URL(WASM, import.meta.url))
  return existsSync(beside) ? beside : createRequire(import.meta.url).resolve(`sql.js/dist/${WASM}`)
}
