// What the tools work with is made late; the host may be gone by then, and an earlier process may have left work.

import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts'
import { LedgerError } from '../../src/errors.ts'
import { LazyServices } from '../../src/server/services.ts'
import type { Config } from '../../src/settings/config.ts'
import { readConfig } from '../settings/read-config.ts'

function configOf(variables: Record<string, string>): Config {
  const read = readConfig(variables)
  if (!('config' in read)) throw new Error(JSON.stringify(read.problems))
  return read.config
}

it('sends nothing that changes something when the host has gone while it was being made', async () => {
  const lazy = new LazyServices(configOf({}), () => {})
  const making = lazy.get()
  lazy.stopChanging()
  const { gateway } = await making
  const closed = await gateway.close({ out_trade_no: 'X' })
  expect(closed).toMatchObject({ outcome: 'refused', refusal: { not_sent: 'the server is shutting down' } })
  expect(await gateway.query({ out_trade_no: 'X' })).toMatchObject({
    refusal: { sub_code: 'ACQ.TRADE_NOT_EXIST' },
  })
  await lazy.shutDown()
})

describe('the ledger on disk', () => {
  let emulator: Emulator
  let folder: string
  let config: Config
  beforeEach(async () => {
    emulator = await startEmulator()
    folder = join(mkdtempSync(join(tmpdir(), 'alipay-mcp-services-')), 'ledger')
    config = configOf({
      ALIPAY_GATEWAY: emulator.gateway,
      ALIPAY_APP_ID: emulator.app_id,
      ALIPAY_PRIVATE_KEY: emulator.private_key,
      ALIPAY_PUBLIC_KEY: emulator.alipay_public_key,
      ALIPAY_DATA_DIR: folder,
    })
  })
  afterEach(async () => {
    await emulator.close()
    rmSync(join(folder, '..'), { recursive: true })
  })
  const calls = async () => Object(await (await fetch(`${emulator.control_url}/trades`)).json()).calls

  it('is not made by a start that finds none', async () => {
    const lazy = new LazyServices(config, () => {})
    await lazy.warmUp()
    await lazy.shutDown()
    expect(existsSync(folder)).toBe(false)
  })

  it('is opened once, and tried again after it could not be', async () => {
    writeFileSync(folder, 'a file where the folder should be')
    const lazy = new LazyServices(config, () => {})
    await expect(lazy.ledger()).rejects.toThrow(LedgerError)
    rmSync(folder)
    expect(await lazy.ledger()).toBe(await lazy.ledger())
    expect(await (await lazy.get()).ledger()).toBe(await lazy.ledger())
    await lazy.shutDown()
  })

  it.skipIf(process.platform === 'win32')('warns of a folder in which everybody may write', async () => {
    const said: string[] = []
    const lazy = new LazyServices(config, (line) => said.push(line))
    await lazy.ledger()
    expect(said).toStrictEqual([])
    await lazy.shutDown()
    chmodSync(folder, 0o777)
    const again = new LazyServices(config, (line) => said.push(line))
    await again.ledger()
    expect(said).toStrictEqual([
      `Every user of this computer may write in ${folder}, where the ledger is: take that right away.`,
    ])
    await again.shutDown()
  })

  /** A refund that a process sent at that time, and was killed then. */
  async function killedWithARefund(at: number): Promise<void> {
    const before = new LazyServices(config, () => {})
    const actor = { at, owner: 'before', host: 'a host' }
    const request = { out_trade_no: 'A', trade_no: '2026112022001400100500000001', total_fen: 10_000 }
    const refund = {
      ...request,
      out_request_no: 'RF1',
      portion: { kind: 'rest', ordinal: 1 } as const,
      amount_fen: 10_000,
    }
    const ledger = await before.ledger()
    const reserved = await ledger.reserveRefund(refund, { asks: 'never' }, undefined, actor)
    if (reserved.outcome !== 'prepared') throw new Error('it was not prepared')
    expect(await ledger.markSending(reserved.intent.id, false, actor)).toBe('go')
    await before.shutDown()
  }

  it('is resolved by the next start, by reading only', async () => {
    await killedWithARefund(Date.now() - 11 * 60_000)
    onTestFinished(() => void vi.useRealTimers())
    const first = Date.now()
    // Once nothing is known of it, and again ten minutes later: whoever was killed may have slept long before that.
    for (const [state, minutes] of [
      ['unknown', 0],
      ['unknown', 9],
      ['not_executed', 11],
    ] as const) {
      vi.useFakeTimers({ toFake: ['Date'], now: first + minutes * 60_000 })
      const lazy = new LazyServices(config, () => {})
      await lazy.warmUp()
      expect(await (await lazy.ledger()).intents('A')).toMatchObject([{ state, attempt: 1 }])
      await lazy.shutDown()
    }
    expect(await calls()).toStrictEqual({ 'alipay.trade.fastpay.refund.query': 3 })
  })

  it('is resolved by a start that comes at once as soon as nobody can be at work on it any more', async () => {
    await killedWithARefund(Date.now() - 65_000)
    const lazy = new LazyServices(config, () => {})
    await lazy.warmUp()
    const ledger = await lazy.ledger()
    expect(await ledger.intents('A')).toMatchObject([{ state: 'sent' }])
    await vi.waitFor(async () => expect(await ledger.intents('A')).toMatchObject([{ state: 'unknown' }]), 20_000)
    await lazy.shutDown()
    expect(await calls()).toStrictEqual({ 'alipay.trade.fastpay.refund.query': 1 })
  })
})
