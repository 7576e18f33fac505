// Holds the environment to its rules: real money only when spelt out, no misspelt name without effect.
import { describe, expect, it } from 'vitest'
import type { Variables } from '../../src/settings/sources.ts'
import { CREDENTIALS, NAMES } from '../../src/settings/variables.ts'
import { readConfig } from './read-config.ts'
import { configFrom, faulty, problemsOf, SANDBOX } from './settings-for-tests.ts'

const PRODUCTION_GATEWAY = 'https://openapi.alipay.com/gateway.do'
const SANDBOX_GATEWAY = 'https://openapi-sandbox.dl.alipaydev.com/gateway.do'

/** Everything that is said about a configuration. */
const said = (variables: Variables) => {
  const result = readConfig(variables)
  return JSON.stringify([...result.notices, ...('problems' in result ? result.problems : [])])
}
const environmentOf = (variables: Variables) => configFrom(variables).environment

describe('single settings', () => {
  it.each([
    ['ALIPAY_ENV', ['prod', 'live', 'sandbox2', 'false']],
    ['ALIPAY_GATEWAY', ['openapi.alipay.com', 'ftp://a.example/', 'http://a.example/', 'javascript:1']],
    ['ALIPAY_SELLER_ID', ['2088', '20880000000000012', '1088000000000001', '２088000000000001']],
    ['ALIPAY_NOTIFY_URL', ['shop.example', 'https://u:p@shop.example/', `https://a.example/${'x'.repeat(250)}`]],
    ['ALIPAY_RETURN_URL', ['/thanks', 'file:///tmp/x']],
    ['ALIPAY_TIMEOUT_MS', ['99', '25001', '1e3', '15s', '-1', '100.5', '0x100']],
    ['ALIPAY_CHANNELS', ['qrcode', 'page,QR', 'page,', ',', 'page mobile']],
    ['ALIPAY_QR_PRODUCT_CODE', ['qr', 'OFFLINE_QR']],
    ['ALIPAY_TOOLS', ['create', 'create_payment,', 'mobilePay', 'query_payment refund_payment']],
    ['ALIPAY_READ_ONLY', ['maybe', 'ture', '2', 'readonly']],
    ['ALIPAY_EMULATOR_PORT', ['65536', '-1', 'auto']],
  ])('a bad %s is a problem with a fix', (name, values) => {
    for (const value of values) {
      expect(problemsOf({ [name]: value })).toStrictEqual([
        {
          variable: name,
          problem: expect.stringMatching(/^[a-z].*\.$/),
          fix: expect.stringMatching(/^[a-z]/),
        },
      ])
    }
  })

  it('empty and blank values count as not set', () => {
    const blank = Object.fromEntries(Object.keys(SANDBOX).map((name) => [name, ' \t']))
    expect(configFrom({ ...blank, ALIPAY_ENV: '', ALIPAY_READ_ONLY: ' ' }).environment).toBe('local')
  })
})

