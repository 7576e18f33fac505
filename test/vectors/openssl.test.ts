// Holds signing and judging to what the openssl command signed (README.md): a judge that is not us.
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Clock } from '../../src/clock.ts'
import { AlipayGateway } from '../../src/gateway/alipay-gateway.ts'
import { judge } from '../../src/gateway/answer.ts'
import type { Connection } from '../../src/gateway/signing.ts'
import { alipay, answered, app, envelope, rootOf, vectors } from '../keys-for-tests.ts'

class StandingClock extends Clock {
  override now(): number {
    return Date.parse('2026-11-20T10:00:00+08:00')
  }
}

const connection: Connection = {
  gateway: 'https://gateway.example/gateway.do',
  app_id: '9021000000000001',
  privateKey: app.privateKey,
  alipayPublicKey: alipay.publicKey,
  timeout: 10_000,
}
const gatewayAt = (more: Partial<Connection>) =>
  new AlipayGateway({ ...connection, ...more }, new StandingClock(), false)

/** As the documents say: every parameter but sign, sorted by name, not URL-encoded. */
function signedText(parameters: URLSearchParams): string {
  const pairs = [...parameters].filter(([name]) => name !== 'sign').map(([name, value]) => `${name}=${value}`)
  return pairs.sort().join('&')
}
const seen = (parameters: URLSearchParams) => ({ text: signedText(parameters), sign: parameters.get('sign') })

describe('what alipay-sdk signs is what openssl signs', () => {
  it('for a link of a computer page, with addresses, Chinese and odd characters', async () => {
    const notify_url = 'https://merchant.example/notify?a=1&b=2'
    const gateway = gatewayAt({ notify_url, return_url: 'https://merchant.example/thanks' })
    const link = await gateway.payLink('page', {
      out_trade_no: 'ORDER_1',
      total_amount: '9.90',
      subject: '测试订单 coffee+100% "大"',
      body: '两杯 a&b=c',
      time_expire: '2026-11-20 10:30:00',
    })
    const { origin, pathname, searchParams, hash } = new URL(link)
    expect([origin + pathname, hash]).toStrictEqual([connection.gateway, ''])
    expect(link).toMatch(/^[!-~]+$/)
    expect(seen(searchParams)).toStrictEqual(vectors.requests.page_link)
  })

  it('for a link of a phone page, without addresses and body', async () => {
    const link = await gatewayAt({}).payLink('mobile', {
      out_trade_no: 'ORDER_2',
      total_amount: '100000000.00',
      subject: 'x',
      body: undefined,
      time_expire: '2026-12-05 10:00:00',
    })
    expect(seen(new URL(link).searchParams)).toStrictEqual(vectors.requests.mobile_link)
  })
})

