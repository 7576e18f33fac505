// Fuzzes the ledger's file: damaged bytes and rows, a write-ahead log beside it; then everything reads it, and tools work on.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { findEngine, type Opener } from '../../src/ledger/sqlite/engines.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { at, order, PARTITION, paid, refund } from '../cli/ledger/full-ledger.ts'
import type { Fuzzer, Subject } from './fuzzer.ts'
import { type Edit, edited, edits } from './hostile.ts'
import { openDesk, type Read } from './ledger-desk.ts'
import { quickFolder } from './quick-folder.ts'

/** A wrong value in one column of all rows, or of the first, of a table. */
interface Wrong {
  column: readonly [table: string, column: string]
  value: string
  first: boolean
}

interface Input {
  wrong: readonly Wrong[]
  edits: readonly Edit[]
  /** Cut off behind so much of it. */
  length: number
  wal: 'none' | 'own' | 'damaged' | 'noise' | 'alone'
  shm: boolean
  call: number
}

export type OpenFile = (folder: string) => Promise<Ledger>
const ourFile: OpenFile = (folder) => openLedger({ folder, partition: PARTITION })

const COLUMNS: readonly Wrong['column'][] = [
  ...'out_trade_no trade_no subject body channel pay_url time_expire trade_status send_pay_date day host replaces'
    .split(' ')
    .map((column) => ['orders', column] as const),
  ...'total_fen refunded_fen checked_at created_at created_here can_never_be_paid'
    .split(' ')
    .map((column) => ['orders', column] as const),
  ...'kind number portion ordinal amount_fen out_trade_no'.split(' ').map((column) => ['intents', column] as const),
  ...'state owner lease_until reason approved_by sent_at unknown_since moved answer day'
    .split(' ')
    .map((column) => ['attempts', column] as const),
  ...'approval_digest amount_fen question state expires_at decided_by'
    .split(' ')
    .map((column) => ['approvals', column] as const),
  ...'at what why host out_trade_no'.split(' ').map((column) => ['events', column] as const),
]
// As SQLite writes them. Numbers fit no column of text and texts none of numbers: the table would refuse those.
const WRONG_VALUES = [
  "''",
  "'x'",
  'null',
  '-1',
  '0',
  '-9223372036854775808',
  '9007199254740993',
  '9223372036854775807',
  '1e300',
]
const DAMAGED_TEXTS = ["cast(x'ff' as text)", "cast(x'e88c' as text)", "cast(x'6100ff' as text)", "char(0) || 'x'"]

const inputs: fc.Arbitrary<Input> = fc.record({
  wrong: fc.array(
    fc.record({
      column: fc.constantFrom(...COLUMNS),
      value: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...WRONG_VALUES) }, fc.constantFrom(...DAMAGED_TEXTS)),
      first: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  edits: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: edits(4) }),
  // Not to a few bytes: of such a file it is waited whether another server is just making it, for two seconds.
  length: fc.oneof(
    { weight: 8, arbitrary: fc.constant(1) },
    fc.integer({ min: 10, max: 1_000 }).map((part) => part / 1_000),
  ),
  wal: fc.oneof(
    { weight: 4, arbitrary: fc.constant('none' as const) },
    fc.constantFrom('own', 'damaged', 'noise', 'alone'),
  ),
  shm: fc.boolean(),
  call: fc.nat({ max: 20 }),
})

export function ledgerFuzzer(openFile: OpenFile = ourFile): Fuzzer<Input, Read> {
  return {
    name: 'ledger',
    slice: 500,
    // Of a file without tables it is waited whether another server is just making them, for two seconds.
    longest: 3_000,
    inputs,
    open: () => openLedgers(openFile),
    properties: [
      { name: 'throws a LedgerError, or nothing', kind: 'internal error', fault: ({ thrown }) => thrown },
      {
        name: 'calls nothing paid of which Alipay never said so',
        kind: 'belief',
        fault: (read) => read.paid.find((number) => number === 'UNPAID'),
      },
      {
        name: 'tells no sum below zero',
        kind: 'belief',
        fault: ({ text }) => /[^\w.]-\d+\.\d\d/.exec(text)?.[0],
      },
    ],
  }
}

