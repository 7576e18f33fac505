// SQLite as WebAssembly (sql.js), for a ledger in memory where nothing else is at hand.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Engine } from './sqlite-engine.ts'

const FILE = 'sql-wasm.wasm'

export async function openWasm(): Promise<() => Engine> {
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
  const beside = fileURLToPath(new URL(FILE, import.meta.url))
  return existsSync(beside) ? beside : createRequire(import.meta.url).resolve(`sql.js/dist/${FILE}`)
}
