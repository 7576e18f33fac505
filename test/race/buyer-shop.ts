// A shop for buyers: built servers on one ledger on disk, and an emulator. Who is cut off asks another server the same again.
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { placeOf } from '../../src/server/ledger-location.ts'
import type { SoldItem } from '../buyer/history.ts'
import { writeItems } from '../buyer/items-for-sale.ts'
import { World } from '../crash/world.ts'
import type { Env, Fields } from '../e2e/hosts.ts'
import { readConfig } from '../settings/read-config.ts'
import type { Answered } from './buyer-judge.ts'
import { BuyerServer, type Era, ListenProcess } from './buyer-server.ts'

const MOST_TRIES = 100
/** Nothing was done then: Alipay's answer, the ledger or the page took too long. */
const PASSING = ['no_answer', 'not_sent', 'not_configured']
const ASK_AGAIN_MS = 500
const FILES = ['ledger.db', 'ledger.db-wal', 'ledger.db-shm']
const LOOK_AGAIN_MS = 5
/** Within so many milliseconds, in the midst of whatever the server then does. */
const KILLED_WITHIN_MS = 20
const ERAS: readonly Era[] = [undefined, '2026-07-28']

/** Whose order each server asks Alipay about when it starts: only by an answer it learns that the clock was moved. */
const CLOCK_WATCHER = 'whoever asks the time'
const TIMETABLE: SoldItem = { id: 'timetable', subject: 'Timetable', price: '0.01', deliver: { text: 'At noon.' } }

export interface ShopOptions {
  items: readonly SoldItem[]
  servers: number
  settings?: Env
}

export class BuyerShop {
  /** All that was answered, in its order. */
  readonly answers: Answered[] = []
  /** Tools whose calls died with their servers. */
  readonly cut: string[] = []
  kills = 0
  readonly #slots: Promise<BuyerServer>[] = []
  /** Servers that run, and are not about to be killed. */
  readonly #up = new Set<number>()
  readonly #listening: ListenProcess[] = []
  #timetable: string | undefined

  private constructor(
    readonly world: World,
    readonly env: Env,
    readonly servers: number,
  ) {}

  /** Nothing is started yet. */
  static async open({ items, servers, settings }: ShopOptions): Promise<BuyerShop> {
    const world = await World.open()
    const itemsFile = writeItems(join(dirname(world.folder), 'shop'), [...items, TIMETABLE])
    const env = world.env({ ALIPAY_ROLE: 'buyer', ALIPAY_ITEMS_FILE: itemsFile, ...settings })
    return new BuyerShop(world, env, servers)
  }

  /** The first one makes the ledger, as on a real computer; the others come together. */
  async start(): Promise<void> {
    for (let slot = 0; slot < this.servers; slot++) {
      this.#slots[slot] = this.#startServer(slot)
      if (slot === 0) await this.#slots[slot]
    }
    await Promise.all(this.#slots)
  }

  async #startServer(slot: number): Promise<BuyerServer> {
    const server = await BuyerServer.start(this.env, dirname(this.world.folder), ERAS[slot % ERAS.length])
    await this.#tellTime(server)
    this.#up.add(slot)
    return server
  }

  async #tellTime(server: BuyerServer): Promise<void> {
    if (this.#timetable === undefined) {
      const made = await server.call(CLOCK_WATCHER, 'create_payment', { item: TIMETABLE.id })
      this.#timetable = String(made?.out_trade_no)
    }
    await server.call(CLOCK_WATCHER, 'query_payment', { out_trade_no: this.#timetable })
  }

  /** The clock of Alipay, which every server then hears. */
  async pass(minutes: number): Promise<void> {
    await this.world.pass(minutes)
    for (const slot of this.#slots) await this.#tellTime(await slot)
  }

  async listen(...args: string[]): Promise<ListenProcess> {
    const listening = await ListenProcess.start(this.env, dirname(this.world.folder), args)
    this.#listening.push(listening)
    return listening
  }

  async endListening(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await Promise.all(this.#listening.splice(0).map((listening) => listening.end(signal)))
  }

  anySlot(except?: number): number {
    const slots = this.#slots.map((_, slot) => slot).filter((slot) => slot !== except)
    return slots[Math.floor(Math.random() * slots.length)] ?? 0
  }

  /** Where it was cut, or the computer was too slow, the same is asked again. */
  async ask(buyer: string, tool: string, args: Fields, slot = this.anySlot()): Promise<Fields> {
    let at = slot
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      const server = await this.#slots[at]
      const answer = await server?.call(buyer, tool, args)
      if (answer && !PASSING.includes(String(answer.error))) {
        this.answers.push({ buyer, tool, args, answer })
        return answer
      }
      if (answer) await pause(ASK_AGAIN_MS)
      else this.cut.push(tool)
      at = this.anySlot()
    }
    throw new Error(`${tool} had no answer in ${MOST_TRIES} tries`)
  }

  /** This one, or where it is about to be started another that runs; resolves once it was started again. */
  async killOne(wanted = this.anySlot()): Promise<void> {
    while (this.#up.size === 0) await pause(LOOK_AGAIN_MS)
    const [other = wanted] = this.#up
    const slot = this.#up.has(wanted) ? wanted : other
    this.#up.delete(slot)
    const server = await this.#slots[slot]
    await pause(Math.random() * KILLED_WITHIN_MS)
    this.#slots[slot] = (server?.kill() ?? Promise.resolve()).then(() => this.#startServer(slot))
    this.kills++
    await this.#slots[slot]
  }

  /** All of them, as hosts and a service manager end them. */
  async stop(): Promise<void> {
    this.#up.clear()
    await Promise.all(this.#slots.splice(0).map(async (slot) => (await slot).end()))
    await this.endListening('SIGTERM')
  }

  async pay(pay_url: unknown): Promise<void> {
    await this.world.control('pay', { pay_url })
  }

  /** By a connection of its own, which is closed again. */
  async read<T>(work: (ledger: Ledger) => Promise<T>): Promise<T> {
    const read = readConfig(this.env)
    if (!('config' in read)) throw new Error(JSON.stringify(read.problems))
    const ledger = await openLedger(placeOf(read.config))
    try {
      return await work(ledger)
    } finally {
      ledger.close()
    }
  }

  /** The numbers on the operator's list, as the built command prints them. */
  async operatorsList(): Promise<readonly string[]> {
    const printed = await this.world.command(['ledger', '--state', 'undelivered', '--json'], this.env)
    const orders: readonly Fields[] = Object(JSON.parse(printed)).orders
    return orders.map(({ out_trade_no }) => String(out_trade_no)).sort()
  }

  /** As docs/ledger.md says: once all have ended, every file of it that is there. */
  backUp(): void {
    this.#copyFiles(this.world.folder, this.#backup)
  }

  /** In the place of what came after it; what lies beside the ledger stays. */
  putBackupBack(): void {
    for (const file of FILES) rmSync(join(this.world.folder, file), { force: true })
    this.#copyFiles(this.#backup, this.world.folder)
  }

  #copyFiles(from: string, to: string): void {
    mkdirSync(to, { recursive: true })
    const there = FILES.filter((file) => existsSync(join(from, file)))
    for (const file of there) copyFileSync(join(from, file), join(to, file))
  }

  get #backup(): string {
    return join(dirname(this.world.folder), 'backup')
  }

  async close(): Promise<void> {
    const servers = await Promise.allSettled(this.#slots.splice(0))
    const running = servers.flatMap((server) => (server.status === 'fulfilled' ? [server.value] : []))
    await Promise.all(running.map((server) => server.kill()))
    await this.endListening('SIGTERM')
    await this.world.close()
  }
}
