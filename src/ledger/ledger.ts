// The ledger: every order and every step that moves something, in decisions that are each one transaction.
import type { Channel, OrderName, Trade } from '../gateway/gateway.ts'
import type { Recipient } from '../notifications/four-checks.ts'
import type { NotificationFields } from '../notifications/notification.ts'
import type { CheckoutPart, NewCheckout } from './checkouts.ts'
import type {
  Actor,
  Approval,
  ApprovalRequest,
  DaySums,
  Freeze,
  Intent,
  LedgerEvent,
  ListedPage,
  ListFilter,
  NotificationOutcome,
  Order,
  RefundPortion,
} from './entries.ts'
import type { BuyerRefundBlock, NewSale, SaleBlock, ShopPart } from './shop.ts'
import type { ChargeBlock, SubscriptionPart } from './subscriptions.ts'
import type { WatchingPart } from './watching.ts'

export type * from './checkouts.ts'
export type * from './entries.ts'
export type * from './shop.ts'
export type * from './subscriptions.ts'
export type * from './watching.ts'

/** What stands in the way of a request; nothing was written and nothing may be sent. */
export type Block =
  | { why: 'frozen'; since: number; because?: string | undefined }
  | { why: 'daily_payments' | 'daily_refunds'; asked_fen: number; limit_fen: number; used_fen: number }
  | { why: 'over_what_is_left'; total_fen: number; refunded_fen: number }
  /** A refund of this order, this one or another, that a server is just sending. */
  | { why: 'in_flight'; intent: Intent }
  /**
   * A refund of this order of which nobody knows how it ended, and which has to be read for first: another one, or this
   * one where its server ended before it could say.
   */
  | { why: 'unknown'; intent: Intent }
  /** Less than 3 s after the last refund of this order; wait so many milliseconds. */
  | { why: 'too_soon'; wait: number }
  /** Somebody else has taken the intent over, or its lease has run out. */
  | { why: 'lease_lost' }
  | BuyerRefundBlock
  | SaleBlock
  | Extract<ChargeBlock, { why: 'cancelled' | 'not_live' }>

export interface NewOrder {
  out_trade_no: string
  total_amount: string
  subject: string
  body?: string | undefined
  /** Absent with a checkout page, which has more than one. */
  channel?: Channel | undefined
  time_expire: string
  /** Absent for qr, which is asked for after this, and with a checkout page. */
  pay_url?: string | undefined
  checkout?: NewCheckout | undefined
  replaces?: string | undefined
  /** Of a shop's item. */
  sale?: NewSale | undefined
}

export type ReservedOrder =
  /** `intent` for qr only: prepared, to be marked and sent. `similar_orders`: open orders of the same subject and amount, made in the last 10 minutes. */
  | { outcome: 'made'; order: Order; intent?: Intent; similar_orders: readonly string[] }
  /** That number is in the ledger already; the caller compares. */
  | { outcome: 'known'; order: Order }
  | { outcome: 'blocked'; block: Block }

export interface RefundRequest {
  out_trade_no: string
  trade_no: string
  total_fen: number
  out_request_no: string
  portion: RefundPortion
  amount_fen: number
  reason?: string | undefined
  /**
   * A buyer asked for it: only while his request is open, and nothing was handed out. `auto`: nobody says yes, so it is the
   * first try of all, and within what one buyer may get back on a day.
   */
  of_buyer?: { buyer: string; auto?: { daily_fen: number } | undefined } | undefined
}

export interface RefundRules {
  daily_refunds_fen?: number | undefined
  /**
   * always: unless under `approve_above_fen`. exceptions: only a further refund of one amount, and a send after an
   * attempt of this order that ended unknown or not executed. never: not even then.
   */
  asks: 'always' | 'exceptions' | 'never'
  /** Nobody is asked while the unasked refunds of this order or of this day, this one included, are under it. */
  approve_above_fen?: number | undefined
}

export interface RefundEvaluation {
  block?: Block | undefined
  /** What the ledger has of this number: `done` means that there is nothing to do. */
  intent?: Intent | undefined
  refunded_fen: number
  /** Whether a yes is due, and the digest that the yes is bound to. */
  asks: boolean
  approvalDigest: string
  /** An attempt of this order that ended unknown or not executed and was never found done. */
  earlier?: Intent | undefined
  /** What was sold was handed out then: somebody is always asked. */
  delivered_at?: number | undefined
}

/** A yes to one approval digest: from the chat with its single-use nonce, or an approved request in the ledger. */
export type Yes =
  | { how: 'chat'; approvalDigest: string; nonce: string }
  | { how: 'operator'; approvalDigest: string; id: number }

export type ReservedRefund =
  | { outcome: 'prepared'; intent: Intent }
  /** A yes is due: none was given, or it was for another approval digest, used before, or too old. */
  | { outcome: 'ask' }
  | { outcome: 'blocked'; block: Block }
  | { outcome: 'made'; intent: Intent }

export type Resolution =
  | {
      state: 'done'
      moved?: 'now' | 'earlier' | undefined
      gmt_refund_pay?: string | undefined
      /** Alipay's cumulative sum of this order, where it said it. */
      refund_fee_fen?: number | undefined
      qr_content?: string | undefined
      trade_no?: string | undefined
    }
  | { state: 'refused' | 'not_executed'; answer: string; trace_id?: string | undefined; never_sent?: true }
  /** `empty`: Alipay answered that it knows nothing of the number. */
  | { state: 'unknown'; answer: string; empty: boolean }

/**
 * Every method is one transaction, begun immediately where it writes, and each write appends an event. All of them see
 * one partition only; freeze() and frozen() are about the whole file.
 * @throws LedgerError when the ledger cannot be read or written; then nothing was written
 */
