// What this process remembers of its orders and refunds, until it ends.
import type { Channel, RefundRequest } from '../gateway/gateway.ts'

/** An order as it was made here, link included. */
export interface MadeOrder {
  out_trade_no: string
  total_amount: string
  subject: string
  body?: string | undefined
  channel: Channel
  time_expire: string
  /** For page and mobile. */
  pay_url?: string | undefined
  /** For qr; absent while the answer of the precreate is lost. */
  qr_content?: string | undefined
}

/** How a refund ended well. */
export interface RefundMade {
  /** `now`: this call moved the money. `earlier`: it had been made before, and this call moved nothing. */
  moved: 'now' | 'earlier'
  gmt_refund_pay?: string | undefined
  /** Yuan refunded of this order so far, where Alipay said it. */
  refund_fee?: string | undefined
  /** The same wish was in flight already: both calls tell of one refund. */
  joined?: true
}

/** The refunds of one trade: at most one in flight or unknown. */
export interface RefundBook {
  inFlight?: { request: RefundRequest; made: Promise<RefundMade> } | undefined
  /** Sent, and nobody knows yet whether it was done. */
  unknown?: { request: RefundRequest; lastSentAt: number; foundEmpty: boolean } | undefined
  /** When the last try ended, in ticks of the clock; lastSentAt likewise. */
  quietFrom: number
  /** Alipay's greatest cumulative refund_fee, or what this process knows to have been done, in fen. */
  refundedFen: number
}

const MOST_ORDERS = 10_000

export class Memory {
  readonly #orders = new Map<string, MadeOrder>()
  readonly #claimed = new Set<string>()
  readonly #refunds = new Map<string, RefundBook>()

  remember(order: MadeOrder): void {
    const [oldest] = this.#orders.keys()
    if (this.#orders.size >= MOST_ORDERS && oldest !== undefined) this.#orders.delete(oldest)
    this.#orders.set(order.out_trade_no, order)
  }

  /** For an order that certainly was not made. */
  forget(out_trade_no: string): void {
    this.#orders.delete(out_trade_no)
  }

  /** False while another call is making an order of that number; else the caller releases it when done. */
  claim(out_trade_no: string): boolean {
    if (this.#claimed.has(out_trade_no)) return false
    this.#claimed.add(out_trade_no)
    return true
  }

  release(out_trade_no: string): void {
    this.#claimed.delete(out_trade_no)
  }

  order(out_trade_no: string): MadeOrder | undefined {
    return this.#orders.get(out_trade_no)
  }

  refundedFen(trade_no: string): number {
    return this.#refunds.get(trade_no)?.refundedFen ?? 0
  }

  refundsOf(trade_no: string): RefundBook {
    const book = this.#refunds.get(trade_no) ?? { quietFrom: Number.NEGATIVE_INFINITY, refundedFen: 0 }
    this.#refunds.set(trade_no, book)
    return book
  }
}
