// Typical mistakes on the way to Alipay and at its console, each against an emulator or a server that is none.
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { forThePerson } from '../../src/doctor/refusal-finding.ts'
import { EMULATED_SUB_CODES } from '../../src/emulator/answers.ts'
import { adviceFor } from '../../src/gateway/refusals/refusals.ts'
import { expectDiagnosis, type Mistake } from './mistake.ts'
import {
  answering,
  cleanUp,
  type Env,
  newPatient,
  nobody,
  refusingProxy,
  report,
  SANDBOX,
  selfSigned,
  silent,
} from './patients.ts'

const patient = await newPatient()
afterEach(() => patient.control('/reset', {}))
afterAll(cleanUp)

const at = (gateway: string): Env => ({ ...patient.env, ALIPAY_GATEWAY: gateway })
const through = (proxy: string): Env => ({ ...SANDBOX, HTTPS_PROXY: proxy })
const afterControl = async (path: string, body: object): Promise<Env> => {
  await patient.control(path, body)
  return patient.env
}
const LATE = { ALIPAY_TIMEOUT_MS: '300' }

const NETWORK: Record<string, Mistake> = {
  'a gateway that is down': {
    env: async () => at(`http://${await nobody()}/gateway.do`),
    check: 'Connection',
    says: /cannot be reached \(ECONNREFUSED\)/,
    fix: /alipay-mcp emulator/,
  },
  'a name that does not exist': {
    env: () => ({
      ...SANDBOX,
      ALIPAY_ENV: 'production',
      ALIPAY_GATEWAY: 'https://gateway.invalid/gateway.do',
    }),
    check: 'Name resolution',
    says: /gateway\.invalid was not found/,
    fix: /HTTPS_PROXY/,
  },
  'a proxy that is dead': {
    env: async () => through(`http://user:CANARY@${await nobody()}`),
    check: 'Connection',
    says: /the proxy 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/,
    fix: /unset HTTPS_PROXY/,
  },
  'a proxy whose name does not exist': {
    env: () => through('http://proxy.invalid:3128'),
    check: 'Name resolution',
    says: /proxy\.invalid of the proxy was not found/,
    fix: /HTTPS_PROXY/,
  },
  'a proxy that refuses the gateway': {
    env: async () => through(await refusingProxy('403 Forbidden')),
    check: "Gateway's answer",
    says: /Nothing was sent: the proxy refused to connect \(HTTP 403\)/,
    fix: /NO_PROXY=openapi-sandbox\.dl\.alipaydev\.com/,
  },
  'a proxy that wants a password': {
    env: async () => through(await refusingProxy('407 Proxy Authentication Required')),
    check: "Gateway's answer",
    says: /HTTP 407/,
    fix: /user:password@/,
  },
  'a proxy without http:// before its address': {
    env: async () => through((await refusingProxy('200 OK')).replace('http://', '')),
    check: "Gateway's answer",
    says: /spoken to by TLS/,
    fix: /HTTPS_PROXY as http:/,
  },
  'HTTPS_PROXY that is no address': {
    env: () => through('my proxy'),
    check: 'Proxy',
    says: /HTTPS_PROXY: is not the address/,
    fix: /http:\/\/host:port/,
  },
  'a login page of the network': {
    env: async () => at(await answering(200, '<!doctype html><title>Wi-Fi</title>')),
    check: "Gateway's answer",
    says: /a web page \(HTTP 200\) instead of Alipay's JSON.*captive portal/,
    fix: /log in to the network/,
  },
  'a wrong path on this computer': {
    env: async () => at((await answering(404, '<!doctype html><title>Not found</title>')).replace('gateway.do', '')),
    check: "Gateway's answer",
    says: /^127\.0\.0\.1:\d+ answers with a web page \(HTTP 404\) instead of Alipay's JSON\.$/,
    fix: /^the emulator's address ends in \/gateway\.do: set ALIPAY_GATEWAY=http:\/\/127\.0\.0\.1:\d+\/gateway\.do/,
  },
  'a redirect': {
    env: async () => at(await answering(302, '', { location: 'https://elsewhere.example/' })),
    check: "Gateway's answer",
    says: /a redirect to another address \(HTTP 302\)/,
    fix: /final address/,
  },
  'another server': {
    env: async () => at(await answering(404, '{}')),
    check: "Gateway's answer",
    says: /HTTP 404/,
    fix: /gateway\.do/,
  },
  'a TLS certificate that nobody trusts': {
    env: async () => at(await selfSigned()),
    check: "Gateway's answer",
    says: /TLS certificate .*self-signed/,
    fix: /NODE_EXTRA_CA_CERTS/,
  },
  'a network that says nothing': {
    env: async () => ({ ...at(`http://${await silent()}/gateway.do`), ...LATE }),
    check: "Gateway's answer",
    says: /no answer within 300 ms/,
    fix: /firewall/,
  },
  'a proxy that says nothing': {
    env: async () => ({ ...through(`http://${await silent()}`), ...LATE }),
    check: "Gateway's answer",
    says: /no answer within 300 ms/,
    fix: /proxy/,
  },
  'a clock that is an hour off': {
    env: async () => {
      const later = await newPatient()
      await later.control('/clock', { seconds: 3_600 })
      return later.env
    },
    check: 'Clock',
    says: /60 minutes behind the gateway/,
    fix: /NTP/,
    status: 'warning',
  },
}

