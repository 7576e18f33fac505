// The official server's variables start this one unchanged; what has no counterpart is told, never guessed.
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { leaks, vectors } from '../keys-for-tests.ts'
import { readConfig } from './read-config.ts'
import { configFrom, faulty, problemsOf } from './settings-for-tests.ts'

const OFFICIAL = {
  AP_APP_ID: '9021000000000001',
  AP_APP_KEY: vectors.app.private_pkcs8,
  AP_PUB_KEY: vectors.alipay.public_spki,
  AP_CURRENT_ENV: 'sandbox',
}

describe("the official server's variables", () => {
  it('are a whole configuration', () => {
    const result = readConfig({
      ...OFFICIAL,
      AP_RETURN_URL: 'https://shop.example/thanks',
      AP_NOTIFY_URL: 'https://shop.cn/notify',
      AP_ENCRYPTION_ALGO: 'RSA2',
      AP_SELECT_TOOLS: 'all',
    })
    expect(result).toMatchObject({
      config: {
        environment: 'sandbox',
        credentials: { app_id: OFFICIAL.AP_APP_ID },
        return_url: 'https://shop.example/thanks',
        notify_url: 'https://shop.cn/notify',
        tools: undefined,
        channels: ['page', 'mobile'],
      },
      notices: [],
    })
  })

  it.each([
    ['prod', 'production'],
    ['sandbox', 'sandbox'],
    ['Production', 'production'],
  ])('AP_CURRENT_ENV=%s means %s', (value, environment) => {
    expect(configFrom({ ...OFFICIAL, AP_CURRENT_ENV: value }).environment).toBe(environment)
  })

  it('without AP_CURRENT_ENV mean the sandbox, and that this differs is told', () => {
    const { AP_CURRENT_ENV: _, ...rest } = OFFICIAL
    const result = readConfig(rest)
    expect(result).toMatchObject({ config: { environment: 'sandbox' } })
    expect(result.notices).toStrictEqual([
      {
        variable: 'AP_CURRENT_ENV',
        problem: "is not set: the official server would take production, this one takes Alipay's sandbox.",
        fix: 'set AP_CURRENT_ENV=prod for real money, or sandbox to stay.',
      },
    ])
    for (const more of [{ ALIPAY_ENV: 'sandbox' }, { ALIPAY_GATEWAY: 'http://127.0.0.1:1/gateway.do' }]) {
      expect(readConfig({ ...rest, ...more }).notices).toStrictEqual([])
    }
  })

  it('AP_LOG_ENABLED is accepted without effect, and told', () => {
    const { notices } = readConfig({ ...OFFICIAL, AP_LOG_ENABLED: 'true' })
    expect(notices.map(({ variable }) => variable)).toStrictEqual(['AP_LOG_ENABLED'])
  })

  it.each([
    ['AP_ENCRYPTION_ALGO', 'RSA'],
    ['AP_CURRENT_ENV', 'dev'],
    ['AP_SELECT_TOOLS', 'everything'],
  ])('%s=%s is a problem under that name', (name, value) => {
    expect(faulty({ ...OFFICIAL, [name]: value })).toStrictEqual([name])
  })

  it('are named in problems as they were written', () => {
    const problems = problemsOf({ ...OFFICIAL, AP_APP_KEY: OFFICIAL.AP_PUB_KEY, AP_RETURN_URL: '/thanks' })
    expect(problems.map(({ variable }) => variable)).toStrictEqual(['AP_APP_KEY', 'AP_RETURN_URL'])
  })

  it('count as credentials: what is missing is told, and nothing falls back to the emulator', () => {
    expect(faulty({ AP_APP_ID: OFFICIAL.AP_APP_ID })).toStrictEqual(['ALIPAY_PRIVATE_KEY', 'ALIPAY_PUBLIC_KEY'])
    const problems = problemsOf({ ...OFFICIAL, AP_APP_ID: '${AP_APP_ID}' })
    expect(problems).toMatchObject([{ variable: 'AP_APP_ID', problem: expect.stringMatching(/^holds a placeholder/) }])
  })
})

