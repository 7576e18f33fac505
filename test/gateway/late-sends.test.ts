// The last question before the first byte: what was decided too long ago is not sent, on no connection.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { beijingTime } from '../../src/clock.ts'
import { AlipayGateway } from '../../src/gateway/alipay-gateway.ts'
import { Exchange } from '../../src/gateway/exchange.ts'
import { useShop } from '../shop.ts'

const TOO_LATE = 'too much time passed since it was decided (this computer may have been asleep)'
const CALM = { within: 20_000 }
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function listening(server: net.Server): Promise<number> {
  undo.push(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return Object(server.address()).port
}

/** A server that keeps every byte that reaches it. */
async function recording() {
  let bytes = ''
  let connections = 0
  const server = http.createServer((_request, response) => response.end('{}'))
  server.on('connection', (socket) => {
    connections += 1
    socket.on('data', (chunk) => {
      bytes += chunk
    })
  })
  const exchange = new Exchange(`http://127.0.0.1:${await listening(server)}/gateway.do`)
  undo.push(
    () => server.closeAllConnections(),
    () => exchange.destroy(),
  )
  return { exchange, bytes: () => bytes, connections: () => connections }
}

describe('a call that may not be sent any more', () => {
  it('is not sent on a fresh connection: nothing of it reaches the other side', async () => {
    const { exchange, bytes, connections } = await recording()
    const late = { ...CALM, mayStillSend: () => false }
    expect(await exchange.post('n=1', 'secret', late)).toStrictEqual({ kind: 'not_sent', why: TOO_LATE })
    expect(await exchange.post('n=2', 'b', CALM)).toMatchObject({ kind: 'answered' })
    expect(bytes()).not.toMatch(/n=1|secret/)
    expect(bytes().match(/POST/g)).toHaveLength(1)
    expect(connections()).toBe(2)
  })

  it('is not sent on a kept connection, either', async () => {
    const { exchange, bytes, connections } = await recording()
    await exchange.post('n=1', 'b', CALM)
    const late = { ...CALM, mayStillSend: () => false }
    expect(await exchange.post('n=2', 'secret', late)).toStrictEqual({ kind: 'not_sent', why: TOO_LATE })
    expect(connections()).toBe(1)
    expect(await exchange.post('n=3', 'b', CALM)).toMatchObject({ kind: 'answered' })
    expect(bytes()).not.toMatch(/n=2|secret/)
    expect(bytes().match(/POST/g)).toHaveLength(2)
  })

  it('is asked about once the connection stands, once: what passes meanwhile counts', async () => {
    const { exchange, bytes } = await recording()
    let asked = 0
    const mayStillSend = () => {
      asked += 1
      expect(bytes()).not.toContain('n=1')
      return true
    }
    const posted = exchange.post('n=1', 'b', { ...CALM, mayStillSend })
    expect(asked).toBe(0)
    expect(await posted).toMatchObject({ kind: 'answered' })
    expect(asked).toBe(1)
  })

  it('is not asked about before a TLS connection is secure', async () => {
    const server = net.createServer((socket) => {
      undo.push(() => socket.destroy())
      socket.on('error', () => {}).resume()
    })
    const exchange = new Exchange(`https://127.0.0.1:${await listening(server)}/`)
    undo.push(() => exchange.destroy())
    let asked = 0
    const mayStillSend = () => Boolean(++asked)
    const posted = await exchange.post('a', 'b', { within: 300, mayStillSend })
    expect(posted).toStrictEqual({ kind: 'not_sent', why: 'no answer within 300 ms' })
    expect(asked).toBe(0)
  })
})

it('is so over TLS, too, on a fresh connection and on a kept one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'late-sends-test-'))
  undo.push(() => rmSync(folder, { recursive: true }))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert]
  execFileSync('openssl', [...made, '-subj', '/CN=127.0.0.1'], { stdio: 'pipe' })
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  const urls: unknown[] = []
  const secure = { key: readFileSync(key), cert: readFileSync(cert) }
  const server = https.createServer(secure, ({ url }, response) => {
    urls.push(url)
    response.end('{}')
  })
  const exchange = new Exchange(`https://127.0.0.1:${await listening(server)}/`)
  undo.push(
    () => server.closeAllConnections(),
    () => exchange.destroy(),
  )
  for (const n of [1, 2]) {
    const late = { ...CALM, mayStillSend: () => false }
    expect(await exchange.post(`late=${n}`, 'b', late)).toStrictEqual({ kind: 'not_sent', why: TOO_LATE })
    expect(await exchange.post(`n=${n}`, 'b', CALM)).toMatchObject({ kind: 'answered' })
  }
  expect(urls).toStrictEqual(['/?n=1', '/?n=2'])
})

