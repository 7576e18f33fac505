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
  const named =
    own.length > 0
      ? `注意：这里 10 分钟内创建的同名同额订单 ${own.join('、')} 也可付款；若其中有同一买家的同一笔请求，只给买家一个链接，另一笔等它过期。`
      : ''
  if (others === 0) return named
  const repeated = named ? '' : '若是重复同一笔请求，只给买家一个链接。'
  return `${named}10 分钟内${named ? '另' : '已'}有 ${others} 笔同名同额的订单也可付款，多半属于其他买家，不要动它们。${repeated}`
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
  const repeated = length > 0 ? '' : ' For a repeat of the same request show only one link.'
  return ` ${more} of the same subject and amount came in the last 10 minutes and can be paid, too, probably by other buyers: leave them alone.${repeated}`
}
