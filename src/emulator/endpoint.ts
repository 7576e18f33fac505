// The HTTP server: guards, routing by path, and writing what comes back.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { answerCashier } from './cashier.ts'
import { answerControl } from './control.ts'
import { answerGateway } from './gateway.ts'
import { hasLoopbackHost, type Incoming, readBody, readParams, targetOf } from './incoming.ts'
import { answerMerchant } from './merchant.ts'
import type { Platform } from './platform.ts'
import { plainText, type Reply } from './reply.ts'
import { answerWallet } from './wallet.ts'

export function createEndpoint(platform: Platform): Server {
  return createServer((request, response) => {
    answer(request, platform)
      .then((reply) => sendReply(reply, response, platform))
      // A client that went away, or a bug: either way nothing may leak out of the server's process.
      .catch((error: unknown) => {
        if (response.headersSent || response.destroyed) response.destroy()
        else sendReply(plainText(500, `The emulator failed: ${String(error)}\n`), response, platform)
      })
  })
}

async function answer(request: IncomingMessage, platform: Platform): Promise<Reply> {
  if (!hasLoopbackHost(request)) return plainText(403, 'This emulator answers on loopback names only.\n')
  const body = await readBody(request)
  if (!body) return plainText(413, 'The body is larger than 1 MiB.\n')
  const url = targetOf(request)
  if (!url) return plainText(400, 'The request target is neither a path nor an address of this emulator.\n')
  return route({ method: request.method ?? 'GET', url, headers: request.headers, body }, platform)
}

async function route(incoming: Incoming, platform: Platform): Promise<Reply> {
  const { method, url } = incoming
  if (method !== 'GET' && method !== 'POST') return plainText(405, 'Only GET and POST.\n')
  if (url.pathname === '/gateway.do') return answerGateway(await readParams(incoming), platform)
  platform.agreements.catchUp(platform.clock.now())
  if (/^\/(cashier|qr)\//.test(url.pathname)) return answerCashier(incoming, platform)
  if (/^\/(sign|wallet)\/|^\/platformapi\/startapp$/.test(url.pathname)) return answerWallet(incoming, platform)
  if (/^\/control(\/|$)/.test(url.pathname)) return answerControl(incoming, platform)
  if ((url.pathname === '/' && method === 'GET') || url.pathname.startsWith('/refund/')) {
    return answerMerchant(incoming, platform)
  }
  return plainText(
    404,
    'There is /, /gateway.do, /cashier/..., /qr/..., /sign/..., /wallet/..., /refund/... and /control here.\n',
  )
}

function sendReply(reply: Reply, response: ServerResponse, platform: Platform): void {
  if ('drop' in reply) {
    if (reply.drop === 'reset') response.socket?.resetAndDestroy()
    else response.destroy()
    return
  }
  response.writeHead(reply.status, {
    'content-type': reply.content_type,
    'content-length': Buffer.byteLength(reply.body),
    // A client without our clock follows this header.
    date: new Date(platform.clock.now()).toUTCString(),
    trace_id: randomBytes(16).toString('hex'),
    ...reply.headers,
  })
  response.end(reply.body)
}
