// The gateway over the real protocol: alipay-sdk signs (and is imported here only), we send and judge.
import type { KeyObject } from 'node:crypto'
import { AlipaySdk } from 'alipay-sdk'
import * as z from 'zod'
import { beijingTime, type Clock } from '../clock.ts'
import { WIRE_YUAN } from '../money.ts'
import { type Fields, judge } from './answer.ts'
import { Exchange } from './exchange.ts'
import type {
  Channel,
  Gateway,
  OrderName,
  Outcome,
  PayContent,
  ReadOptions,
  RefundAnswer,
  RefundRecord,
  RefundRequest,
  Trade,
} from './gateway.ts'

export interface Connection {
  gateway: string
  app_id: string
  privateKey: KeyObject
  alipayPublicKey: KeyObject
  notify_url?: string | undefined
  return_url?: string | undefined
  /** One exchange, milliseconds. */
  timeout: number
}

// Product codes: methods.md's pages of page.pay and wap.pay.
const PAY_METHODS = {
  page: { method: 'alipay.trade.page.pay', product_code: 'FAST_INSTANT_TRADE_PAY' },
  mobile: { method: 'alipay.trade.wap.pay', product_code: 'QUICK_WAP_WAY' },
} as const

const yuan = z.string().regex(WIRE_YUAN)
// Longer than anything that Alipay documents, and short enough for a model.
const optional = z
  .string()
  .transform((text) => text.slice(0, 300))
  .optional()
// z.object drops what is not named: buyer ids and payment means never come further than here.
const tradeAnswer = z.object({
  out_trade_no: z.string().min(1),
  trade_no: z.string().min(1),
  trade_status: z.enum(['WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED']),
  total_amount: yuan,
  subject: optional,
  buyer_logon_id: optional,
  send_pay_date: optional,
})
const refundAnswer = z.object({
  out_trade_no: z.string().min(1),
  trade_no: z.string().min(1),
  fund_change: optional,
  refund_fee: yuan.optional(),
  gmt_refund_pay: optional,
})
const refundRecord = z.object({
  out_trade_no: optional,
  trade_no: optional,
  out_request_no: optional,
  refund_amount: yuan.optional(),
  refund_status: optional,
  refund_reason: optional,
  gmt_refund_pay: optional,
})
const closeAnswer = z.object({ out_trade_no: z.string().min(1), trade_no: z.string().min(1) })

const PAUSE_MS = 150
const MOST_READS = 4

export class AlipayGateway implements Gateway {
  readonly #sdk: AlipaySdk
  readonly #exchange: Exchange
  readonly #changing = new Set<Promise<unknown>>()
  #closed = false

  constructor(
    readonly connection: Connection,
    readonly clock: Clock,
    /** Whether the clock follows the gateway's `Date`; not where both share one clock. */
    readonly clockFollows: boolean,
  ) {
    this.#sdk = signer(connection)
    this.#exchange = new Exchange(connection.gateway)
  }

  async payLink(channel: Channel, content: PayContent): Promise<string> {
    const { method, product_code } = PAY_METHODS[channel]
    const { notify_url, return_url, gateway } = this.connection
    const urls = { ...(notify_url && { notify_url }), ...(return_url && { return_url }) }
    return `${gateway}?${this.#signed(method, { ...content, product_code }, urls)}`
  }

  query(order: OrderName, options?: ReadOptions): Promise<Outcome<Trade>> {
    return this.#read('alipay.trade.query', { ...order }, tradeAnswer, options)
  }

  refundQuery(order: OrderName, out_request_no: string, options?: ReadOptions) {
    const content = { ...order, out_request_no, query_options: ['gmt_refund_pay'] }
    return this.#read<RefundRecord>('alipay.trade.fastpay.refund.query', content, refundRecord, options)
  }

  refund(order: OrderName, request: RefundRequest, within?: number): Promise<Outcome<RefundAnswer>> {
    return this.#change('alipay.trade.refund', { ...order, ...request }, refundAnswer, within)
  }

  close(order: OrderName) {
    return this.#change('alipay.trade.close', { ...order }, closeAnswer)
  }

