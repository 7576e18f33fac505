// What tools and guards know of Alipay: its calls, signed links, and three outcomes.

export type Environment = 'local' | 'sandbox' | 'production'

/** An order is named by exactly one of the two numbers. */
export type OrderName = { out_trade_no: string } | { trade_no: string }

export type TradeStatus = 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_FINISHED' | 'TRADE_CLOSED'

/** What alipay.trade.query says of an order, kept small: nothing that tells who the buyer is or how he pays. */
export interface Trade {
  out_trade_no: string
  trade_no: string
  trade_status: TradeStatus
  /** Yuan. */
  total_amount: string
  subject?: string | undefined
  /** Masked by Alipay. */
  buyer_logon_id?: string | undefined
  send_pay_date?: string | undefined
}

/** The answer of alipay.trade.refund. It echoes no refund number. */
export interface RefundAnswer {
  out_trade_no: string
  trade_no: string
  /** Whether *this call* moved money; N is also the answer to a repeat. */
  fund_change?: string | undefined
  /** Yuan, everything refunded of this order so far, not the amount of this refund. */
  refund_fee?: string | undefined
  gmt_refund_pay?: string | undefined
}

/** One refund as alipay.trade.fastpay.refund.query tells it; all fields absent where Alipay knows none of that number. */
export interface RefundRecord {
  out_trade_no?: string | undefined
  trade_no?: string | undefined
  out_request_no?: string | undefined
  /** Yuan, this refund. */
  refund_amount?: string | undefined
  refund_status?: string | undefined
  refund_reason?: string | undefined
  gmt_refund_pay?: string | undefined
}

export interface RefundParams {
  out_request_no: string
  /** Yuan. */
  refund_amount: string
  refund_reason?: string | undefined
}

export interface PayContent {
  out_trade_no: string
  total_amount: string
  subject: string
  body?: string | undefined
  /** Beijing time. */
  time_expire: string
}

export type LinkChannel = 'page' | 'mobile'
export type Channel = LinkChannel | 'qr'

export interface QrCode {
  out_trade_no: string
  /** Text to be scanned inside Alipay; browsers often cannot open it. */
  qr_code: string
}

/** Why nothing happened: Alipay's words as sent, or why the request never left. */
export interface Refusal {
  code?: string | undefined
  msg?: string | undefined
  sub_code?: string | undefined
  sub_msg?: string | undefined
  trace_id?: string | undefined
  /** False for a common error that Alipay did not sign. */
  verified: boolean
  /** Set when no byte of the request reached Alipay. */
  not_sent?: string | undefined
}

/**
 * done: it happened. refused: nothing was done by this call, certainly. unknown: nobody can tell; for a read this
 * only means that there was no trustworthy answer.
 */
export type Outcome<T> =
  | { outcome: 'done'; answer: T }
  | { outcome: 'refused'; refusal: Refusal }
  | { outcome: 'unknown'; why: string }

export interface ReadOptions {
  /** The whole read, repeats included; by default the time-out of one exchange. */
  within?: number | undefined
  signal?: AbortSignal | undefined
}

export interface ChangeOptions {
  /** Milliseconds for the one exchange, at most the configured time-out. */
  within?: number | undefined
  /** Asked right before the first byte leaves; false: not sent. */
  mayStillSend?: (() => boolean) | undefined
}

/** 周期扣款 or 商家扣款, as the merchant has signed for it. */
export type SubscriptionProduct = 'CYCLE_PAY_AUTH' | 'GENERAL_WITHHOLDING'

/** What the merchant has signed for, to charge agreements. */
export interface AgreementTerms {
  product: SubscriptionProduct
  /** Only agreements of CYCLE_PAY_AUTH_P have a plan. */
  personal_product_code: 'CYCLE_PAY_AUTH_P'
  /** `INDUSTRY|...`, from the contract. */
  sign_scene: string
}

/** page: shown as a code on a computer. mobile: opens Alipay on the phone itself. */
export type SignChannel = LinkChannel

export interface SignContent {
  /** Letters and digits, at most 32; used up once it was signed. */
  external_agreement_no: string
  period_type: 'DAY' | 'MONTH'
  /** At least 7 days. */
  period: number
  /** `yyyy-MM-dd`, Beijing: the first planned day; of months at most the 28th. */
  execute_time: string
  /** Yuan: no charge is above it. */
  single_amount: string
  /** How many charges in all; absent: until somebody ends it. */
  total_payments?: number | undefined
}

