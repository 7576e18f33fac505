// What a shop sells in the ledger: whose order it is, what was promised of it, what was handed out, and who wants money back.
import type { Trade } from '../gateway/gateway.ts'
import type { Actor, Order } from './entries.ts'

/** What a buyer may get back by himself. `auto`: undelivered and whole, so soon after the payment, up to that sum. */
export type RefundPolicy =
  | { policy: 'auto'; minutes: number; max_fen: number }
  | { policy: 'operator' }
  | { policy: 'never' }

/** `none`: the shop or the model hands it out. */
export type DeliverKind = 'text' | 'codes' | 'url' | 'none'

/** What the items file said of an item when the order was made; it holds for this order. */
export interface SaleTerms {
  deliver: DeliverKind
  /** What is handed out, or where the hook is. */
  text?: string | undefined
  url?: string | undefined
  tip: boolean
  refund: RefundPolicy
}

/** What the page of a paid order can show; a hook and the shop hand out elsewhere. */
export const isShownOnPage = ({ deliver }: SaleTerms): boolean => deliver === 'text' || deliver === 'codes'

export interface Sale {
  out_trade_no: string
  /** Keyed hash of who bought it; absent: the merchant's own sale, or of an order that was forgotten. */
  buyer?: string | undefined
  /** Absent where the ledger learnt of the order after it was restored: nobody knows what was sold. */
  item?: string | undefined
  quantity: number
  /** Of the items file under which it was made. */
  items_hash: string
  terms: SaleTerms
  /** Shown on the paid page only; absent once the order is forgotten. */
  claim_code?: string | undefined
  created_at: number
}

/** A sale to be written with its order. */
export interface NewSale extends Pick<Sale, 'buyer' | 'quantity' | 'items_hash' | 'terms'> {
  item: string
  /** How many may be sold in all; absent: any number. */
  stock?: number | undefined
  limits: SaleLimits
}

/** Absent: no such limit. */
export interface SaleLimits {
  /** Unpaid orders of one buyer, and those he makes in an hour. */
  buyerOpen?: number | undefined
  buyerPerHour?: number | undefined
  /** Unpaid orders of all buyers. */
  open?: number | undefined
}

/** What stands in the way of a refund that a buyer asked for. */
export type BuyerRefundBlock =
  /** What was sold was handed out. */
  | { why: 'delivered'; given_at: number }
  /** The operator said no; or it was tried before, and a person decides. */
  | { why: 'declined' | 'tried_before' }
  | { why: 'buyer_refunds'; asked_fen: number; limit_fen: number; used_fen: number }

/** Why an order is not made. */
export type SaleBlock =
  | { why: 'buyer_open' | 'buyer_per_hour' | 'shop_open'; limit: number }
  | { why: 'sold_out'; left: number }

export interface Delivery {
  out_trade_no: string
  given_at: number
  /** Who had it handed out; `journal`: it was before the ledger was restored. */
  given_by: 'chat' | 'page' | 'watcher' | 'terminal' | 'journal'
  /** False while a hook has not said that it took the order. */
  confirmed: boolean
  text?: string | undefined
  codes: readonly string[]
  /** Of a hook: how often it was called, and what it said last. */
  tries: number
  answer?: string | undefined
}

/** Why nothing is handed out. */
export type DeliveryBlock =
  /** The ledger knows no sale under that number. */
  | 'not_sold'
  | 'not_paid'
  /** Something of it was given back, or may have been. */
  | 'refunded'
  | 'refund_in_doubt'
  /** The buyer asked for his money, and nobody has answered. */
  | 'refund_asked'
  | 'no_codes'
  /** A tip: nothing is owed. */
  | 'nothing_due'
  /** Known only since the ledger was restored: the operator decides. */
  | 'recovered'
  | 'frozen'

export type ReservedDelivery =
  | { outcome: 'given'; first_time: boolean; delivery: Delivery }
  | { outcome: 'blocked'; why: DeliveryBlock }

/** What a buyer asked for; it lives until it is answered. */
export interface BuyerRequest {
  id: number
  out_trade_no: string
  buyer: string
  amount_fen: number
  reason?: string | undefined
  state: 'asked' | 'declined'
  asked_at: number
  decided_at?: number | undefined
}

