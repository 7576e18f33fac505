// Holds one HTTP exchange to its three ends, against servers that answer, break, stall and never end.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Exchange } from '../../src/gateway/exchange.ts'

const CALM = { within: 20_000 }
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function listening(server: net.Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return Object(server.address()).port
}

/** A server, what reached it, and an exchange with it. */
async function served(listener: RequestListener, secure?: https.ServerOptions) {
  const requests: { method: unknown; url: unknown; headers: IncomingMessage['headers']; body: string }[] = []
  let connections = 0
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { method, url, headers } = request
    requests.push({ method, url, headers, body })
    listener(request, response)
  }
  const server = secure ? https.createServer(secure, receive) : http.createServer(receive)
  server.on('connection', () => void connections++)
  const port = await listening(server)
  const exchange = new Exchange(`${secure ? 'https' : 'http'}://127.0.0.1:${port}/gateway.do`)
  undo.push(
    () => server.close(),
    () => server.closeAllConnections(),
    () => exchange.destroy(),
  )
  return { exchange, requests, port, connections: () => connections }
}
const ok: RequestListener = (_request, response) => response.end('{}')

describe('an answer', () => {
  it('comes back whole, with its trace and date', async () => {
    const date = 'Fri, 20 Nov 2026 02:00:00 GMT'
    const { exchange, requests, port } = await served((_request, response) => {
      response.writeHead(502, { trace_id: 'trace1', date })
      const bytes = Buffer.from('坏网关')
      response.write(bytes.subarray(0, 4))
      response.end(bytes.subarray(4))
    })
    expect(await exchange.post('method=a&x=%20', 'biz_content=咖啡', CALM)).toStrictEqual({
      kind: 'answered',
      host: `127.0.0.1:${port}`,
      status: 502,
      bytes: Buffer.from('坏网关'),
      trace_id: 'trace1',
      date,
    })
    expect(requests).toMatchObject([
      {
        method: 'POST',
        url: '/gateway.do?method=a&x=%20',
        body: 'biz_content=咖啡',
        headers: {
          'content-type': 'application/x-www-form-urlencoded;charset=utf-8',
          'content-length': String(Buffer.byteLength('biz_content=咖啡')),
        },
      },
    ])
  })

  it.each([301, 302, 307, 308])('with a redirect (%i) is not followed', async (status) => {
    const elsewhere = await served(ok)
    const { exchange, requests } = await served((_request, response) => {
      response.writeHead(status, { location: `http://127.0.0.1:${elsewhere.port}/gateway.do` }).end('moved')
    })
    expect(await exchange.post('a', 'b', CALM)).toMatchObject({ kind: 'answered', status, bytes: Buffer.from('moved') })
    expect([requests.length, elsewhere.requests.length]).toStrictEqual([1, 0])
  })
})

describe('a connection', () => {
  it('is used again, without a warning, for as many calls as there are', async () => {
    const warnings: Error[] = []
    const heard = (warning: Error) => warnings.push(warning)
    process.on('warning', heard)
    undo.push(() => process.off('warning', heard))
    const { exchange, requests, connections } = await served(ok)
    for (let n = 0; n < 30; n++) {
      expect(await exchange.post('a', `n=${n}`, CALM)).toMatchObject({ kind: 'answered' })
    }
    await new Promise(setImmediate)
    expect([requests.length, connections(), warnings]).toStrictEqual([30, 1, []])
  })

  it('that was forgotten by the other side loses the call, and the call is not sent again', async () => {
    let calls = 0
    const { exchange, requests, connections } = await served((request, response) => {
      calls += 1
      if (calls === 1) response.end('{}')
      else request.socket.destroy()
    })
    expect(await exchange.post('a', 'n=1', CALM)).toMatchObject({ kind: 'answered' })
    expect(await exchange.post('a', 'n=2', CALM)).toStrictEqual({
      kind: 'lost',
      why: 'the connection was cut before the answer (ECONNRESET)',
    })
    expect([requests.map(({ body }) => body), connections()]).toStrictEqual([['n=1', 'n=2'], 1])
    await exchange.post('a', 'n=3', CALM)
    expect(connections()).toBe(2)
  })

  it('carries calls at the same time, each with its own answer', async () => {
    const { exchange } = await served((request, response) => response.end(request.url))
    const queries = Array.from({ length: 20 }, (_, n) => `n=${n}`)
    const answers = await Promise.all(queries.map((query) => exchange.post(query, 'b', CALM)))
    const texts = answers.map((answer) => 'bytes' in answer && String(answer.bytes))
    expect(texts).toStrictEqual(queries.map((query) => `/gateway.do?${query}`))
  })
})

