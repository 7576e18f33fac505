// Hears of agreements what nobody tells for certain: signatures, ends inside Alipay, and whether a wish to end one was done.
import { DamagedEntry, LedgerError } from '../errors.ts'
import type { Both } from '../language.ts'
import type { Subscription } from '../ledger/ledger.ts'
import type { ShopCall } from '../shop/buyer.ts'
import { unsign } from './cancel-subscription.ts'
import { lookUpSubscription } from './find-subscription.ts'

const IDLE_MS = 1_000
const BETWEEN_MS = 500
const UNUSABLE_MS = 5_000
/** Of one that Alipay did not answer about, or has not ended; twice as long each time, so that it holds up no other. */
const AGAIN_MS = 30_000
const MOST_AGAIN_MS = 30 * 60_000
const AT_ONCE = 100

export class SubscriptionWatch {
  readonly #call: ShopCall
  readonly #say: (text: Both) => void
  /** Until when those wait, in ticks: a clock that was ahead once holds nothing up. And for how long the next time. */
  readonly #waiting = new Map<string, { until: number; next: number }>()

  /** @param say tells the operator, on standard error */
  constructor(call: ShopCall, say: (text: Both) => void) {
    this.#call = call
    this.#say = say
  }

  /** One agreement at most: it is asked about, and ended where that is wanted. @returns for how many ms nothing is to be done */
  async step(): Promise<number> {
    if (!this.#call.gateway.agreements) return UNUSABLE_MS
    let due: Subscription | undefined
    try {
      due = await this.#next()
      if (!due) return IDLE_MS
      await this.#look(due)
      return BETWEEN_MS
    } catch (error) {
      // Of this one alone: the others do not wait for it.
      if (due && error instanceof DamagedEntry) {
        this.#later(due.external_agreement_no)
        return BETWEEN_MS
      }
      // The watcher of orders says so: it needs the ledger, too.
      if (error instanceof LedgerError) return UNUSABLE_MS
      throw error
    }
  }

  async #next(): Promise<Subscription | undefined> {
    const { clock } = this.#call
    const ticks = clock.ticks()
    const isWaiting = ({ external_agreement_no }: Subscription) =>
      (this.#waiting.get(external_agreement_no)?.until ?? ticks) > ticks
    // Those that wait take nobody's place.
    const due = await (await this.#call.ledger()).dueAgreements(clock.now(), AT_ONCE + this.#waiting.size)
    return due.find((one) => !isWaiting(one))
  }

  async #look(due: Subscription): Promise<void> {
    const { external_agreement_no } = due
    const { subscription, unread } = await lookUpSubscription(due, this.#call)
    if (unread !== undefined) return this.#later(external_agreement_no)
    this.#tell(due, subscription)
    if (!subscription.cancel || subscription.ended_at !== undefined)
      return void this.#waiting.delete(external_agreement_no)
    const ended = await unsign(subscription, this.#call)
    if (ended.open === undefined) this.#waiting.delete(external_agreement_no)
    else this.#later(external_agreement_no)
    this.#tell(subscription, ended.subscription)
  }

  #later(external_agreement_no: string): void {
    const wait = this.#waiting.get(external_agreement_no)?.next ?? AGAIN_MS
    const next = Math.min(2 * wait, MOST_AGAIN_MS)
    this.#waiting.set(external_agreement_no, { until: this.#call.clock.ticks() + wait, next })
  }

  #tell(before: Subscription, now: Subscription): void {
    const { external_agreement_no: number, signed_at, paused_at, ended_at, cancel } = now
    if (before.signed_at === undefined && signed_at !== undefined)
      this.#say({ en: `Subscription ${number} is signed.`, zh: `订阅 ${number} 已签约。` })
    if (!before.cancel && cancel?.by === 'undue')
      this.#say({
        en: `Subscription ${number} was signed when it was not offered any more, or beside a live one: it is undone, and never charged.`,
        zh: `订阅 ${number} 签约时已不再提供，或与生效中的订阅重复：正在解约，不会扣款。`,
      })
    if (before.paused_at === undefined && paused_at !== undefined)
      this.#say({
        en: `Subscription ${number} is paused in Alipay: nothing is charged.`,
        zh: `订阅 ${number} 在支付宝已暂停，不会扣款。`,
      })
    if (before.paused_at !== undefined && paused_at === undefined)
      this.#say({ en: `Subscription ${number} is in force again.`, zh: `订阅 ${number} 已恢复。` })
    if (before.ended_at !== undefined && ended_at === undefined)
      this.#say({
        en: `Subscription ${number} seemed to have ended, and has not.`,
        zh: `订阅 ${number} 曾显示已结束，实际没有结束。`,
      })
    if (before.ended_at === undefined && ended_at !== undefined)
      this.#say({ en: `Subscription ${number} has ended.`, zh: `订阅 ${number} 已结束。` })
  }
}
