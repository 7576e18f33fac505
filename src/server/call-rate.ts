// ALIPAY_MAX_CALLS_PER_MINUTE: how many calls of tools one process takes within any minute.
import { overLimit } from '../guard/refusals.ts'

const VARIABLE = 'ALIPAY_MAX_CALLS_PER_MINUTE'
const MINUTE_MS = 60_000

export class CallRate {
  readonly #limit: number
  readonly #ticks: () => number
  /** When the calls of the last minute were made, oldest first. */
  #made: number[] = []

  /**
   * @param limit 0: none
   * @param ticks milliseconds that only go forward
   */
  constructor(limit: number, ticks: () => number = () => performance.now()) {
    this.#limit = limit
    this.#ticks = ticks
  }

  /**
   * Counts a call; one that is refused is not counted.
   * @throws RefusedError
   */
  take(tool: string): void {
    if (this.#limit === 0) return
    const now = this.#ticks()
    this.#made = this.#made.filter((at) => at > now - MINUTE_MS)
    const [oldest] = this.#made
    if (oldest === undefined || this.#made.length < this.#limit) {
      this.#made.push(now)
      return
    }
    throw tooMany(tool, this.#limit, this.#made.length, Math.ceil((oldest + MINUTE_MS - now) / 1_000))
  }
}

function tooMany(tool: string, limit: number, used: number, seconds: number): Error {
  const sums = { variable: VARIABLE, asked: String(used + 1), limit: String(limit), used: String(used), left: '0' }
  const next_step = `Call again in ${seconds} seconds. Only the operator can change ${VARIABLE}.`
  return overLimit(tool, { en: 'the calls of a minute', zh: '每分钟的调用次数' }, sums, next_step).with({
    retry: 'yes_once',
  })
}
