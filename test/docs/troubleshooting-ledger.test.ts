// Provokes what the page of troubleshooting quotes about limits, approvals and the ledger.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { translated } from '../../src/doctor/finding.ts'
import { LedgerError } from '../../src/errors.ts'
import type { Both, Language } from '../../src/language.ts'
import { findEngine } from '../../src/ledger/sqlite/engines.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { elsewhere, HOMELESS, MAIN } from '../e2e/hosts.ts'
import { openShop, type Shop, type ShopOptions } from '../shop.ts'
import { alsoResent, prove } from './troubleshooting-page.ts'

const shops: Shop[] = []
afterAll(async () => {
  for (const shop of shops) await shop.close()
})

const PARTITION = { environment: 'local', gateway: 'http://127.0.0.1:7001', merchant: '2088' } as const
const actor = { at: Date.now(), owner: 'test', host: 'test' }

async function refund(
  rules: ShopOptions['rules'],
  before = async (_shop: Shop) => {},
  more: ShopOptions = {},
): Promise<string> {
  const shop = await openShop({ ...(rules && { rules }), ...more })
  shops.push(shop)
  const { out_trade_no } = await shop.paidOrder('100.00')
  await before(shop)
  return shop.text('refund_payment', { out_trade_no, refund_amount: '30.00' })
}

function run(...args: string[]): Both {
  const env = { ...HOMELESS, ALIPAY_ENV: 'local' }
  const inLanguage = (language: Language) =>
    spawnSync(process.execPath, [MAIN, ...args, '--lang', language], { encoding: 'utf8', env, cwd: elsewhere() }).stderr
  return { en: inLanguage('en'), zh: inLanguage('zh') }
}

const failure = (error: unknown) => (error instanceof LedgerError ? translated(error.problem) : String(error))

prove('ledger', {
  'Over the limit: ... asked, and ... allows ...': async () =>
    alsoResent(await refund({ limits: { callsPerMinute: 0, maxRefundFen: 2_999 } })),
  "Waiting for approval: the refund of ... yuan of order ... needs a person's yes outside the chat, until ... Beijing time; a yes in this chat does not count.":
    () => refund({ refundApproval: 'operator' }),
  'the form was answered no; if nobody saw a form, set ALIPAY_REFUND_APPROVAL=operator': () =>
    refund({ refundApproval: 'chat' }, undefined, { answer: () => null }),
  'Frozen: the operator froze all payments and refunds on ... Beijing time': () =>
    refund(undefined, async (shop) => (await shop.ledger()).freeze('lost phone', actor)).then(alsoResent),
  '... asks a person, so it runs only at a terminal, not through a pipe or from a program.': () => run('approvals'),
  'with these settings it is in memory: it ends with the server that keeps it, and no other program can see it.': () =>
    run('ledger'),
  'there is none in ...: no ...': () => run('freeze', '--data-dir', elsewhere()),
  'This Node.js (...) has no SQLite for a ledger on disk.': () =>
    openLedger({ folder: elsewhere(), partition: PARTITION }, 'sql.js').then(() => 'opened', failure),
  'The ledger is locked by another program.': async () => {
    const folder = elsewhere()
    const ledger = await openLedger({ folder, partition: PARTITION })
    const other = (await findEngine('file'))(join(folder, 'ledger.db'))
    other.exec('begin immediate')
    return ledger
      .freeze('x', actor)
      .then(() => 'written', failure)
      .finally(() => {
        other.close()
        ledger.close()
      })
  },
  'ledger.db is empty, but it is no new ledger: what it knew is, or was, in ledger.db-wal.': () => {
    const folder = elsewhere()
    writeFileSync(join(folder, 'ledger.db-wal'), 'all that is left')
    return openLedger({ folder, partition: PARTITION }).then(() => 'opened', failure)
  },
  'ledger.db is damaged in one entry: ...': async () => {
    const folder = elsewhere()
    const ledger = await openLedger({ folder, partition: PARTITION })
    const order = { out_trade_no: 'A', total_amount: '1.00', subject: 'Tea', channel: 'page' } as const
    await ledger.reserveOrder({ ...order, time_expire: '2099-01-01 00:00:00' }, {}, actor)
    const other = (await findEngine('file'))(join(folder, 'ledger.db'))
    other.exec('update orders set total_fen = -1')
    other.close()
    return ledger
      .order({ out_trade_no: 'A' })
      .then(() => 'read', failure)
      .finally(() => ledger.close())
  },
  'The folder of the ledger cannot be made.': () =>
    openLedger({ folder: join(elsewhere(), 'x'.repeat(300)), partition: PARTITION }).then(() => 'opened', failure),
  'ledger.db is ..., not a file.': () => {
    const folder = elsewhere()
    mkdirSync(join(folder, 'ledger.db'))
    return openLedger({ folder, partition: PARTITION }).then(() => 'opened', failure)
  },
})