export type AskedRefund =
  | { outcome: 'asked' | 'known'; request: BuyerRequest }
  | { outcome: 'delivered'; given_at: number }
  | { outcome: 'not_possible'; why: 'not_sold' | 'not_paid' | 'refunded' }

/** A hook that has to be called. */
export interface DueHook {
  sale: Sale
  order: Order
  /** Absent: not reserved yet. */
  delivery?: Delivery | undefined
}

/** A paid order for which nothing was handed out, nor all given back. */
export interface Undelivered {
  order: Order
  sale: Sale
  delivery?: Delivery | undefined
  request?: BuyerRequest | undefined
}

/** Codes that can be handed out, of one item, in their order. */
export interface ItemCodes {
  item: string
  codes: readonly string[]
}

/** The part of the ledger that is about a shop; each method one transaction. */
export interface ShopPart {
  /** By a key that stays in the ledger's folder. */
  buyerHash(name: string): Promise<string>
  /** For a sale: a number that this shop knows again, also where the ledger was restored since. */
  newSaleNumber(now: number): Promise<string>
  sale(out_trade_no: string): Promise<Sale | undefined>
  /** The open order for the same thing, at the same price. */
  openSale(
    of: { buyer: string; item: string; quantity: number; total_fen: number; subject: string },
    now: number,
  ): Promise<Order | undefined>
  /** Gives a paid order to whoever has its claim code; with a number, only the order of that number. */
  claimSale(
    claimed: { claim_code: string; out_trade_no?: string | undefined },
    buyer: string,
    actor: Actor,
  ): Promise<string | undefined>
  /** Whether this shop gave that code out for that order, also where the ledger does not know it. */
  isClaimCode(out_trade_no: string, claim_code: string): Promise<boolean>
  /** A paid order of this shop that the ledger does not know: it was restored since. */
  recoverSale(trade: Trade, buyer: string | undefined, actor: Actor): Promise<void>
  /** How many of an item can still be sold; undefined: any number. */
  leftOf(item: { id: string; stock?: number | undefined; hasCodes: boolean }): Promise<number | undefined>
  /**
   * Takes the items file as it is now: codes come in, those that are gone from it and were not handed out go, a change is
   * an event and an alert.
   * @returns codes that belong to another item already, by their items; nothing was written then
   */
  acceptItems(
    items: { hash: string; count: number; codes: readonly ItemCodes[] },
    actor: Actor,
  ): Promise<readonly { item: string; other: string }[]>

  /** Decides between delivery and refund: what is handed out is written down before anybody sees it. */
  reserveDelivery(out_trade_no: string, by: Delivery['given_by'], actor: Actor): Promise<ReservedDelivery>
  /** On its page, of a payment that Alipay confirmed just now; `ask_first`: it did not. */
  giveOnPage(token: string, actor: Actor): Promise<ReservedDelivery | { outcome: 'ask_first' }>
  delivery(out_trade_no: string): Promise<Delivery | undefined>
  /** Paid sales whose hook was not called yet, or did not take the order. */
  dueHooks(at: number, most: number): Promise<readonly DueHook[]>
  /** What a hook said; one that took the order is not called again. */
  endHook(
    out_trade_no: string,
    end: { confirmed: boolean; answer: string; next_at: number },
    actor: Actor,
  ): Promise<void>
  /** Those paid before, oldest first. */
  undelivered(paidBefore?: number): Promise<readonly Undelivered[]>
  /** By hand, by the operator: the order leaves the list. False where there is nothing to mark. */
  markDelivered(out_trade_no: string, actor: Actor): Promise<boolean>

  /** Blocks delivery until it is answered. */
  askRefund(
    asked: { out_trade_no: string; buyer: string; amount_fen: number; reason?: string | undefined },
    actor: Actor,
  ): Promise<AskedRefund>
  buyerRequest(out_trade_no: string): Promise<BuyerRequest | undefined>
  /** Those that nobody has answered. */
  buyerRequests(): Promise<readonly BuyerRequest[]>
  /** Tells the operator that it waits for a yes. */
  handToOperator(id: number, actor: Actor): Promise<void>
  /** Delivery is possible again. False where it was answered, or its refund is on its way. */
  declineRequest(id: number, by: 'page' | 'terminal', actor: Actor): Promise<boolean>
}
