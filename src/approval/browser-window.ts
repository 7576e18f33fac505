// The pages on which the merchant decides in the browser: on this computer only, for a short time, and not too many.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Actor, Approval, Ledger } from '../ledger/ledger.ts'
import { BrowserAccess } from './browser-access.ts'
import { endPage, questionPage } from './browser-page.ts'
import type { ApprovalsOptions } from './context.ts'
import { CONTENT_SECURITY_POLICY } from './frame-page.ts'

// A model that asks for refund after refund must not bury the screen.
const MOST_AT_ONCE = 5
// Longer than a request lives, so that who comes late reads that it has expired.
const LIFE_MS = 20 * 60_000
// For whoever looks again at what they decided.
const AFTER_MS = 5 * 60_000
const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // no-referrer would turn the Origin of our own form into "null".
  'referrer-policy': 'same-origin',
  connection: 'close',
}

export type WindowState = 'loaded' | 'opening'

/** One page for each request that was made here. */
export class ApprovalWindows {
  /** Of the requests made here; undefined until there is room for its window. */
  readonly #windows = new Map<number, ApprovalWindow | undefined>()

  constructor(readonly options: ApprovalsOptions) {}

  /** `loaded`: somebody has it before them. `opening`: a browser was started, and may not be there. */
  stateOf(id: number): WindowState | undefined {
    const window = this.#windows.get(id)
    return window && (window.isLoaded ? 'loaded' : 'opening')
  }

  /** Opens the page of a request that this actor has just made, or that waits for room; none for one of another process. */
  async show(approval: Approval, ledger: Ledger, actor: Actor): Promise<void> {
    const { id, asked_at } = approval
    const isDue = this.#windows.has(id) ? this.#windows.get(id) === undefined : asked_at === actor.at
    if (!isDue) return
    const open = [...this.#windows.values()].filter((one) => one?.isWaiting)
    if (open.length >= MOST_AT_ONCE) return void this.#windows.set(id, undefined)
    const window = new ApprovalWindow(this.options, approval, ledger, actor, () => this.#windows.delete(id))
    this.#windows.set(id, window)
    const url = await window.listen().catch(() => window.close())
    // Where no browser can be started, the terminal remains.
    if (url !== undefined) (async () => this.options.openPage?.(url))().catch(() => window.close())
  }

  /** Its request is decided or has expired. */
  end(id: number): void {
    const window = this.#windows.get(id)
    if (window) window.end()
    else this.#windows.delete(id)
  }

  close(): void {
    for (const window of this.#windows.values()) window?.close()
  }
}

class ApprovalWindow {
  isWaiting = true
  isLoaded = false
  readonly #server: Server
  readonly #access = new BrowserAccess()
  #timer = this.#closeIn(LIFE_MS)

  constructor(
    readonly options: ApprovalsOptions,
    readonly approval: Approval,
    readonly ledger: Ledger,
    readonly actor: Actor,
    readonly closed: () => void,
  ) {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy())
    })
    this.#server.on('connection', (socket) => socket.unref())
  }

  /** @returns the address, which nobody but the browser may learn */
  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address()
        if (address === null || typeof address === 'string') return reject(new Error('not on a port'))
        this.#access.host = `127.0.0.1:${address.port}`
        resolve(`http://${this.#access.host}${this.#access.path}`)
      })
      this.#server.unref()
    })
  }

  close(): void {
    clearTimeout(this.#timer)
    this.isWaiting = false
    this.#server.close()
    this.#server.closeAllConnections()
    this.closed()
  }

  #closeIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.close(), ms).unref()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const status = await this.#access.refusedStatus(request)
    if (status !== undefined) return refuse(response, status)
    if (request.method === 'GET') return this.#show(response)
    const decision = await this.#access.readDecision(request)
    if (typeof decision === 'number') return refuse(response, decision)
    const at = this.options.clock.now()
    const taken = await this.ledger
      .decide(this.approval.id, decision, 'page', { ...this.actor, at })
      .catch(() => undefined)
    if (taken === undefined) return this.#write(response, 503, endPage(...this.#pageFacts, 'failed'))
    // A fresh GET, so that to load the page again sends nothing again.
    if (taken) return void response.writeHead(303, { ...HEADERS, location: this.#access.path }).end()
    return this.#show(response, 'frozen')
  }

  /** @param otherwise the reason if it is neither decided nor expired */
  async #show(response: ServerResponse, otherwise?: 'frozen'): Promise<void> {
    const now = await this.ledger.approval(this.approval.id).catch(() => undefined)
    const { state, expires_at } = now ?? this.approval
    if (state !== 'asked') {
      this.end()
      return this.#write(response, 200, endPage(...this.#pageFacts, state === 'denied' ? 'denied' : 'approved'))
    }
    const at = this.options.clock.now()
    if (at >= expires_at) {
      this.end()
      return this.#write(response, 410, endPage(...this.#pageFacts, 'expired'))
    }
    if (otherwise) return this.#write(response, 409, endPage(...this.#pageFacts, otherwise))
    this.isLoaded = true
    this.#write(response, 200, questionPage(...this.#pageFacts, this.#access.token, at))
  }

  get #pageFacts() {
    return [this.approval, this.options.environment] as const
  }

  /** It goes on showing for a while what became of the request. */
  end(): void {
    if (!this.isWaiting) return
    this.isWaiting = false
    clearTimeout(this.#timer)
    this.#timer = this.#closeIn(AFTER_MS)
  }

  #write(response: ServerResponse, status: number, html: string): void {
    response.writeHead(status, { ...HEADERS, 'content-type': 'text/html;charset=utf-8' }).end(html)
  }
}

/** Says nothing of what this is. */
function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain;charset=utf-8' }).end(`${status}\n`)
}

/** Of this computer. @throws where no browser can be started */
export async function openInBrowser(url: string): Promise<void> {
  const { default: open } = await import('open')
  await open(url)
}