describe('a call is not sent, certainly,', () => {
  it('when nothing listens', async () => {
    const server = net.createServer()
    const port = await listening(server)
    server.close()
    await once(server, 'close')
    expect(await new Exchange(`http://127.0.0.1:${port}/`).post('a', 'b', CALM)).toStrictEqual({
      kind: 'not_sent',
      why: 'nothing listens at the gateway address (ECONNREFUSED)',
    })
  })

  it('when it was cancelled before', async () => {
    const { exchange, connections } = await served(ok)
    const signal = AbortSignal.abort()
    expect(await exchange.post('a', 'b', { ...CALM, signal })).toMatchObject({ kind: 'not_sent' })
    expect(connections()).toBe(0)
  })

  it('when it is cancelled before the connection stands', async () => {
    const { exchange, requests } = await served(ok)
    const controller = new AbortController()
    const posted = exchange.post('a', 'b', { ...CALM, signal: controller.signal })
    controller.abort()
    expect(await posted).toMatchObject({ kind: 'not_sent' })
    expect(await exchange.post('a', 'n=2', CALM)).toMatchObject({ kind: 'answered' })
    expect(requests.map(({ body }) => body)).toStrictEqual(['n=2'])
  })

  it('when the certificate is not accepted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exchange-test-'))
    undo.push(() => rmSync(folder, { recursive: true }))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...name]
    execFileSync('openssl', made, { stdio: 'pipe' })
    const secure = { key: readFileSync(key), cert: readFileSync(cert) }
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const { exchange, requests } = await served(ok, { ...secure, maxVersion: version })
      for (let again = 0; again < 2; again++) {
        expect(await exchange.post('a', 'b', CALM)).toStrictEqual({
          kind: 'not_sent',
          why: "the gateway's TLS certificate is self-signed",
        })
      }
      expect(requests).toStrictEqual([])
    }
  })

  it.each([
    ['says nothing', () => {}],
    ['speaks no TLS', (socket: net.Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['hangs up', (socket: net.Socket) => socket.destroy()],
  ])('when the other side of a TLS connection %s', async (_what, behave) => {
    const server = net.createServer((socket) => {
      undo.push(() => socket.destroy())
      socket.on('error', () => {}).resume()
      behave(socket)
    })
    undo.push(() => server.close())
    const exchange = new Exchange(`https://127.0.0.1:${await listening(server)}/`)
    expect(await exchange.post('a', 'b', { within: 300 })).toMatchObject({ kind: 'not_sent' })
  })
})

describe('a call is lost', () => {
  it.each([
    ['is cut before the answer', (response: ServerResponse) => response.destroy()],
    ['is cut within the head', (response: ServerResponse) => response.socket?.end('HTTP/1.1 200 OK\r\nda')],
    [
      'is cut within the answer',
      (response: ServerResponse) =>
        response.writeHead(200, { 'content-length': 9 }).write('{', () => response.destroy()),
    ],
    ['is no HTTP', (response: ServerResponse) => response.socket?.end('hello\r\n\r\n')],
    [
      'has a head without end',
      (response: ServerResponse) => response.socket?.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(99_999)}`),
    ],
  ])('when it %s', async (_what, answer) => {
    const { exchange, requests } = await served((_request, response) => void answer(response))
    expect(await exchange.post('a', 'b', CALM)).toMatchObject({ kind: 'lost' })
    expect(requests).toHaveLength(1)
  })

  it.each([
    ['has not begun', () => {}],
    ['has begun', (response: ServerResponse) => response.write('{"a":')],
  ])('when its answer %s at the deadline', async (_what, answer) => {
    const { exchange, requests } = await served((_request, response) => void answer(response))
    const late = { kind: 'lost', why: 'no answer within 1000 ms' }
    expect(await exchange.post('a', 'b', { within: 1_000 })).toStrictEqual(late)
    expect(requests).toHaveLength(1)
  })

  it.each([
    ['the host cancels it', (_exchange: Exchange, controller: AbortController) => controller.abort()],
    ['the server shuts down', (exchange: Exchange) => exchange.destroy()],
  ])('when %s after it was sent', async (_what, actor) => {
    const controller = new AbortController()
    const { exchange, requests } = await served(() => actor(exchange, controller))
    const options = { ...CALM, signal: controller.signal }
    expect(await exchange.post('a', 'b', options)).toMatchObject({ kind: 'lost' })
    expect(requests).toHaveLength(1)
  })
})
