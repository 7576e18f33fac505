// Holds the configuration to its promises: all problems together, each with its fix, and no key ever printed.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/settings/keys.ts'
import { alipay, app, bare, leaks, vectors } from '../keys-for-tests.ts'
import { readConfig } from './read-config.ts'
import { configFrom, NO_PRIVATE, NO_PUBLIC, problemsOf, SANDBOX, temporaryFiles } from './settings-for-tests.ts'

const { file } = temporaryFiles()

const UNLIMITED = {
  maxPaymentFen: undefined,
  maxRefundFen: undefined,
  dailyPaymentsFen: undefined,
  dailyRefundsFen: undefined,
  dailyChargesFen: undefined,
  refundWindowDays: undefined,
  callsPerMinute: 120,
}

describe('a good configuration', () => {
  it('of nothing is the built-in emulator', () => {
    expect(readConfig({})).toStrictEqual({
      config: {
        environment: 'local',
        credentials: undefined,
        gateway: undefined,
        seller_id: undefined,
        notify_url: undefined,
        return_url: undefined,
        publicUrl: undefined,
        payee: undefined,
        timeout: 15_000,
        channels: ['page', 'mobile', 'qr'],
        qrProductCode: 'QR_CODE_OFFLINE',
        app_auth_token: undefined,
        ...{ alertUrl: undefined, alertSecret: undefined, alertOn: 'problems' },
        ...{ tools: undefined, toolsets: ['payments'], subscriptions: undefined },
        role: 'merchant',
        shop: {
          itemsFile: undefined,
          singleBuyer: false,
          buyerOpen: 3,
          buyerPerHour: 10,
          allOpen: 500,
          buyerRefundsFen: 10_000,
          deliverySecret: undefined,
        },
        readOnly: false,
        limits: UNLIMITED,
        refundApproval: undefined,
        approveAboveFen: undefined,
        dataDir: undefined,
        retentionDays: undefined,
        emulatorPort: 0,
      },
      notices: [],
    })
  })

  it('holds everything that was set', () => {
    const { credentials, app_auth_token, alertUrl, alertSecret, ...rest } = configFrom({
      ...SANDBOX,
      ALIPAY_ALERT_URL: 'https://oapi.dingtalk.com/robot/send?access_token=canary',
      ALIPAY_ALERT_SECRET: 'SECcanary',
      ALIPAY_ALERT_ON: 'Payments',
      ALIPAY_ENV: ' Production ',
      ALIPAY_SELLER_ID: '2088000000000001',
      ALIPAY_NOTIFY_URL: 'http://shop.example/notify?a=1',
      ALIPAY_RETURN_URL: 'https://shop.example/thanks',
      ALIPAY_TIMEOUT_MS: '25000',
      ALIPAY_CHANNELS: 'mobile',
      ALIPAY_QR_PRODUCT_CODE: 'face_to_face_payment',
      ALIPAY_APP_AUTH_TOKEN: '201510BBcanary',
      ALIPAY_TOOLS: 'query_payment, create_payment',
      ALIPAY_READ_ONLY: 'Yes',
      ALIPAY_MAX_PAYMENT: '99.9',
      ALIPAY_MAX_REFUND: ' 100 ',
      ALIPAY_DAILY_PAYMENTS: '100000000',
      ALIPAY_DAILY_REFUNDS: '200.05',
      ALIPAY_DAILY_CHARGES: '3000',
      ALIPAY_REFUND_WINDOW_DAYS: '365',
      ALIPAY_MAX_CALLS_PER_MINUTE: '0',
      ALIPAY_REFUND_APPROVAL: 'Operator',
      ALIPAY_APPROVE_ABOVE: '0.01',
      ALIPAY_DATA_DIR: '/srv/alipay//books',
      ALIPAY_RETENTION_DAYS: '3650',
      ALIPAY_EMULATOR_PORT: '65535',
    })
    expect(rest).toStrictEqual({
      environment: 'production',
      gateway: 'https://openapi.alipay.com/gateway.do',
      seller_id: '2088000000000001',
      notify_url: 'http://shop.example/notify?a=1',
      return_url: 'https://shop.example/thanks',
      publicUrl: undefined,
      payee: undefined,
      timeout: 25_000,
      channels: ['mobile'],
      qrProductCode: 'FACE_TO_FACE_PAYMENT',
      tools: ['query_payment', 'create_payment'],
      toolsets: ['payments'],
      subscriptions: undefined,
      role: 'merchant',
      shop: {
        itemsFile: undefined,
        singleBuyer: false,
        buyerOpen: 3,
        buyerPerHour: 10,
        allOpen: 500,
        buyerRefundsFen: 10_000,
        deliverySecret: undefined,
      },
      readOnly: true,
      limits: {
        maxPaymentFen: 9_990,
        maxRefundFen: 10_000,
        dailyPaymentsFen: 10_000_000_000,
        dailyRefundsFen: 20_005,
        dailyChargesFen: 300_000,
        refundWindowDays: 365,
        callsPerMinute: 0,
      },
      refundApproval: 'operator',
      approveAboveFen: 1,
      dataDir: '/srv/alipay/books',
      retentionDays: 3_650,
      emulatorPort: 65_535,
      alertOn: 'payments',
    })
    expect([alertUrl?.reveal().search, alertSecret?.reveal()]).toEqual(['?access_token=canary', 'SECcanary'])
    expect(`${alertUrl} ${alertSecret} ${JSON.stringify({ alertUrl, alertSecret })}`).not.toContain('canary')
    expect(app_auth_token?.reveal()).toBe('201510BBcanary')
    expect(credentials?.app_id).toBe('9021000000000001')
    expect(credentials?.privateKey.reveal().equals(app.privateKey)).toBe(true)
    expect(credentials?.alipayPublicKey.reveal().equals(alipay.publicKey)).toBe(true)
  })

  it('is frozen, and holds its keys as secrets', () => {
    const config = configFrom({ ...SANDBOX, ALIPAY_APP_AUTH_TOKEN: 'CANARYcanary' })
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.limits)).toBe(true)
    expect(Reflect.set(config, 'environment', 'production')).toBe(false)
    expect(config.credentials?.privateKey).toBeInstanceOf(Secret)
    const printed = inspect(config, { depth: 9, showHidden: true }) + JSON.stringify(config)
    expect(printed).not.toContain('CANARY')
    for (const key of [vectors.app.private_pkcs8, vectors.alipay.public_spki]) {
      expect(leaks(printed, key)).toBe(false)
    }
  })

  it('keeps the order of the channels, because the first is the default', () => {
    expect(configFrom({ ALIPAY_CHANNELS: 'mobile, page' }).channels).toStrictEqual(['mobile', 'page'])
    expect(configFrom({ ALIPAY_CHANNELS: 'page,mobile' }).channels).toStrictEqual(['page', 'mobile'])
  })

  it('offers the QR code by default only where no contract is needed for it', () => {
    expect(configFrom(SANDBOX).channels).toStrictEqual(['page', 'mobile'])
    expect(configFrom({ ...SANDBOX, ALIPAY_CHANNELS: 'qr' }).channels).toStrictEqual(['qr'])
    expect(configFrom({ ...SANDBOX, ALIPAY_GATEWAY: 'http://127.0.0.1:1/' }).channels).toContain('qr')
  })

  it.each([
    [{ ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: file('a.pem', vectors.app.private_pkcs1) }],
    [
      {
        ...NO_PRIVATE,
        ALIPAY_PRIVATE_KEY_FILE: file('b.txt', `\uFEFF${bare(vectors.app.private_pkcs8)}\r\n`),
      },
    ],
    [{ ...NO_PUBLIC, ALIPAY_PUBLIC_KEY_FILE: file('c.pem', vectors.alipay.public_spki) }],
    [{ ...SANDBOX, ALIPAY_PRIVATE_KEY: vectors.app.private_pkcs8.replaceAll('\n', '\\n') }],
  ])('takes a key from a value or from a file (%#)', (variables) => {
    const { credentials } = configFrom(variables)
    expect(credentials?.privateKey.reveal().equals(app.privateKey)).toBe(true)
    expect(credentials?.alipayPublicKey.reveal().equals(alipay.publicKey)).toBe(true)
  })
})

