// One trade as the platform keeps it, and the state that follows from it and the clock.
import type { Buyer } from './buyers.ts'
import { addMonths } from './clock.ts'

export type TradeStatus = 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_FINISHED' | 'TRADE_CLOSED'
/** agreement: charged by the merchant, without a page. */
export type Channel = 'page' | 'mobile' | 'qr' | 'agreement'

/** The standard products take refunds for twelve months after the payment. */
const REFUND_PERIOD_MONTHS = 12

/** Where notifications of an order go, and the app that said so. */
export interface NotifyTo {
  readonly url: string
  readonly app_id: string
}

export interface Refund {
  readonly out_request_no: string
  readonly fen: number
  readonly at: number
  readonly reason: string | undefined
  readonly by: 'api' | 'console'
}

/** Of a trade that a charge made. */
export interface Charge {
  readonly agreement_no: string
  /** The day of the plan that it is for. */
  readonly planned_day: string
  /** 10003: it ends without another call. */
  in_process: boolean
}

export interface Trade {
  readonly trade_no: string
  readonly out_trade_no: string
  readonly channel: Channel
  readonly subject: string
  readonly body: string | undefined
  readonly total_fen: number
  readonly buyer: Buyer
  readonly created_at: number
  readonly expires_at: number
  readonly refunds: Refund[]
  readonly notify_to: NotifyTo | undefined
  readonly charge?: Charge
  paid_at: number | undefined
  closed_at: number | undefined
  /** A refund was tried while it was paid; only the sandbox's rules look at it. */
  refund_tried: boolean
}

export function refundedFen(trade: Trade): number {
  return trade.refunds.reduce((sum, refund) => sum + refund.fen, 0)
}

/** [guess G14] Derived on every look, so expiry and the end of the refund period need no timer. */
export function statusOf(trade: Trade, now: number): TradeStatus {
  if (trade.closed_at !== undefined) return 'TRADE_CLOSED'
  if (trade.paid_at === undefined) return now >= trade.expires_at ? 'TRADE_CLOSED' : 'WAIT_BUYER_PAY'
  if (refundedFen(trade) === trade.total_fen) return 'TRADE_CLOSED'
  return now >= addMonths(trade.paid_at, REFUND_PERIOD_MONTHS) ? 'TRADE_FINISHED' : 'TRADE_SUCCESS'
}
