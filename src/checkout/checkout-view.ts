// What the checkout page shows of one order: plain data, from which the page is drawn.
import type { Environment, LinkChannel } from '../gateway/gateway.ts'
import type { Language } from '../language.ts'
import type { Delivery, SaleTerms } from '../ledger/ledger.ts'
import type { Payee } from '../settings/payee.ts'

export type { Payee } from '../settings/payee.ts'

/** What the buyer holds, by the name that his browser gives itself. `in_chat`: WeChat and QQ, which do not open Alipay. */
export type Device = 'phone' | 'computer' | 'alipay' | 'in_chat'

export type CheckoutState =
  /** It can be paid from here. */
  | 'open'
  /** Less than a minute is left: no cashier is opened any more. */
  | 'too_late'
  /** It is over, and a payment of the last moment in a cashier that was opened may still show. */
  | 'time_is_up'
  | 'paid'
  /** Paid, and all of it or a part given back since. */
  | 'part_refunded'
  | 'refunded'
  | 'closed'
  | 'expired'
  /** Another order was made in its place: the price has changed, or what is sold. */
  | 'replaced'
  /** The seller wants it paid no more. */
  | 'withdrawn'
  /** The order that this one replaced was paid all the same. */
  | 'paid_before'
  /** The operator froze all payments. */
  | 'paused'
  /** Another amount was paid than the one asked. */
  | 'other_amount'

/** What stands between a press and the cashier of a product, after the other product's was opened. */
export type PressNotice =
  /** Alipay is being asked whether a trade waits there; the page loads again and presses then. */
  | 'asking'
  /** The buyer comes back from the cashier, and Alipay is being asked: the page of the order comes next. */
  | 'back'
  /** Nobody asks Alipay just now, so nobody knows. */
  | 'not_known'
  /** A trade waits there, and belongs to the account that began it. */
  | 'waits_elsewhere'

/** What the page of an item's order knows of it. */
export interface SaleView {
  terms: SaleTerms
  claim_code?: string | undefined
  delivery?: Delivery | undefined
  /** The buyer asked for his money, and nobody has answered. */
  isAskedBack: boolean
  /** Own path whose press hands out text or codes; absent where it cannot be pressed. */
  show_path?: string | undefined
  /** It was pressed, and nobody could ask Alipay. */
  isUnconfirmed?: boolean | undefined
}

export interface CheckoutView {
  state: CheckoutState
  device: Device
  language: Language
  environment: Environment
  payee: Payee
  subject: string | undefined
  body: string | undefined
  /** Yuan. */
  total_amount: string
  /** Yuan, where something was given back. */
  refunded_total: string | undefined
  out_trade_no: string
  /** Beijing time, `yyyy-MM-dd HH:mm:ss`, of the payment. */
  paid_at: string | undefined
  /** Beijing time until when it can be paid; seconds left, by Alipay's clock. */
  time_expire: string
  seconds_left: number
  /** The short link itself, whole: what the code holds, and what is copied. */
  address: string
  /** Own paths whose press leads to Alipay; of the products that are offered, none where it cannot be paid from here. */
  presses: Partial<Record<LinkChannel, string>>
  /** The cashier that was opened from here last, and can be paid in until `time_expire`: Beijing time of its opening. */
  cashier_opened_at: string | undefined
  /** Whether somebody asks Alipay, so that the page shows a payment by itself. */
  watched: boolean
  notice: PressNotice | undefined
  /** Of an order of an item; absent: it was named by the merchant. */
  sale?: SaleView | undefined
  /** Own path of the page itself. */
  page_path: string
  /** Own path that answers with `state_key` as plain text; the page loads again when it differs. */
  state_path: string
  state_key: string
  /** Seconds after which the page loads again by itself, also without JavaScript; absent: it is as it will stay. */
  refresh_in: number | undefined
}
