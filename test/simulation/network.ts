// The network of a simulation: what a server sends over HTTP reaches the emulator after a while, or does not.
import { EventEmitter } from 'node:events'
import http from 'node:http'
import { answerGateway } from '../../src/emulator/gateway.ts'
import { readParams } from '../../src/emulator/incoming.ts'
import { gatewayJson, type Reply } from '../../src/emulator/reply.ts'
import type { Alipay, Fields } from './alipay.ts'
import { ANNOUNCE_PORT } from './announce-hook.ts'
import { type Forgery, forged } from './forgeries.ts'
import { bodyValue, given, isGenuine, isUnseenLie, type Known, type Overheard, type Replay } from './genuine.ts'
import type { Life } from './life.ts'
import { type ChargeFacts, MODIFY, PAY } from './subscription-records.ts'
import type { VirtualTime } from './virtual-time.ts'

/** One request that left a server. */
export interface Sent {
  life: Life
  method: string
  biz: Fields
  at: number
  moment: number
  /** What the emulator was told to do with it. */
  fault?: string | undefined
  /** What went wrong with it; undefined where the answer came as Alipay gave it. */
  trouble?: string | undefined
  /** Of a charge, and of what puts a planned day off, when it had come as far as Alipay. */
  charge?: ChargeFacts | undefined
  /** The whole answer reached the server in time. */
  answer?: string | undefined
}

export type NetworkFault =
  | { kind: 'slow_connection'; ms: number }
  | { kind: 'no_connection' }
  | ({ kind: 'forged' } & Forgery)
  | ({ kind: 'replayed' } & Replay)

const READS = ['alipay.trade.query', 'alipay.trade.fastpay.refund.query', 'alipay.user.agreement.query']
const HARMLESS = ['sign_first', 'escaped_slashes', 'plain_slashes', 'refuse', 'rate_limit', 'other_cert_sn']

export class Network {
  readonly sent: Sent[] = []
  /** Every answer that Alipay has signed, whether or not it has arrived: of calls in flight, too. */
  readonly overheard: Overheard[] = []
  /** What the ledger has of an order; set by each run. */
  known: Known = { order: async () => undefined, subscription: async () => undefined }
  /** Where the merchant announces renewals; set by each run. */
  announce: (request: Request, body: string) => Promise<void> = async () => {}
  /** Wait for the next requests of a method; undefined is any. */
  faults: { method: string | undefined; fault: NetworkFault }[] = []
  /** Milliseconds each way, one after the other, again and again. */
  latencies: readonly number[] = [1]
  #latency = 0
  readonly #lives = new Map<string, Life>()

  constructor(
    readonly time: VirtualTime,
    readonly alipay: Alipay,
  ) {}

  install(): () => void {
    const { request } = http
    Object.assign(http, { request: (url: URL, { path = '' }) => new Request(this, url.port, path) })
    return () => Object.assign(http, { request })
  }

  restart(latencies: readonly number[]): void {
    this.sent.length = 0
    this.overheard.length = 0
    this.faults = []
    this.latencies = latencies
    this.#latency = 0
    this.#lives.clear()
  }

  /** Whoever sends to this port is that process. */
  attach(port: number, life: Life): void {
    this.#lives.set(String(port), life)
  }

  /** What the last answer about this method said, whoever gave it. */
  lastAnswer(method: string): Fields {
    const last = this.sent.findLast((sent) => sent.method === method && sent.answer !== undefined)
    return last ? answerOf(last) : {}
  }

  takeFault(path: string): NetworkFault | undefined {
    const method = new URLSearchParams(path.split('?')[1]).get('method')
    const index = this.faults.findIndex((one) => one.method === undefined || one.method === method)
    return this.faults.splice(index, index < 0 ? 0 : 1)[0]?.fault
  }

