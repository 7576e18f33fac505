// Sends notifications to the merchant as Alipay does: at once, then after growing pauses until it answers `success`.
import type { Agreement } from '../agreements/agreement.ts'
import { beijingTime } from '../clock.ts'
import { type NotifyTo, statusOf, type Trade } from '../trade.ts'
import type { TradeStore } from '../trade-store.ts'
import { type AgreementEvent, type AgreementSender, agreementNotification } from './agreement-notification.ts'
import { type Event, encoded, type NotificationFields, notificationFields } from './notification.ts'
import { isOnThisComputer, post } from './post.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** [guess G22] After the try before: 8 deliveries within about 25 hours (open/00f7nu). */
const PAUSES: readonly number[] = [4 * MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR]
/** Nobody reads more of them, and each holds its answers. */
const MOST_KEPT = 10_000
/** A timer cannot wait for longer, and the clock may be moved meanwhile. */
const LONGEST_TIMER_MS = HOUR

export interface Notification {
  readonly event: Event['kind'] | AgreementEvent
  readonly url: string
  readonly fields: NotificationFields
  readonly deliveries: { readonly at: number; readonly answer: string }[]
  /** Undefined once the merchant has answered `success`, or nothing more is tried. */
  due_at: number | undefined
  confirmed: boolean
}

/** The platform, as far as it has to do with notifications. */
export interface Source extends AgreementSender {
  readonly trades: TradeStore
  readonly rules: AgreementSender['rules'] & { readonly close_notification: 'sent' | 'not_sent' }
}

export class NotificationQueue {
  #notifications: Notification[] = []
  readonly #underWay = new Map<Notification, Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #held = false

  constructor(readonly closing: AbortSignal) {
    closing.addEventListener('abort', () => clearTimeout(this.#timer), { once: true })
  }

  /** Nothing where the order named no address; the answer to the caller does not wait for it. */
  add(trade: Trade, event: Event, source: Source): void {
    if (!trade.notify_to) return
    this.#queue(trade, trade.notify_to, event, source)
    void this.deliver(source)
  }

  /** Of an agreement; where it goes is decided before. */
  addAgreement(agreement: Agreement, event: AgreementEvent, { url, app_id }: NotifyTo, source: Source): void {
    this.#push(event, url, agreementNotification(agreement, event, app_id, source), source)
    void this.deliver(source)
  }

  #queue(trade: Trade, { url, app_id }: NotifyTo, event: Event, source: Source): void {
    this.#push(event.kind, url, notificationFields(trade, app_id, event, source), source)
  }

  #push(event: Notification['event'], url: string, fields: NotificationFields, source: Source): void {
    const due_at = isOnThisComputer(url) ? source.clock.now() : undefined
    this.#notifications.push({ event, url, fields, deliveries: [], due_at, confirmed: false })
    if (this.#notifications.length > MOST_KEPT) this.#notifications.shift()
  }

  all(): readonly Notification[] {
    return this.#notifications
  }

  get held(): boolean {
    return this.#held
  }

  /** Held back until further notice, as notifications that come late. */
  hold(held: boolean): void {
    this.#held = held
  }

  clear(): void {
    this.#notifications = []
  }

  /** Everything that is due by the clock; resolves when each has its answer. */
  async deliver(source: Source): Promise<void> {
    this.#closeExpired(source)
    const now = source.clock.now()
    const due = this.#held ? [] : this.#notifications.filter((one) => isDue(one, now))
    await Promise.all(due.map((one) => this.#underWay.get(one) ?? this.#start(one, source)))
    this.#wakeForNext(source)
  }

  #start(notification: Notification, source: Source): Promise<void> {
    const delivery = this.#deliver(notification, source).finally(() => this.#underWay.delete(notification))
    this.#underWay.set(notification, delivery)
    return delivery
  }

  async #deliver(notification: Notification, source: Source): Promise<void> {
    const at = source.clock.now()
    const answer = await post(notification.url, encoded(notification.fields), this.closing)
    notification.deliveries.push({ at, answer: answer.quoted })
    notification.confirmed ||= answer.confirmed
    const pause = PAUSES[notification.deliveries.length - 1]
    notification.due_at = answer.confirmed || pause === undefined ? undefined : source.clock.now() + pause
  }

  /** [guess G23] Reported: an order that expires is notified as TRADE_CLOSED; only a trade that exists can be. */
  #closeExpired(source: Source): void {
    const now = source.clock.now()
    for (const trade of source.trades.all()) {
      const isOver =
        trade.paid_at === undefined && trade.closed_at === undefined && statusOf(trade, now) === 'TRADE_CLOSED'
      if (!isOver || source.rules.close_notification === 'not_sent') continue
      trade.closed_at = trade.expires_at
      if (trade.notify_to) this.#queue(trade, trade.notify_to, { kind: 'close' }, source)
    }
  }

  #wakeForNext(source: Source): void {
    clearTimeout(this.#timer)
    const waiting = this.#notifications.flatMap(({ due_at }) => (due_at === undefined ? [] : [due_at]))
    if (waiting.length === 0 || this.#held || this.closing.aborted) return
    const pause = Math.max(Math.min(...waiting) - source.clock.now(), 0)
    this.#timer = setTimeout(() => void this.deliver(source), Math.min(pause, LONGEST_TIMER_MS)).unref()
  }
}

const isDue = ({ due_at }: Notification, now: number) => due_at !== undefined && due_at <= now

/** As the control API lists it. */
export function describeNotification({ event, url, fields, deliveries, due_at, confirmed }: Notification): object {
  return {
    event,
    notify_id: fields.get('notify_id'),
    out_trade_no: fields.get('out_trade_no'),
    agreement_no: fields.get('agreement_no'),
    trade_status: fields.get('trade_status'),
    refund_fee: fields.get('refund_fee') ?? null,
    notify_url: url,
    body: encoded(fields),
    confirmed,
    next: due_at === undefined ? null : beijingTime(due_at),
    deliveries: deliveries.map(({ at, answer }) => ({ at: beijingTime(at), answer })),
  }
}
