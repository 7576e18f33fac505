// What init writes into settings.json: the words and the order that are there, what is not ours, and nothing twice.
import { expect, it } from 'vitest'
import { settingsContent } from '../../../src/cli/init/settings-content.ts'

const PATH = '/home/shop/.config/alipay-mcp/settings.json'
const content = (existing: Readonly<Record<string, unknown>>, wanted: Readonly<Record<string, string>>) =>
  settingsContent(existing, wanted, PATH)

it('is plain words in the order of the settings, and ends with a line end', () => {
  const wanted = { ALIPAY_MAX_REFUND: '500.00', ALIPAY_APP_ID: '9021', ALIPAY_ENV: 'sandbox', ALIPAY_READ_ONLY: 'true' }
  expect(content({}, wanted)).toBe(
    '{\n  "environment": "sandbox",\n  "app_id": "9021",\n  "read_only": true,\n  "max_refund": "500.00"\n}\n',
  )
})

it('keeps keys that are not ours, notes, and empty ones where they are', () => {
  const existing = { $schema: 'x', app_id: '1', shop: { name: '茶' }, seller_id: null, _note: 'ours' }
  expect(JSON.parse(content(existing, { ALIPAY_APP_ID: '2' }))).toStrictEqual({ ...existing, app_id: '2' })
  expect(Object.keys(JSON.parse(content(existing, { ALIPAY_APP_ID: '2' })))).toStrictEqual(Object.keys(existing))
})

it('changes a setting under the word that is there, and fills an empty one', () => {
  const existing = { merchant_id: '2088000000000000', notify_url: '', ALIPAY_ENV: 'sandbox' }
  const wanted = {
    ALIPAY_SELLER_ID: '2088000000000001',
    ALIPAY_ENV: 'production',
    ALIPAY_NOTIFY_URL: 'https://x.example/n',
  }
  expect(JSON.parse(content(existing, wanted))).toStrictEqual({
    merchant_id: '2088000000000001',
    notify_url: 'https://x.example/n',
    ALIPAY_ENV: 'production',
  })
})

it('takes keys themselves out when files take their place, and settings that are wanted no more', () => {
  const existing = { private_key: 'MII', alipay_public_key: 'MII', max_refund: '1.00' }
  const wanted = { ALIPAY_PRIVATE_KEY_FILE: '/k/a.pem', ALIPAY_PUBLIC_KEY_FILE: '/k/b.pem' }
  expect(JSON.parse(content(existing, wanted))).toStrictEqual({
    private_key_file: '/k/a.pem',
    public_key_file: '/k/b.pem',
  })
})

it("leaves the official server's words while they mean what is wanted, and replaces them when they do not", () => {
  const existing = { AP_CURRENT_ENV: 'prod', AP_APP_ID: '1', AP_LOG_ENABLED: 'true' }
  const same = { ALIPAY_ENV: 'production', ALIPAY_APP_ID: '1' }
  expect(JSON.parse(content(existing, same))).toStrictEqual(existing)
  const other = { ALIPAY_ENV: 'sandbox', ALIPAY_APP_ID: '2' }
  expect(JSON.parse(content(existing, other))).toStrictEqual({
    AP_LOG_ENABLED: 'true',
    environment: 'sandbox',
    app_id: '2',
  })
})

it('leaves a relative path that means the file that is wanted', () => {
  const existing = { private_key_file: 'app.pem', public_key_file: 'alipay.pem' }
  const wanted = {
    ALIPAY_PRIVATE_KEY_FILE: '/home/shop/.config/alipay-mcp/app.pem',
    ALIPAY_PUBLIC_KEY_FILE: '/elsewhere/alipay.pem',
  }
  expect(JSON.parse(content(existing, wanted))).toStrictEqual({
    private_key_file: 'app.pem',
    public_key_file: '/elsewhere/alipay.pem',
  })
})