describe('over the wire', () => {
  const received: { query: URLSearchParams; body: URLSearchParams; head: unknown }[] = []
  let answer = ''
  let gateway: AlipayGateway
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const query = new URL(request.url ?? '', 'http://x').searchParams
    const head = [request.method, request.headers['content-type']]
    received.push({ query, body: new URLSearchParams(body), head })
    response.end(answer)
  })
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = Object(server.address())
    gateway = gatewayAt({ gateway: `http://127.0.0.1:${port}/gateway.do` })
  })
  afterAll(async () => {
    await gateway.shutDown()
    await new Promise((resolve) => server.close(resolve))
  })

  function lastRequest() {
    const { query, body, head } = received.at(-1) ?? {}
    expect(head).toStrictEqual(['POST', 'application/x-www-form-urlencoded;charset=utf-8'])
    expect([...(body ?? [])].map(([name]) => name)).toStrictEqual(['biz_content'])
    return seen(new URLSearchParams([...(query ?? []), ...(body ?? [])]))
  }

  it('a refund is sent as openssl signed it, and done when openssl signed the answer', async () => {
    const { raw, sign } = vectors.answers.refund_done
    answer = envelope(rootOf('alipay.trade.refund'), raw, sign)
    const request = { out_request_no: 'RF0001', refund_amount: '0.01', refund_reason: "不要了 ~!*()'" }
    const outcome = await gateway.refund({ out_trade_no: 'ORDER_1' }, request)
    expect(lastRequest()).toStrictEqual(vectors.requests.refund)
    expect(outcome).toStrictEqual({
      outcome: 'done',
      answer: {
        out_trade_no: 'ORDER_1',
        trade_no: '2026112022001400100500000001',
        fund_change: 'Y',
        refund_fee: '0.01',
        gmt_refund_pay: '2026-11-20 10:00:01',
      },
    })
  })

  it('a question about a refund is sent as openssl signed it', async () => {
    answer = envelope(rootOf('alipay.trade.fastpay.refund.query'), '{"code":"40001","sub_code":"isv.x"}')
    const outcome = await gateway.refundQuery({ trade_no: '2026112022001400100500000001' }, 'RF0001')
    expect(lastRequest()).toStrictEqual(vectors.requests.refund_query)
    expect(outcome).toMatchObject({ outcome: 'refused', refusal: { sub_code: 'isv.x', verified: false } })
  })

  it('a signed answer about another order is unknown', async () => {
    const { raw, sign } = vectors.answers.query_paid
    answer = envelope(rootOf('alipay.trade.query'), raw, sign)
    const asked = { within: 100 }
    expect(await gateway.query({ out_trade_no: 'ORDER_1' }, asked)).toMatchObject({ outcome: 'done' })
    expect(await gateway.query({ out_trade_no: 'ORDER_2' }, asked)).toStrictEqual({
      outcome: 'unknown',
      why: 'the answer is about another out_trade_no than the one asked',
    })
  })
})

describe('what openssl signed', () => {
  const QUERY = 'alipay.trade.query'
  const judged = (text: string, key = alipay.publicKey, method = QUERY) => judge(method, answered(text), key, false)
  const entries = Object.entries(vectors.answers)

  it.each(entries.filter(([name]) => name !== 'query_not_exist'))('as %s is done', (name, { raw, sign }) => {
    const method = name === 'refund_done' ? 'alipay.trade.refund' : QUERY
    const done = { outcome: 'done', answer: JSON.parse(raw) }
    const root = rootOf(method)
    const texts = [
      envelope(root, raw, sign),
      `{"sign":"${sign}","${root}":${raw}}`,
      ` { "${root}" :\n${raw}\t, "sign" : "${sign}" }\n`,
    ]
    for (const text of texts) expect(judged(text, alipay.publicKey, method)).toStrictEqual(done)
  })

  it('as a refusal is refused, and verified', () => {
    const { raw, sign } = vectors.answers.query_not_exist
    expect(judged(envelope(rootOf(QUERY), raw, sign))).toMatchObject({
      outcome: 'refused',
      refusal: { sub_code: 'ACQ.TRADE_NOT_EXIST', sub_msg: '交易不存在', verified: true },
    })
  })

  it('with slashes escaped is done also where they were sent unescaped', () => {
    const { raw, sign } = vectors.answers.query_escaped_slashes
    const sent = raw.replaceAll('\\/', '/')
    expect(sent).not.toBe(raw)
    expect(judged(envelope(rootOf(QUERY), sent, sign))).toMatchObject({ outcome: 'done' })
  })

  it.each(entries)('as %s is unknown once it is changed, or against another key', (_name, { raw, sign }) => {
    const changed = raw.replace('ORDER_1', 'ORDER_2')
    expect(changed).not.toBe(raw)
    expect(judged(envelope(rootOf(QUERY), changed, sign)).outcome).toBe('unknown')
    expect(judged(envelope(rootOf(QUERY), `${raw.slice(0, -1)} }`, sign)).outcome).toBe('unknown')
    expect(judged(envelope(rootOf(QUERY), raw, sign), app.publicKey).outcome).toBe('unknown')
    expect(judged(envelope(rootOf(QUERY), raw, vectors.requests.refund.sign)).outcome).toBe('unknown')
    expect(judged(envelope(rootOf(QUERY), raw)).outcome).toBe('unknown')
  })
})
