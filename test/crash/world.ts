// A world of its own for tests of crashes and races: one emulator, one ledger on disk, and processes that share them.

import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { type EmulatedApp, type Emulator, startEmulator } from '../../src/emulator/emulator.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { placeOf } from '../../src/server/ledger-location.ts'
import type { Env, Fields } from '../e2e/hosts.ts'
import { readConfig } from '../settings/read-config.ts'
import { PLAN, type Plan } from './plan.ts'
import { command, ServerProcess } from './processes.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const LOOK_AGAIN_MS = 20
/** A connection that is kept may be closed by the emulator in the moment in which it is used again. */
export const FRESH = { headers: { connection: 'close' } }
const HOUR_MS = 3_600_000

const refund = z.object({ out_request_no: z.string(), refund_amount: z.string(), gmt_refund_pay: z.string() })
const trade = z.object({
  ...{ out_trade_no: z.string(), trade_no: z.string(), trade_status: z.string(), subject: z.string() },
  ...{ total_amount: z.string(), refunded: z.string(), refunds: z.array(refund) },
})
const opening = z.object({ out_trade_no: z.string() })
const trades = z.object({
  ...{ paid: z.string(), refunded: z.string(), calls: z.record(z.string(), z.number()) },
  ...{ trades: z.array(trade), opened_links: z.array(opening), codes: z.array(opening) },
})
/** What the emulator has, as its control API tells it. */
export type Trades = z.infer<typeof trades>
export type BookedTrade = z.infer<typeof trade>

export class World {
  readonly #processes: ServerProcess[] = []
  /** Homes and working folders, too. */
  readonly #root = mkdtempSync(join(tmpdir(), 'alipay-mcp-world-'))
  readonly folder = join(this.#root, 'ledger')
  /** Of orders whose numbers the server made, by their subjects. */
  readonly numbers = new Map<string, string>()
  readonly #ledgers = new Map<string, Promise<Ledger>>()
  #copies = 0

  private constructor(
    readonly emulator: Emulator,
    readonly settings: Env,
  ) {}

  /** @param settings of all servers, over what is needed to reach the emulator */
  static async open(settings: Env = {}, apps = 1): Promise<World> {
    return new World(await startEmulator({ apps }), settings)
  }

  /** The environment of a server; without that of a real user. */
  env(settings: Env = {}, app: EmulatedApp | undefined = this.emulator.apps[0]): Env {
    const home = join(this.#root, 'home')
    mkdirSync(home, { recursive: true })
    return {
      ...{ HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, APPDATA: home, LOCALAPPDATA: home },
      ALIPAY_GATEWAY: this.emulator.gateway,
      ALIPAY_APP_ID: app?.app_id ?? '',
      ALIPAY_PRIVATE_KEY: app?.private_key ?? '',
      ALIPAY_PUBLIC_KEY: this.emulator.alipay_public_key,
      ALIPAY_DATA_DIR: this.folder,
      ALIPAY_MAX_CALLS_PER_MINUTE: '0',
      ...this.settings,
      ...settings,
    }
  }

  /** The built server. */
  async server(env: Env = this.env()): Promise<ServerProcess> {
    const server = this.#started(await ServerProcess.start({ main: MAIN, env, cwd: this.#root }))
    await this.tellTime(server)
    return server
  }

  /** Only by an answer does it learn that the emulator's clock was moved; on a real computer time just passes. */
  async tellTime(server: ServerProcess): Promise<void> {
    await server.call('query_payment', { out_trade_no: 'WHAT_TIME_IS_IT' })
  }

  /** @param main the bundle of breaking-server.ts */
  async breaking(main: string, plan: Plan): Promise<ServerProcess> {
    const env = { ...this.env(), [PLAN]: JSON.stringify(plan) }
    return this.#started(await ServerProcess.start({ main, env, cwd: this.#root }))
  }

  #started(server: ServerProcess): ServerProcess {
    this.#processes.push(server)
    return server
  }

  /** What a command of the built program prints, such as `resolve`. */
  command(args: readonly string[], env: Env = this.env()): Promise<string> {
    return command({ main: MAIN, env, cwd: this.#root }, args)
  }

  /** A copy of the ledger as it lies on disk now; nobody may be writing. */
  copyOfLedger(): string {
    const copy = join(this.#root, `copy-${++this.#copies}`)
    cpSync(this.folder, copy, { recursive: true })
    return copy
  }

  /** The ledger of the servers of this environment; it stays open until the world ends. */
  ledger(env: Env = this.env()): Promise<Ledger> {
    const read = readConfig(env)
    if (!('config' in read)) throw new Error(JSON.stringify(read.problems))
    const place = placeOf(read.config)
    const key = JSON.stringify(place)
    const ledger = this.#ledgers.get(key) ?? openLedger(place)
    this.#ledgers.set(key, ledger)
    return ledger
  }

  async control(path: string, body: Fields): Promise<Fields> {
    const response = await fetch(`${this.emulator.control_url}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...FRESH.headers },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`control/${path}: ${response.status} ${await response.text()}`)
    return { ...Object(await response.json()) }
  }

  numberOf(subject: string): string {
    return this.numbers.get(subject) ?? subject
  }

  /** Servers learn of it with their next answer. */
  async pass(minutes: number): Promise<void> {
    await this.control('clock', { seconds: minutes * 60 })
  }

  /** To the next noon of Beijing, far from the end of a day. */
  async untilNoon(): Promise<void> {
    const intoTheDay = (Date.now() + 8 * HOUR_MS) % (24 * HOUR_MS)
    await this.control('clock', { ms: 36 * HOUR_MS - intoTheDay })
  }

  async trades(): Promise<Trades> {
    return trades.parse(await (await fetch(`${this.emulator.control_url}/trades`, FRESH)).json())
  }

  async trade(out_trade_no: string): Promise<BookedTrade> {
    const { trades } = await this.trades()
    const found = trades.find((one) => one.out_trade_no === out_trade_no)
    if (!found) throw new Error(`the emulator has no trade of ${out_trade_no}`)
    return found
  }

  /** Resolves when all the faults that were ordered have met their calls. */
  async untilFaultsAreTaken(): Promise<void> {
    for (;;) {
      const { faults } = Object(await (await fetch(`${this.emulator.control_url}/faults`, FRESH)).json())
      if (faults.length === 0) return
      await pause(LOOK_AGAIN_MS)
    }
  }

  /** An order of that number, made by a server and paid. */
  async paidOrder(by: ServerProcess, out_trade_no: string, total_amount = '100.00'): Promise<void> {
    const made = await by.call('create_payment', { out_trade_no, total_amount, subject: out_trade_no })
    await this.control('pay', { pay_url: made.pay_url })
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map((server) => server.kill()))
    for (const ledger of this.#ledgers.values()) (await ledger).close()
    await this.emulator.close()
    rmSync(this.#root, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Does something with each of them, so many at a time. */
export async function each<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
