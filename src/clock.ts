// One clock for everything that compares times, and Beijing time in Alipay's format.

const HOUR = 3_600_000

/** The system's time plus a correction: the emulator's control moves it, a gateway's `Date` header corrects it. */
export class Clock {
  #ahead = 0
  readonly #moved = new Set<() => void>()

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#ahead
  }

  advance(ms: number): void {
    this.#ahead += ms
    for (const wake of [...this.#moved]) wake()
  }

  /** Follows the `Date` header of an answer (whole seconds, so smaller differences are noise). */
  follow(date: string | undefined): void {
    const theirs = Date.parse(date ?? '')
    const apart = theirs + 500 - this.now()
    if (Math.abs(apart) > 2_000) this.advance(apart)
  }

  /** Resolves when this clock, moved or not, has gone on by `ms`. */
  async sleep(ms: number): Promise<void> {
    const end = this.now() + ms
    while (this.now() < end) await this.#timer(end - this.now())
  }

  #timer(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#moved.delete(done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.#moved.add(done)
    })
  }
}

/** `yyyy-MM-dd HH:mm:ss` in GMT+8, whatever the zone of this computer (protocol 1.0's `timestamp`). */
export function beijingTime(ms: number): string {
  return new Date(ms + 8 * HOUR).toISOString().slice(0, 19).replace('T', ' ')
}

/** Milliseconds since the epoch of a time in Alipay's format. */
export function fromBeijingTime(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}+08:00`)
}
