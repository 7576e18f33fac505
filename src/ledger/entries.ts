// What the ledger holds: orders, intents, requests for a yes, and the record of what was done.
import type { Channel, Environment, TradeStatus } from '../gateway/gateway.ts'

/** Whose orders these are: what one merchant's app, or apps, did at one gateway. */
export interface PartitionKey {
  environment: Environment
  gateway: string
  /** ALIPAY_SELLER_ID, else the app (and whom it acts for). */
  merchant: string
  /** What the same settings meant before ALIPAY_SELLER_ID was set: those orders are taken over. */
  merchant_before?: string | undefined
  /** False of who does not know for whom the app acts, and so not for certain what they were. */
  takes_over?: boolean | undefined
}

/** Who decides, and when. */
export interface Actor {
  /** Milliseconds since the epoch, of the one clock. */
  at: number
  /** One server process, or one command at a terminal; random. */
  owner: string
  /** Name and version of the MCP host, or `terminal`. */
  host: string
}

export interface Order {
  out_trade_no: string
  trade_no?: string | undefined
  /** Yuan, two decimals. */
  total_amount: string
  /** Yuan: what Alipay has under the number, where that is not what was asked here. Then it counts as not paid. */
  other_amount?: string | undefined
  subject?: string | undefined
  body?: string | undefined
  channel?: Channel | undefined
  /** For page and mobile, where it has no checkout page. */
  pay_url?: string | undefined
  /** Of its checkout page: then no link of Alipay's is given out but by a press there. */
  token?: string | undefined
  /** When the first of them was. */
  cashier_opened_at?: number | undefined
  /** For qr; absent while the answer of the precreate is lost. */
  qr_content?: string | undefined
  /** Beijing time; absent for an order not made here. */
  time_expire?: string | undefined
  /** As last seen at Alipay; absent: no trade was seen yet. */
  trade_status?: TradeStatus | undefined
  send_pay_date?: string | undefined
  checked_at?: number | undefined
  /** Set once it is certain that nobody paid it nor can: closed unpaid, or expired without a trade. */
  can_never_be_paid: boolean
  /** Known to have been refunded, at least: Alipay's greatest cumulative refund_fee, or the refunds known here. */
  refunded_fen: number
  /** Somebody wanted it closed while Alipay had no trade to close. */
  close_requested_at?: number | undefined
  replaces?: string | undefined
  replaced_by?: string | undefined
  /** Has a step of which it is not known how it ended, or that is just being sent. */
  unfinished: boolean
  created_at: number
  /** False for an order that another program made and that was refunded or closed here. */
  created_here: boolean
  host?: string | undefined
}

/** `alarm`: another amount than the one asked was paid, and not all of it was given back. */
export type OrderState = 'waiting' | 'paid' | 'part_refunded' | 'refunded' | 'closed' | 'alarm'

export type IntentKind = 'create' | 'refund' | 'close' | 'charge'
/**
 * prepared: written, nothing sent. sent: a byte may have left. unknown: sent, and a read did not tell. The others are
 * final: done for its number, refused and not_executed for that attempt.
 */
export type IntentState = 'prepared' | 'sent' | 'unknown' | 'done' | 'refused' | 'not_executed'

/** Which refund of an order: of what is left, or of one amount, the first or a further one. Its number follows from it. */
export interface RefundPortion {
  kind: 'rest' | 'amount'
  /** 1, or more for a further refund of one amount. */
  ordinal: number
}

