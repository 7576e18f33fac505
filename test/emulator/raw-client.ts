// A client of the emulator written from Alipay's documents with Node's own parts only, for tests.
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { afterAll, beforeEach } from 'vitest'
import { type Emulator, type EmulatorClock, type EmulatorOptions, startEmulator } from '../../src/emulator/emulator.ts'

export type Params = Record<string, string>

export interface Called {
  status: number
  headers: Headers
  text: string
  /** The object under the method's own key or error_response. */
  response: Record<string, unknown>
  root: string
  /** undefined without a sign. */
  verified: boolean | undefined
}

/** Stands at 2026-11-20 10:00:00 in Beijing until it is moved. */
export function standingClock(start = Date.parse('2026-11-20T10:00:00+08:00')): EmulatorClock {
  let now = start
  return {
    now: () => now,
    advance(ms) {
      now += ms
    },
  }
}

export async function startRaw(options: EmulatorOptions = {}): Promise<RawClient> {
  return new RawClient(await startEmulator({ clock: standingClock(), ...options }))
}

/** For the tests of one file: an emulator of their own, which forgets everything before each of them. */
export async function useRaw(options: EmulatorOptions = {}): Promise<RawClient> {
  const client = await startRaw(options)
  beforeEach(() => client.control('/reset', {}))
  afterAll(() => client.emulator.close())
  return client
}

export class RawClient {
  readonly origin: string

  constructor(readonly emulator: Emulator) {
    this.origin = new URL(emulator.gateway).origin
  }

  /** All parameters of a request but `sign`. */
  params(method: string, biz: object, more: Params = {}): Params {
    return {
      app_id: this.emulator.app_id,
      method,
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: '2026-11-20 10:00:00',
      version: '1.0',
      biz_content: JSON.stringify(biz),
      ...more,
    }
  }

  signed(params: Params): Params {
    const der = Buffer.from(this.emulator.private_key, 'base64')
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    return { ...params, sign: sign('RSA-SHA256', Buffer.from(requestText(params)), key).toString('base64') }
  }

  link(method: string, biz: object, more: Params = {}): string {
    return `${this.emulator.gateway}?${new URLSearchParams(this.signed(this.params(method, biz, more)))}`
  }

  call(method: string, biz: object, more: Params = {}): Promise<Called> {
    return this.send(this.signed(this.params(method, biz, more)))
  }

  async send(params: Params, init: RequestInit = {}): Promise<Called> {
    const body = new URLSearchParams(params)
    const answer = await fetch(this.emulator.gateway, { method: 'POST', body, redirect: 'manual', ...init })
    return this.read(answer)
  }

  async read(answer: Response): Promise<Called> {
    const text = await answer.text()
    const parsed = JSON.parse(text)
    const root = Object.keys(parsed).find((key) => key !== 'sign') ?? ''
    const verified = 'sign' in parsed ? this.verifies(text, root, parsed.sign) : undefined
    return { status: answer.status, headers: answer.headers, text, response: parsed[root], root, verified }
  }

  /** Over the raw text between the key and the sign behind it, as sent. */
  private verifies(text: string, root: string, signature: string): boolean {
    const end = text.search(/(,"alipay_cert_sn":"\w+")?,"sign":"[^"]*"\}$/)
    const content = text.slice(text.indexOf(`"${root}":`) + root.length + 3, end)
    return this.alipayVerifies(content, signature)
  }

  alipayVerifies(content: string, signature: string): boolean {
    const der = Buffer.from(this.emulator.alipay_public_key, 'base64')
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return verify('RSA-SHA256', Buffer.from(content), key, Buffer.from(signature, 'base64'))
  }

  async control(path: string, body: unknown, headers: Params = {}): Promise<{ status: number; body: never }> {
    const answer = await fetch(this.emulator.control_url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: answer.status, body: (await answer.json()) as never }
  }

  async trades(): Promise<never> {
    return (await (await fetch(`${this.emulator.control_url}/trades`)).json()) as never
  }

  /** A paid page order of that number. */
  async paid(out_trade_no: string, total_amount = '20.00', account = 'buyer1'): Promise<void> {
    const pay_url = this.link('alipay.trade.page.pay', pageOrder(out_trade_no, { total_amount }))
    const { status, body } = await this.control('/pay', { pay_url, account })
    if (status !== 200) throw new Error(JSON.stringify(body))
  }

  async precreate(biz: object): Promise<Record<string, unknown>> {
    return (await this.call('alipay.trade.precreate', biz)).response
  }

  async refund(biz: object): Promise<Record<string, unknown>> {
    return (await this.call('alipay.trade.refund', biz)).response
  }

  async query(out_trade_no: string): Promise<Record<string, unknown>> {
    return (await this.call('alipay.trade.query', { out_trade_no })).response
  }

  async close(biz: object): Promise<Record<string, unknown>> {
    return (await this.call('alipay.trade.close', biz)).response
  }

  /** The trade_status, or why there is none. */
  async status(out_trade_no: string): Promise<unknown> {
    const { trade_status, sub_code } = await this.query(out_trade_no)
    return trade_status ?? sub_code
  }

  wait(seconds: number) {
    return this.control('/clock', { seconds })
  }

  async refundQuery(out_trade_no: string, out_request_no: string): Promise<Record<string, unknown>> {
    return (await this.call('alipay.trade.fastpay.refund.query', { out_trade_no, out_request_no })).response
  }

  async post(path: string, form: Params, headers: Params = {}): Promise<Response> {
    return fetch(this.origin + path, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers,
      redirect: 'manual',
    })
  }

  /** Opens a payment link as a browser does, up to the first redirect. */
  async open(link: string): Promise<Response> {
    return fetch(link, { redirect: 'manual' })
  }

  async cashierOf(link: string): Promise<string> {
    return (await this.open(link)).headers.get('location') ?? ''
  }
}

function requestText(params: Params): string {
  const keys = Object.keys(params).sort()
  return keys
    .filter((key) => params[key] !== '')
    .map((key) => `${key}=${params[key]}`)
    .join('&')
}

export function pageOrder(out_trade_no: string, more: object = {}): object {
  const product_code = 'FAST_INSTANT_TRADE_PAY'
  return { out_trade_no, total_amount: '20.00', subject: '测试订单', product_code, ...more }
}

export function mobileOrder(out_trade_no: string, more: object = {}): object {
  return pageOrder(out_trade_no, { product_code: 'QUICK_WAP_WAY', ...more })
}

export function codeOrder(out_trade_no: string, more: object = {}): object {
  return pageOrder(out_trade_no, { product_code: 'QR_CODE_OFFLINE', ...more })
}

export async function gbkText(answer: Response): Promise<string> {
  return new TextDecoder('gbk', { fatal: true }).decode(await answer.arrayBuffer())
}
