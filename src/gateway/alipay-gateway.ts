// The gateway over the real protocol: what each call asks, how it is sent, what its answer proves.
import type { Clock } from '../clock.ts'
import { AlipayAgreements } from './agreement-gateway.ts'
import { judge } from './answer.ts'
import {
  closeAnswer,
  fitting,
  qrAnswer,
  refundAnswer,
  refundRecord,
  type Typed,
  tradeAnswer,
} from './answer-schemas.ts'
import { Exchange, type ExchangeOptions } from './exchange.ts'
import type {
  AgreementTerms,
  ChangeOptions,
  Gateway,
  LinkChannel,
  OrderName,
  Outcome,
  PayContent,
  QrCode,
  ReadOptions,
  RefundAnswer,
  RefundParams,
  RefundRecord,
  Refusal,
  Trade,
} from './gateway.ts'
import { COMMON_CODES } from './refusals/refusals.ts'
import { type Connection, type SignedRequest, Signing, withoutToken, withToken } from './signing.ts'

// The product codes that Alipay's own SDKs document for the two methods.
const PAY_METHODS = {
  page: { method: 'alipay.trade.page.pay', product_code: 'FAST_INSTANT_TRADE_PAY' },
  mobile: { method: 'alipay.trade.wap.pay', product_code: 'QUICK_WAP_WAY' },
} as const

// How long a link is made by what was heard of Alipay's clock and of our key, and how long the look may take.
const CHECK_IN_MS = 3_600_000
const CHECK_IN_WITHIN_MS = 3_000
const CLOCK_SET_MS = 2_000
const PAUSE_MS = 150
const RATE_LIMITED = '40005'
const MOST_READS = 4
// Less is too short for an answer, and a read that fails by its haste says less than the one before it.
const LEAST_READ_MS = 300

// Made by nobody: our own numbers begin with a date.
const NO_SUCH_ORDER = 'ALIPAY_MCP_HELLO'

export class AlipayGateway implements Gateway {
  readonly agreements: AlipayAgreements | undefined
  readonly #signing: Signing
  readonly #exchange: Exchange
  #underWay = 0
  #checkedInAt = Number.NEGATIVE_INFINITY
  #wallOverTicks = wallOverTicks()
  #closed = false
  #stopped = false

  constructor(
    readonly connection: Connection,
    readonly clock: Clock,
    /** Told the `Date` of an answer, and when it was asked; false where both share one clock, and this process made the keys. */
    readonly hearDate: false | ((date: string | undefined, askedAt: number) => void),
  ) {
    this.#signing = new Signing(connection, clock)
    this.#exchange = new Exchange(connection.gateway)
    this.agreements = connection.agreements && this.#agreementsOf(connection.agreements)
  }

