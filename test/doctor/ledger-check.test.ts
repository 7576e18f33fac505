// Holds the doctor's look at the ledger to making none, and to telling what is frozen, unfinished, off or broken in it.

import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { findEngine } from '../../src/ledger/sqlite/engines.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { placeOf } from '../../src/server/ledger-location.ts'
import { elsewhere } from '../e2e/hosts.ts'
import { readConfig } from '../settings/read-config.ts'
import { cleanUp, type Env, newPatient, report, run, without } from './patients.ts'

const ACTOR = { at: Date.now(), owner: 'test', host: 'test' }
const folder = elsewhere()
const env: Env = { ...(await newPatient()).env, ALIPAY_DATA_DIR: folder }
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
})
afterAll(cleanUp)

const ledgerCheck = async (settings: Env) => {
  const { checks, code, verdict } = await report(settings)
  const refunds = checks.find(({ title }) => title === 'Refunds')?.found
  return { ...checks.find(({ title }) => title === 'Ledger'), code, verdict, refunds }
}

async function withLedger(work: (ledger: Ledger) => Promise<unknown>): Promise<void> {
  const read = readConfig(env)
  if (!('config' in read)) throw new Error('no config')
  const ledger = await openLedger(placeOf(read.config))
  await work(ledger)
  ledger.close()
}

/** An order whose code was asked for an hour ago, by a server that has ended since. */
async function loseCode(ledger: Ledger, out_trade_no: string): Promise<void> {
  const order = { out_trade_no, total_amount: '1.00', subject: 'Tea', channel: 'qr' } as const
  const actor = { ...ACTOR, at: ACTOR.at - 3_600_000 }
  await ledger.reserveOrder({ ...order, time_expire: '2099-01-01 00:00:00' }, {}, actor)
}

it('says where the ledger will be, who is asked, and what no guard holds, and makes none', async () => {
  const check = await ledgerCheck(env)
  expect(check).toMatchObject({ status: 'ok', fix: null, code: 0 })
  expect(check.found).toContain(JSON.stringify(folder))
  expect(check.refunds).toContain('whoever sits in the chat is asked')
  expect(check.refunds).toContain('an agent that has a shell as the same user')
  expect(existsSync(join(folder, 'ledger.db'))).toBe(false)
})

it('says that it is in memory where it is', async () => {
  const { found } = await ledgerCheck(without(env, 'ALIPAY_DATA_DIR'))
  expect(found).toMatch(/^in memory, like the emulator/)
})

it('says that all is frozen, and how to end it', async () => {
  await withLedger((ledger) => ledger.freeze('a theft', ACTOR))
  const check = await ledgerCheck(env)
  expect(check).toMatchObject({ status: 'warning', code: 0 })
  expect(check.found).toMatch(/^frozen since .* Beijing time: no new orders, no refunds\./)
  expect(check.fix).toContain('alipay-mcp unfreeze')
  expect(check.verdict).toBe('Frozen: no new orders, no refunds. 1 to look at: Ledger.')
})

