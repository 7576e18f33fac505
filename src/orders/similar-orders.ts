// Open orders of one subject and amount: those that this process made are named, for they may be the same request; of
// the others, which are probably other buyers', only how many there are is told.
import type { Clock } from '../clock.ts'

/** For how long the ledger takes an order for a similar one. */
const SIMILAR_MS = 10 * 60_000
/** More would only fill the answer. */
const MOST_NAMED = 3

export interface SimilarOrders {
  /** The newest ones that this process made. */
  own: readonly string[]
  /** How many more there are. */
  others: number
}

export const NONE_SIMILAR: SimilarOrders = { own: [], others: 0 }

/** The orders that this process made of late. */
export class OwnOrders {
  /** By their number, when (ticks); the oldest first. */
  readonly #made = new Map<string, number>()

  constructor(readonly clock: Clock) {}

  add(out_trade_no: string): void {
    const now = this.clock.ticks()
    this.#made.set(out_trade_no, now)
    for (const [number, at] of this.#made) {
      if (now - at <= SIMILAR_MS) break
      this.#made.delete(number)
    }
  }

  /** @param similar their numbers, the newest first */
  among(similar: readonly string[]): SimilarOrders {
    const own = similar.filter((number) => this.#made.has(number)).slice(0, MOST_NAMED)
    return { own, others: similar.length - own.length }
  }
}

/** Never that one should be closed: a buyer may be about to pay it. */
export function similarSentence({ own, others }: SimilarOrders): string {
  return namedSentence(own) + countedSentence(own, others)
}

/** In Chinese; empty where there are none. */
export function similarZh({ own, others }: SimilarOrders): string {
  if (own.length + others === 0) return ''
  const named = own.length > 0 ? `${own.join('、')} ` : ''
  return `注意：10 分钟内已有 ${own.length + others} 笔同名同额的订单 ${named}也可付款；若是同一笔请求，只给买家一个链接。`
}

function namedSentence(own: readonly string[]): string {
  if (own.length === 0) return ''
  const numbers = own.join(', ')
  return (
    ` Careful: ${numbers} of the same subject and amount, made here in the last 10 minutes, can be paid, too.` +
    ' If one of these orders was for this same request of the same buyer, show only one link and let the other order expire.'
  )
}

function countedSentence({ length }: readonly string[], others: number): string {
  if (others === 0) return ''
  const orders = others === 1 ? '1 open order' : `${others} open orders`
  const more = length > 0 ? `${orders} more` : orders
  return ` ${more} of the same subject and amount came in the last 10 minutes, probably for other buyers: leave them alone.`
}
