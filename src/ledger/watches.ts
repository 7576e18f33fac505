// Orders that are being waited for: however many wait for one, Alipay is asked once, and not too often.
import type { Clock } from '../clock.ts'

// Guidance of Alipay's page on polling: every 3 to 5 seconds.
const BETWEEN_MS = 3_000

type News<T> = { news: T } | { error: unknown }

/** One order: asks as long as somebody listens. */
class Watch<T> {
  readonly #clock: Clock
  readonly #ask: () => Promise<T>
  readonly #listeners = new Set<(news: News<T>) => void>()
  #askedAt = Number.NEGATIVE_INFINITY
  #running = false

  constructor(clock: Clock, ask: () => Promise<T>) {
    this.#clock = clock
    this.#ask = ask
  }

  /** The next answer; undefined when the signal aborts first. */
  next(signal: AbortSignal | undefined): Promise<News<T> | undefined> {
    return new Promise((resolve) => {
      const end = (news: News<T> | undefined) => {
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
    await this.#clock.sleep(this.#askedAt + BETWEEN_MS - this.#clock.ticks())
    if (this.#listeners.size > 0) {
      const news = await this.#ask().then(
        (answer): News<T> => ({ news: answer }),
        (error: unknown): News<T> => ({ error }),
      )
      this.#askedAt = this.#clock.ticks()
      for (const listener of [...this.#listeners]) listener(news)
    }
    this.#running = false
    if (this.#listeners.size > 0) void this.#run()
  }
}

export class Watches<T> {
  readonly #watches = new Map<string, Watch<T>>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * The next answer about an order, shared by all who wait for it.
   * @returns undefined when the signal aborted first
   * @throws what `ask` throws
   */
  async next(order: string, ask: () => Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
    const watch = this.#watches.get(order) ?? new Watch(this.#clock, ask)
    this.#watches.set(order, watch)
    const answer = await watch.next(signal)
    for (const [key, other] of this.#watches) if (other.idle && key !== order) this.#watches.delete(key)
    if (answer && 'error' in answer) throw answer.error
    return answer?.news
  }
}
