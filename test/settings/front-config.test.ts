// What the half that faces the internet takes of the settings, and where orders send their notifications.
import { describe, expect, it } from 'vitest'
import { configOf } from '../../src/settings/config.ts'
import { type FrontConfig, frontConfigOf } from '../../src/settings/front-config.ts'
import { mergeSources } from '../../src/settings/settings.ts'
import { sourceOf } from '../../src/settings/sources.ts'
import { alipay, app, vectors } from '../keys-for-tests.ts'
import { temporaryFiles } from './settings-for-tests.ts'

const { file } = temporaryFiles()

const SHOP = {
  ALIPAY_APP_ID: '2021000000000001',
  ALIPAY_SELLER_ID: '2088000000000001',
  ALIPAY_PUBLIC_KEY: vectors.alipay.public_spki,
  ALIPAY_PUBLIC_URL: 'https://pay.shop.cn',
}

type Variables = Readonly<Record<string, string | undefined>>
const settings = (variables: Variables) => mergeSources([sourceOf('the environment', variables)])
const read = (more: Variables = {}) => frontConfigOf(settings({ ...SHOP, ...more }))
function config(more: Variables = {}): FrontConfig {
  const found = read(more)
  if ('config' in found) return found.config
  throw new Error(JSON.stringify(found.problems))
}
const problems = (more: Variables) => {
  const found = read(more)
  return 'problems' in found ? found.problems.map(({ variable, problem }) => `${variable}: ${problem}`) : []
}

it('needs no private key, and reads none', () => {
  const { alipayPublicKeys, ...rest } = config({ ALIPAY_PRIVATE_KEY: 'not a key at all' })
  expect(rest).toStrictEqual({
    environment: 'sandbox',
    gateway: 'https://openapi-sandbox.dl.alipaydev.com/gateway.do',
    seller_id: '2088000000000001',
    app_id: '2021000000000001',
    publicUrl: 'https://pay.shop.cn',
    forwardUrl: undefined,
    payee: undefined,
    trustedProxies: expect.anything(),
    listen: { host: '127.0.0.1', port: 8421 },
    dataDir: undefined,
  })
  expect([...alipayPublicKeys].map(([app_id, key]) => [app_id, key.equals(alipay.publicKey)])).toEqual([
    ['2021000000000001', true],
  ])
})

