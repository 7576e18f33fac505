// One clock for everything that compares times, and Beijing time in Alipay's format.

const HOUR = 3_600_000
export const DAY_MS = 24 * HOUR
/**
 * How far the clocks of two processes may be apart: with an emulator elsewhere each follows its clock, of which it tells
 * whole seconds, to within two.
 */
export const CLOCKS_APART_MS = 3_000
// Smaller differences are noise.
const NOISE_MS = 2_000
// Older than this program, or so far ahead: no gateway means that.
const EARLIEST = Date.parse('2020-01-01T00:00:00Z')
const LATEST = Date.parse('2200-01-01T00:00:00Z')

/** By how many milliseconds clocks are ahead of this computer's own. */
export interface ClockOffsets {
  /** That of an emulator elsewhere, which everything follows; else 0. */
  corrected: number
  /** Alipay's, ahead of that. */
  alipay_ahead: number
}

export class Clock {
  #advanced = 0
  #correction = 0
  #alipayAhead = 0
  readonly #sleepers = new Set<() => void>()

  /** Milliseconds since the epoch: what limits, windows, leases and retention go by. */
  now(): number {
    return Math.floor(Date.now() + this.#advanced + this.#correction)
  }

  /** Milliseconds since the epoch as Alipay sees them, as far as is known: what links and codes expire by. */
  alipay(): number {
    return this.now() + this.#alipayAhead
  }

  /**
   * A moment of `now()`, by the clock that is behind: what is over by it is over by this computer's and by Alipay's.
   * Asked after the answer that it is about, for that tells Alipay's time.
   */
  behind(at = this.now()): number {
    return at + Math.min(0, this.#alipayAhead)
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
   * [guess G5] Hears the `Date` header of Alipay, which nobody signs: only `alipay()` goes by it, and at most a day apart.
   * @param askedAt by this clock: the header was written at some moment between then and now, and this computer may
   *   have slept before it read it
   * @returns by how many milliseconds Alipay's clock is ahead of this computer's; undefined where it tells no time
   */
  hear(date: string | undefined, askedAt = this.now()): number | undefined {
    const ahead = this.#ahead(date, askedAt)
    if (ahead === undefined) return undefined
    this.#alipayAhead = Math.max(-DAY_MS, Math.min(DAY_MS, ahead))
    return ahead
  }

  /**
   * Follows the `Date` header of an emulator elsewhere, whose control API moves its clock: everything goes by it.
   * @returns by how many milliseconds this clock was off; undefined where the header tells no time
   */
  follow(date: string | undefined, askedAt = this.now()): number | undefined {
    const ahead = this.#ahead(date, askedAt)
    this.#correction += ahead ?? 0
    return ahead
  }

  /** Of this clock, for a process that hears no gateway. */
  offsets(): ClockOffsets {
    return { corrected: Math.round(this.#advanced + this.#correction), alipay_ahead: Math.round(this.#alipayAhead) }
  }

  /** What another process of the same gateway has heard. */
  setOffsets({ corrected, alipay_ahead }: ClockOffsets): void {
    this.#correction = corrected
    this.#alipayAhead = alipay_ahead
  }

  #ahead(date: string | undefined, askedAt: number): number | undefined {
    const gatewayTime = Date.parse(date ?? '') + 500
    if (!(gatewayTime >= EARLIEST && gatewayTime < LATEST)) return undefined
    const ahead = gatewayTime - Math.min(Math.max(gatewayTime, askedAt), this.now())
    return Math.abs(ahead) <= NOISE_MS ? 0 : ahead
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