/** One number at Alipay, what is asked for under it, and the latest attempt at it. */
export interface Intent {
  id: number
  kind: IntentKind
  out_trade_no: string
  trade_no?: string | undefined
  /** out_request_no of a refund, out_trade_no of the others. */
  number: string
  /** Of a refund. */
  portion?: RefundPortion | undefined
  amount_fen: number
  reason?: string | undefined
  attempt: number
  state: IntentState
  owner: string
  /** Until then only its owner may send, resolve or read for it. */
  lease_until: number
  /** When this attempt was written, and its Beijing day, `yyyy-MM-dd`: limits count by it. */
  created_at: number
  day: string
  sent_at?: number | undefined
  ended_at?: number | undefined
  /** done: whether the call that sent it moved the money, or found it made. */
  moved?: 'now' | 'earlier' | undefined
  gmt_refund_pay?: string | undefined
  /** Alipay's words, or why nothing is known; one line. */
  answer?: string | undefined
  trace_id?: string | undefined
  /** Who said yes to this attempt; `unasked` counts against ALIPAY_APPROVE_ABOVE, `elsewhere` was found made. */
  approved_by: 'chat' | 'operator' | 'unasked' | 'elsewhere'
  host?: string | undefined
  /** Of all attempts. */
  last_sent_at?: number | undefined
  /** When Alipay was first seen to know nothing of the number, after the last send. */
  found_empty_at?: number | undefined
  /** Since when something of this number may still take effect at Alipay; undefined: nothing of it can. */
  in_doubt_since?: number | undefined
  /** The same, also where nothing ever left this computer: the merchant is asked because of it. */
  uncertain_since?: number | undefined
}

export interface ApprovalRequest {
  approvalDigest: string
  out_trade_no: string
  amount_fen: number
  /** Both languages, a line each: order, subject, amount, what was refunded, environment, an earlier attempt. */
  question: string
}

export interface Approval extends ApprovalRequest {
  id: number
  state: 'asked' | 'approved' | 'denied' | 'used'
  asked_at: number
  expires_at: number
  decided_at?: number | undefined
  decided_by?: 'page' | 'terminal' | 'chat' | undefined
}

export interface LedgerEvent {
  id: number
  at: number
  host: string
  out_trade_no?: string | undefined
  what: string
  why?: string | undefined
}

export interface DaySums {
  /** Beijing day. */
  day: string
  orders: number
  created_fen: number
  paid_fen: number
  /** Paid with another amount than the one asked, which counts as not paid. */
  alarm_fen: number
  refunds: number
  refunded_fen: number
  /** Sent, and nobody knows. */
  unknown_fen: number
}

export interface Freeze {
  at: number
  why?: string | undefined
}

/**
 * `differs`: in amount, seller or app. `of_agreement`: a subscription of the ledger, and Alipay is to be asked about it.
 * `of_other_kind`: about no trade, and no agreement.
 */
export type NotificationOutcome =
  | 'agrees'
  | 'recorded_before'
  | 'differs'
  | 'of_other_order'
  | 'of_agreement'
  | 'of_other_agreement'
  | 'of_other_kind'

export interface ListFilter {
  /** `unknown`: orders with an intent that is not resolved; `undelivered`: paid, and nothing was handed out. */
  state?: OrderState | 'unknown' | 'undelivered' | undefined
  created_from?: number | undefined
  created_before?: number | undefined
  /** Part of the subject or of either number. */
  text?: string | undefined
  /** `next` of the page before. */
  cursor?: string | undefined
  limit: number
}

export interface ListedPage {
  /** Newest first; `in_doubt` holds what is not resolved of each. */
  orders: readonly (Order & { state: OrderState; in_doubt: readonly Intent[] })[]
  /** Entries of this page that are damaged, in words; they are not among the orders. */
  damaged: readonly string[]
  next?: string | undefined
  /** Of all orders that fit, not only of this page. */
  count: number
  /** How many of them were paid as they were made, refunded since or not; those whose amounts are damaged not counted. */
  paid_count: number
  paid_fen: number
  refunded_fen: number
  /** How many of them are left out of the sums, because their amounts are damaged. */
  not_summed: number
  /** Paid, and refunded, of orders for which Alipay has another amount than the one asked: in neither of the two above. */
  alarm_fen: number
  alarm_refunded_fen: number
}
