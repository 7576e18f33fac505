// Doctor tells of the gateway's answers what the tools tell, and never orders a right key replaced.
import iconv from 'iconv-lite'
import { afterAll, expect, it } from 'vitest'
import { AlipayGateway } from '../../src/gateway/alipay-gateway.ts'
import { alipay, app, envelope, rootOf, signatureOf } from '../keys-for-tests.ts'
import { TestClock } from '../shop.ts'
import { answering, cleanUp, type Env, report, SANDBOX } from './patients.ts'

afterAll(cleanUp)

const QUERY = 'alipay.trade.query'
const at = (ALIPAY_GATEWAY: string): Env => ({ ...SANDBOX, ALIPAY_ENV: 'local', ALIPAY_GATEWAY })
const MISSING = '{"code":"40004","msg":"Business Failed","sub_code":"ACQ.TRADE_NOT_EXIST","sub_msg":"交易不存在乗"}'

async function toolsWords(gateway: string): Promise<string> {
  const keys = { app_id: '9021000000000001', privateKey: app.privateKey, alipayPublicKey: alipay.publicKey }
  const asked = new AlipayGateway({ gateway, timeout: 5_000, ...keys }, new TestClock(), false)
  const outcome = await asked.query({ out_trade_no: 'A' }, { within: 400 })
  asked.shutDown()
  return 'why' in outcome ? outcome.why : outcome.outcome
}

const WORDS = 'instead of Alipay'
it.each([
  ['nothing', 200, '', `an empty body (HTTP 200) ${WORDS}`],
  ['nothing, and 204', 204, '', `an empty body (HTTP 204) ${WORDS}`],
  ['a login page', 200, '<!doctype html><title>Wi-Fi</title>', `a web page (HTTP 200) ${WORDS}`],
  ['an error page', 503, '<html>Service Unavailable</html>', `a web page (HTTP 503) ${WORDS}`],
  ["an answer of Alipay's V3", 400, '{"code":"invalid-app-id","message":"x"}', `JSON of another form (HTTP 400)`],
  ['bytes of no text', 200, Buffer.from([0x7b, 0xff, 0x7d]), 'neither UTF-8 nor GBK'],
])('doctor and tools say the same of %s', async (_what, status, body, words) => {
  const gateway = await answering(status, body)
  const { checks } = await report(at(gateway))
  const first = checks.find((check) => check.status === 'failed')
  expect(first?.title).toMatch(/^Gateway's answer/)
  expect(first?.found).toContain(words)
  expect(first?.found).toContain(new URL(gateway).host)
  expect(`${first?.fix} ${first?.fix_zh}`).toMatch(/gateway\.do in ALIPAY_GATEWAY.*ALIPAY_GATEWAY/)
  expect(first?.found).toBe(`${await toolsWords(gateway)}.`)
})

it.each(['utf8', 'gbk'])('doctor finds the keys right where Alipay answers in %s', async (encoding) => {
  const raw = iconv.encode(MISSING, encoding)
  const whole = iconv.encode(envelope(rootOf(QUERY), MISSING, signatureOf(raw)), encoding)
  const { checks } = await report(at(await answering(200, whole)))
  expect(checks.find(({ title }) => title.startsWith('App and signatures'))).toMatchObject({ status: 'ok' })
  expect(JSON.stringify(checks)).not.toMatch(/copy 支付宝公钥/)
})

it('doctor does not order a key replaced where GBK is not to be trusted for another reason', async () => {
  const unsigned = iconv.encode(envelope(rootOf(QUERY), MISSING), 'gbk')
  const { checks } = await report(at(await answering(200, unsigned)))
  const finding = checks.find(({ title }) => title.startsWith('App and signatures'))
  expect(finding?.found).toMatch(/not signed \(40004 ACQ\.TRADE_NOT_EXIST 交易不存在乗\)/)
  expect(JSON.stringify(finding)).not.toMatch(/copy 支付宝公钥|does not fit/)
})

it('doctor says what else it may be where the signature does not fit', async () => {
  const raw = MISSING.replace('不', '未')
  const { checks } = await report(at(await answering(200, envelope(rootOf(QUERY), MISSING, signatureOf(raw)))))
  const finding = checks.find(({ title }) => title.startsWith('App and signatures'))
  expect(finding?.found).toMatch(/does not fit ALIPAY_PUBLIC_KEY/)
  expect(finding?.fix).toMatch(/if it is that key already, a proxy on the way changes the answers/)
  expect(finding?.fix_zh).toMatch(/代理/)
})

it('a web page that comes only now and then is told as one, not as a matter of keys', async () => {
  const good = envelope(rootOf(QUERY), MISSING, signatureOf(MISSING))
  let calls = 0
  const gateway = await answering(200, () => (++calls === 1 ? good : '<html>Wi-Fi</html>'))
  const { checks } = await report(at(gateway))
  const finding = checks.find(({ title }) => title.startsWith('App and signatures'))
  expect(finding).toMatchObject({ status: 'failed', found: expect.stringContaining('a web page (HTTP 200)') })
  expect(finding?.fix).toMatch(/ALIPAY_GATEWAY/)
})
