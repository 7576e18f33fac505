// Holds the doctor's look at the ledger to making none, and to telling what is frozen, unfinished, off or broken in it.

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { placeOf } from '../../src/server/ledger-location.ts'
import { elsewhere } from '../e2e/hosts.ts'
import { readConfig } from '../settings/read-config.ts'
import { cleanUp, type Env, newPatient, report, without } from './patients.ts'

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
  return { ...checks.find(({ title }) => title === 'Ledger 账本'), code, verdict }
}

async function withLedger(work: (ledger: Ledger) => Promise<unknown>): Promise<void> {
  const read = readConfig(env)
  if (!('config' in read)) throw new Error('no config')
  const ledger = await openLedger(placeOf(read.config))
  await work(ledger)
  ledger.close()
}

it('says where the ledger will be, who is asked, and what no guard holds, and makes none', async () => {
  const check = await ledgerCheck(env)
  expect(check).toMatchObject({ status: 'ok', fix: null, code: 0 })
  expect(check.found).toContain(JSON.stringify(folder))
  expect(check.found).toContain('Refunds: whoever sits in the chat is asked')
  expect(check.found).toContain('an agent that has a shell as the same user')
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
})

it('counts what nobody knows the end of', async () => {
  await withLedger(async (ledger) => {
    const order = { out_trade_no: 'CODE', total_amount: '1.00', subject: 'Tea', channel: 'qr' } as const
    await ledger.reserveOrder(
      { ...order, time_expire: '2099-01-01 00:00:00' },
      {},
      { ...ACTOR, at: ACTOR.at - 3_600_000 },
    )
  })
  const check = await ledgerCheck(env)
  expect(check.found).toMatch(/^1 steps of which nobody knows how they ended\./)
  expect(check.fix).toContain('alipay-mcp resolve')
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
  const { found } = checks.find(({ title }) => title === 'Ledger 账本') ?? {}
  expect(found).toContain('Refunds are off until these are set: ALIPAY_REFUND_APPROVAL=operator')
  for (const name of ['ALIPAY_MAX_REFUND', 'ALIPAY_DAILY_REFUNDS', 'ALIPAY_SELLER_ID']) expect(found).toContain(name)
})
