// What the watcher works by in the ledger: unpaid orders, who is asked to look at one, whose turn it is, what people must hear.
import type { Actor } from './entries.ts'

export interface UnpaidOrder {
  out_trade_no: string
  created_at: number
  /** By its `time_expire`. */
  expires_at: number
  /** Its page offers it no more, and a cashier that was opened before can be paid in. */
  withdrawn: boolean
}

/** Held by the one watcher of a ledger that is at work. */
export const WATCHER_LEASE = 'watcher'

/** Somebody wants to know of an order now. */
export interface QueryRequest {
  out_trade_no: string
  asked_at: number
}

export const ALERT_KINDS = [
  ...(['payment', 'paid_after_close', 'paid_after_replacement', 'paid_twice', 'other_amount'] as const),
  ...(['refund_elsewhere', 'in_doubt', 'not_genuine', 'notification_differs', 'unreachable'] as const),
  ...(['items_changed', 'few_codes', 'undelivered', 'refund_asked', 'sale_recovered'] as const),
] as const

/** Something that a person has to hear of. `facts` are data: amounts, numbers, what somebody typed. */
export interface NewAlert {
  kind: (typeof ALERT_KINDS)[number]
  /** What it is about: the same is told once. */
  key: string
  out_trade_no?: string | undefined
  facts: Readonly<Record<string, string>>
}

export interface Alert extends NewAlert {
  id: number
  raised_at: number
}

/** The part of the ledger that is about watching; each method one transaction. */
export interface WatchingPart {
  /** Those made here that wait for payment, for the watcher. */
  unpaidOrders(): Promise<readonly UnpaidOrder[]>
  /**
   * Asks the watcher to look at an order; false where there is none, or one was asked for less than `apart` ms ago, a
   * minute where its page has asked often.
   */
  requestQuery(out_trade_no: string, actor: Actor, apart: number, byPage?: boolean): Promise<boolean>
  /** Those that nobody has looked into yet, oldest first. */
  queryRequests(): Promise<readonly QueryRequest[]>
  endQueryRequest(request: QueryRequest): Promise<void>
  /** Takes or renews it; false while somebody else's lasts. */
  takeLease(name: string, ms: number, actor: Actor): Promise<boolean>
  /** Nothing where it is somebody else's. */
  endLease(name: string, actor: Actor): Promise<void>
  /** Whose it is, while it lasts. */
  leaseOwner(name: string, at: number): Promise<string | undefined>
  /** Nothing where the same was raised before. */
  raiseAlert(alert: NewAlert, actor: Actor): Promise<void>
  /** Oldest first. */
  unsentAlerts(most: number): Promise<readonly Alert[]>
  markAlertsSent(ids: readonly number[], actor: Actor): Promise<void>
}
