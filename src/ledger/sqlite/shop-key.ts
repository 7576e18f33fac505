// The shop's own key, beside the ledger: by it buyers and codes are known again, and nobody who has the ledger alone knows them.
import { createHash, createHmac, randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { LedgerError } from '../../errors.ts'
import type { Database } from './database.ts'
import { systemCode } from './failures.ts'
import { asBytes, maybeText } from './rows.ts'

const FILE = 'shop-key'
const BYTES = 32

export class ShopKey {
  readonly #db: Database
  readonly #folder: string | undefined
  #bytes: Buffer | undefined

  /** @param folder of the ledger; undefined: it ends with this process, and so does the key */
  constructor(db: Database, folder: string | undefined) {
    this.#db = db
    this.#folder = folder
  }

  /** The same for the same text, for ever. @throws LedgerError where the key is another one than before */
  hash(purpose: 'buyer' | 'code' | 'claim' | 'number' | 'payer', text: string): Buffer {
    this.#bytes ??= this.#load()
    return createHmac('sha256', this.#bytes).update(`${purpose}\n${text}`).digest()
  }

  /** Whether this shop has one, without making it. */
  get isThere(): boolean {
    return this.#bytes !== undefined || (this.#folder !== undefined && existsSync(join(this.#folder, FILE)))
  }

  /** Within a transaction: from now on only this key will do. */
  require(): void {
    this.#bytes ??= this.#load()
    const sql = 'insert into shop_key (id, digest) values (1, ?) on conflict do nothing'
    if (this.#known() === undefined) this.#db.run(sql, digestOf(this.#bytes))
  }

  #load(): Buffer {
    const known = this.#known()
    const bytes = this.#folder === undefined ? randomBytes(BYTES) : keyIn(this.#folder, known === undefined)
    if (bytes === undefined || (known !== undefined && digestOf(bytes) !== known)) throw notTheKey()
    return bytes
  }

  #known(): string | undefined {
    const row = this.#db.get(`select ${asBytes('digest')} from shop_key where id = 1`)
    return row && maybeText(row, 'digest')
  }
}

const KEYS = new WeakMap<Database, ShopKey>()

/** One for all partitions of a file. */
export function shopKeyOf(db: Database, folder: string | undefined): ShopKey {
  const known = KEYS.get(db) ?? new ShopKey(db, folder)
  KEYS.set(db, known)
  return known
}

const digestOf = (key: Buffer) => createHash('sha256').update('alipay-mcp shop-key').update(key).digest('hex')

function notTheKey(): LedgerError {
  return new LedgerError(
    'the file shop-key beside ledger.db is missing, or is not the one that this ledger was used with.',
    'Put the right shop-key back beside ledger.db: without it codes could be handed out twice, and buyers would lose their orders.',
  )
}

/** @param mayMake whether no ledger was used with one before */
function keyIn(folder: string, mayMake: boolean): Buffer | undefined {
  const path = join(folder, FILE)
  const found = read(path)
  if (found || !mayMake) return found
  makeKey(path, statSync(join(folder, 'ledger.db')).mode & 0o660)
  return read(path)
}

function read(path: string): Buffer | undefined {
  try {
    const bytes = Buffer.from(readFileSync(path, 'latin1').trim(), 'hex')
    return bytes.length === BYTES ? bytes : undefined
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Whole or not at all: another process may make one at the same moment, and the first stays. */
function makeKey(path: string, mode: number): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  const file = openSync(draft, 'wx', mode)
  try {
    writeSync(file, `${randomBytes(BYTES).toString('hex')}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    linkSync(draft, path)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
}