  /** Sends nothing more, gives changing calls in flight up to `grace` milliseconds, then cuts every connection. */
  async shutDown(grace: number): Promise<void> {
    this.#closed = true
    const timer = setTimeout(() => this.#exchange.destroy(), grace)
    await Promise.allSettled(this.#changing)
    clearTimeout(timer)
    this.#exchange.destroy()
  }

  async #read<T>(method: string, content: Fields, schema: z.ZodType<T>, options: ReadOptions = {}) {
    const { within = this.connection.timeout, signal } = options
    const end = performance.now() + within
    for (let reads = 1; ; reads++) {
      const limit = Math.min(end - performance.now(), this.connection.timeout)
      const outcome = await this.#once(method, content, schema, limit, false, signal)
      const pause = PAUSE_MS * 2 ** reads
      const last = reads === MOST_READS || performance.now() + pause >= end
      if (isFinal(outcome) || last || signal?.aborted) return outcome
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  async #change<T>(method: string, content: Fields, schema: z.ZodType<T>, within = Number.POSITIVE_INFINITY) {
    const limit = Math.min(within, this.connection.timeout)
    const sending = this.#once(method, content, schema, limit, true)
    this.#changing.add(sending)
    return sending.finally(() => this.#changing.delete(sending))
  }

  async #once<T>(
    method: string,
    content: Fields,
    schema: z.ZodType<T>,
    within: number,
    changing: boolean,
    signal?: AbortSignal,
  ): Promise<Outcome<T>> {
    if (this.#closed) {
      return { outcome: 'refused', refusal: { verified: false, not_sent: 'the server is shutting down' } }
    }
    const parameters = new URLSearchParams(this.#signed(method, content))
    const body = new URLSearchParams({ biz_content: parameters.get('biz_content') ?? '' })
    parameters.delete('biz_content')
    const exchanged = await this.#exchange.post(`${parameters}`, `${body}`, { within, signal })
    const outcome = judge(method, exchanged, this.connection.alipayPublicKey, changing, content)
    if (outcome.outcome !== 'done') return outcome
    // Only with an answer that is Alipay's: an error page of a proxy must not set the clock.
    if (exchanged.kind === 'answered' && this.clockFollows) this.clock.follow(exchanged.date)
    return fitting(outcome.answer, schema)
  }

  /** URL-encoded parameters with their signature. */
  #signed(method: string, content: Fields, urls: Record<string, string> = {}): string {
    // Undefined members must not be signed as such; JSON drops them. The time is given because the SDK's own follows
    // the zone of this computer. The option belongs in the third argument: in the second it would be sent.
    const bizContent = JSON.parse(JSON.stringify(content))
    const parameters = { ...urls, timestamp: beijingTime(this.clock.now()), bizContent }
    return this.#sdk.sdkExecute(method, parameters, { bizContentAutoSnakeCase: false })
  }
}

/** A read is over when Alipay said something certain; a full line and a rate limit pass. */
function isFinal(outcome: Outcome<unknown>): boolean {
  if (outcome.outcome === 'unknown') return false
  return outcome.outcome === 'done' || !(outcome.refusal.not_sent || outcome.refusal.code === '40005')
}

/** An answer that lacks what it must have proves nothing. */
function fitting<T>(answer: Fields, schema: z.ZodType<T>): Outcome<T> {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return { outcome: 'done', answer: parsed.data }
  const missing = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')
  return { outcome: 'unknown', why: `the answer lacks what Alipay documents (${missing})` }
}

/**
 * The SDK parses a PEM text at every signature. It signs with whatever its config holds, so a parsed key goes in
 * after construction; the guard keeps that from failing silently after an update.
 */
function signer({ app_id, privateKey }: Connection): AlipaySdk {
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString().trim()
  const sdk = new AlipaySdk({ appId: app_id, privateKey: pem })
  if (typeof sdk.config.privateKey !== 'string') throw new TypeError('alipay-sdk keeps its key elsewhere now')
  Object.assign(sdk.config, { privateKey })
  return sdk
}
