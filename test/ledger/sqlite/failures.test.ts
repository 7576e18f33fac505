// When the ledger cannot be read or written: an operator is told what is wrong and what to do, and nothing is half done.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LedgerError } from '../../../src/errors.ts'
import { Database } from '../../../src/ledger/sqlite/database.ts'
import { ENGINES, type EngineName, engine } from '../../../src/ledger/sqlite/engines.ts'
import { inPlainWords } from '../../../src/ledger/sqlite/failures.ts'
import { openLedger } from '../../../src/ledger/sqlite/open-ledger.ts'
import { makeTables } from '../../../src/ledger/sqlite/schema.ts'
import { sqliteLedger } from '../../../src/ledger/sqlite/sqlite-ledger.ts'
import { actor, NOON, opened, order, paidOrder, refund, SHOP, tempFolder, UNASKED } from '../places.ts'

const ON_DISK = (await Promise.all(ENGINES.map(async (name) => ((await engine(name, 'file')) ? [name] : [])))).flat()
const NOTHING_INSIDE = /\b(select|insert|update|pragma|SQLITE_|statement|ENOENT|EEXIST)\b|\.ts\b/

/** What an operator reads. */
async function problem(failing: Promise<unknown>): Promise<string> {
  const error = await failing.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof LedgerError)) throw error
  expect(error.message).not.toMatch(NOTHING_INSIDE)
  expect(error.fix).toMatch(/^[A-Z].*\.$|npx/)
  return error.problem
}