describe('AP_SELECT_TOOLS', () => {
  it.each([
    ['queryPay', ['query_payment'], ['page', 'mobile']],
    ['mobilePay', ['create_payment'], ['mobile']],
    ['webPagePay , queryPay', ['create_payment', 'query_payment'], ['page']],
    ['mobilePay,webPagePay,refundPay', ['create_payment', 'refund_payment'], ['mobile', 'page']],
    ['create-web-page-alipay-payment,query-alipay-refund', ['create_payment', 'query_refund'], ['page']],
    ['create-mobile-alipay-payment,refundQuery', ['create_payment', 'query_refund'], ['mobile']],
    ['query-alipay-payment,refund-alipay-payment', ['query_payment', 'refund_payment'], ['page', 'mobile']],
  ])('%s offers %j in the channels %j', (value, tools, channels) => {
    expect(configFrom({ ...OFFICIAL, AP_SELECT_TOOLS: value })).toMatchObject({ tools, channels })
  })

  it.each(['create-alipay-payment-agent', 'queryPay,createPay', 'all,queryPay', 'queryPay,'])(
    '%s is a problem that lists what there is',
    (value) => {
      expect(problemsOf({ ...OFFICIAL, AP_SELECT_TOOLS: value })).toStrictEqual([
        {
          variable: 'AP_SELECT_TOOLS',
          problem: expect.stringMatching(/^names .*, which has no counterpart here\.$/),
          fix: expect.stringContaining('webPagePay, create-web-page-alipay-payment, queryPay'),
        },
      ])
    },
  )
})

describe('two names for one thing', () => {
  it('that say the same are one', () => {
    const more = {
      ALIPAY_APP_ID: OFFICIAL.AP_APP_ID,
      ALIPAY_PUBLIC_KEY: OFFICIAL.AP_PUB_KEY.replaceAll('\n', ' '),
    }
    expect(configFrom({ ...OFFICIAL, ...more }).environment).toBe('sandbox')
  })

  it.each([
    ['AP_APP_ID', 'ALIPAY_APP_ID', '9021000000000002'],
    [
      'AP_APP_KEY',
      'ALIPAY_PRIVATE_KEY',
      generateKeyPairSync('rsa', { modulusLength: 2048 })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    ],
    ['AP_CURRENT_ENV', 'ALIPAY_ENV', 'production'],
  ])('that differ, %s and %s, are a problem that shows neither value', (official, ours, value) => {
    for (const variables of [
      { ...OFFICIAL, [ours]: value },
      { [ours]: value, ...OFFICIAL },
    ]) {
      const problems = problemsOf(variables)
      expect(problems).toHaveLength(1)
      const said = JSON.stringify(problems)
      expect(said).toContain(official)
      expect(said).toContain(ours)
      expect(said).toContain('and they differ')
      expect(said).not.toContain('902100')
      expect(leaks(said, value)).toBe(false)
    }
  })

  it('do not differ where one is a placeholder', () => {
    expect(configFrom({ ...OFFICIAL, ALIPAY_APP_ID: '${ALIPAY_APP_ID}' }).environment).toBe('sandbox')
    expect(configFrom({ ALIPAY_APP_ID: '${ALIPAY_APP_ID}', ...OFFICIAL }).environment).toBe('sandbox')
  })
})

it.each([
  ['AP_SELECT_TOOL', 'AP_SELECT_TOOLS'],
  ['AP_CURRENTENV', 'AP_CURRENT_ENV'],
  ['ap_log_enabled', 'AP_LOG_ENABLED'],
  ['AP_RETURN_URI', 'AP_RETURN_URL'],
])('the misspelt %s is a problem that names %s', (name, meant) => {
  expect(problemsOf({ [name]: 'x' })).toMatchObject([{ variable: name, fix: `rename it to ${meant}.` }])
})
