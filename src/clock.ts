// One clock for everything that compares times, and Beijing time in Alipay's format.

const HOUR = 3_600_000
export const DAY_MS = 24 * HOUR
/** How far the clocks of two processes may be apart: each follows Alipay's, which tells whole seconds, to within two. */
export const CLOCKS_APART_MS = 3_000

export class Clock {
  #advanced = 0
  #correction = 0
  readonly #sleepers = new Set<() => void>()

  /** Milliseconds since the epoch, as Alipay sees them. */
  now(): number {
    return Math.floor(Date.now() + this.#advanced + this.#correction)
  }

  /** Milliseconds that only go forward, for intervals: no corrected or changed clock shortens a wait. */
  ticks(): number {
    return performance.now() + this.#advanced
  }

  /** Lets time pass at once, as the emulator's control does. */
  advance(ms: number): void {
    this.#advanced += ms
    for (const wake of [...this.#sleepers]) wake()
  }

  /**
   * [guess G5] Follows the `Date` header of a gateway (whole seconds, so smaller differences are noise).
   * @param askedAt by this clock: the header was written at some moment between then and now, and this computer may
   *   have slept before it read it
   * @returns by how many milliseconds this clock was off
   */
  follow(date: string | undefined, askedAt = this.now()): number {
    const gatewayTime = Date.parse(date ?? '') + 500
    const apart = gatewayTime - Math.min(Math.max(gatewayTime, askedAt), this.now())
    if (Math.abs(apart) <= 2_000 || Number.isNaN(apart)) return 0
    this.#correction += apart
    return apart
  }

  async sleep(ms: number): Promise<void> {
    const end = this.ticks() + ms
    while (this.ticks() < end) await this.#timer(end - this.ticks())
  }

  #timer(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#sleepers.delete(done)
        resolve()
      }
      const timer = setTimeout(done, Math.ceil(ms))
      this.#sleepers.add(done)
    })
  }
}

/** `yyyy-MM-dd HH:mm:ss` in GMT+8, whatever the zone of this computer: the `timestamp` of a request. */
export function beijingTime(ms: number): string {
  return new Date(ms + 8 * HOUR).toISOString().slice(0, 19).replace('T', ' ')
}

/** Milliseconds since the epoch of a time in Alipay's format. */
export function fromBeijingTime(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}+08:00`)
}