interface Image {
  /** Everything in the file, nothing beside it. */
  whole: Buffer
  /** The file before the last changes, and the log that has them. */
  before: Buffer
  wal: Buffer
}

/** A ledger with a day's work in it, as the bytes of its files; made once for a process. */
async function makeImage(engine: Opener): Promise<Image> {
  const folder = quickFolder()
  const file = join(folder, 'ledger.db')
  const ledger = await openLedger({ folder, partition: PARTITION })
  await order(ledger, 'PAID', '2026-11-01 00:00:00')
  await paid(ledger, 'PAID', '2026-11-01 09:00:00')
  await order(ledger, 'UNPAID', '2026-11-02 10:00:00', '诗集，精装')
  const other = engine(file)
  other.prepare('pragma wal_checkpoint(truncate)').all([])
  const before = readFileSync(file)
  await order(ledger, 'LATER', '2026-11-02 11:00:00')
  await paid(ledger, 'LATER', '2026-11-02 11:05:00')
  const lost = { state: 'unknown', answer: 'no answer', empty: false } as const
  await refund(ledger, { out_trade_no: 'PAID', amount: '30.00', time: '2026-11-02 12:00:00', resolution: lost })
  await ledger.requestApproval(
    { out_trade_no: 'PAID', amount_fen: 10_000, question: 'Give it back?', approvalDigest: 'a' },
    at('2026-11-02 11:50:00'),
  )
  const wal = readFileSync(`${file}-wal`)
  other.prepare('pragma wal_checkpoint(truncate)').all([])
  other.close()
  ledger.close()
  const whole = readFileSync(file)
  rmSync(folder, { recursive: true })
  return { whole, before, wal }
}

async function openLedgers(openFile: OpenFile): Promise<Subject<Input, Read>> {
  const engine = await findEngine('file')
  const image = await makeImage(engine)
  const desk = await openDesk()
  const folder = quickFolder()
  return {
    async try(input) {
      rmSync(folder, { recursive: true })
      lay(folder, input, image, engine)
      return desk.use(() => openFile(folder), input.call)
    },
    async close() {
      await desk.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The files of one input in an empty folder. */
function lay(folder: string, input: Input, { whole, before, wal }: Image, engine: Opener): void {
  const file = join(folder, 'ledger.db')
  mkdirSync(folder, { mode: 0o700 })
  const base = input.wal === 'own' || input.wal === 'damaged' ? before : whole
  writeFileSync(file, base)
  if (input.wrong.length > 0) spoil(file, input.wrong, engine)
  const bytes = edited(readFileSync(file), input.edits)
  writeFileSync(file, bytes.subarray(0, Math.ceil(bytes.length * input.length)))
  const logs: Readonly<Record<Input['wal'], Buffer | undefined>> = {
    none: undefined,
    own: wal,
    damaged: edited(wal, input.edits),
    noise: whole,
    alone: wal,
  }
  const log = logs[input.wal]
  if (log) writeFileSync(`${file}-wal`, log)
  if (input.shm) writeFileSync(`${file}-shm`, whole.subarray(0, 32_768))
  if (input.wal === 'alone') writeFileSync(file, '')
}

/** Rows that no server of ours has written, but that SQLite keeps. */
function spoil(file: string, wrong: readonly Wrong[], engine: Opener): void {
  const db = engine(file)
  db.exec('pragma synchronous = off')
  for (const {
    column: [table, column],
    value,
    first,
  } of wrong) {
    try {
      const where = first ? `where rowid = (select min(rowid) from ${table})` : ''
      db.exec(`update ${table} set ${column} = ${value} ${where}`)
    } catch {
      // It fits neither the type nor the keys of the table: such a row cannot be.
    }
  }
  db.close()
}
