// The HTTP side that faces the internet, behind the merchant's own proxy: small bodies, few paths, nothing that waits.
import http from 'node:http'
import { CollectedBytes } from '../collected-bytes.ts'
import type { Both } from '../language.ts'
import { MARK_PARAMETER, MARK_PATHS, POSTS_HERE } from '../ledger/ledger-mark.ts'
import { LONGEST_NOTIFICATION } from '../notifications/notification.ts'
import { answerPage, Misses, type PageHandlers, pageAt } from './page-requests.ts'
import type { NotificationAnswer } from './receive-notification.ts'

export interface FrontHandlers extends PageHandlers {
  notify(body: Buffer): Promise<NotificationAnswer>
  /** What stands in the ledger under this name; whoever wrote it there knows it. */
  mark(name: string): Promise<string | undefined>
  /** Throws where the ledger cannot be read. */
  health(): Promise<unknown>
  say(line: Both): void
}

export interface Front {
  port: number
  healthPort?: number
  /** No new connection; resolves once every request that has begun is answered. */
  close(): Promise<void>
}

export interface FrontAddresses {
  host: string
  port: number
  /** Absent: nobody watches over it. */
  healthPort?: number
}

// A body that comes drop by drop must not hold a connection.
const REQUEST_MS = 10_000
const CHECKING_MS = 2_000
// A body and what it is forwarded to.
const CLOSING_MS = 16_000

export async function startFront(at: FrontAddresses, handlers: FrontHandlers): Promise<Front> {
  const misses = new Misses()
  const front = newServer((request) => answerFront(request, handlers, misses), handlers.say)
  const health = newServer((request) => answerHealth(request, handlers), handlers.say)
  const port = await listen(front, at.host, at.port)
  if (at.healthPort === undefined) return { port, close: () => close(front) }
  const healthPort = await listen(health, '127.0.0.1', at.healthPort).catch(async (error) => {
    await close(front)
    throw error
  })
  return {
    port,
    healthPort,
    close: async () => void (await Promise.all([close(front), close(health)])),
  }
}

interface Answer {
  status: number
  text: string
  headers?: Readonly<Record<string, string>>
}

async function answerFront(request: http.IncomingMessage, handlers: FrontHandlers, misses: Misses): Promise<Answer> {
  const pagePath = request.url?.split('?', 1)[0] ?? ''
  const page = pageAt(pagePath, handlers)
  if (page) return answerPage(page, request, handlers, misses)
  // Where pages are: a web server may lead here for notifications alone.
  if (Object.values(MARK_PATHS).some((path) => pagePath.endsWith(path))) return answerVisitor(request, handlers)
  if (pathOf(request) !== '/notify') return { status: 404, text: 'Nothing is here.\n' }
  if (request.method !== 'POST') return answerVisitor(request, handlers)
  const body = await bodyOf(request)
  if (!body) return { status: 413, text: 'fail' }
  const { status, body: text, line } = await handlers.notify(body)
  handlers.say(line)
  return { status, text }
}

/** Somebody who looks whether it is there, and whether it has the same ledger. */
async function answerVisitor({ url = '/' }: http.IncomingMessage, { mark }: FrontHandlers): Promise<Answer> {
  const named = new URLSearchParams(url.split('?', 2)[1]).get(MARK_PARAMETER)
  const read = named === null ? undefined : await mark(named).catch(() => undefined)
  return {
    status: 405,
    text: `${[POSTS_HERE, read].filter(Boolean).join(' ')}\n`,
    headers: { allow: 'POST' },
  }
}

async function answerHealth(request: http.IncomingMessage, handlers: FrontHandlers): Promise<Answer> {
  if (pathOf(request) !== '/health') return { status: 404, text: 'There is /health here.\n' }
  const ok = await handlers.health().then(
    () => true,
    () => false,
  )
  return {
    status: ok ? 200 : 503,
    text: `${JSON.stringify({ ok })}\n`,
    headers: { 'content-type': 'application/json' },
  }
}

/** A prefix of the public address may come with it, or be taken off by the proxy. */
function pathOf({ url = '/' }: http.IncomingMessage): string {
  const path = url.split('?', 1)[0] ?? '/'
  return path.slice(path.lastIndexOf('/'))
}

/** Undefined where it is longer than any notification. */
async function bodyOf(request: http.IncomingMessage): Promise<Buffer | undefined> {
  const body = new CollectedBytes()
  for await (const chunk of request) {
    if (body.size + chunk.length > LONGEST_NOTIFICATION) return undefined
    body.add(chunk)
  }
  return body.take()
}

const failure = (error: unknown): Both => {
  const why = error instanceof Error ? error.message : String(error)
  return { en: `A notification could not be written: ${why}`, zh: `有一条通知没能写入账本：${why}` }
}

const CLOSING = 'closing'

type Handler = (request: http.IncomingMessage) => Promise<Answer>

function newServer(answer: Handler, say: FrontHandlers['say']): http.Server {
  const options = { connectionsCheckingInterval: CHECKING_MS }
  const server = http.createServer(options, (request, response) => {
    void answer(request)
      .catch((error: unknown): Answer => {
        if (!request.destroyed || request.complete) say(failure(error))
        return { status: 500, text: 'fail' }
      })
      .then(({ status, text, headers }) => {
        // What was not read of a body must not be taken for the next request.
        const isWhole = request.complete
        response.writeHead(status, {
          'content-type': 'text/plain; charset=utf-8',
          'content-length': Buffer.byteLength(text),
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
          ...(!isWhole && { connection: 'close' }),
          ...headers,
        })
        response.end(request.method === 'HEAD' ? undefined : text)
      })
      // An answer that cannot be sent, such as a status that is none, must not end the process.
      .catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    const end = () => void (socket.bytesRead === 0 && socket.destroy())
    server.once(CLOSING, end)
    socket.once('close', () => server.off(CLOSING, end))
  })
  server.setMaxListeners(0)
  server.requestTimeout = REQUEST_MS
  server.headersTimeout = REQUEST_MS
  server.maxHeadersCount = 100
  return server
}

function listen(server: http.Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function close(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSING_MS)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
    // Those on which nothing has come yet are not idle to Node.js.
    server.emit(CLOSING)
  })
}
