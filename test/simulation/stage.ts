// What all runs of one process share: time, Alipay, the network, and a ledger that is begun anew for each run.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import qrcode from 'qrcode'
import { Clock } from '../../src/clock.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { Database } from '../../src/ledger/sqlite/database.ts'
import { findEngine, IN_MEMORY } from '../../src/ledger/sqlite/engines.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { makeTables } from '../../src/ledger/sqlite/schema.ts'
import { sqliteLedger } from '../../src/ledger/sqlite/sqlite-ledger.ts'
import { Alipay } from './alipay.ts'
import { Network } from './network.ts'
import { whichever } from './relay.ts'
import { START, VirtualTime } from './virtual-time.ts'
import type { OpenLedger, Stage } from './world.ts'

// The least that a signature fits into; nobody attacks these.
const KEY_BITS = 512
// What lies in one database makes the next run slower.
const RUNS_A_DATABASE = 100

export function newStage(): Stage {
  runs = 0
  // Nobody looks at the pictures of codes, and to draw one takes as long as a run.
  Object.assign(qrcode, { toBuffer: async () => Buffer.alloc(0), toString: async () => '<svg/>' })
  const time = new VirtualTime()
  const clock = { now: time.now, advance: (ms: number) => time.advance(ms) }
  const alipay = new Alipay({ clock, pause: (ms) => time.pause(ms, true), keyBits: KEY_BITS })
  return { time, alipay, network: new Network(time, alipay), clock: new Clock() }
}

/** Of a page in a ledger that is no story's. */
export const FOREIGN_TOKEN = 'F'.repeat(22)

let database: Database | undefined
let runs = 0

const partitionOf = (run: number) => ({
  environment: 'local' as const,
  gateway: 'simulated',
  merchant: `run ${run}`,
})

/** The ledger of one run. */
export interface OpenedLedger {
  /** Of those who act without a server. */
  terminal: Ledger
  open: OpenLedger
  close(): void
  /** Undefined in memory. */
  backup?: Backup
}

/** A copy of the ledger's file alone, as somebody makes it, and puts it back. */
export interface Backup {
  /** When it was made; undefined: there is none. */
  readonly copied: number | undefined
  copy(moment: number): void
  /** Every connection ends. @param isJournalLost nothing of what was handed out stays beside it */
  restore(isJournalLost?: boolean): Promise<void>
}

/** Everybody has the same ledger, as if it were one file. */
export async function ledgerInMemory(): Promise<OpenedLedger> {
  if (runs++ % RUNS_A_DATABASE === 0 || !database) {
    database?.close()
    database = new Database((await findEngine('memory'))(IN_MEMORY))
    makeTables(database)
    await addForeignOrder(database)
  }
  database.run('delete from freeze')
  // What is drawn by lot is drawn again in each run.
  database.run('delete from nonces')
  const ledger = sqliteLedger(database, partitionOf(runs), undefined)
  return { terminal: ledger, open: async () => ledger, close() {} }
}

async function addForeignOrder(database: Database): Promise<void> {
  const ledger = sqliteLedger(database, partitionOf(0), undefined)
  const order = { out_trade_no: 'FOREIGN', total_amount: '1.00', subject: 'Tea', time_expire: '2027-01-01 00:00:00' }
  const link = 'https://alipay.example/gateway.do?foreign'
  const checkout = { token: FOREIGN_TOKEN, links: { page: link, mobile: link } }
  await ledger.reserveOrder({ ...order, checkout }, {}, { at: START, owner: 'nobody', host: 'nobody' })
}

/** One file, and for everybody a connection of his own. */
export async function ledgerOnDisk(): Promise<OpenedLedger> {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-simulation-'))
  const opened: Ledger[] = []
  const open = async () => {
    const ledger = await openLedger({ folder, partition: partitionOf(0) })
    opened.push(ledger)
    return ledger
  }
  const closeAll = () => {
    for (const ledger of opened.splice(0)) ledger.close()
  }
  const close = () => {
    closeAll()
    rmSync(folder, { recursive: true, force: true })
  }
  let now = await open()
  const [file, copy] = [join(folder, 'ledger.db'), join(folder, 'copy.db')]
  const backup = {
    copied: undefined as number | undefined,
    // Nobody writes meanwhile, so that file and log are of one moment.
    copy(moment: number) {
      backup.copied = moment
      rmSync(copy + LOG, { force: true })
      for (const end of ['', LOG]) if (existsSync(file + end)) copyFileSync(file + end, copy + end)
    },
    async restore(isJournalLost = false) {
      closeAll()
      if (isJournalLost) rmSync(join(folder, 'deliveries.log'), { force: true })
      for (const end of ['', LOG, '-shm']) rmSync(file + end, { force: true })
      for (const end of ['', LOG]) if (existsSync(copy + end)) copyFileSync(copy + end, file + end)
      now = await open()
    },
  }
  return { terminal: whichever(() => now), open, close, backup }
}

const LOG = '-wal'
