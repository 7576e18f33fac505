// One HTTP exchange with the gateway: keep-alive, one deadline, no redirects, no second try.
import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { getProxyForUrl } from 'proxy-from-env'
import { CollectedBytes } from '../collected-bytes.ts'
import { ConfigError } from '../errors.ts'

/** What became of a request. `not_sent` is certain: no byte of it left this computer. */
export type Exchanged = Answered | { kind: 'not_sent'; why: string } | { kind: 'lost'; why: string }

export interface Answered {
  kind: 'answered'
  /** Who was asked. */
  host: string
  status: number
  /** As they came: signatures are of bytes. */
  bytes: Buffer
  trace_id?: string | undefined
  date?: string | undefined
}

export interface ExchangeOptions {
  /** Milliseconds to the last byte of the answer. */
  within: number
  /** When they began, by performance.now(); now, if absent. */
  since?: number | undefined
  signal?: AbortSignal | undefined
  /** Asked when the connection stands, right before the first byte: what was decided may be too old by then. */
  mayStillSend?: (() => boolean) | undefined
  /** Beside the usual ones. */
  headers?: Readonly<Record<string, string>> | undefined
}

// Alipay's answers have a few kilobytes; a body without end must not fill the memory.
const LONGEST_ANSWER = 1024 * 1024
// Sockets idle for longer are closed: the other end may have forgotten them, and a request would be lost on them.
const IDLE_MS = 4_000

/** Sends form posts to one gateway. */
export class Exchange {
  readonly #url: URL
  readonly #agent: http.Agent

  /** @param contentType of what is posted; what Alipay takes, if absent */
  constructor(
    gateway: string,
    readonly contentType = 'application/x-www-form-urlencoded;charset=utf-8',
  ) {
    this.#url = new URL(gateway)
    this.#agent = agentFor(this.#url)
  }

  /** Never throws: a failed exchange is an answer of its own kind. */
  post(query: string, body: string | Buffer, options: ExchangeOptions): Promise<Exchanged> {
    const { within, since = performance.now(), signal, mayStillSend = () => true } = options
    if (signal?.aborted) return Promise.resolve({ kind: 'not_sent', why: 'the host cancelled the call' })
    return new Promise((resolve) => {
      const request = this.#open(query, body, options.headers)
      let sent = false
      const end = (result: Exchanged) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', cancel)
        resolve(result)
        if (result.kind !== 'answered') request.destroy()
      }
      const fail = (why: string) => end({ kind: sent ? 'lost' : 'not_sent', why })
      const cancel = () => fail('the host cancelled the call')
      const timer = setTimeout(
        () => fail(`no answer within ${Math.round(within)} ms`),
        since + within - performance.now(),
      )
      signal?.addEventListener('abort', cancel, { once: true })

      request.on('proxyConnect', ({ statusCode }: { statusCode: number }) => {
        if (statusCode !== 200) fail(`the proxy refused to connect (HTTP ${statusCode}); see HTTPS_PROXY and NO_PROXY`)
      })
      const send = () => {
        if (!mayStillSend()) return fail(TOO_LATE)
        sent = true
        request.end(body)
      }
      request.on('socket', (socket) => {
        const event = this.#url.protocol === 'https:' ? 'secureConnect' : 'connect'
        if (isConnecting(socket)) socket.once(event, send)
        else send()
      })
      request.on('error', (error) => fail(reason(error)))
      request.on('upgrade', (_response, socket) => {
        socket.destroy()
        fail('the gateway changed to another protocol (HTTP 101)')
      })
      request.on('response', (response) => this.#collect(response, end, fail))
    })
  }

  /** Closes the idle sockets and cuts the others. */
  destroy(): void {
    this.#agent.destroy()
  }

  #open(query: string, body: string | Buffer, headers: ExchangeOptions['headers']): http.ClientRequest {
    const { request } = this.#url.protocol === 'https:' ? https : http
    return request(this.#url, {
      path: `${this.#url.pathname}${query && `?${query}`}`,
      method: 'POST',
      agent: this.#agent,
      headers: {
        'content-type': this.contentType,
        'content-length': Buffer.byteLength(body),
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'alipay-mcp',
        ...headers,
      },
    })
  }

  #collect(response: http.IncomingMessage, end: (e: Exchanged) => void, fail: (why: string) => void): void {
    const body = new CollectedBytes()
    response.on('data', (chunk: Buffer) => {
      if (body.size + chunk.length > LONGEST_ANSWER) return fail('the answer has no end')
      body.add(chunk)
    })
    response.on('error', (error) => fail(reason(error)))
    response.on('end', () => {
      const { trace_id, date } = response.headers
      end({
        kind: 'answered',
        host: this.#url.host,
        status: response.statusCode ?? 0,
        bytes: body.take(),
        trace_id: [trace_id].flat().find((one) => one !== undefined && TRACE_ID.test(one)),
        date,
      })
    })
  }
}

// Nobody signs this header, and it is quoted.
const TRACE_ID = /^[\w.-]{1,64}$/

/** Only https goes through a proxy (HTTPS_PROXY, NO_PROXY): the emulator is on this computer. */
export function agentFor(url: URL): http.Agent {
  const options = { keepAlive: true, scheduling: 'lifo', timeout: IDLE_MS } as const
  if (url.protocol === 'http:') return new http.Agent(options)
  const proxy = getProxyForUrl(url.href)
  if (!proxy) return new https.Agent(options)
  if (/^https?:\/\//.test(proxy) && URL.canParse(proxy)) return new HttpsProxyAgent(proxy, options)
  // The address may hold a password, so it is not quoted.
  const problem = 'is not the address of an http or https proxy.'
  throw new ConfigError([{ variable: 'HTTPS_PROXY', problem, fix: 'use http://host:port, or NO_PROXY for none.' }])
}

/** A TLS socket is connected only after its handshake: before it nothing of the request can leave. */
function isConnecting(socket: Socket): boolean {
  return socket.connecting || ('secureConnecting' in socket && socket.secureConnecting === true)
}

const TOO_LATE = 'too much time passed since it was decided (this computer may have been asleep)'

function reason(error: Error): string {
  const code = 'code' in error ? String(error.code) : error.name
  return REASONS[code] ?? `the connection failed (${code})`
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at the gateway address (ECONNREFUSED)',
  ENOTFOUND: 'the name of the gateway was not found (ENOTFOUND)',
  EAI_AGAIN: 'the name of the gateway could not be looked up (EAI_AGAIN)',
  ECONNRESET: 'the connection was cut before the answer (ECONNRESET)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the gateway's TLS certificate could not be verified",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the gateway's TLS certificate is self-signed",
  CERT_HAS_EXPIRED: "the gateway's TLS certificate has expired",
}