export interface Ledger extends CheckoutPart, WatchingPart, ShopPart, SubscriptionPart {
  /** It ends with this process, and no other process sees it. */
  readonly inMemory: boolean

  order(name: OrderName): Promise<Order | undefined>
  /** The orders that it replaced, and those that replaced it, nearest first. */
  replacements(out_trade_no: string): Promise<readonly string[]>
  /** All intents of an order, oldest first. */
  intents(out_trade_no: string): Promise<readonly Intent[]>
  /** Prepared, sent or unknown, somebody's lease on them or not; of one order, or of all. */
  inDoubt(out_trade_no?: string): Promise<readonly Intent[]>
  list(filter: ListFilter): Promise<ListedPage>

  /**
   * Inserts the order, unless its number is known, it would pass the daily limit, or everything is frozen. With
   * `replaces` the old order is marked in the same transaction.
   */
  reserveOrder(
    order: NewOrder,
    rules: { daily_payments_fen?: number | undefined },
    actor: Actor,
  ): Promise<ReservedOrder>
  /** What stands in the way of one more order of that sum today, once `freed` is closed; reserving it looks again. */
  paymentsBlock(
    total_fen: number,
    limit_fen: number | undefined,
    at: number,
    freed?: string,
  ): Promise<Block | undefined>
  /**
   * What Alipay said: the trade, or that there is none. Writes only what is new. An order not in the ledger is added
   * (created_here false) if `addIfMissing`. `certainlyUnpaid`: no trade, and long past the expiry.
   */
  recordTrade(
    update: { trade: Trade } | { out_trade_no: string; certainlyUnpaid: boolean },
    actor: Actor,
    addIfMissing?: boolean,
  ): Promise<Order | undefined>
  /** A genuine one, exactly as verified, once however often it comes; what does not agree changes only the record. */
  recordNotification(fields: NotificationFields, recipient: Recipient, actor: Actor): Promise<NotificationOutcome>
  /** One that cannot be read, too. */
  holdsOrders(): Promise<boolean>
  requestClose(out_trade_no: string, actor: Actor): Promise<void>
  /** Its link is shown again: nobody wants it closed any more, unless somebody asked for that after `requested_at`. */
  withdrawCloseRequest(out_trade_no: string, actor: Actor, requested_at?: number): Promise<void>

  /**
   * A new attempt at a create or close of an order in the ledger; one that is done is given as it is. An order that was
   * refused for certain counts again, today; hence the limit.
   */
  reserve(
    kind: 'create' | 'close',
    out_trade_no: string,
    actor: Actor,
    daily_payments_fen?: number | undefined,
  ): Promise<Intent | Block>
  /** What would come of it: limits, what is left, others in the way, whether to ask. Writes nothing. */
  evaluateRefund(request: RefundRequest, rules: RefundRules, actor: Actor): Promise<RefundEvaluation>
  /** The same again, and if nothing is in the way the yes is used up and the attempt written, at once. */
  reserveRefund(request: RefundRequest, rules: RefundRules, yes: Yes | undefined, actor: Actor): Promise<ReservedRefund>
  /**
   * Right before each send: requires the own lease, the state (prepared, for a repeat sent), no freeze (closes may), and
   * for a first send 3 s since the last refund of the order ended. Writes `sent`.
   */
  markSending(id: number, repeat: boolean, actor: Actor): Promise<'go' | Block>
  /**
   * Ends an attempt. A proof (`done`) is taken from anybody, anything else only from the owner while it is not resolved.
   * With `attempt`, only that one is ended by anything but a proof: what was read for it says nothing about the next.
   * Each end ends the lease; done keeps the greatest refund_fee, also when it is told again.
   * @returns the intent as it is now
   */
  resolve(id: number, resolution: Resolution, actor: Actor, attempt?: number): Promise<Intent>
  /**
   * Takes an intent that nobody holds, in order to read for it. One that was only prepared was never sent: it becomes
   * not_executed at once. Undefined if it is resolved or held.
   */
  takeOver(id: number, actor: Actor): Promise<Intent | undefined>
  /** A refund that was found made under this number, by whomever. */
  foundRefund(request: RefundRequest, proof: { gmt_refund_pay?: string | undefined }, actor: Actor): Promise<Intent>

  /** The request for this approval digest: a new one, or the one of the last 15 minutes, decided or not. */
  requestApproval(request: ApprovalRequest, actor: Actor): Promise<Approval>
  approval(id: number): Promise<Approval | undefined>
  /** Neither decided nor expired. */
  openApprovals(at: number): Promise<readonly Approval[]>
  /** False where it was decided, has expired, or all is frozen (a no is always taken). */
  decide(id: number, yes: boolean, by: 'page' | 'terminal', actor: Actor): Promise<boolean>

  frozen(): Promise<Freeze | undefined>
  freeze(why: string | undefined, actor: Actor): Promise<void>
  unfreeze(actor: Actor): Promise<void>

  events(filter: { since?: number | undefined; out_trade_no?: string | undefined }): Promise<readonly LedgerEvent[]>
  approvals(filter: { since?: number | undefined; out_trade_no?: string | undefined }): Promise<readonly Approval[]>
  /** Newest day first. */
  days(since?: number): Promise<readonly DaySums[]>
  /** How many orders the same file holds for other apps, merchants or gateways. */
  ordersElsewhere(): Promise<number>
  /** What is damaged in the whole file, in words; none: nothing was found. Reads all of it. */
  damage(): Promise<readonly string[]>
  /** Erases free text, links and names of an order; numbers, amounts and times stay. False if it is not known. */
  forget(out_trade_no: string, actor: Actor): Promise<boolean>
  /** Removes orders made before, that are final, with all that belongs to them. */
  prune(createdBefore: number, actor: Actor): Promise<number>
  close(): void
}