describe('the environment without a gateway address', () => {
  it('is local where nothing speaks of Alipay', () => {
    expect(environmentOf({ PATH: '/bin', HOME: '/root', TZ: 'UTC' })).toBe('local')
  })

  it.each([
    ['sandbox', SANDBOX_GATEWAY],
    ['production', PRODUCTION_GATEWAY],
  ])('is %s when that is spelt out', (environment, gateway) => {
    expect(configFrom({ ...SANDBOX, ALIPAY_ENV: environment })).toMatchObject({ environment, gateway })
  })

  it('is the sandbox with credentials, and never production by itself', () => {
    expect(configFrom(SANDBOX)).toMatchObject({ environment: 'sandbox', gateway: SANDBOX_GATEWAY })
  })

  it.each(CREDENTIALS)('is not local where %s alone is set: what is missing is told', (name) => {
    expect(faulty({ [name]: '9021000000000001' })).toContain(
      name === 'ALIPAY_APP_ID' ? 'ALIPAY_PRIVATE_KEY' : 'ALIPAY_APP_ID',
    )
  })

  it.each([
    'AP_APP_ID',
    'AP_APP_KEY',
    'AP_PUB_KEY',
    'ap_app_id',
    'ALIPAY_APPID',
    'alipay_app_id',
    'Alipay_App_Id',
    'ALIPAY_APP_IDD',
    'ALIPAYAPPID',
    'ALIPAY-APP-ID',
    'ALI_PAY_APP_ID',
    'ALPAY_APP_ID',
    'ALIPAY_APP_KEY',
    'ALIPAY_APP_PRIVATE_KEY',
    'ALIPAY_PRIVATE_KEY_PATH',
    'ALIPAY_PRIVATEKEY',
    'ALIPAY_ALIPAY_PUBLIC_KEY',
    'ALIPAY_PUBLICKEY_FILE',
    'ALIPAY_APP_CERT_PATH',
    'ALIPAY_ROOT_CERT',
    'ALIPAY_CERT_FILE_PUBLIC',
    'ALIPAY_APP_AUTHTOKEN',
    'ZFB_APP_ID',
  ])('is not local where %s is set, and that name is told', (name) => {
    expect(said({ [name]: 'CANARY' })).toContain(name)
    expect(said({ [name]: 'CANARY' })).not.toContain('CANARY')
    expect(problemsOf({ [name]: 'CANARY' })).not.toStrictEqual([])
  })

  it('is local with credentials only when that is spelt out', () => {
    const local = { environment: 'local', credentials: undefined, gateway: undefined }
    expect(configFrom({ ...SANDBOX, ALIPAY_ENV: 'local' })).toMatchObject(local)
  })

  it.each([
    'API_SECRET_KEY',
    'APP_PRIVATE_KEY',
    'APP_SECRET_KEY',
    'APPLE_APP_ID',
    'APPLE_PRIVATE_KEY',
    'ALICLOUD_SECRET_KEY',
    'ALIYUN_APP_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'ANTHROPIC_API_KEY',
    'APPDATA',
  ])('is local where %s, which belongs to others, is set', (name) => {
    expect(readConfig({ [name]: 'x' })).toMatchObject({ config: { environment: 'local' }, notices: [] })
  })
})

describe('the environment with a gateway address', () => {
  it.each([
    'http://127.0.0.1:7001/gateway.do',
    'http://localhost:7001/gateway.do',
    'http://[::1]:7001/gateway.do',
    'http://127.8.9.10/gateway.do',
    'https://localhost/gateway.do',
  ])('%s is local, with the credentials of that emulator', (gateway) => {
    expect(environmentOf({ ...SANDBOX, ALIPAY_GATEWAY: gateway })).toBe('local')
    expect(environmentOf({ ...SANDBOX, ALIPAY_GATEWAY: gateway, ALIPAY_ENV: 'local' })).toBe('local')
    expect(faulty({ ALIPAY_GATEWAY: gateway })).toContain('ALIPAY_APP_ID')
    expect(faulty({ ...SANDBOX, ALIPAY_GATEWAY: gateway, ALIPAY_ENV: 'production' })).toStrictEqual(['ALIPAY_ENV'])
  })

  it.each([
    PRODUCTION_GATEWAY,
    'https://OPENAPI.alipay.com/gateway.do',
    'https://openapi.alipay.com:443/gateway.do',
    'https://openapi.alipay.com:8443/gateway.do',
    'https://openapi.alipay.com./gateway.do',
  ])('%s is a problem unless production is spelt out', (gateway) => {
    for (const named of [undefined, '', 'local', 'sandbox', `\${ENV}`]) {
      const variables = { ...SANDBOX, ALIPAY_GATEWAY: gateway, ALIPAY_ENV: named }
      expect(faulty(variables)).toStrictEqual(['ALIPAY_ENV'])
    }
    expect(environmentOf({ ...SANDBOX, ALIPAY_GATEWAY: gateway, ALIPAY_ENV: 'production' })).toBe('production')
  })

  it.each([
    'https://proxy.example/gateway.do',
    'https://127.0.0.1.example/gateway.do',
    'https://openapi.alipay.com.example/gateway.do',
    'https://10.0.0.1/gateway.do',
    'https://0.0.0.0/gateway.do',
  ])('%s counts as production', (gateway) => {
    for (const named of [undefined, 'sandbox', 'production']) {
      const config = configFrom({ ...SANDBOX, ALIPAY_GATEWAY: gateway, ALIPAY_ENV: named })
      expect([config.environment, config.gateway]).toStrictEqual(['production', gateway])
    }
    expect(faulty({ ...SANDBOX, ALIPAY_GATEWAY: gateway, ALIPAY_ENV: 'local' })).toStrictEqual(['ALIPAY_ENV'])
  })

  it("of Alipay's sandbox is the sandbox and nothing else", () => {
    const at = { ...SANDBOX, ALIPAY_GATEWAY: SANDBOX_GATEWAY }
    expect([environmentOf(at), environmentOf({ ...at, ALIPAY_ENV: 'sandbox' })]).toStrictEqual(['sandbox', 'sandbox'])
    for (const named of ['local', 'production']) {
      expect(faulty({ ...at, ALIPAY_ENV: named })).toStrictEqual(['ALIPAY_ENV'])
    }
  })

  it.each([
    'http://openapi.alipay.com/gateway.do',
    'http://proxy.example/gateway.do',
    'http://localhost.example/',
    'http://0.0.0.0/',
  ])('%s is refused, because it is not encrypted', (gateway) => {
    expect(faulty({ ...SANDBOX, ALIPAY_GATEWAY: gateway })).toStrictEqual(['ALIPAY_GATEWAY'])
  })
})