describe('the changing calls of the gateway', () => {
  const shop = useShop({ timeout: 1_000 })
  const calls = async () => Object(await shop.trades()).calls

  /** All three, for a paid and for a waiting order. */
  async function changing(options: { within?: number; mayStillSend?: () => boolean }, gateway = shop.gateway) {
    const paid = await shop.paidOrder()
    const { out_trade_no, pay_url } = await shop.call('create_payment', { subject: 'Tea', total_amount: 1 })
    await shop.control('scan', { pay_url })
    const time_expire = beijingTime(shop.clock.now() + 600_000)
    const content = { out_trade_no: 'QR_1', subject: 'Tea', total_amount: '1.00', time_expire }
    const request = { out_request_no: 'RF_1', refund_amount: '30.00' }
    const order = { out_trade_no: String(out_trade_no) }
    return Promise.all([
      gateway.refund({ out_trade_no: paid.out_trade_no }, request, options),
      gateway.close(order, options),
      gateway.precreate(content, options),
    ])
  }
  it('are not sent where they may not be any more: refused, and nothing happened', async () => {
    const refused = { outcome: 'refused', refusal: { verified: false, not_sent: TOO_LATE } }
    expect(await changing({ mayStillSend: () => false })).toStrictEqual([refused, refused, refused])
    expect(await calls()).toStrictEqual({})
    expect(await shop.trades()).toMatchObject({ refunded: '0.00' })
  })

  it('are sent once each, and not again by the gateway when the answer is lost', async () => {
    await shop.control('faults', { fault: 'lost_after', times: 'always' })
    const outcomes = await changing({})
    expect(outcomes.map(({ outcome }) => outcome)).toStrictEqual(['unknown', 'unknown', 'unknown'])
    expect(await calls()).toStrictEqual({
      'alipay.trade.refund': 1,
      'alipay.trade.close': 1,
      'alipay.trade.precreate': 1,
    })
  })

  it.each([
    [{ within: 200 }, 200],
    [{ within: 60_000 }, 1_000],
    [{}, 1_000],
  ])('wait for an answer as long as is left, and never longer than ALIPAY_TIMEOUT_MS: %j', async (options, ms) => {
    await shop.control('faults', { fault: 'delay', ms: 30_000, times: 'always' })
    const why = `no answer within ${ms} ms`
    const lost = { outcome: 'unknown', why }
    const neverLeft = { outcome: 'refused', refusal: { verified: false, not_sent: why } }
    const outcomes = await changing(options)
    const sent = outcomes.filter(({ outcome }) => outcome === 'unknown')
    // On a busy machine the time may run out before a call has left, which is told as it is.
    expect(outcomes).toStrictEqual(outcomes.map((outcome) => (sent.includes(outcome) ? lost : neverLeft)))
    expect(Object.keys(Object(await calls())).length).toBeLessThanOrEqual(sent.length)
  })

  it('are not sent by a gateway that is shutting down', async () => {
    const gateway = new AlipayGateway(shop.gateway.connection, shop.clock, false)
    gateway.stopChanging()
    const not_sent = 'the server is shutting down'
    const refused = { outcome: 'refused', refusal: { verified: false, not_sent } }
    expect(await changing({}, gateway)).toStrictEqual([refused, refused, refused])
    expect(await calls()).toStrictEqual({})
  })
})
