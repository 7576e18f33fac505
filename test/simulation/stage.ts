// What all runs of one process share: time, Alipay, the network, and a ledger that is begun anew for each run.
import { mkdtempSync, rmSync } from 'node:fs'
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
import { START, VirtualTime } from './virtual-time.ts'
import type { OpenLedger, Stage } from './world.ts'

// The least that a signature fits into; nobody attacks these.
const KEY_BITS = 512
// What lies in one database makes the next run slower.
const RUNS_A_DATABASE = 100

export function newStage(): Stage {
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

/** Everybody has the same ledger, as if it were one file. */
export async function ledgerInMemory(): Promise<{ terminal: Ledger; open: OpenLedger; close(): void }> {
  if (runs++ % RUNS_A_DATABASE === 0 || !database) {
    database?.close()
    database = new Database((await findEngine('memory'))(IN_MEMORY))
    makeTables(database)
    await addForeignOrder(database)
  }
  database.run('delete from freeze')
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
export async function ledgerOnDisk(): Promise<{ terminal: Ledger; open: OpenLedger; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-simulation-'))
  const opened: Ledger[] = []
  const open = async () => {
    const ledger = await openLedger({ folder, partition: partitionOf(0) })
    opened.push(ledger)
    return ledger
  }
  const close = () => {
    for (const ledger of opened) ledger.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { terminal: await open(), open, close }
}