it.each([
  ['8500', { host: '127.0.0.1', port: 8500 }],
  ['0.0.0.0:8421', { host: '0.0.0.0', port: 8421 }],
  ['[::1]:8421', { host: '::1', port: 8421 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
])('listens on %s', (ALIPAY_LISTEN, expected) => {
  expect(config({ ALIPAY_LISTEN }).listen).toEqual(expected)
})

it.each(['pay.shop.cn:8421', '127.0.0.1', '127.0.0.1:70000', ':8421', '127.0.0.1:x', '::1:8421'])(
  'does not listen on %s',
  (ALIPAY_LISTEN) => {
    expect(problems({ ALIPAY_LISTEN })).toEqual([expect.stringMatching(/^ALIPAY_LISTEN: is /)])
  },
)

describe('what is missing or wrong is told, all together', () => {
  it.each([
    ['everything', { ALIPAY_SELLER_ID: '', ALIPAY_PUBLIC_KEY: '', ALIPAY_PUBLIC_URL: '' }, 3],
    ['the merchant, whose partition of the ledger it is', { ALIPAY_SELLER_ID: '' }, 1],
    ['http in production', { ALIPAY_ENV: 'production', ALIPAY_PUBLIC_URL: 'http://pay.shop.cn' }, 1],
    ['a query in the public address', { ALIPAY_PUBLIC_URL: 'https://pay.shop.cn/?a=1' }, 1],
    ['the built-in emulator', { ALIPAY_ENV: 'local' }, 1],
    ['an emulator, and a ledger in memory', { ALIPAY_GATEWAY: 'http://127.0.0.1:7001/gateway.do' }, 1],
    ['other apps without a file', { ALIPAY_NOTIFY_APPS: '2021000000000002' }, 1],
    ['other apps whose file is none', { ALIPAY_NOTIFY_APPS: '2021000000000002=/none.pem,2021000000000003=/x' }, 2],
  ])('%s', (_, more, count) => {
    expect(problems(more)).toHaveLength(count)
  })

  it('and nothing is said of an emulator inside the server, which serves no pages of this half', () => {
    const found = frontConfigOf(settings({ ALIPAY_GATEWAY: 'http://127.0.0.1:7001/gateway.do' }))
    expect('problems' in found && found.problems).toContainEqual({
      ...{ variable: 'ALIPAY_PUBLIC_KEY', problem: 'is not set.' },
      fix: 'copy it from what the emulator printed at its start.',
    })
  })
})

it('takes plain http in the sandbox, and this computer everywhere', () => {
  expect(config({ ALIPAY_PUBLIC_URL: 'http://pay.shop.cn' }).publicUrl).toBe('http://pay.shop.cn')
  const here = { ALIPAY_ENV: 'production', ALIPAY_PUBLIC_URL: 'http://127.0.0.1:8421/' }
  expect(config(here).publicUrl).toBe('http://127.0.0.1:8421')
})

it('takes other apps of the merchant with the key of each', () => {
  const other = file('other.pem', vectors.app.public_spki)
  const keys = config({ ALIPAY_NOTIFY_APPS: ` 2021000000000002=${other} ` }).alipayPublicKeys
  expect(keys.get('2021000000000002')?.equals(app.publicKey)).toBe(true)
  expect(keys.size).toBe(2)
})

describe('orders name as their notify_url', () => {
  const WHOLE = { ...SHOP, ALIPAY_PRIVATE_KEY: vectors.app.private_pkcs8 }
  const notify = (more: Variables) => {
    const found = configOf(settings({ ...WHOLE, ...more }))
    if (!('config' in found)) throw new Error(JSON.stringify(found.problems))
    return { notify_url: found.config.notify_url, notices: found.notices.map(({ variable }) => variable) }
  }

  it.each([
    ['the public address', {}, 'https://pay.shop.cn/notify', []],
    [
      'the public address with its path',
      { ALIPAY_PUBLIC_URL: 'https://shop.cn/pay/' },
      'https://shop.cn/pay/notify',
      [],
    ],
    ['none that Alipay cannot reach', { ALIPAY_PUBLIC_URL: 'http://127.0.0.1:8421' }, undefined, []],
    [
      'another one that is set, with a notice',
      { ALIPAY_NOTIFY_URL: 'https://a.cn/n' },
      'https://a.cn/n',
      ['ALIPAY_NOTIFY_URL'],
    ],
    [
      'this computer where the emulator is',
      { ALIPAY_GATEWAY: 'http://127.0.0.1:7001/gateway.do', ALIPAY_PUBLIC_URL: 'http://127.0.0.1:8421' },
      'http://127.0.0.1:8421/notify',
      [],
    ],
  ])('%s', (_, more, notify_url, notices) => {
    expect(notify(more)).toEqual({ notify_url, notices })
  })
})

it.each(['https://pay.shop.cn/notify', 'http://127.0.0.1:8421/notify', 'http://localhost:8421/x/notify'])(
  'passes nothing on to itself: %s',
  (ALIPAY_FORWARD_URL) => {
    expect(problems({ ALIPAY_FORWARD_URL })).toEqual(['ALIPAY_FORWARD_URL: leads back to this program.'])
  },
)

it('passes notifications on to another path or port', () => {
  for (const ALIPAY_FORWARD_URL of ['https://pay.shop.cn/shop/notify', 'http://127.0.0.1:8080/notify']) {
    expect(config({ ALIPAY_FORWARD_URL }).forwardUrl).toBe(ALIPAY_FORWARD_URL)
  }
})
