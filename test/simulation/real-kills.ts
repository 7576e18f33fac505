// One run of the built server, which is killed with SIGKILL at random moments while Alipay is slow.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { movableClock } from '../../src/emulator/clock.ts'
import { createEndpoint } from '../../src/emulator/endpoint.ts'
import { privateText, publicText } from '../../src/emulator/signature.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { placeOf } from '../../src/server/ledger-location.ts'
import { type Env, RawServer } from '../e2e/hosts.ts'
import { readConfig } from '../settings/read-config.ts'
import { Agent, type Spoken } from './agent.ts'
import { Alipay, ours } from './alipay.ts'
import { judgeAnswer } from './judge-answers.ts'
import { judgeDays } from './judge-days.ts'
import { judgeMoney } from './judge-money.ts'
import { compared } from './judge-rest.ts'
import { Life } from './life.ts'
import { newPageRecords } from './page-records.ts'
import { HELD_MS, type RealScenario, type RealStep, SLOW_MS } from './real-scenarios.ts'
import { type Ended, howItEnded, must, type Records, type Violation } from './records.ts'
import type { Settings } from './steps.ts'
import { storyOf } from './story.ts'

export interface RealCame {
  calls: number
  refunds: number
  kills: number
}

const ELEVEN_MINUTES_S = 660
const PROTOCOL = '2025-11-25'

/** An emulator that listens, for one run after the other. */
export class Yard {
  readonly #alipay = new Alipay({ clock: movableClock(), pause: (ms) => pause(ms), keyBits: 2_048 })
  readonly #endpoint = createEndpoint(this.#alipay.platform)