  #agreementsOf(terms: AgreementTerms): AlipayAgreements {
    const { gateway, notify_url, return_url } = this.connection
    return new AlipayAgreements(terms, {
      ...{ gateway, notify_url, return_url },
      link: (unsigned) => this.#signing.link(unsigned),
      read: (request, options) => this.#read(request, options),
      change: (request, options) => this.#change(request, options),
    })
  }

  /** Anew also where this computer's clock was set, or it slept, since. */
  async checkIn(): Promise<Refusal | undefined> {
    const isDue = isApart(this.#wallOverTicks) || this.clock.ticks() - this.#checkedInAt >= CHECK_IN_MS
    if (!this.hearDate || !isDue) return undefined
    const read = await this.query({ out_trade_no: NO_SUCH_ORDER }, { within: CHECK_IN_WITHIN_MS })
    return read.outcome === 'refused' && isOfUs(read.refusal) ? read.refusal : undefined
  }

  async payLink(channel: LinkChannel, content: PayContent, own_return_url?: string): Promise<string> {
    const { method, product_code } = PAY_METHODS[channel]
    const { notify_url, return_url = own_return_url, gateway } = this.connection
    const urls = { ...(notify_url && { notify_url }), ...(return_url && { return_url }) }
    return `${gateway}?${this.#signing.link({ method, content: { ...content, product_code }, urls })}`
  }

  keepableLink = async (link: string) => withoutToken(link)

  wholeLink = async (kept: string) => withToken(kept, this.connection.app_auth_token)

  async precreate(content: PayContent, options?: ChangeOptions): Promise<Outcome<QrCode>> {
    const { qrProductCode = 'QR_CODE_OFFLINE', notify_url } = this.connection
    const urls = notify_url ? { notify_url } : {}
    const coded = { ...content, product_code: qrProductCode }
    const request = { method: 'alipay.trade.precreate', content: coded, urls, schema: qrAnswer }
    return this.#change(request, options)
  }

  query(order: OrderName, options?: ReadOptions): Promise<Outcome<Trade>> {
    return this.#read({ method: 'alipay.trade.query', content: { ...order }, schema: tradeAnswer }, options)
  }

  refundQuery(order: OrderName, out_request_no: string, options?: ReadOptions) {
    const content = { ...order, out_request_no, query_options: ['gmt_refund_pay'] }
    const method = 'alipay.trade.fastpay.refund.query'
    return this.#read<RefundRecord>({ method, content, schema: refundRecord }, options)
  }

  refund(order: OrderName, params: RefundParams, options?: ChangeOptions): Promise<Outcome<RefundAnswer>> {
    const content = { ...order, ...params }
    return this.#change({ method: 'alipay.trade.refund', content, schema: refundAnswer }, options)
  }

  close(order: OrderName, options?: ChangeOptions) {
    const request = { method: 'alipay.trade.close', content: { ...order }, schema: closeAnswer }
    return this.#change(request, options)
  }

  /** From now on nothing that changes something is sent; reads still are. */
  stopChanging(): void {
    this.#stopped = true
  }

  /** Sends nothing more, and cuts every connection: what is in flight ends as lost. */
  shutDown(): void {
    this.#closed = true
    this.#exchange.destroy()
  }

  async #read<T>(request: Typed<T>, { within = this.connection.timeout, signal }: ReadOptions = {}) {
    const end = this.clock.ticks() + within
    let reached: Outcome<T> | undefined
    for (let reads = 1; ; reads++) {
      // A clock that was moved on during the pause takes no time from the socket.
      const left = Math.max(end - this.clock.ticks(), LEAST_READ_MS)
      const limit = Math.min(left, this.connection.timeout)
      // Signed anew each time, with a new timestamp: a read has no identity to keep.
      const outcome = await this.#once(request, { within: limit, signal })
      if (hasLeft(outcome)) reached = outcome
      const pause = PAUSE_MS * 2 ** reads
      const last = reads === MOST_READS || this.clock.ticks() + pause + LEAST_READ_MS >= end
      if (isFinal(outcome) || last || signal?.aborted) return reached ?? outcome
      await this.clock.sleep(pause)
    }
  }

  async #change<T>(
    request: Typed<T>,
    { within = Number.POSITIVE_INFINITY, mayStillSend = () => true }: ChangeOptions = {},
  ): Promise<Outcome<T>> {
    const limit = Math.min(within, this.connection.timeout)
    return this.#once(request, { within: limit, mayStillSend })
  }

  async #once<T>(request: Typed<T>, options: ExchangeOptions): Promise<Outcome<T>> {
    const since = performance.now()
    this.#underWay++
    try {
      const signed = await this.#signing.request(request, this.#underWay > 1)
      return await this.#exchanged(request, signed, { ...options, since })
    } finally {
      this.#underWay--
    }
  }

  async #exchanged<T>(
    { method, content, schema }: Typed<T>,
    { query, body }: SignedRequest,
    options: ExchangeOptions,
  ): Promise<Outcome<T>> {
    const changing = options.mayStillSend !== undefined
    if (this.#closed || (changing && this.#stopped)) {
      return { outcome: 'refused', refusal: { verified: false, not_sent: 'the server is shutting down' } }
    }
    const asked = { at: this.clock.now(), wallOverTicks: wallOverTicks() }
    const exchanged = await this.#exchange.post(query, body, options)
    const { alipayPublicKey } = this.connection
    const outcome = judge(method, exchanged, alipayPublicKey, changing, content, this.#signing.alipayCertSn)
    if (isWelcome(outcome) && exchanged.kind === 'answered') this.#heard(exchanged.date, asked)
    return outcome.outcome === 'done' ? fitting(outcome.answer, schema) : outcome
  }

  /** Only with an answer that is Alipay's, to a request that it took: an error page of a proxy must not set the clock. */
  #heard(date: string | undefined, asked: { at: number; wallOverTicks: number }): void {
    // Where the clock was set meanwhile, or the computer slept, the header tells of another time: it is seen again later.
    if (!this.hearDate || isApart(asked.wallOverTicks)) return
    this.hearDate(date, asked.at)
    this.#checkedInAt = this.clock.ticks()
    this.#wallOverTicks = wallOverTicks()
  }
}

/** Changes when the clock is set, and while the computer sleeps. */
const wallOverTicks = () => Date.now() - performance.now()
const isApart = (before: number) => Math.abs(wallOverTicks() - before) > CLOCK_SET_MS

/** Alipay knows this app, and its answer is its own. */
function isWelcome(outcome: Outcome<unknown>): boolean {
  if (outcome.outcome !== 'refused') return outcome.outcome === 'done'
  return outcome.refusal.verified && !isOfUs(outcome.refusal)
}

/** Refused before any business: the app, its key or its rights. A rate limit comes after these were found right. */
const isOfUs = ({ code = '' }: Refusal) => COMMON_CODES.has(code) && code !== RATE_LIMITED

/** A read is over when Alipay said something certain; a full line and a rate limit pass. */
function isFinal(outcome: Outcome<unknown>): boolean {
  if (outcome.outcome === 'unknown') return false
  return outcome.outcome === 'done' || (hasLeft(outcome) && outcome.refusal.code !== RATE_LIMITED)
}

function hasLeft(outcome: Outcome<unknown>): boolean {
  return outcome.outcome !== 'refused' || outcome.refusal.not_sent === undefined
}
