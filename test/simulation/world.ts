// The world of one run: Alipay, the agent, the merchant, the servers that live and die, and what happened so far.
import type { Clock } from '../../src/clock.ts'
import type { Ledger, Order } from '../../src/ledger/ledger.ts'
import { Agent } from './agent.ts'
import type { Alipay } from './alipay.ts'
import { Buyers } from './buyers.ts'
import { resolveBy } from './calling.ts'
import { Courier } from './courier.ts'
import { AT, Front } from './front.ts'
import { type Host, openHost, type Replaced, type Surroundings } from './host.ts'
import { Life } from './life.ts'
import { Merchant } from './merchant.ts'
import type { Network } from './network.ts'
import { observedLedger } from './observed-ledger.ts'
import { newPageRecords } from './page-records.ts'
import type { Records } from './records.ts'
import { rulesOf } from './rules.ts'
import { Shop } from './shop.ts'
import type { OpenedLedger } from './stage.ts'
import type { Scenario } from './steps.ts'
import { Subscribing } from './subscribing.ts'
import type { VirtualTime } from './virtual-time.ts'
import { watchedLedger } from './watched-ledger.ts'
import { Watchers } from './watchers.ts'

export interface Stage {
  time: VirtualTime
  alipay: Alipay
  network: Network
  clock: Clock
}

// As in cli/serve.ts.
const WARM_UP_MS = 400

/** The ledger of one run: the same one each time it is asked, or another connection to the same file. */
export type OpenLedger = () => Promise<Ledger>

export class World {
  readonly agent = new Agent()
  readonly merchant: Merchant
  readonly records: Records
  readonly buyers = new Buyers(this)
  readonly courier = new Courier(this)
  readonly watchers = new Watchers(this)
  readonly front = new Front(this)
  /** Undefined: nothing is sold by items. */
  readonly shop: Shop | undefined
  /** Undefined: nobody subscribes to anything. */
  readonly subscribing: Subscribing | undefined
  /** How many calls of tools run now. */
  running = 0
  /** Orders as the ledger had them when they were last judged. */
  readonly known = new Map<string, Order>()
  #background: Promise<unknown>[] = []
  readonly #hosts = new Map<number, Host>()
  #lives = 0

  constructor(
    readonly stage: Stage,
    readonly scenario: Scenario,
    /** Of those who act without a server. */
    readonly terminal: Ledger,
    readonly opened: OpenedLedger,
    readonly replaced: Replaced,
  ) {
    this.merchant = new Merchant(stage.time, stage.alipay, terminal)
    const { shop, subscriptions } = scenario.settings
    this.shop = shop && new Shop(this, shop)
    this.subscribing = subscriptions && new Subscribing(this, subscriptions)
    const { yeses, questions } = this.merchant
    const { sent } = stage.network
    const pages = newPageRecords()
    const told = { calls: [], freezes: [], ourFaults: [], losses: [] }
    const { shop: sold, subscribing: subscribed } = this
    const of = { shop: sold?.records, subscriptions: subscribed?.records }
    this.records = { ...told, kills: 0, sent, yeses, questions, pages, ...of }
  }

  /** The host of that place, with a living server. */
  async host(place: number): Promise<Host> {
    const known = this.#hosts.get(place)
    if (known && !known.life.dead) return known
    const { time } = this.stage
    const { settings } = this.scenario
    const life = this.newLife('server')
    const ledger = await this.ledgerOf(life)
    const host = await time.until(openHost(life, ledger, this.around(place)))
    this.#hosts.set(place, host)
    if (settings.warmUp) time.after(WARM_UP_MS, () => resolveBy(host, this))
    return host
  }

  newLife(kind: 'server' | 'front' | 'watcher' | 'shop' | 'terminal' | 'elsewhere' | 'cron'): Life {
    const index = ++this.#lives
    return new Life(`${kind} ${index}`, index)
  }

  async ledgerOf(life: Life): Promise<Ledger> {
    const { time } = this.stage
    const own = await time.outside(this.opened.open())
    const asked = life.name.startsWith('terminal') ? undefined : this.merchant
    return watchedLedger(observedLedger(own, time, this.records), life, time, asked)
  }

  /** What the process of that place finds. */
  around(place: number): Surroundings {
    const { settings } = this.scenario
    const hasPages = settings.pages === 'all' || (settings.pages === 'first' && place === 0)
    return {
      ...this.stage,
      replaced: this.replaced,
      rules: rulesOf(settings),
      pages: hasPages ? { at: AT, proven: async () => ({ at: AT }) } : undefined,
      era: settings.era,
      role: 'merchant',
      isDeskOpen: false,
      answer: settings.forms ? (question: string) => this.merchant.answer(question) : undefined,
      shop: this.shop?.sells() ?? this.subscribing?.sells(),
      isSubscribed: this.subscribing !== undefined,
      report: (_: string, error: unknown) => void this.records.ourFaults.push(error),
    }
  }

  /** Goes on while other things happen. */
  background(work: Promise<unknown>): void {
    this.#background.push(work.catch((error: unknown) => void this.records.ourFaults.push(error)))
  }

  /** Until all of that has ended, and what it began. */
  settled = async (): Promise<void> => {
    for (let work = this.#background.shift(); work; work = this.#background.shift()) await work
  }

  kill(life: Life): void {
    this.records.kills++
    life.kill()
  }

  killAll(): void {
    for (const { life } of this.#hosts.values()) if (!life.dead) this.kill(life)
    this.shop?.killAll()
    this.subscribing?.killAll()
    this.watchers.killAll()
  }

  clearFaults(): void {
    this.stage.alipay.control('faults/clear')
    this.stage.network.faults = []
  }

  async freeze(on: boolean): Promise<void> {
    const { time } = this.stage
    const { freezes } = this.records
    const actor = { at: time.now(), owner: 'terminal', host: 'terminal' }
    await (on ? this.terminal.freeze(undefined, actor) : this.terminal.unfreeze(actor))
    const last = freezes.at(-1)
    if (on && (!last || last.until !== undefined)) freezes.push({ from: time.moment(), at: time.now() })
    if (!on && last && last.until === undefined) last.until = time.moment()
  }

  async end(): Promise<void> {
    for (const host of this.#hosts.values()) await host.close()
    await this.shop?.end()
    await this.subscribing?.end()
  }
}
