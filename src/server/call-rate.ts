// ALIPAY_MAX_CALLS_PER_MINUTE: how many calls of tools one process takes within any minute.
import { overLimit } from '../guard/limit-refusals.ts'

const VARIABLE = 'ALIPAY_MAX_CALLS_PER_MINUTE'
const MINUTE_MS = 60_000
const MOST_KEPT = 10_000

export class CallRate {
  readonly #limit: number
  readonly #ticks: () => number
  /** Of each who calls, when the calls of the last minute were made, oldest first; who called last stands last. */
  readonly #made = new Map<string, readonly number[]>()

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
   * @param who of whom it is: each has a limit of his own
   * @throws RefusedError
   */
  take(tool: string, who = ''): void {
    if (this.#limit === 0) return
    const now = this.#ticks()
    const made = this.#made.get(who)?.filter((at) => at > now - MINUTE_MS) ?? []
    const [oldest] = made
    const isTooMany = oldest !== undefined && made.length >= this.#limit
    this.#keep(who, isTooMany ? made : [...made, now])
    if (!isTooMany) return
    throw tooMany(tool, this.#limit, made.length, Math.ceil((oldest + MINUTE_MS - now) / 1_000))
  }

  #keep(who: string, made: readonly number[]): void {
    this.#made.delete(who)
    this.#made.set(who, made)
    const [oldest] = this.#made.keys()
    if (this.#made.size > MOST_KEPT && oldest !== undefined) this.#made.delete(oldest)
  }
}

function tooMany(tool: string, limit: number, used: number, seconds: number): Error {
  const sums = { variable: VARIABLE, asked: String(used + 1), limit: String(limit), used: String(used), left: '0' }
  const next_step = `Call again in ${seconds} seconds. Only the operator can change ${VARIABLE}.`
  return overLimit(tool, { en: 'the calls of a minute', zh: '每分钟的调用次数' }, sums, next_step).with({
    retry: 'yes_once',
    forBuyer: true,
  })
}
