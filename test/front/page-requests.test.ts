// Pages over HTTP: which paths are pages, whose misses are counted, and what is never sent along.
import http from 'node:http'
import { BlockList } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import type { PagePath } from '../../src/checkout/short-link.ts'
import type { Visit } from '../../src/checkout/visitor.ts'
import { startFront } from '../../src/front/front-server.ts'
import type { SubscriptionPath } from '../../src/subscriptions/subscription-page-path.ts'

const TOKEN = '0123456789ABCDEFGHIJab'
const KNOWN = { status: 200, text: '<html>page</html>', headers: { 'content-type': 'text/html' }, isKnown: true }
const UNKNOWN = { status: 404, text: 'none', headers: {}, isKnown: false }

async function front(isKnown: (token: string) => boolean, trustedProxies?: BlockList) {
  const seen: (PagePath & Pick<Visit, 'method'>)[] = []
  const signed: (SubscriptionPath & Pick<Visit, 'method'>)[] = []
  const page = async (path: PagePath, { method }: Visit) => {
    seen.push({ ...path, method })
    return isKnown(path.token) ? KNOWN : UNKNOWN
  }
  const subscription = async (path: SubscriptionPath, { method }: Visit) => {
    signed.push({ ...path, method })
    return isKnown(path.token) ? KNOWN : UNKNOWN
  }
  const refuse = () => Promise.reject(new Error())
  const handlers = {
    page,
    subscription,
    trustedProxies,
    notify: refuse,
    mark: async () => undefined,
    health: refuse,
    say: () => {},
  }
  const running = await startFront({ host: '127.0.0.1', port: 0 }, handlers)
  onTestFinished(() => running.close())
  return { at: `http://127.0.0.1:${running.port}`, seen, signed }
}

/** As it is written: fetch would tidy the path up. */
function get(at: string, path: string, headers: http.OutgoingHttpHeaders = {}, method = 'GET') {
  return new Promise<{ status: number; text: string; headers: http.IncomingHttpHeaders }>((resolve, reject) => {
    const request = http.request(at, { path, headers, method, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }))
    })
    request.on('error', reject).end()
  })
}

it.each([
  [`/p/${TOKEN}`, { token: TOKEN }],
  [`/p/${TOKEN}?utm=1`, { token: TOKEN }],
  [`/shop/p/${TOKEN}`, { token: TOKEN }],
  [`/p/${TOKEN}/page`, { token: TOKEN, step: 'page' }],
  [`/p/${TOKEN}/mobile`, { token: TOKEN, step: 'mobile' }],
  [`/p/${TOKEN}/return?out_trade_no=1`, { token: TOKEN, step: 'return' }],
  [`/p/${TOKEN}/state`, { token: TOKEN, step: 'state' }],
])('%s is a page', async (path, found) => {
  const { at, seen } = await front(() => true)
  expect((await get(at, path)).status).toBe(200)
  expect(seen).toEqual([{ ...found, method: 'GET' }])
})

it.each([
  ['GET', `/s/${TOKEN}`, { token: TOKEN }],
  ['GET', `/shop/s/${TOKEN}?utm=1`, { token: TOKEN }],
  ['GET', `/s/${TOKEN}/page`, { token: TOKEN, step: 'page' }],
  ['GET', `/s/${TOKEN}/mobile`, { token: TOKEN, step: 'mobile' }],
  ['GET', `/s/${TOKEN}/return?status=NORMAL`, { token: TOKEN, step: 'return' }],
  ['GET', `/s/${TOKEN}/state`, { token: TOKEN, step: 'state' }],
  ['POST', `/s/${TOKEN}/cancel`, { token: TOKEN, step: 'cancel' }],
])('%s %s is the page of a subscription', async (method, path, found) => {
  const { at, seen, signed } = await front(() => true)
  expect((await get(at, path, {}, method)).status).toBe(200)
  expect([seen, signed]).toEqual([[], [{ ...found, method }]])
})

it.each([
  ...[`/s/${TOKEN}/goods`, `/p/${TOKEN}/cancel`, `/s/${TOKEN}/`, `/s/${TOKEN}a`],
  '/p/',
  '/p',
  `/p/${TOKEN.slice(1)}`,
  `/p/${TOKEN}a`,
  `/p/${TOKEN}/`,
  `/p/${TOKEN}/pay`,
  `/p/${TOKEN}/page/`,
  `/q/${TOKEN}`,
  `/xp/${TOKEN}`,
  `/p/%30${TOKEN.slice(1)}`,
  `/p/${TOKEN.slice(0, 21)}%00`,
  `/p/../p`,
  `/${'p/'.repeat(3000)}`,
])('%s is none', async (path) => {
  const { at, seen, signed } = await front(() => true)
  expect((await get(at, path)).status).toBe(404)
  expect([...seen, ...signed]).toEqual([])
})

it.each(['/p/mark', '/s/mark', '/shop/s/mark'])('%s is for whoever looks whether it is there', async (path) => {
  const { at } = await front(() => true)
  const { status, text } = await get(at, path)
  expect([status, text]).toEqual([405, 'Alipay posts here.\n'])
})

it('a look at the head has no body, and nothing is kept by whoever stands between', async () => {
  const { at } = await front(() => true)
  const { text, headers } = await get(at, `/p/${TOKEN}`, {}, 'HEAD')
  expect(text).toBe('')
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  expect(headers).not.toHaveProperty('set-cookie')
  expect(headers).not.toHaveProperty('server')
  expect(headers).not.toHaveProperty('x-powered-by')
})

it('who guesses is slowed down, and who has a link is not', async () => {
  const { at } = await front((token) => token === TOKEN)
  const guess = `/p/${'Z'.repeat(22)}`
  const statuses = []
  for (let turn = 0; turn < 35; turn++) statuses.push((await get(at, guess)).status)
  expect(statuses.slice(0, 30)).toEqual(Array(30).fill(404))
  expect(statuses.slice(30)).toEqual(Array(5).fill(429))
  const busy = await get(at, guess, { 'accept-language': 'en' })
  expect([busy.headers['retry-after'], busy.text.includes('Too many wrong links')]).toEqual(['60', true])
  expect((await get(at, `/p/${TOKEN}`)).status).toBe(200)
})

it('whoever guesses at orders and at subscriptions is slowed down by the sum of both', async () => {
  const { at } = await front(() => false)
  const statuses = []
  for (let turn = 0; turn < 32; turn++)
    statuses.push((await get(at, `/${turn % 2 ? 'p' : 's'}/${'Z'.repeat(22)}`)).status)
  expect(statuses).toEqual([...Array(30).fill(404), 429, 429])
})

it('only the last address that a proxy of the merchant names counts', async () => {
  const trusted = new BlockList()
  trusted.addAddress('127.0.0.1', 'ipv4')
  const [proxied, open] = [await front(() => false, trusted), await front(() => false)]
  const statuses = async (at: string, header: (turn: number) => string) => {
    const found = new Set<number>()
    for (let turn = 0; turn < 35; turn++) {
      found.add((await get(at, `/p/${TOKEN}`, { 'x-forwarded-for': header(turn) })).status)
    }
    return [...found]
  }
  expect(await statuses(proxied.at, (turn) => `9.9.9.9, 10.0.0.${turn}`)).toEqual([404])
  expect(await statuses(proxied.at, (turn) => `10.0.0.${turn}, 8.8.8.8`)).toEqual([404, 429])
  expect(await statuses(open.at, (turn) => `10.0.0.${turn}`)).toEqual([404, 429])
})
