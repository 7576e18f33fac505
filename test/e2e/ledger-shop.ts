// For tests of the ledger's commands: settings as a server has them, and the ledger that it keeps there.
import { spawnSync } from 'node:child_process'
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { order, paid } from '../cli/ledger/full-ledger.ts'
import { type Env, elsewhere, HOMELESS, MAIN } from './hosts.ts'

export const DAY = '2026-11-02'

export interface LedgerShop {
  env: Env
  folder: string
  ledger: Ledger
}

const opened: { emulator: Emulator; ledger: Ledger }[] = []
export async function closeShops(): Promise<void> {
  for (const { emulator, ledger } of opened.splice(0)) {
    ledger.close()
    await emulator.close()
  }
}

/** One order, A1, of 100.00, paid. */
export async function openLedgerShop(): Promise<LedgerShop> {
  const emulator = await startEmulator()
  const folder = elsewhere()
  const { gateway, app_id } = emulator
  const ledger = await openLedger({ folder, partition: { environment: 'local', gateway, merchant: app_id } })
  opened.push({ emulator, ledger })
  await order(ledger, 'A1', `${DAY} 10:00:00`, '诗集，精装')
  await paid(ledger, 'A1', `${DAY} 10:01:00`)
  const env = {
    ALIPAY_GATEWAY: gateway,
    ALIPAY_APP_ID: app_id,
    ALIPAY_PRIVATE_KEY: emulator.private_key,
    ALIPAY_PUBLIC_KEY: emulator.alipay_public_key,
    ALIPAY_DATA_DIR: folder,
  }
  return { env, folder, ledger }
}

/** A refund of 30.00 that waits for a yes. */
export async function ask(ledger: Ledger, approvalDigest: string, asked_at = Date.now()): Promise<number> {
  const question = `要退款吗？ Give this money back?\n退款金额 Refund: ¥30.00\n商品 Item: "${approvalDigest}"`
  const actor = { at: asked_at, owner: 'server', host: 'Cursor' }
  return (await ledger.requestApproval({ approvalDigest, out_trade_no: 'A1', amount_fen: 3_000, question }, actor)).id
}

/** Through pipes, as a program or an agent would run it. */
export function run(args: readonly string[], env: Env = {}) {
  const child = { encoding: 'utf8', cwd: elsewhere(), env: { ...HOMELESS, ...env } } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], child)
  return { status, stdout, stderr }
}
