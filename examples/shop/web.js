// The web server: the page, the stream of what happens in a buyer's chat, and his messages; nothing else.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { pageOf } from './page.js'
import { isOnThisComputer } from './settings.js'
import { pageWords } from './words.js'

const LARGEST_BODY = 8_192
const HEARTBEAT_MS = 20_000
const FORGET_MS = 60_000

const SAFE = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

const FILES = {
  '/chat-page.js': { type: 'text/javascript', text: fileText('chat-page.js') },
  '/entries.js': { type: 'text/javascript', text: fileText('entries.js') },
  '/entries.css': { type: 'text/css', text: fileText('entries.css') },
  '/chat-page.css': { type: 'text/css', text: fileText('chat-page.css') },
}

function fileText(name) {
  return readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8')
}

/** @param shop its chats, whether there are plans to subscribe to, and `noticeIn(words)`, which each page shows */
export async function openWeb({ host, port, origin }, shop) {
  const server = createServer((request, response) => {
    answer(request, response, { shop, origin, port: server.address().port }).catch((error) => {
      console.error(`[shop] ${error.message}`)
      if (response.headersSent) response.destroy()
      else send(response, 500)
    })
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  const forget = setInterval(() => shop.chats.forgetOld(), FORGET_MS).unref()
  return {
    address: origin ?? `http://${host.includes(':') ? `[${host}]` : host}:${server.address().port}/`,
    close() {
      clearInterval(forget)
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(request, response, web) {
  const { method, headers } = request
  if (!isOurAddress(headers.host, web)) return send(response, 421)
  const { pathname } = new URL(request.url, 'http://shop')
  const file = FILES[pathname]
  if (method === 'GET' && file) return send(response, 200, file.type, file.text)
  if (method === 'GET' && pathname === '/') return sendPage(request, response, web)
  if (method === 'GET' && pathname === '/events') return openEvents(request, response, web)
  if (method === 'POST' && pathname === '/messages') return takeMessage(request, response, web)
  return send(response, 404)
}

/** A page of another name that points here is not ours, and gets nothing. */
function isOurAddress(host, { origin, port }) {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false
  const { hostname } = new URL(`http://${host}`)
  return origin === undefined
    ? isOnThisComputer(hostname) && host === `${hostname}:${port}`
    : host === new URL(origin).host
}

function sendPage({ headers }, response, { shop, origin }) {
  const words = pageWords(headers['accept-language'])
  const isKnown = shop.chats.buyerIn(headers.cookie) !== undefined
  const cookie = isKnown ? {} : { 'set-cookie': shop.chats.newCookie(origin?.startsWith('https:') ?? false) }
  send(response, 200, 'text/html', pageOf(words, shop.noticeIn(words), shop.hasPlans), {
    vary: 'accept-language',
    ...cookie,
  })
}

/** @returns the chat of the browser; else it has been answered */
function chatOf({ headers }, response, { shop }) {
  const buyer = shop.chats.buyerIn(headers.cookie)
  if (buyer === undefined) return refuse(response, 401, 'no_session')
  return shop.chats.of(buyer) ?? refuse(response, 503, 'full')
}

function openEvents(request, response, web) {
  const chat = chatOf(request, response, web)
  if (!chat) return
  const first = []
  let write = (event) => first.push(event)
  const close = chat.transcript.open((event) => write(`data: ${JSON.stringify(event)}\n\n`))
  if (!close) return refuse(response, 503, 'full')
  response.writeHead(200, { ...SAFE, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' })
  write = (event) => response.write(event)
  for (const event of first) write(event)
  const heartbeat = setInterval(() => write(': \n\n'), HEARTBEAT_MS)
  response.on('close', () => {
    clearInterval(heartbeat)
    close()
  })
}

async function takeMessage(request, response, web) {
  const { headers } = request
  const isOwnPage = headers.origin === (web.origin ?? `http://${headers.host}`)
  if (!isOwnPage || headers['content-type'] !== 'application/json') return send(response, 403)
  const chat = chatOf(request, response, web)
  if (!chat) return
  if (!(Number(headers['content-length']) <= LARGEST_BODY)) return refuse(response, 413, 'too_long')
  const text = textIn(await bodyOf(request))
  if (text === undefined) return send(response, 400)
  const refusal = chat.say(text)
  if (refusal === undefined) return send(response, 202)
  refuse(response, refusal === 'too_fast' ? 429 : 400, refusal)
}

async function bodyOf(request) {
  const pieces = []
  for await (const piece of request) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

function textIn(body) {
  try {
    const { text } = Object(JSON.parse(body))
    return typeof text === 'string' ? text : undefined
  } catch {
    return undefined
  }
}

function refuse(response, status, refusal) {
  send(response, status, 'application/json', JSON.stringify({ refusal }))
}

function send(response, status, type = 'text/plain', text = '', more = {}) {
  response.writeHead(status, { ...SAFE, 'content-type': `${type}; charset=utf-8`, ...more })
  response.end(text)
}
