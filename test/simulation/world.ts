// The world of one run: Alipay, the agent, the merchant, the servers that live and die, and what happened so far.
import type { Clock } from '../../src/clock.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { Agent } from './agent.ts'
import type { Alipay } from './alipay.ts'
import { resolveBy } from './calling.ts'
import { type Host, openHost, type Replaced } from './host.ts'
import { Life } from './life.ts'
import { Merchant } from './merchant.ts'
import type { Network } from './network.ts'
import type { Records } from './records.ts'
import { rulesOf } from './rules.ts'
import type { Scenario } from './steps.ts'
import type { VirtualTime } from './virtual-time.ts'
import { watchedLedger } from './watched-ledger.ts'

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
  readonly #hosts = new Map<number, Host>()
  #lives = 0

  constructor(
    readonly stage: Stage,
    readonly scenario: Scenario,
    /** Of those who act without a server. */
    readonly terminal: Ledger,
    readonly open: OpenLedger,
    readonly replaced: Replaced,
  ) {
    this.merchant = new Merchant(stage.time, stage.alipay, terminal)
    const { yeses, questions } = this.merchant
    const { sent } = stage.network
    this.records = { calls: [], freezes: [], kills: 0, ourFaults: [], sent, yeses, questions }
  }

  /** The host of that place, with a living server. */
  async host(place: number): Promise<Host> {
    const known = this.#hosts.get(place)
    if (known && !known.life.dead) return known
    const { time } = this.stage
    const { settings } = this.scenario
    const life = new Life(`server ${++this.#lives}`)
    const ledger = watchedLedger(await this.open(), life, time, this.merchant)
    const around = {
      ...this.stage,
      replaced: this.replaced,
      rules: rulesOf(settings),
      era: settings.era,
      answer: settings.forms ? (question: string) => this.merchant.answer(question) : undefined,
      report: (_: string, error: unknown) => void this.records.ourFaults.push(error),
    }
    const host = await time.until(openHost(life, ledger, around, this.#lives))
    this.#hosts.set(place, host)
    if (settings.warmUp) time.after(WARM_UP_MS, () => resolveBy(host, this))
    return host
  }

  kill(life: Life): void {
    this.records.kills++
    life.kill()
  }

  killAll(): void {
    for (const { life } of this.#hosts.values()) if (!life.dead) this.kill(life)
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
  }
}
