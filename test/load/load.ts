// Many built servers on one ledger under a steady rate of mixed calls, some of them killed; then both books are compared.
import { tmpdir } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { each, World } from '../crash/world.ts'
import type { Fields } from '../e2e/hosts.ts'
import { type Comparison, compareBooks } from './books.ts'
import { LoadedServer } from './client.ts'

export interface Load {
  servers: number
  seconds: number
  /** Calls a second, of all servers together. */
  calls: number
  /** So many servers are killed in the midst of it; the load goes on until all were. */
  kills: number
}

export interface LoadReport {
  /** Milliseconds of each call that was answered, by tool. */
  times: ReadonlyMap<string, readonly number[]>
  /** How often each error was answered, without its numbers. */
  errors: ReadonlyMap<string, number>
  /** Those that name a lock, another program, or a statement in progress. */
  ofLocks: number
  /** Calls that came when every server had as many as it may. */
  skipped: number
  seconds: number
  kills: number
  books: Comparison
}

const AT_ONCE_EACH = 8
const STARTED_AT_ONCE = 4
const OF_LOCKS = /locked|another program|busy|in progress/i

/** What the shop of the load remembers of an order. */
interface Made {
  out_trade_no: string
  pay_url: unknown
  paid: boolean
}

export async function runLoad(load: Load): Promise<LoadReport> {
  const world = await World.open()
  const run = new LoadRun(world, load)
  try {
    await run.start()
    await run.go()
    return await run.report()
  } finally {
    await run.end()
    await world.close()
  }
}

class LoadRun {
  readonly #servers: LoadedServer[] = []
  readonly #times = new Map<string, number[]>()
  readonly #errors = new Map<string, number>()
  readonly #made: Made[] = []
  readonly #flying = new Set<Promise<void>>()
  #skipped = 0
  #killed = 0
  #seconds = 0
  #next = 0

  constructor(
    readonly world: World,
    readonly load: Load,
  ) {}

  async start(): Promise<void> {
    // The first one makes the ledger, as on a real computer; the others come together.
    this.#servers.push(await this.#started())
    const rest = Array.from({ length: this.load.servers - 1 }, (_, at) => at)
    await each(rest, STARTED_AT_ONCE, async () => void this.#servers.push(await this.#started()))
  }

  #started(): Promise<LoadedServer> {
    return LoadedServer.start(this.world.env(), tmpdir())
  }

  /** At its rate, whether or not the calls before were answered. */
  async go(): Promise<void> {
    const { seconds, calls, kills } = this.load
    const begun = performance.now()
    const passed = () => (performance.now() - begun) / 1_000
    const killing = this.#killAll(seconds)
    for (let sent = 0; passed() < seconds || this.#killed < kills; ) {
      for (const due = passed() * calls; sent < due; sent++) this.#send()
      await pause(5)
    }
    await killing
    await Promise.all(this.#flying)
    this.#seconds = passed()
  }

  async #killAll(seconds: number): Promise<void> {
    const { kills } = this.load
    while (this.#killed < kills) {
      await pause((seconds * 1_000) / kills / 2)
      const at = Math.floor(Math.random() * this.#servers.length)
      const server = this.#servers[at]
      if (!server) continue
      await server.kill()
      this.#killed++
      this.#servers[at] = await this.#started()
    }
  }

  #send(): void {
    const server = this.#servers[this.#next++ % this.#servers.length]
    if (!server?.alive || server.busy >= AT_ONCE_EACH) {
      this.#skipped++
      return
    }
    const call = this.#one(server).finally(() => this.#flying.delete(call))
    this.#flying.add(call)
  }

  async #one(server: LoadedServer): Promise<void> {
    const dice = Math.random()
    const order = this.#made[Math.floor(Math.random() * this.#made.length)]
    if (!order || dice < 0.25) return this.#create(server)
    const { out_trade_no } = order
    if (dice < 0.6) return void (await this.#call(server, 'query_payment', { out_trade_no }))
    if (dice < 0.75) return this.#refund(server, order)
    if (dice < 0.85) return void (await this.#call(server, 'query_refund', { out_trade_no }))
    if (dice < 0.95) return void (await this.#call(server, 'list_payments', { limit: 10, refresh: false }))
    await this.#call(server, 'close_payment', { out_trade_no })
  }

  async #create(server: LoadedServer): Promise<void> {
    const subject = `Load ${Math.random()}`
    const { out_trade_no, pay_url } = await this.#call(server, 'create_payment', { subject, total_amount: '100.00' })
    if (typeof out_trade_no === 'string') this.#made.push({ out_trade_no, pay_url, paid: false })
  }

  /** Of each order the same one, whoever asks: it may be made once. */
  async #refund(server: LoadedServer, order: Made): Promise<void> {
    if (!order.paid) {
      order.paid = true
      await this.world.control('pay', { pay_url: order.pay_url }).catch(() => {})
    }
    await this.#call(server, 'refund_payment', { out_trade_no: order.out_trade_no, refund_amount: '30.00' })
  }

  async #call(server: LoadedServer, name: string, args: Fields): Promise<Fields> {
    const begun = performance.now()
    const answer = await server.call(name, args)
    if (!answer) return {}
    const times = this.#times.get(name) ?? []
    this.#times.set(name, times)
    times.push(performance.now() - begun)
    if (answer.isError) this.#countError(`${name}: ${answer.error}: ${String(answer.message)}`)
    return answer
  }

  #countError(text: string): void {
    const kind = text.replace(/\d[\w-]{5,}/g, 'N').slice(0, 200)
    this.#errors.set(kind, (this.#errors.get(kind) ?? 0) + 1)
  }

  async report(): Promise<LoadReport> {
    await this.end()
    const numbers = this.#made.map(({ out_trade_no }) => out_trade_no)
    const ofLocks = [...this.#errors].filter(([text]) => OF_LOCKS.test(text)).reduce((sum, [, count]) => sum + count, 0)
    const books = await compareBooks(this.world, numbers)
    const { skipped, seconds, kills } = { skipped: this.#skipped, seconds: this.#seconds, kills: this.#killed }
    return { times: this.#times, errors: this.#errors, ofLocks, skipped, seconds, kills, books }
  }

  async end(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map((server) => server.end()))
  }
}