/** What alipay.user.agreement.query says, kept small. */
export interface Agreement {
  agreement_no: string
  status: 'TEMP' | 'NORMAL' | 'STOP'
  /** Only where it was asked by. */
  external_agreement_no?: string | undefined
  /** Alipay's number of the user: not to be kept as it is. */
  principal_id?: string | undefined
  /** Masked by Alipay. */
  buyer_logon_id?: string | undefined
  sign_time?: string | undefined
  invalid_time?: string | undefined
  /** The planned day, Beijing; some say a time behind it. */
  next_deduct_time?: string | undefined
  last_deduct_time?: string | undefined
}

export type AgreementName = { external_agreement_no: string } | { agreement_no: string }

export interface ChargeContent {
  out_trade_no: string
  /** Yuan. */
  total_amount: string
  subject: string
  agreement_no: string
  /** Beijing time. */
  time_expire: string
}

/** A 10000 is paid only once a query says so; `in_process` is 10003: it may still be paid, or not. */
export interface ChargeAnswer {
  out_trade_no: string
  trade_no: string
  in_process: boolean
}

/** As the gateway itself: reads are repeated, a changing call is sent once. */
export interface AgreementGateway {
  readonly product: SubscriptionProduct
  /**
   * A signed link of alipay.user.agreement.page.sign. Sends nothing, and never expires at Alipay.
   * @param return_url where the buyer's browser comes back to, unless the settings say where
   */
  signLink(channel: SignChannel, content: SignContent, return_url?: string): Promise<string>
  /** alipay.user.agreement.query; one that was ended is refused as one that does not exist. */
  agreement(name: AgreementName, options?: ReadOptions): Promise<Outcome<Agreement>>
  /**
   * alipay.user.agreement.unsign; that it was ended before counts as done. Its answer names no agreement: only a query
   * proves that this one is ended.
   */
  unsign(agreement_no: string, options?: ChangeOptions): Promise<Outcome<object>>
  /** alipay.user.agreement.executionplan.modify. @param deduct_time `yyyy-MM-dd`, later than the planned day */
  postpone(agreement_no: string, deduct_time: string, memo: string, options?: ChangeOptions): Promise<Outcome<object>>
  /** alipay.trade.pay of an agreement. */
  charge(content: ChargeContent, options?: ChangeOptions): Promise<Outcome<ChargeAnswer>>
}

/** Reads are repeated within their time; a changing call is sent once, never again by the gateway itself. */
export interface Gateway {
  /**
   * Reads once, signed, if that has not been done for an hour: what time it is at Alipay, and whether Alipay takes this app
   * and its key. Silent where no answer comes.
   * @returns why Alipay would refuse a link of ours
   */
  checkIn(): Promise<Refusal | undefined>
  /**
   * A signed link of alipay.trade.page.pay or wap.pay. Sends nothing: Alipay knows no trade until the buyer acts.
   * @param return_url where the buyer's browser comes back to, unless the settings say where
   */
  payLink(channel: LinkChannel, content: PayContent, return_url?: string): Promise<string>
  /** The same as it may be kept: without the token of a merchant for whom this app acts. */
  keepableLink(link: string): Promise<string>
  /** A link that was kept, with the token, as the buyer needs it. */
  wholeLink(kept: string): Promise<string>
  /** alipay.trade.precreate: a code for an order that comes to exist when it is scanned. */
  precreate(content: PayContent, options?: ChangeOptions): Promise<Outcome<QrCode>>
  query(order: OrderName, options?: ReadOptions): Promise<Outcome<Trade>>
  refundQuery(order: OrderName, out_request_no: string, options?: ReadOptions): Promise<Outcome<RefundRecord>>
  refund(order: OrderName, params: RefundParams, options?: ChangeOptions): Promise<Outcome<RefundAnswer>>
  close(order: OrderName, options?: ChangeOptions): Promise<Outcome<{ out_trade_no: string; trade_no: string }>>
  /** Where the merchant has signed for it. */
  readonly agreements?: AgreementGateway | undefined
}