  async open(): Promise<void> {
    const { platform } = this.#alipay
    await new Promise<void>((resolve) => this.#endpoint.listen(0, '127.0.0.1', resolve))
    const address = this.#endpoint.address()
    if (typeof address === 'object') platform.origin = `http://127.0.0.1:${address?.port}`
  }

  close(): void {
    this.#endpoint.close()
    this.#endpoint.closeAllConnections()
  }

  /** @throws Violation, with the story of the run */
  async run(scenario: RealScenario): Promise<RealCame> {
    this.#alipay.control('reset')
    const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-simulation-'))
    const run = new RealRun(this.#alipay, scenario, folder)
    try {
      return await run.live()
    } catch (error) {
      throw Object.assign(error instanceof Error ? error : new Error(String(error)), { story: run.story })
    } finally {
      run.end()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

class RealRun {
  readonly #agent = new Agent()
  readonly #records: Records = {
    ...{ calls: [], freezes: [], ourFaults: [], sent: [], yeses: [], questions: [] },
    kills: 0,
    pages: newPageRecords(),
    ...{ shop: undefined, subscriptions: undefined, losses: [] },
  }
  #server: RawServer | undefined
  #life = new Life('server 0')
  #moment = 0

  constructor(
    readonly alipay: Alipay,
    readonly scenario: RealScenario,
    readonly folder: string,
  ) {}

  get story(): string {
    return storyOf(this.#records)
  }

  async live(): Promise<RealCame> {
    const { steps, total } = this.scenario
    const create = this.#agent.speak({ call: 'create', total, channel: 'page', minutes: 120 })
    if (create) await this.#call(create, undefined)
    this.alipay.control('pay', this.#agent.orders[0]?.links[0])
    for (const step of steps) await this.#step(step)
    await this.#resolve()
    await this.#judgeTrades()
    const refunds = this.alipay.trades().flatMap(ours).length
    return { calls: this.#records.calls.length, refunds, kills: this.#records.kills }
  }

  end(): void {
    this.#server?.child.kill('SIGKILL')
  }

  async #step({ wait, operation, held, killAfter }: RealStep): Promise<void> {
    const { alipay } = this
    if (wait > 0) alipay.control('clock', { seconds: wait })
    alipay.control('faults/clear')
    if (held) alipay.control('faults', { fault: held, method: 'alipay.trade.refund', ms: HELD_MS })
    alipay.control('faults', { fault: 'delay', times: 'always', ms: SLOW_MS })
    const spoken = this.#agent.speak(operation)
    if (spoken) await this.#call(spoken, killAfter)
    this.#judge()
  }

  async #call(spoken: Spoken, killAfter: number | undefined): Promise<void> {
    const { alipay } = this
    const { tool, args, order } = spoken
    const server = await this.#open()
    const [status, refunds] = [
      order && alipay.status(order.out_trade_no),
      ours(order && alipay.trade(order.out_trade_no)),
    ]
    const ended: Ended = {
      ...spoken,
      ...{ life: this.#life, meanwhile: [], answer: {}, how: 'lost', sentBefore: 0, ended: 0, endedAt: 0 },
      ...{ began: ++this.#moment, startedAt: alipay.platform.clock.now(), statusBefore: status },
      refundsBefore: new Set(refunds.map(({ out_request_no }) => out_request_no)),
    }
    this.#records.calls.push(ended)
    const killed = killAfter === undefined ? new Promise<'lost'>(() => {}) : this.#kill(server, killAfter)
    const answer = await Promise.race([server.call(tool, args), killed])
    ended.how = howItEnded(answer)
    ended.ended = ++this.#moment
    ended.endedAt = alipay.platform.clock.now()
    ended.statusAfter = order && alipay.status(order.out_trade_no)
    if (typeof answer !== 'string') {
      ended.answer = answer
      this.#agent.learn(spoken, answer)
    }
    // A kill that comes after the answer is one, too.
    if (killAfter !== undefined) await killed
  }

  async #kill(server: RawServer, after: number): Promise<'lost'> {
    await pause(after)
    this.#records.kills++
    this.#server = undefined
    server.child.kill('SIGKILL')
    await server.exited
    return 'lost'
  }

  async #open(): Promise<RawServer> {
    if (this.#server) return this.#server
    this.#life = new Life(`server ${++this.#moment}`)
    const server = new RawServer(this.#env)
    this.#server = server
    await server.open(PROTOCOL)
    // What is loaded at the first call shall not take up the time in which it is killed.
    await server.call('list_payments', {})
    return server
  }

  get #env(): Env {
    const { app_id, keys, origin } = this.alipay.platform
    const { daily } = this.scenario
    return {
      ALIPAY_ENV: 'local',
      ALIPAY_GATEWAY: `${origin}/gateway.do`,
      ALIPAY_APP_ID: app_id,
      ALIPAY_PRIVATE_KEY: privateText(keys.application.privateKey),
      ALIPAY_PUBLIC_KEY: publicText(keys.alipay.publicKey),
      ALIPAY_DATA_DIR: this.folder,
      ...(daily !== undefined && { ALIPAY_DAILY_REFUNDS: String(daily) }),
    }
  }

  /** Asks about the order, and so lets its refunds be found out, until long after the last of them. */
  async #resolve(): Promise<void> {
    this.alipay.control('faults/clear')
    await pause(HELD_MS)
    const query = this.#agent.speak({ call: 'query', order: 0 })
    for (const _ of [1, 2]) {
      this.alipay.control('clock', { seconds: ELEVEN_MINUTES_S })
      if (query) await this.#call(query, undefined)
    }
    this.#judge()
  }

  #judge(): void {
    const { alipay } = this
    const call = this.#records.calls.at(-1)
    const settings = { ...SETTINGS, dailyRefundsFen: this.scenario.daily && this.scenario.daily * 100 }
    throwFirst([
      ...(call ? judgeAnswer(call, alipay, this.#records) : []),
      ...judgeMoney(this.#records, alipay, settings),
      ...judgeDays(this.#records, alipay, settings),
    ])
  }

  async #judgeTrades(): Promise<void> {
    const read = readConfig(this.#env)
    if (!('config' in read)) throw new Error('the settings of the run are wrong')
    const ledger = await openLedger(placeOf(read.config))
    try {
      for (const trade of this.alipay.trades()) {
        const { out_trade_no } = trade
        const [intents, order] = [await ledger.intents(out_trade_no), await ledger.order({ out_trade_no })]
        const open = intents.filter(({ state }) => !['done', 'refused', 'not_executed'].includes(state))
        throwFirst([
          must(open.length === 0, 'what is in doubt is found out by reading', () => JSON.stringify(open)),
          ...compared(trade, intents, order?.refunded_fen ?? 0),
        ])
      }
    } finally {
      ledger.close()
    }
  }
}

/** Nobody is asked: the host shows no forms. */
const SETTINGS: Settings = {
  approval: undefined,
  forms: false,
  era: 'old',
  warmUp: true,
  approveAboveFen: undefined,
  dailyRefundsFen: undefined,
  dailyPaymentsFen: undefined,
  maxRefundFen: undefined,
  latencies: [],
  file: true,
  precreate_repeat: 'code_again',
  close_before_scan: 'not_exist_only',
  close_notification: 'not_sent',
  two_products: 'continued',
  pages: 'none',
  notified: 'by_step',
  orders: [],
  shop: undefined,
  subscriptions: undefined,
}

function throwFirst(found: Iterable<Violation | undefined>): void {
  for (const one of found) if (one) throw one
}