it('names a freeze first, each finding with its fix, and never says that it works', async () => {
  await withLedger(async (ledger) => {
    await loseCode(ledger, 'CODE')
    await ledger.freeze('a theft', ACTOR)
  })
  const { output } = await run(env)
  const entry = /^\[warning\] Ledger: [\s\S]*?(?=^\[)/m.exec(output)?.[0].trimEnd().split('\n') ?? []
  expect(entry).toStrictEqual([
    expect.stringMatching(/^\[warning\] Ledger: frozen since \d{4}-.* no refunds\. The ledger is in ".*"\.$/),
    '          Fix: when it is over, run alipay-mcp unfreeze at a terminal.',
    '          1 step has an unknown result.',
    '          Fix: run alipay-mcp resolve: it asks Alipay and sends nothing else.',
  ])
  expect(output).toMatch(/\nFrozen: no new orders, no refunds\. 2 to look at: Ledger\.\n$/)
  const chinese = (await run(env, ['--lang', 'zh'])).output
  expect(chinese).toMatch(
    /账本：自北京时间 .* 起已冻结：不创建订单，不退款。账本在 ".*"。\n[\s\S]*\n已冻结：不创建订单，不退款。有 2 项要留意：账本。\n$/,
  )
})

it('counts what nobody knows the end of', async () => {
  await withLedger((ledger) => loseCode(ledger, 'CODE'))
  const check = await ledgerCheck(env)
  expect(check.found).toMatch(/^1 step has an unknown result\. The ledger is in "/)
  expect(check.fix).toContain('alipay-mcp resolve')
  expect(check.verdict).toBe('It works. 1 to look at: Ledger.')
  await withLedger((ledger) => loseCode(ledger, 'CODE2'))
  expect((await ledgerCheck(env)).found).toMatch(/^2 steps have unknown results\./)
})

it('names damaged entries, which SQLite itself does not see', async () => {
  await withLedger(async (ledger) => {
    const order = { total_amount: '1.00', subject: 'Tea', channel: 'page', time_expire: '2099-01-01 00:00:00' } as const
    for (const out_trade_no of ['TEXT', 'SUM', 'SOUND'])
      await ledger.reserveOrder({ ...order, out_trade_no }, {}, ACTOR)
  })
  const db = (await findEngine('file'))(join(folder, 'ledger.db'))
  db.exec(`update orders set subject = cast(x'ff41' as text) where out_trade_no = 'TEXT'`)
  db.exec(`update orders set total_fen = -100 where out_trade_no = 'SUM'`)
  db.close()
  const check = await ledgerCheck(env)
  expect(check).toMatchObject({ status: 'failed', code: 1 })
  expect(check.found).toMatch(/^damaged: order "TEXT" \(subject\), order "SUM" \(total_fen\)\./)
  expect(check.fix).toContain('put a backup in their place')
})

it('fails for an empty ledger.db beside its log, and leaves the log', async () => {
  writeFileSync(join(folder, 'ledger.db-wal'), 'what is left of it')
  const check = await ledgerCheck(env)
  expect(check).toMatchObject({ status: 'failed' })
  expect(check.found).toContain('ledger.db is empty, but it is no new ledger')
  expect(existsSync(join(folder, 'ledger.db-wal'))).toBe(true)
})

describe.skipIf(process.platform === 'win32')('the folder', () => {
  it.each([false, true])('is warned about where everybody may write in it (a ledger is there: %s)', async (isThere) => {
    if (isThere) await withLedger(async () => {})
    chmodSync(folder, 0o777)
    const check = await ledgerCheck(env)
    expect(check).toMatchObject({ status: 'warning', code: 0 })
    expect(check.found).toContain(`every user of this computer may write in ${JSON.stringify(folder)}`)
    expect(check.fix).toContain('chmod o-w')
  })

  it('is a finding with its fix where it cannot be made, and is not tried', async () => {
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'))
    const check = await ledgerCheck({ ...env, ALIPAY_DATA_DIR: join(folder, 'link', 'ledger') })
    expect(check).toMatchObject({ status: 'failed', found: 'The folder of the ledger cannot be made.' })
    expect(check.fix).toContain('ALIPAY_DATA_DIR')
  })

  it('holds a pipe in the place of the ledger: that is told, and nobody waits for it', async () => {
    spawnSync('mkfifo', [join(folder, 'ledger.db')])
    const check = await ledgerCheck(env)
    expect(check).toMatchObject({ status: 'failed', found: 'ledger.db is a pipe, not a file.' })
  })
})

it('fails for a ledger that cannot be used, and looks at the network all the same', async () => {
  writeFileSync(join(folder, 'ledger.db'), 'this is no database at all, but it is long enough to be taken for one')
  const { checks, code } = await report(env)
  const at = (title: string) => checks.find((check) => check.title.startsWith(title))
  expect(at('Ledger')).toMatchObject({ status: 'failed', fix: expect.any(String) })
  expect(at('Clock')?.status).toBe('ok')
  expect(code).toBe(1)
})

it('names what production wants before it gives anything back', async () => {
  const { checks } = await report({
    ...env,
    ALIPAY_ENV: 'production',
    ALIPAY_GATEWAY: 'https://gateway.invalid/gateway.do',
  })
  const { found } = checks.find(({ title }) => title === 'Refunds') ?? {}
  expect(found).toContain('off until these are set: ALIPAY_REFUND_APPROVAL=operator')
  for (const name of ['ALIPAY_MAX_REFUND', 'ALIPAY_DAILY_REFUNDS', 'ALIPAY_SELLER_ID']) expect(found).toContain(name)
})
