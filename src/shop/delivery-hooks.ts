// Calls the shop's delivery hooks as soon as an order is paid, until they take it; and tells of what is paid and not delivered.
import { LedgerError, NoAnswerError, RefusedError } from '../errors.ts'
import type { Call } from '../guard/call.ts'
import { POLL_MS } from '../guard/deadlines.ts'
import type { Both } from '../language.ts'
import type { Delivery, DueHook, Ledger, Undelivered } from '../ledger/ledger.ts'
import { knownOrder, lookUp } from '../orders/find-order.ts'
import { type PostTo, postSigned, postToHook } from './signed-hook.ts'

const AT_ONCE = 100
const IDLE_MS = 1_000
const UNUSABLE_MS = 5_000
/** Of one that is not paid after all, or whose refund is in the way. */
const BLOCKED_MS = 60_000
const AGAIN_MS = [5_000, 15_000, 45_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000]
const LATE_MS = 10 * 60_000
const TELL_EVERY_MS = 30_000

export class DeliveryHooks {
  readonly #call: Call
  readonly #secret: Buffer | undefined
  readonly #post: PostTo
  readonly #say: (text: Both) => void
  readonly #notBefore = new Map<string, number>()
  readonly #failing = new Set<string>()
  #tellAt = Number.NEGATIVE_INFINITY

  /** @param secret absent: none is called */
  constructor(call: Call, secret: Buffer | undefined, say: (text: Both) => void, post = postToHook) {
    this.#call = call
    this.#secret = secret
    this.#post = post
    this.#say = say
  }

  /** One hook at most. @returns for how many milliseconds nothing is to be done */
  async step(): Promise<number> {
    try {
      const ledger = await this.#call.ledger()
      await this.#tellOfLate(ledger)
      const due = await this.#nextDue(ledger)
      if (!due) return IDLE_MS
      await this.#deliver(due, ledger)
      return 0
    } catch (error) {
      // The watcher says so: it needs the ledger, too.
      if (error instanceof LedgerError) return UNUSABLE_MS
      throw error
    }
  }

  async #nextDue(ledger: Ledger): Promise<DueHook | undefined> {
    if (!this.#secret) return undefined
    const now = this.#call.clock.now()
    const due = await ledger.dueHooks(now, AT_ONCE)
    for (const [number, at] of this.#notBefore) if (at <= now) this.#notBefore.delete(number)
    return due.find(({ order }) => !this.#notBefore.has(order.out_trade_no))
  }

  /** Written down before the first byte leaves: from then on it counts as delivered, whatever the hook says. */
  async #deliver(due: DueHook, ledger: Ledger): Promise<void> {
    const { out_trade_no } = due.order
    const delivery = due.delivery ?? (await this.#reserved(due, ledger))
    if (!delivery) return void this.#notBefore.set(out_trade_no, this.#call.clock.now() + BLOCKED_MS)
    const answer = await this.#send(due)
    const confirmed = answer === undefined
    const next_at = this.#call.clock.now() + (AGAIN_MS[delivery.tries] ?? AGAIN_MS.at(-1) ?? 0)
    await ledger.endHook(out_trade_no, { confirmed, answer: answer ?? 'taken', next_at }, this.#call.actor())
    this.#tell(out_trade_no, answer)
  }

  /** Alipay says now that it is paid. */
  async #reserved({ order }: DueHook, ledger: Ledger): Promise<Delivery | undefined> {
    const name = { out_trade_no: order.out_trade_no }
    try {
      const looked = await lookUp(this.#call, { by: 'listen', order: name, within: POLL_MS, readOnly: true })
      await knownOrder(this.#call, name, looked)
    } catch (error) {
      if (error instanceof NoAnswerError || error instanceof RefusedError) return undefined
      throw error
    }
    const reserved = await ledger.reserveDelivery(order.out_trade_no, 'watcher', this.#call.actor())
    return reserved.outcome === 'given' ? reserved.delivery : undefined
  }

  /** @returns why it was not taken */
  async #send({ order, sale }: DueHook): Promise<string | undefined> {
    const { out_trade_no, total_amount, send_pay_date } = order
    const { item, quantity, terms } = sale
    const { environment } = this.#call.rules
    const body = JSON.stringify({
      order: out_trade_no,
      item,
      quantity,
      total_amount,
      paid_at: send_pay_date,
      environment,
    })
    const hook = { url: terms.url ?? '', idempotency_key: out_trade_no, body }
    const now = this.#call.clock.now()
    return postSigned(hook, { secret: this.#secret ?? Buffer.alloc(0), now, post: this.#post })
  }

  #tell(out_trade_no: string, why: string | undefined): void {
    const wasFailing = this.#failing.has(out_trade_no)
    if (why === undefined) this.#failing.delete(out_trade_no)
    else this.#failing.add(out_trade_no)
    if (why === undefined || wasFailing) return
    this.#say({
      en: `The delivery hook did not take order ${out_trade_no} (${why}); it is called again.`,
      zh: `交付回调没有接收订单 ${out_trade_no}（${why}），稍后重试。`,
    })
  }

  /** Once for each: it stays on the operator's list. */
  async #tellOfLate(ledger: Ledger): Promise<void> {
    const { clock } = this.#call
    if (clock.ticks() - this.#tellAt < TELL_EVERY_MS) return
    this.#tellAt = clock.ticks()
    for (const late of await ledger.undelivered(clock.now() - LATE_MS)) {
      const { out_trade_no, total_amount, subject = '' } = late.order
      const facts = { total_amount, subject, why: whyLate(late) }
      await ledger.raiseAlert(
        { kind: 'undelivered', key: `undelivered/${out_trade_no}`, out_trade_no, facts },
        this.#call.actor(),
      )
    }
  }
}

/** As the operator reads it; also in `ledger --state undelivered`. */
export function whyLate({ sale, delivery, request }: Undelivered): string {
  if (request?.state === 'asked') return '买家申请退款 refund asked for'
  if (delivery) return `回调未接收 hook: ${delivery.answer ?? 'not called yet'}`
  if (sale.item === undefined) return '不知道卖的是什么 unknown item'
  return {
    text: '买家未领取 not shown yet',
    codes: '买家未领取 not shown yet',
    url: '回调未调用 hook not called',
    none: '对话里未交付 not handed out',
  }[sale.terms.deliver]
}
