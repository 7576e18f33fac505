// What a new order is asked to be, and what came of it.
import type { Channel } from '../gateway/gateway.ts'
import type { NewSale, Order } from '../ledger/ledger.ts'
import type { SimilarOrders } from './similar-orders.ts'

export interface OrderRequest {
  subject: string
  /** Yuan, two decimals. */
  total_amount: string
  /** Only an own number of the merchant. */
  out_trade_no?: string | undefined
  body?: string | undefined
  expires_in_minutes: number
  channel: Channel
  /** The order in whose place this one is made. */
  replaces?: string | undefined
  /** Of a shop's item. */
  sale?: NewSale | undefined
}

/** An order in whose place another one was made, and that can be paid all the same. */
export interface OldOrder {
  payable_until: string
  /** When its page first opened a cashier; absent: it has no page. */
  cashier_opened_at?: number | undefined
  /** Its time is over, and a payment of the last minute may still show. */
  isPast?: boolean
}

export interface CreatedOrder {
  order: Order
  /** Open orders of the same subject and amount, made in the last 10 minutes: perhaps the same request. */
  similar_orders: SimilarOrders
  /** It was made before, and this call made nothing new. */
  again: boolean
  /** The order that it replaces, while that can still be paid. */
  old?: OldOrder | undefined
  /** Those that the old one had replaced, while they can be paid. */
  earlier?: readonly string[] | undefined
  /** Why it has a link of Alipay's in the place of a page, where pages are wanted. */
  no_page?: string | undefined
  /** Said to be recorded, and was not. */
  unrecorded?: string | undefined
}
