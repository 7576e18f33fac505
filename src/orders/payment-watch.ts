// Waits until an order is paid or closed: however many wait for one, Alipay is asked once, and not too often.
import type { Clock } from '../clock.ts'
import { NoAnswerError, RefusedError } from '../errors.ts'
import type { OrderName, TradeStatus } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { BETWEEN_LOOKS_MS, BETWEEN_POLLS_MS, POLL_MS } from '../guard/deadlines.ts'
import { ignoringLedgerErrors } from '../guard/send-permit.ts'
import { type LookedUp, lookUp } from './find-order.ts'
import { isFinal } from './order-status.ts'

type News = { news: LookedUp } | { error: unknown }

/** Where news of one order comes from. */
export interface NewsOfOrder {
  ask(): Promise<LookedUp>
  /** Whether the ledger has heard, by a notification or another server, what is worth asking for at once. */
  isHeard(): Promise<boolean>
}

/** One order: asks as long as somebody listens. */
class Watch {
  readonly #clock: Clock
  readonly #order: NewsOfOrder
  readonly #listeners = new Set<(news: News) => void>()
  #askedAt = Number.NEGATIVE_INFINITY
  #running = false

  constructor(clock: Clock, order: NewsOfOrder) {
    this.#clock = clock
    this.#order = order
  }

  /** The next answer; undefined when the signal aborts first. */
  next(signal: AbortSignal | undefined): Promise<News | undefined> {
    return new Promise((resolve) => {
      const end = (news: News | undefined) => {
        this.#listeners.delete(end)
        signal?.removeEventListener('abort', leave)
        resolve(news)
      }
      const leave = () => end(undefined)
      if (signal?.aborted) return leave()
      signal?.addEventListener('abort', leave, { once: true })
      this.#listeners.add(end)
      if (!this.#running) void this.#run()
    })
  }

  get idle(): boolean {
    return this.#listeners.size === 0 && !this.#running
  }

  async #run(): Promise<void> {
    this.#running = true
    await this.#untilDue()
    if (this.#listeners.size > 0) {
      const news = await this.#order.ask().then(
        (answer): News => ({ news: answer }),
        (error: unknown): News => ({ error }),
      )
      this.#askedAt = this.#clock.ticks()
      for (const listener of [...this.#listeners]) listener(news)
    }
    this.#running = false
    if (this.#listeners.size > 0) void this.#run()
  }

  async #untilDue(): Promise<void> {
    const due = this.#askedAt + BETWEEN_POLLS_MS
    for (let left = due - this.#clock.ticks(); left > 0; left = due - this.#clock.ticks()) {
      if (await this.#order.isHeard()) return
      await this.#clock.sleep(Math.min(left, BETWEEN_LOOKS_MS))
    }
  }
}

export class PaymentWatches {
  readonly #watches = new Map<string, Watch>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * The next answer about an order, shared by all who wait for it.
   * @returns undefined when the signal aborted first
   * @param key of the order
   * @throws what its `ask` throws
   */
  async next(key: string, order: NewsOfOrder, signal: AbortSignal | undefined): Promise<LookedUp | undefined> {
    const watch = this.#watches.get(key) ?? new Watch(this.#clock, order)
    this.#watches.set(key, watch)
    const answer = await watch.next(signal)
    for (const [other, { idle }] of this.#watches) if (idle && other !== key) this.#watches.delete(other)
    if (answer && 'error' in answer) throw answer.error
    return answer?.news
  }
}

export interface WaitingCall extends Call {
  watches: PaymentWatches
  /** Aborts when the process is about to leave. */
  stopping?: AbortSignal | undefined
  /** Set where the host asked to be told how far a call is. */
  progress?: ((done: number, total: number) => void) | undefined
}

/** What Alipay said last: that nothing the buyer does can change the answer any more, or when the time was over. */
export async function untilFinal(name: OrderName, seconds: number, call: WaitingCall): Promise<LookedUp> {
  const { clock, watches, progress } = call
  const signal = AbortSignal.any([call.signal, call.stopping].filter((one) => one !== undefined))
  const start = clock.ticks()
  const ask = () => lookUp(call, { by: 'wait_for_payment', order: name, within: POLL_MS, readOnly: true, shared: true })
  const order = { ask, isHeard: hearing(name, call) }
  for (;;) {
    const looked = await watches.next(JSON.stringify(name), order, signal).catch(unlessSilent)
    if (signal.aborted) throw cancelled()
    const waited = Math.round((clock.ticks() - start) / 1000)
    const over = waited >= seconds
    if (looked instanceof Error && over) throw looked
    if (looked && !(looked instanceof Error) && (over || (await isOver(looked, name, call)))) return looked
    progress?.(Math.min(waited, seconds), seconds)
  }
}

/** True once for each end of the order that is new in the ledger: Alipay is then asked, whose answer alone counts. */
function hearing(name: OrderName, call: Call): () => Promise<boolean> {
  let heard: TradeStatus | undefined
  return async () => {
    const order = await ignoringLedgerErrors(call, (ledger) => ledger.order(name))
    const isNews = order?.trade_status !== heard && order?.trade_status !== 'WAIT_BUYER_PAY'
    heard = order?.trade_status
    return isNews && heard !== undefined
  }
}

/** The trade tells, and the ledger: what amount was asked, and, without a trade, whether it can still be paid. */
async function isOver(looked: LookedUp, name: OrderName, call: Call): Promise<boolean> {
  const order = await ignoringLedgerErrors(call, (ledger) => ledger.order(name))
  return isFinal({ name, looked, known: { order, in_doubt: [] } }, call)
}

/** Silence is no news, of Alipay or of the line, and neither is a rate limit; any other refusal ends the wait. */
function unlessSilent(error: unknown): Error {
  if (error instanceof NoAnswerError) return error
  const refusal = error instanceof RefusedError ? error.refusal : undefined
  if (error instanceof Error && (refusal?.not_sent !== undefined || refusal?.code === '40005')) return error
  throw error
}

function cancelled(): Error {
  return new NoAnswerError('wait_for_payment', 'the host cancelled the call')
}