describe.each(ON_DISK)('with %s', (only) => {
  const opening = (folder: string) => problem(openLedger({ folder, partition: SHOP }, only))
  const connected = async (folder: string) => connect(only, folder)

  it.each(['', 'deeper'])('a folder that is a file: %s', async (below) => {
    const file = join(tempFolder(), 'file')
    writeFileSync(file, 'mine')
    expect(await opening(join(file, below))).toBe('The folder of the ledger is a file.')
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  it('a file that is no ledger, which stays as it is', async () => {
    const folder = tempFolder()
    const text = 'no database at all, but long enough to be one\n'.repeat(200)
    writeFileSync(join(folder, 'ledger.db'), text)
    expect(await opening(folder)).toBe('ledger.db is damaged or is not a ledger.')
    expect(readFileSync(join(folder, 'ledger.db'), 'utf8')).toBe(text)
  })

  it('a folder in the place of the file', async () => {
    const folder = tempFolder()
    mkdirSync(join(folder, 'ledger.db'))
    expect(await opening(folder)).toBe('ledger.db is a folder, not a file.')
  })

  it('a file that was damaged in the middle', async () => {
    const folder = tempFolder()
    const ledger = await opened({ folder, only })
    for (let i = 0; i < 50; i += 1) await ledger.reserveOrder(order(`${i}`), {}, actor())
    const db = await connected(folder)
    db.script('pragma wal_checkpoint(truncate)')
    const file = openSync(join(folder, 'ledger.db'), 'r+')
    writeSync(file, Buffer.alloc(statSync(join(folder, 'ledger.db')).size - 4_096, 7), 0, undefined, 4_096)
    const reading = openLedger({ folder, partition: SHOP }, only).then((again) => again.list({ limit: 100 }))
    expect(await problem(reading)).toBe('ledger.db is damaged or is not a ledger.')
  })

  it('a value that no alipay-mcp wrote', async () => {
    const folder = tempFolder()
    const ledger = await opened({ folder, only })
    await paidOrder(ledger)
    const db = await connected(folder)
    db.run(`update orders set trade_status = 'PAID'`)
    const damaged = 'ledger.db is damaged in one entry: order "A" (trade_status).'
    expect(await problem(ledger.order({ out_trade_no: 'A' }))).toBe(damaged)
    expect(await problem(ledger.requestClose('A', actor()))).toBe(damaged)
    db.run('update orders set trade_status = null')
    expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ trade_status: undefined })
  })

  it.each([
    [999, 'a newer alipay-mcp than this one.', 'Use that version, or'],
    [1, 'an earlier alipay-mcp that was never published.', 'Keep it, as it tells which refunds were sent, and'],
  ])('a file of version %i, made by %s, which stays as it is', async (version, by, fix) => {
    const folder = tempFolder()
    const db = await connected(folder)
    db.script('create table intents (id integer primary key, wish text, earlier_try_at integer)')
    db.script(`pragma user_version = ${version}`)
    db.close()
    const before = readFileSync(join(folder, 'ledger.db'))
    const whole = `ledger.db was made by ${by} ${fix} let ALIPAY_DATA_DIR name another folder.`
    await expect(openLedger({ folder, partition: SHOP }, only)).rejects.toMatchObject({ message: whole })
    expect(readFileSync(join(folder, 'ledger.db'))).toStrictEqual(before)
    expect(readdirSync(folder)).toStrictEqual(['ledger.db'])
  })

  it('a lock that another program holds for too long: reads go on, and writes once it is gone', async () => {
    const folder = tempFolder()
    const ledger = await opened({ folder, only })
    await paidOrder(ledger)
    const other = await connected(folder)
    other.script('begin immediate')
    const locked = ledger.reserveRefund(refund(1), UNASKED, undefined, actor())
    expect(await problem(locked)).toBe('The ledger is locked by another program.')
    expect(await ledger.intents('A')).toStrictEqual([])
    other.script('rollback')
    expect(await ledger.reserveRefund(refund(1), UNASKED, undefined, actor())).toMatchObject({
      outcome: 'prepared',
    })
  })

  it('a lock while it is opened is waited for, not for ever', async () => {
    const folder = tempFolder()
    const other = await connected(folder)
    other.script('begin exclusive')
    expect(await opening(folder)).toBe('The ledger is locked by another program.')
    setTimeout(() => other.script('rollback'), 300)
    await paidOrder(await opened({ folder, only }))
  })

  it('a full disk: what did not fit is not there at all, and what fits is written again later', async () => {
    const folder = tempFolder()
    const db = await connected(folder)
    makeTables(db)
    const ledger = sqliteLedger(db, SHOP, folder)
    const { page_count } = db.get('pragma page_count') ?? {}
    db.get(`pragma max_page_count = ${Number(page_count) + 4}`)
    const make = (i: number) => ledger.reserveOrder(order(`${i}`), {}, actor())
    const made = async (i = 0): Promise<number> =>
      make(i).then(
        () => made(i + 1),
        (error) => fails(error, i),
      )
    const fails = async (error: unknown, i: number) => {
      expect(await problem(Promise.reject(error))).toBe('The disk of the ledger is full.')
      return i
    }
    const count = await made()
    expect(count).toBeGreaterThan(0)
    expect(await ledger.list({ limit: 1 })).toMatchObject({ count })
    expect(await ledger.events({})).toHaveLength(count)
    db.get('pragma max_page_count = 100000')
    expect(await make(count)).toMatchObject({ outcome: 'made' })
  })

  it('a file that must not be written', async () => {
    const folder = tempFolder()
    const db = await connected(folder)
    makeTables(db)
    const ledger = sqliteLedger(db, SHOP, folder)
    db.script('pragma query_only = on')
    expect(await problem(ledger.freeze(undefined, actor()))).toBe('The ledger cannot be written.')
    db.script('pragma query_only = off')
    await ledger.freeze(undefined, actor())
    expect(await ledger.frozen()).toMatchObject({ at: NOON })
  })

  it('a ledger that was closed', async () => {
    const ledger = await opened({ folder: tempFolder(), only })
    await paidOrder(ledger)
    ledger.close()
    ledger.close()
    expect(await problem(ledger.order({ out_trade_no: 'A' }))).toBe('The ledger is closed.')
    expect(await problem(ledger.freeze(undefined, actor()))).toBe('The ledger is closed.')
  })

  it.skipIf(process.getuid?.() === 0)('a folder that this user may not use', async () => {
    const folder = tempFolder()
    chmodSync(folder, 0o000)
    expect(await opening(folder)).toBe('The ledger cannot be opened.')
    chmodSync(folder, 0o500)
    expect(await opening(join(folder, 'new'))).toBe('The ledger cannot be opened.')
    chmodSync(folder, 0o700)
  })
})

it('a file where this runtime has no SQLite for one: the remedy, and no file', async () => {
  const folder = join(tempFolder(), 'new')
  const opening = openLedger({ folder, partition: SHOP }, 'sql.js')
  await expect(opening).rejects.toThrow(
    /22\.13 or newer, or .*npx -y -p alipay-mcp -p libsql alipay-mcp 请使用 .*libsql alipay-mcp$/,
  )
  await expect(opening).rejects.toBeInstanceOf(LedgerError)
  expect(existsSync(folder)).toBe(false)
})

it.each([
  ['EROFS', 'The ledger cannot be written.'],
  ['EACCES', 'The ledger cannot be opened.'],
  ['ENOSPC', 'The disk of the ledger is full.'],
])('what the file system calls %s', async (code, words) => {
  const error = inPlainWords(Object.assign(new Error(`${code}: some path`), { code }))
  expect(await problem(Promise.reject(error))).toBe(words)
})

it('a mistake of our own is not blamed on the ledger', () => {
  const mistake = new TypeError('x is not a function')
  expect(inPlainWords(mistake)).toBe(mistake)
})

async function connect(only: EngineName, folder: string): Promise<Database> {
  const open = await engine(only, 'file')
  if (!open) throw new Error(`${only} is not here`)
  const db = new Database(open(join(folder, 'ledger.db')))
  onTestFinished(() => db.close())
  return db
}