const CONSOLE: Record<string, Mistake> = {
  'the app id of another app': {
    env: () => ({ ...patient.env, ALIPAY_APP_ID: '2021000000000001' }),
    check: 'App and signatures',
    says: /app 2021000000000001 \(unsigned\): 40002 isv\.invalid-app-id/,
    fix: /compare ALIPAY_APP_ID with ALIPAY_ENV/,
  },
  'an app that is not online': {
    env: () => afterControl('/app', { state: 'unknown' }),
    check: 'App and signatures',
    says: /isv\.invalid-app-id .*not online/,
    fix: /已上线/,
  },
  'an app without permission to query': {
    env: () => afterControl('/permissions', { 'alipay.trade.query': false }),
    check: 'App and signatures',
    says: /40006 isv\.insufficient-isv-permissions/,
    fix: /添加能力/,
  },
  'answers that are not signed': {
    env: () => afterControl('/faults', { fault: 'unsigned', times: 'always' }),
    check: 'App and signatures',
    says: /the answer was not signed/,
    fix: /run doctor again/,
  },
  'a rate limit': {
    env: () => afterControl('/faults', { fault: 'rate_limit', times: 'always' }),
    check: 'App and signatures',
    says: /40005 isv\.app-call-limited/,
    fix: /Wait a little/,
    status: 'warning',
  },
  'a missing permission for codes': {
    env: () => afterControl('/permissions', { 'alipay.trade.precreate': false }),
    args: () => ['--probe'],
    check: 'Product qr',
    says: /refused the code: 40006 isv\.insufficient-isv-permissions/,
    fix: /添加能力/,
  },
  'a product that was not signed for': {
    env: () => afterControl('/permissions', { 'alipay.trade.precreate': 'ACQ.ACCESS_FORBIDDEN' }),
    args: () => ['--probe'],
    check: 'Product qr',
    says: /refused the code: 40004 ACQ\.ACCESS_FORBIDDEN/,
    fix: /b\.alipay\.com/,
  },
  'a code for a channel that is not offered': {
    env: async () => {
      const env = await afterControl('/permissions', { 'alipay.trade.precreate': false })
      return { ...env, ALIPAY_CHANNELS: 'page' }
    },
    args: () => ['--probe'],
    check: 'Product qr',
    says: /qr is not offered \(ALIPAY_CHANNELS\)/,
    fix: /添加能力/,
    status: 'warning',
  },
}

describe('doctor names first', () => {
  it.each(Object.entries({ ...NETWORK, ...CONSOLE }))('%s', (_what, mistake) => expectDiagnosis(mistake))
})

// 20000 and rate limits are asked again, which takes seconds; one of each is enough.
const COMMON_ERRORS = EMULATED_SUB_CODES.filter((code) => /^(isv|aop)\./.test(code) && !/limited|error$/i.test(code))

it.each([...COMMON_ERRORS, 'aop.unknow-error'])(
  '%s is told with what to click, in both languages',
  async (sub_code) => {
    const env = await afterControl('/faults', { fault: 'refuse', sub_code, times: 'always' })
    const { checks } = await report(env)
    const first = checks.find(({ status }) => status === 'failed')
    expect(first?.title).toMatch(/^App and signatures/)
    expect(first?.found).toContain(sub_code)
    const code = sub_code === 'aop.unknow-error' ? '20000' : undefined
    const { en, zh } = forThePerson(adviceFor(sub_code, code).remedy)
    expect(first?.fix).toContain(en)
    expect(first?.fix_zh).toContain(zh)
    expect(`${first?.fix} ${first?.fix_zh}`).not.toMatch(/Operator:|运营者：/)
  },
)

it('what an earlier failure makes meaningless is skipped, and says because of what', async () => {
  const { checks } = await report(at(`http://${await nobody()}/gateway.do`))
  const failedAt = checks.findIndex(({ status }) => status === 'failed')
  const later = checks.slice(failedAt + 1)
  expect(later).toHaveLength(8)
  for (const { status, found } of later) {
    expect({ status, found }).toStrictEqual({ status: 'skipped', found: 'because of Connection.' })
  }
})

it('TLS without verification is warned about', async () => {
  const { checks } = await report({ ...at(await selfSigned()), NODE_TLS_REJECT_UNAUTHORIZED: '0' })
  expect(checks.find(({ status }) => status !== 'ok')).toMatchObject({
    title: "Gateway's answer",
    status: 'warning',
    found: expect.stringMatching(/NODE_TLS_REJECT_UNAUTHORIZED=0/),
  })
})

it("a proxy's password is not shown", async () => {
  const { output } = await report(through(`http://user:CANARY@${await nobody()}`))
  expect(output).not.toContain('CANARY')
})
