// The checkout pages of orders in the ledger: what one shows, the press that reveals a link of Alipay's, and its end.
import type { ClockOffsets } from '../clock.ts'
import type { LinkChannel } from '../gateway/gateway.ts'
import type { Actor, Order } from './entries.ts'
import type { BuyerRequest, Delivery, Sale } from './shop.ts'

/** A page for a new order. */
export interface NewCheckout {
  token: string
  /** Signed, of each product that it offers. */
  links: Readonly<Partial<Record<LinkChannel, string>>>
}

/** The checkout page of an order, as the ledger knows it. */
export interface Checkout {
  order: Order
  /** The products whose link was signed for it. */
  offered: readonly LinkChannel[]
  /** When the cashier of each was last opened from the page. */
  pressed: Readonly<Record<LinkChannel, number | undefined>>
  /** When the query was asked for that is not answered yet, and the latest one that is. */
  asked_at?: number | undefined
  answered_at?: number | undefined
  /** Whether a watcher is at work, which would ask. */
  watched: boolean
  frozen: boolean
  /** An order that this one replaced was paid all the same. */
  paid_instead: boolean
  /** Of an order of an item. */
  sale?: { of: Sale; delivery: Delivery | undefined; request: BuyerRequest | undefined } | undefined
}

/** What came of a press on the page. */
export type Press =
  /** Written down; from now on this link of Alipay's is out. */
  | { outcome: 'go'; link: string }
  /** The other product's cashier was opened, and Alipay was not asked since. */
  | { outcome: 'ask_first' }
  /** A trade waits in the other product's cashier. */
  | { outcome: 'waits_elsewhere' }
  /** It cannot be paid from here, or not by this product. */
  | { outcome: 'not_offered' }

/** What became of a page on which an order shall be paid no more. */
export type Withdrawal =
  /** For good: no link of Alipay's ever left the page. */
  | 'closed'
  /** The page opens no cashier any more; one that was opened before can be paid in. */
  | 'withdrawn'
  /** It has no page, or it is over. */
  | 'not_on_page'

/** The part of the ledger that is about pages; each method one transaction. */
export interface CheckoutPart {
  /** The page of this token, of this partition only. */
  checkout(token: string, at: number): Promise<Checkout | undefined>
  /**
   * Reveals the link of one product, if the order is open, wanted, not frozen and has a minute left. Every link that
   * leaves the page is written down first.
   * @param now Alipay's time
   */
  press(token: string, channel: LinkChannel, now: number, actor: Actor): Promise<Press>
  /** Nobody shall pay it on its page any more. */
  withdraw(out_trade_no: string, actor: Actor): Promise<Withdrawal>
  /** What the half that faces the internet cannot know by itself. */
  clockOffsets(): Promise<ClockOffsets>
  saveClockOffsets(offsets: ClockOffsets): Promise<void>
}