  /** @throws nothing: what goes wrong becomes an error of the request */
  async carry(request: Request, body: string): Promise<void> {
    const life = this.#lives.get(request.port)
    if (!life) return
    const [at, moment] = [this.time.now(), this.time.moment()]
    await life.event()
    const url = new URL(`http://127.0.0.1${request.path}`)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const params = await readParams({ method: 'POST', url, headers, body: Buffer.from(body) })
    const biz: Fields = JSON.parse(params.values.get('biz_content') ?? '{}')
    const method = params.values.get('method') ?? ''
    const sent: Sent = { life, method, biz, at, moment }
    this.sent.push(sent)
    await this.time.pause(this.#nextLatency(), true)
    if (method === PAY || method === MODIFY) sent.charge = this.alipay.chargeFacts(biz)
    const reply = await this.#answerOrReplay(sent, params, request.fault)
    await this.time.pause(this.#nextLatency())
    await life.event()
    if (request.destroyed) sent.trouble ??= 'answered too late'
    else if ('drop' in reply) request.fail(reply.drop === 'reset' ? 'ECONNRESET' : 'EPIPE')
    else {
      sent.answer = String(reply.body)
      // It came in time all the same.
      if (sent.trouble === 'delay' || sent.trouble === 'late') sent.trouble = undefined
      request.answer(reply.status, sent.answer)
    }
  }

  async #answerOrReplay(
    sent: Sent,
    params: Parameters<typeof answerGateway>[0],
    fault: NetworkFault | undefined,
  ): Promise<Reply> {
    const replay = fault?.kind === 'replayed' ? fault : undefined
    const body = replay && given(replay, sent.method, this.overheard)
    if (!replay || body === undefined) return this.#answer(sent, params, fault)
    const reaches = replay.effect || READS.includes(sent.method)
    const genuine = reaches ? await this.#answer(sent, params, undefined) : undefined
    const value = bodyValue(sent.method, body)
    const isSame = genuine && 'body' in genuine && genuine.body === body
    if (genuine && (isSame || (await isUnseenLie(sent.method, value, sent.biz, this.alipay, this.known))))
      return genuine
    sent.fault = `replayed ${replay.gives}`
    // A refusal of what has not reached Alipay is true, whatever it was about: a server may believe it, or doubt it.
    const isRefusal = !reaches && value.code !== '10000'
    // So is the answer to an identical first try, which comes in place of that to its repeat.
    const asked = JSON.stringify(sent.biz)
    const isOwn = this.overheard.some((one) => one.body === body && one.asked === asked)
    if (!isRefusal && !isOwn) sent.trouble = sent.fault
    return gatewayJson(body)
  }

  async #answer(
    sent: Sent,
    params: Parameters<typeof answerGateway>[0],
    fault: NetworkFault | undefined,
  ): Promise<Reply> {
    const forgery = fault?.kind === 'forged' ? fault : undefined
    if (forgery) sent.trouble = `forged ${forgery.says}`
    const lie = forgery && forged(forgery, sent)
    if (lie && !forgery?.effect) return lie
    const { faults, platform } = this.alipay
    faults.last = undefined
    const answer = await answerGateway(params, platform)
    const hit = faults.last as { fault: string } | undefined
    if (isGenuine(answer, hit?.fault)) {
      const asked = JSON.stringify(sent.biz)
      this.overheard.push({ method: sent.method, body: String(answer.body), asked })
    }
    sent.fault = hit?.fault
    if (hit && !HARMLESS.includes(hit.fault)) sent.trouble = hit.fault
    return lie ?? answer
  }

  #nextLatency(): number {
    return this.latencies[this.#latency++ % this.latencies.length] ?? 1
  }
}

/** As much of node:http's ClientRequest as exchange.ts uses. */
export class Request extends EventEmitter {
  destroyed = false
  readonly fault: NetworkFault | undefined

  constructor(
    readonly network: Network,
    readonly port: string,
    readonly path: string,
  ) {
    super()
    this.fault = this.#isHook ? undefined : network.takeFault(path)
    const connecting = this.fault?.kind === 'slow_connection'
    const socket = Object.assign(new EventEmitter(), { connecting })
    queueMicrotask(() => this.#connect(socket))
  }

  get #isHook(): boolean {
    return this.port === String(ANNOUNCE_PORT)
  }

  #connect(socket: EventEmitter): void {
    if (this.fault?.kind === 'no_connection') this.fail('ECONNREFUSED')
    else this.emit('socket', socket)
    if (this.fault?.kind !== 'slow_connection') return
    this.network.time.after(this.fault.ms, () => {
      if (!this.destroyed) socket.emit('connect')
    })
  }

  end(body: string): void {
    void (this.#isHook ? this.network.announce(this, body) : this.network.carry(this, body))
  }

  destroy(): void {
    this.destroyed = true
  }

  fail(code: string): void {
    this.emit('error', Object.assign(new Error(code), { code }))
  }

  answer(statusCode: number, body: string): void {
    const response = Object.assign(new EventEmitter(), { statusCode, headers: {} })
    this.emit('response', response)
    response.emit('data', Buffer.from(body))
    response.emit('end')
  }
}

export function answerOf({ method, answer }: Pick<Sent, 'method' | 'answer'>): Fields {
  return bodyValue(method, answer ?? '{}')
}
