// A wrong address, or somebody in between: the words say what came, from where, and what ALIPAY_GATEWAY must be.
import { describe, expect, it } from 'vitest'
import { judge } from '../../src/gateway/answer.ts'
import { alipay, answered, envelope, rootOf, signatureOf } from '../keys-for-tests.ts'

const METHODS = ['alipay.trade.query', 'alipay.trade.refund']
const PAID = '{"code":"10000","out_trade_no":"A"}'
const V3 = '{"code":"invalid-app-id","message":"应用不存在","links":[]}'
const WEB_PAGE = '<!DOCTYPE html><html><body>Wi-Fi 登录</body></html>'

const KINDS: readonly [string, string | Buffer, number, string][] = [
  ['nothing', '', 200, 'an empty body'],
  ['blanks', ' \r\n', 200, 'an empty body'],
  ['a mark and nothing', '\ufeff', 200, 'an empty body'],
  ['nothing, and says so', '', 204, 'an empty body'],
  ['nothing, as an error', '', 502, 'an empty body'],
  ['a login page', WEB_PAGE, 200, 'a web page'],
  ['a login page that is none', WEB_PAGE, 511, 'a web page'],
  ['an error page', '\n<html><h1>404 Not Found</h1></html>', 404, 'a web page'],
  ['a page in GBK', Buffer.from([0x3c, 0x70, 0x3e, 0xd6, 0xd0]), 200, 'a web page'],
  ['a page in XML', '<?xml version="1.0"?><!DOCTYPE html><html></html>', 200, 'a web page'],
  ['XML', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 403, 'XML'],
  ['text', 'Bad Gateway', 502, 'plain text'],
  ['a JSON text', '"ok"', 200, 'plain text'],
  ["JSON of Alipay's V3", V3, 400, 'JSON of another form'],
  ["JSON of Alipay's V3 with 200", V3, 200, 'JSON of another form'],
  ['a list', `[${PAID}]`, 200, 'JSON of another form'],
  ['an empty object', '{}', 404, 'JSON of another form'],
  [
    'half an answer',
    `{"${rootOf('alipay.trade.query')}":{"code":"10000","out_tr`,
    200,
    'JSON that is cut off or broken',
  ],
  ['a redirect', '<html>moved</html>', 302, 'a redirect to another address'],
  [
    'packed bytes',
    Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff]),
    200,
    'bytes that are neither UTF-8 nor GBK (GB18030) text',
  ],
]

const FAILS = 'the gateway, or a proxy before it, fails at the moment; if it stays so, check ALIPAY_GATEWAY'
const WRONG =
  'either ALIPAY_GATEWAY is not https://openapi.alipay.com/gateway.do (for the sandbox' +
  ' https://openapi-sandbox.dl.alipaydev.com/gateway.do), or a proxy or the login page of a network' +
  ' (captive portal) answers in its place'

describe('an address that answers with', () => {
  it.each(KINDS)('%s is told so', (_what, body, status, kind) => {
    for (const method of METHODS) {
      const outcome = judge(method, answered(body, status), alipay.publicKey, method !== METHODS[0])
      expect(outcome).toStrictEqual({
        outcome: 'unknown',
        why: `gateway.example answers with ${kind} (HTTP ${status}) instead of Alipay's JSON: ${
          status >= 500 ? FAILS : WRONG
        }`,
      })
    }
  })
})

it("an error of Alipay's own form is not blamed on the address", () => {
  for (const method of METHODS) {
    const text = envelope(rootOf(method), PAID, signatureOf(PAID))
    const why = 'the gateway answered HTTP 502'
    expect(judge(method, answered(text, 502), alipay.publicKey, false)).toStrictEqual({ outcome: 'unknown', why })
  }
})
