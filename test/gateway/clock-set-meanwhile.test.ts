// A computer whose clock is set while the server runs: links go by Alipay's clock, and nothing is removed by another.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Clock } from '../../src/clock.ts'
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts'
import { AlipayGateway } from '../../src/gateway/alipay-gateway.ts'
import type { Environment } from '../../src/gateway/gateway.ts'
import { LazyServices } from '../../src/server/services.ts'
import { parsePrivateKey, parsePublicKey } from '../../src/settings/keys.ts'
import { NOON, order, trade } from '../ledger/places.ts'
import { readConfig } from '../settings/read-config.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Alipay's: nobody sets it. */
class AlipaysClock extends Clock {
  override now(): number {
    return Math.floor(performance.timeOrigin + performance.now())
  }
}

let emulator: Emulator
beforeEach(async () => {
  emulator = await startEmulator({ clock: new AlipaysClock() })
})
afterEach(async () => {
  vi.restoreAllMocks()
  await emulator.close()
})

/** The clock of this computer is set, by so much from what it was at first. */
function setBy(ms: number): void {
  vi.restoreAllMocks()
  const real = Date.now
  vi.spyOn(Date, 'now').mockImplementation(() => real() + ms)
}

describe('the gateway', () => {
  let gateway: AlipayGateway
  let told: number[]
  beforeEach(() => {
    told = []
    const { gateway: address, app_id, private_key, alipay_public_key } = emulator
    const connection = {
      ...{ gateway: address, app_id, timeout: 5_000 },
      privateKey: parsePrivateKey(private_key),
      alipayPublicKey: parsePublicKey(alipay_public_key),
    }
    const clock = new Clock()
    gateway = new AlipayGateway(connection, clock, (date, askedAt) =>
      told.push(clock.follow(date, askedAt) ?? Number.NaN),
    )
  })
  afterEach(() => gateway.shutDown())

  const apart = () => gateway.clock.now() - new AlipaysClock().now()

  it.each([
    ['ahead by a day', DAY],
    ['back by an hour', -HOUR],
    ['ahead by five seconds', 5_000],
  ])('looks at once again after the clock was set %s, and follows', async (_, ms) => {
    for (let looks = 0; looks < 3; looks++) await gateway.checkIn()
    expect(told).toStrictEqual([0])
    setBy(ms)
    expect(Math.abs(apart() - ms)).toBeLessThan(2_500)
    for (let looks = 0; looks < 3; looks++) await gateway.checkIn()
    expect(told).toHaveLength(2)
    expect(Math.abs(apart())).toBeLessThan(2_500)
  })

  it('does not follow an answer that it reads after a sleep, and looks once more', async () => {
    await gateway.checkIn()
    const fault = { fault: 'delay', method: 'alipay.trade.query', ms: 1_000 }
    const headers = { 'content-type': 'application/json' }
    await fetch(`${emulator.control_url}/faults`, { method: 'POST', body: JSON.stringify(fault), headers })
    const answer = gateway.query({ out_trade_no: 'A' })
    const arrived = async () => {
      const { calls } = Object(await (await fetch(`${emulator.control_url}/trades`)).json())
      expect(calls['alipay.trade.query']).toBe(2)
    }
    await vi.waitFor(arrived, { interval: 5, timeout: 20_000 })
    setBy(HOUR)
    await answer
    expect(told).toStrictEqual([0])
    expect(Math.abs(apart() - HOUR)).toBeLessThan(2_500)
    await gateway.checkIn()
    expect(told).toHaveLength(2)
    expect(Math.abs(apart())).toBeLessThan(2_500)
  })

  it('looks again after the clock was set right, too', async () => {
    setBy(DAY)
    await gateway.checkIn()
    setBy(0)
    expect(Math.abs(apart())).toBeGreaterThan(HOUR)
    await gateway.checkIn()
    expect(Math.abs(apart())).toBeLessThan(2_500)
  })
})

describe('what is old in the ledger', () => {
  let folder: string
  let said: string[]
  beforeEach(() => {
    said = []
    folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-clock-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** What a start of the server does, and which orders are there then. */
  async function start(
    operation: (lazy: LazyServices) => Promise<unknown>,
    environment: Environment = 'local',
  ): Promise<readonly string[]> {
    const read = readConfig({
      ALIPAY_GATEWAY: emulator.gateway,
      ALIPAY_APP_ID: emulator.app_id,
      ALIPAY_PRIVATE_KEY: emulator.private_key,
      ALIPAY_PUBLIC_KEY: emulator.alipay_public_key,
      ALIPAY_DATA_DIR: folder,
      ALIPAY_RETENTION_DAYS: '365',
    })
    if (!('config' in read)) throw new Error(JSON.stringify(read.problems))
    const lazy = new LazyServices({ ...read.config, environment }, (line) => said.push(line))
    await operation(lazy)
    const { orders } = await (await lazy.ledger()).list({ limit: 10 })
    await lazy.shutDown()
    return orders.map(({ out_trade_no }) => out_trade_no)
  }

  const paid = (at: number) => async (lazy: LazyServices) => {
    const ledger = await lazy.ledger()
    const actor = { at, owner: 'before', host: 'a host' }
    await ledger.reserveOrder(order('A'), {}, actor)
    await ledger.recordTrade({ trade: trade('A') }, actor)
  }

  it('is removed by a start that sees Alipay', async () => {
    expect(await start(paid(Date.now() - 400 * DAY))).toStrictEqual(['A'])
    expect(await start((lazy) => lazy.warmUp())).toStrictEqual([])
  })

  it('is not what was made today, where the clock of this computer is 400 days ahead', async () => {
    await start(paid(Date.now()))
    setBy(400 * DAY)
    expect(await start((lazy) => lazy.warmUp())).toStrictEqual(['A'])
  })

  it('is removed outside local, too, where both clocks say the same', async () => {
    await start(paid(Date.now() - 400 * DAY), 'production')
    expect(await start((lazy) => lazy.warmUp(), 'production')).toStrictEqual([])
    expect(said).toStrictEqual([])
  })

  it.each([
    ['ahead by three minutes', 3 * 60_000],
    ['back by a day', -DAY],
    ['ahead by 400 days', 400 * DAY],
  ])('stays outside local while the clock of this computer is set %s, and the operator is told', async (_, ms) => {
    await start(paid(Date.now() - 400 * DAY), 'production')
    setBy(ms)
    expect(await start((lazy) => lazy.warmUp(), 'production')).toStrictEqual(['A'])
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/by which orders expire; set it right/)
  })

  it('stays as long as nobody has seen the clock of Alipay', async () => {
    await start(paid(NOON - 4_000 * DAY))
    expect(await start((lazy) => lazy.ledger())).toStrictEqual(['A'])
    await emulator.close()
    expect(await start((lazy) => lazy.warmUp())).toStrictEqual(['A'])
    emulator = await startEmulator()
  })
})