describe('a gateway on a host of Alipay', () => {
  it.each([
    ['https://openapi.alipay.com', 'production'],
    ['https://openapi.alipay.com/v3', 'production'],
    ['https://openapi.alipay.com./gateway.do/', 'production'],
    [`${SANDBOX_GATEWAY}/v3/alipay/trade/query`, 'sandbox'],
    ['https://openapi-sandbox.dl.alipaydev.com/', 'sandbox'],
  ])('%s is refused, because its path is not /gateway.do', (gateway, named) => {
    const variables = { ...SANDBOX, ALIPAY_GATEWAY: gateway, ALIPAY_ENV: named }
    expect(faulty(variables)).toStrictEqual(['ALIPAY_GATEWAY'])
    expect(problemsOf(variables)[0]?.fix).toBe('remove ALIPAY_GATEWAY: ALIPAY_ENV brings the right address.')
  })
})

describe('a misspelt setting', () => {
  it.each([
    ['ALIPAY_READONLY', 'ALIPAY_READ_ONLY'],
    ['alipay_read_only', 'ALIPAY_READ_ONLY'],
    ['ALIPAY_READ_ONLLY', 'ALIPAY_READ_ONLY'],
    ['ALIPAY_NOTIFYURL', 'ALIPAY_NOTIFY_URL'],
    ['ALIPAY_CHANNEL', 'ALIPAY_CHANNELS'],
    ['AliPay_Env', 'ALIPAY_ENV'],
    ['ALIPAY_TIMEOUT', 'ALIPAY_TIMEOUT_MS'],
    ['ALIPAY_TOOL', 'ALIPAY_TOOLS'],
    ['ALIPAY_QR_PRODUCTCODE', 'ALIPAY_QR_PRODUCT_CODE'],
  ])('%s is a problem that names %s', (name, meant) => {
    expect(problemsOf({ [name]: 'true' })).toStrictEqual([
      expect.objectContaining({ variable: name, fix: expect.stringContaining(meant) }),
    ])
  })

  it.each(['ALIPAY_READ_ONLY_MODE', 'ALIPAY_ENVIRONMENT'])('%s is at least named', (name) => {
    expect(said({ [name]: 'true' })).toContain(name)
  })

  it('is told also where the right one is set too, for nobody knows which was meant', () => {
    expect(said({ ALIPAY_READ_ONLY: 'false', ALIPAY_READONLY: 'true' })).toContain('ALIPAY_READONLY')
  })
})

it('names misspelt credentials also where nothing is missing, and stops at the token, which chooses the merchant', () => {
  const misspelt = readConfig({ ...SANDBOX, ALIPAY_APPID: '1' })
  expect(misspelt).toMatchObject({ config: {}, notices: [{ variable: 'ALIPAY_APPID' }] })
  expect(faulty({ ...SANDBOX, ALIPAY_APP_AUTHTOKEN: 'x' })).toStrictEqual(['ALIPAY_APP_AUTHTOKEN'])
})

describe('a placeholder that the host did not replace', () => {
  it.each(NAMES)('in %s counts as not set, and is named', (name) => {
    const result = readConfig({ [name]: ` \${${name}} ` })
    const all = [...('problems' in result ? result.problems : []), ...result.notices]
    const named = all.filter(({ problem }) => problem.includes('placeholder'))
    expect(named.map(({ variable }) => variable)).toStrictEqual([name])
    expect('config' in result).toBe(!CREDENTIALS.includes(name))
  })

  it.each(['AP_APP_ID', 'ALIPAY_APPID', 'ALIPAY_READONLY'])('in the misspelt %s is named as well', (name) => {
    expect(said({ [name]: `\${${name}}` })).toContain(name)
  })
})
