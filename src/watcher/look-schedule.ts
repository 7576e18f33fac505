// When an order is looked at: often while it is new, ever more rarely after that, and a last time when it is over.
import type { Clock } from '../clock.ts'
import type { QueryRequest, UnpaidOrder } from '../ledger/ledger.ts'
import { LAST_MOMENT_MS } from '../ledger/order.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const SOON = [10_000, 30_000, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE]
const HOURLY = 12
/** Around the expiry of one that is withdrawn and may yet be paid. */
const AROUND_THE_END = [-5 * MINUTE, -MINUTE, 0, 10_000, MINUTE, 5 * MINUTE]
const RARELY = 12 * HOUR

/**
 * Often at first, then ever more rarely, fewer than 60 times in the 15 days that an order can live.
 * @returns undefined once the last look was made, when a payment of the last moment must show
 */
export function nextLookAt({ created_at, expires_at, withdrawn }: UnpaidOrder, looked_at: number): number | undefined {
  const last = expires_at + LAST_MOMENT_MS
  if (looked_at >= last) return undefined
  const around = withdrawn ? AROUND_THE_END.map((from) => expires_at + from).filter((at) => at > looked_at) : []
  return Math.min(last, created_at + nextAge(looked_at - created_at), ...around)
}

function nextAge(age: number): number {
  const soon = SOON.find((one) => one > age)
  if (soon !== undefined) return soon
  const every = age < HOURLY * HOUR ? HOUR : RARELY
  return (Math.floor(age / every) + 1) * every
}

const FIRST_RETRY_MS = MINUTE
const MOST_WAITED_FOR_MS = 30_000
const WAITED_FOR_MS = 10 * MINUTE

interface Due {
  order: UnpaidOrder
  at: number
}

type OrderNumber = Pick<UnpaidOrder, 'out_trade_no'>

/** The looks of one watcher; after its start each order is looked at, once. */
export class LookSchedule {
  readonly #clock: Clock
  /** When each was last asked about. */
  readonly #looked = new Map<string, number>()
  /** Of looks that told nothing, by `ticks`: no planned look may come after them, least of all after the last one. */
  readonly #retries = new Map<string, { at: number; pause: number; begun: number }>()

  #isNewestTurn = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether any look told nothing, and is to be made again. */
  get isRetrying(): boolean {
    return this.#retries.size > 0
  }

  /** Of one that somebody waits for: where looks tell nothing, ever more rarely, but twice a minute at first. */
  mayLook({ out_trade_no, asked_at }: QueryRequest): boolean {
    const { at, begun } = this.#retries.get(out_trade_no) ?? { at: 0, begun: 0 }
    const isWaitedFor = this.#clock.now() - asked_at < WAITED_FOR_MS
    return (isWaitedFor ? Math.min(at, begun + MOST_WAITED_FOR_MS) : at) <= this.#clock.ticks()
  }

  /** The one that is due for longest, or the newest of those. */
  nextDue(watched: readonly UnpaidOrder[]): UnpaidOrder | undefined {
    const now = this.#clock.now()
    const due = watched.flatMap((order) => {
      const at = this.#dueAt(order, now)
      return at !== undefined && at <= now ? [{ order, at }] : []
    })
    // By turns with the newest: after a start thousands may be due, and a buyer is paying one that was just made.
    this.#isNewestTurn = !this.#isNewestTurn
    const first = this.#isNewestTurn
      ? (one: Due, other: Due) => other.order.created_at - one.order.created_at
      : (one: Due, other: Due) => one.at - other.at
    return due.sort(first)[0]?.order
  }

  #dueAt(order: UnpaidOrder, now: number): number | undefined {
    const looked = this.#looked.get(order.out_trade_no) ?? now + 1
    // A look of later than now was made by a clock that was wrong.
    const planned = nextLookAt(order, looked > now ? Number.NEGATIVE_INFINITY : looked)
    const retry = this.#retries.get(order.out_trade_no)
    return retry && retry.at <= this.#clock.ticks() ? Math.min(planned ?? now, now) : planned
  }

  /** Counts as one that told nothing until it ends. */
  begin(out_trade_no: string): void {
    const { pause = FIRST_RETRY_MS / 2 } = this.#retries.get(out_trade_no) ?? {}
    const [longer, begun] = [Math.min(2 * pause, RARELY), this.#clock.ticks()]
    this.#retries.set(out_trade_no, { at: begun + longer, pause: longer, begun })
    this.#looked.set(out_trade_no, this.#clock.now())
  }

  /** It told something. */
  end(out_trade_no: string): void {
    this.#retries.delete(out_trade_no)
  }

  forgetOthers(wanted: readonly OrderNumber[]): void {
    const numbers = new Set(wanted.map(({ out_trade_no }) => out_trade_no))
    for (const known of [this.#looked, this.#retries]) {
      for (const number of known.keys()) if (!numbers.has(number)) known.delete(number)
    }
  }
}
