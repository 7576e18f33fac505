// Sends alerts to the one address that the operator set: each until it is taken, not more than a robot bears.
import type { Clock } from '../clock.ts'
import { LedgerError } from '../errors.ts'
import { Exchange } from '../gateway/exchange.ts'
import type { Both } from '../language.ts'
import type { Actor, Alert, Ledger } from '../ledger/ledger.ts'
import { alertText, digestText } from './alert-words.ts'
import { type AlertMessage, robotAt } from './robots.ts'

export interface AlertTarget {
  url: URL
  secret: string | undefined
  /** `problems` leaves out payments. */
  on: 'problems' | 'payments'
}

export interface AlertSenderCall {
  ledger(): Promise<Ledger>
  clock: Clock
  actor(): Actor
}

/** DingTalk and WeCom shut a robot up that says more. */
const MOST_A_MINUTE = 20
/** Whose numbers fit into the longest message that WeCom takes. */
const MOST_IN_DIGEST = 20
const MINUTE_MS = 60_000
const IDLE_MS = 1_000
const WITHIN_MS = 10_000
const UNUSABLE_MS = 5_000
const LONGEST_PAUSE_MS = 5 * MINUTE_MS
const AT_ONCE = 500
/** Of long ago they are no news; everything else is told however late. */
const MOMENTARY: readonly Alert['kind'][] = ['payment', 'unreachable', 'not_genuine']
const NEWS_MS = 60 * MINUTE_MS

export class AlertSender {
  readonly #call: AlertSenderCall
  readonly #target: AlertTarget
  readonly #say: (text: Both) => void
  readonly #exchange: Exchange
  #sentAt: number[] = []
  #failures = 0
  /** How often each was not taken: one that a robot refuses, for a word in it, must not keep the others back. */
  readonly #refused = new Map<number, number>()

  constructor(call: AlertSenderCall, target: AlertTarget, say: (text: Both) => void) {
    this.#call = call
    this.#target = target
    this.#say = say
    this.#exchange = new Exchange(target.url.href, 'application/json;charset=utf-8')
  }

  /** One message at most. @returns for how many milliseconds nothing is to be done */
  step(): Promise<number> {
    return this.#step().catch((error: unknown) => {
      // The watcher says so: it needs the ledger, too.
      if (error instanceof LedgerError) return UNUSABLE_MS
      throw error
    })
  }

  async #step(): Promise<number> {
    const ledger = await this.#call.ledger()
    const unsent = await ledger.unsentAlerts(AT_ONCE)
    const [wanted, others] = this.#sorted(unsent)
    if (others.length > 0) await this.#mark(ledger, others)
    const [first] = wanted
    if (!first) return IDLE_MS
    const room = this.#room()
    if (room === 0) return IDLE_MS
    const isDigest = room === 1 && wanted.length > 1
    const alerts = isDigest ? wanted.slice(0, MOST_IN_DIGEST) : [first]
    const text = isDigest ? digestText(alerts) : alertText(first)
    if (!(await this.#send({ text, alerts }))) return Math.min(IDLE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS)
    await this.#mark(ledger, alerts)
    return 0
  }

  #sorted(unsent: readonly Alert[]): readonly [wanted: readonly Alert[], others: readonly Alert[]] {
    const { on } = this.#target
    const now = this.#call.clock.now()
    const isNews = ({ kind, raised_at }: Alert) => !MOMENTARY.includes(kind) || now - raised_at < NEWS_MS
    const isWanted = (alert: Alert) => isNews(alert) && (alert.kind !== 'payment' || on === 'payments')
    this.#forgetOthers(unsent)
    const refused = ({ id }: Alert) => this.#refused.get(id) ?? 0
    const wanted = unsent.filter(isWanted).sort((one, other) => refused(one) - refused(other))
    return [wanted, unsent.filter((alert) => !isWanted(alert))]
  }

  #forgetOthers(unsent: readonly Alert[]): void {
    const ids = new Set(unsent.map(({ id }) => id))
    for (const id of this.#refused.keys()) if (!ids.has(id)) this.#refused.delete(id)
  }

  #mark(ledger: Ledger, alerts: readonly Alert[]): Promise<void> {
    return ledger.markAlertsSent(
      alerts.map(({ id }) => id),
      this.#call.actor(),
    )
  }

  #room(): number {
    const now = this.#call.clock.ticks()
    this.#sentAt = this.#sentAt.filter((at) => now - at < MINUTE_MS)
    return MOST_A_MINUTE - this.#sentAt.length
  }

  async #send(message: AlertMessage): Promise<boolean> {
    const { url, secret } = this.#target
    const robot = robotAt(url)
    const { query, body } = robot.request(message, url, secret, this.#call.clock.now())
    this.#sentAt.push(this.#call.clock.ticks())
    const exchanged = await this.#exchange.post(query, body, { within: WITHIN_MS })
    const isAnswered = exchanged.kind === 'answered' && exchanged.status >= 200 && exchanged.status < 300
    const isTaken = isAnswered && robot.isTaken(exchanged.bytes.toString())
    if (isTaken ? this.#failures > 0 : this.#failures === 0)
      this.#tell(isTaken, exchanged.kind === 'answered' ? exchanged.status : undefined)
    this.#failures = isTaken ? 0 : this.#failures + 1
    if (!isTaken) for (const { id } of message.alerts) this.#refused.set(id, (this.#refused.get(id) ?? 0) + 1)
    return isTaken
  }

  /** The address is a secret, and so is what its answer may quote of it. */
  #tell(isTaken: boolean, status: number | undefined): void {
    const why = status === undefined ? 'no answer' : `HTTP ${status}`
    this.#say(
      isTaken
        ? { en: 'Alerts are taken again.', zh: '提醒恢复发送。' }
        : {
            en: `Alerts are not taken by ALIPAY_ALERT_URL (${why}); they stay in the ledger and are sent later.`,
            zh: `ALIPAY_ALERT_URL 没有接收提醒（${why}）；提醒保存在账本里，稍后重发。`,
          },
    )
  }
}
