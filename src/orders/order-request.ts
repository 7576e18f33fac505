// What a new order is asked to be, and what came of it.
import type { Channel } from '../gateway/gateway.ts'
import type { Order } from '../ledger/ledger.ts'
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
}

export interface CreatedOrder {
  order: Order
  /** Open orders of the same subject and amount, made in the last 10 minutes: perhaps the same request. */
  similar_orders: SimilarOrders
  /** It was made before, and this call made nothing new. */
  again: boolean
  /** Set while the link of the order that it replaces can still be paid. */
  old_payable_until?: string | undefined
  /** Said to be recorded, and was not. */
  unrecorded?: string | undefined
}