describe('single values', () => {
  it.each([
    ['1', true],
    ['TRUE', true],
    ['on', true],
    ['0', false],
    ['False', false],
    ['no', false],
    ['off', false],
    [' true ', true],
  ])('ALIPAY_READ_ONLY=%j means %s', (value, readOnly) => {
    expect(configFrom({ ALIPAY_READ_ONLY: value }).readOnly).toBe(readOnly)
  })

  it('an APPID of other than digits is a problem that does not show it', () => {
    const problems = problemsOf({ ...SANDBOX, ALIPAY_APP_ID: 'CANARY' })
    expect(problems.map(({ variable }) => variable)).toStrictEqual(['ALIPAY_APP_ID'])
    expect(JSON.stringify(problems)).not.toContain('CANARY')
  })
})

describe('a bad configuration', () => {
  it('tells all its problems together', () => {
    const result = readConfig({
      ALIPAY_ENV: 'sandbox',
      ALIPAY_APP_ID: 'x',
      ALIPAY_PRIVATE_KEY: 'x',
      ALIPAY_TIMEOUT_MS: 'x',
      ALIPAY_CHANNELS: 'x',
      ALIPAY_READONLY: 'true',
    })
    expect('problems' in result && result.problems.map(({ variable }) => variable).sort()).toStrictEqual([
      'ALIPAY_APP_ID',
      'ALIPAY_CHANNELS',
      'ALIPAY_PRIVATE_KEY',
      'ALIPAY_PUBLIC_KEY',
      'ALIPAY_READONLY',
      'ALIPAY_TIMEOUT_MS',
    ])
  })

  it.each([
    ['true', true],
    ['ture', true],
    ['false', false],
    [undefined, false],
  ])('with ALIPAY_READ_ONLY=%s still tells that read-only was meant: %s', (value, readOnly) => {
    const variables = { ALIPAY_ENV: 'x', ...(value && { ALIPAY_READ_ONLY: value }) }
    expect(readConfig(variables)).toMatchObject({ readOnly })
  })

  it.each([
    ['query_payment', ['query_payment']],
    ['query_payment, refund', ['query_payment', 'refund']],
    [undefined, undefined],
  ])('with ALIPAY_TOOLS=%s still tells which tools may be shown: %s', (value, tools) => {
    const variables = { ALIPAY_ENV: 'x', ...(value && { ALIPAY_TOOLS: value }) }
    expect(readConfig(variables)).toMatchObject({ tools })
  })
})
