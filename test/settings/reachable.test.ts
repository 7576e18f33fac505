// Addresses that Alipay must reach: a notice where it cannot, at start and in doctor, and none in local.
import { describe, expect, it } from 'vitest'
import { report } from '../doctor/patients.ts'
import { readConfig } from './read-config.ts'
import { SANDBOX } from './settings-for-tests.ts'

const HOSTS = [
  'localhost',
  'LOCALHOST',
  'localhost.',
  'shop.localhost',
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f.1',
  '0.0.0.0',
  '10.0.0.5',
  '172.16.0.1',
  '172.31.255.254',
  '192.168.1.20',
  '169.254.1.1',
  '100.64.0.1',
  '100.127.255.255',
  '192.0.2.1',
  '198.51.100.7',
  '203.0.113.9',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::1]',
  '[::]',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[fe80::1]',
  '[ff02::1]',
  '[2001:db8::1]',
  '[::ffff:192.168.1.20]',
  '[::ffff:127.0.0.1]',
  'shop',
  'intranet',
  'shop.local',
  'printer.lan',
  'nas.home',
  'router.home.arpa',
  'shop.internal',
  'shop.corp',
  'shop.intranet',
  'shop.private',
  'shop.test',
  'shop.example',
  'shop.example.com',
  'example.org',
  'shop.invalid',
  'shop.localdomain',
  'shop.onion',
  '10.0.0.5.nip.io',
  'shop.192-168-1-20.sslip.io',
]

describe.each(HOSTS)('%s', (host) => {
  it('is told of as out of reach, and nothing stops', () => {
    for (const address of [`https://${host}/notify`, `https://${host}:3000/notify`, `http://${host}/notify`]) {
      const result = readConfig({ ...SANDBOX, ALIPAY_NOTIFY_URL: address })
      expect(result).toMatchObject({ config: { notify_url: new URL(address).href } })
      expect(result.notices).toMatchObject([
        { variable: 'ALIPAY_NOTIFY_URL', problem: expect.stringMatching(/, which Alipay cannot reach/) },
      ])
    }
  })

  it('is fine in local', () => {
    expect(readConfig({ ALIPAY_NOTIFY_URL: `https://${host}/notify` }).notices).toStrictEqual([])
  })
})

it.each([
  'shop.cn',
  'www.shop.com.cn',
  'locals.com',
  'mylocal.shop',
  'test.shop.com',
  'home.com',
  '8.8.8.8',
  '172.15.0.1',
  '172.32.0.1',
  '100.63.0.1',
  '100.128.0.1',
  '192.169.0.1',
  '11.0.0.1',
  '[2408:4000::1]',
  '[2606:4700::1]',
  '[::ffff:8.8.8.8]',
  'abc.ngrok.io',
  'xn--fiqs8s.cn',
  '商家.中国',
  '8-8-8-8.nip.io',
])('%s can be reached', (host) => {
  expect(readConfig({ ...SANDBOX, ALIPAY_NOTIFY_URL: `https://${host}/notify` }).notices).toStrictEqual([])
})

it('is told by doctor, with the fix', async () => {
  const env = {
    ...SANDBOX,
    ALIPAY_ENV: 'sandbox',
    ALIPAY_GATEWAY: 'https://127.0.0.1:9/gateway.do',
    ALIPAY_NOTIFY_URL: 'http://shop.local/n',
  }
  const { ALIPAY_GATEWAY: _, ...plain } = { ...env, ALIPAY_TIMEOUT_MS: 'x' }
  const { checks } = await report(plain)
  const settings = checks.find(({ title }) => title.startsWith('Settings'))
  expect(settings?.found).toMatch(/ALIPAY_NOTIFY_URL: names shop\.local, which Alipay cannot reach/)
  expect(`${settings?.fix}`).toMatch(/a tunnel's/)
  expect(`${settings?.fix_zh}`).toMatch(/公网/)
})
