// KNOWN FAULT: tells which files would abort this process under libsql. To be deleted once mended.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import initSqlJs, { type Database } from 'sql.js'
import { findEngine } from '../../src/ledger/sqlite/engines.ts'

const TABLES = ['partitions', 'orders', 'intents', 'attempts', 'approvals', 'nonces', 'events', 'freeze']

/** Whether every text of a ledger is UTF-8; under another engine than libsql it does not matter. */
export async function textIsWhole(): Promise<(file: Buffer) => boolean> {
  if (await findEngine('file', 'node:sqlite').catch(() => undefined)) return () => true
  const wasm = readFileSync(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm'))
  const sqlJs = await initSqlJs({ wasmBinary: new Uint8Array(wasm).buffer })
  return (file) => {
    const db = new sqlJs.Database(file)
    try {
      return TABLES.every((table) => isWhole(db, table))
    } catch {
      // What is read before such a place, and by other ways, is anybody's guess.
      return false
    } finally {
      db.close()
    }
  }
}

function isWhole(db: Database, table: string): boolean {
  const names = db.exec(`select name from pragma_table_info('${table}')`)[0]?.values.map(([name]) => String(name)) ?? []
  const rows =
    db.exec(`select ${names.map((name) => `cast(${name} as blob)`).join(', ')} from ${table}`)[0]?.values ?? []
  return rows.flat().every((value) => !(value instanceof Uint8Array) || isUtf8(value))
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
