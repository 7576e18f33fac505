// Toolsets, and the settings of subscriptions: off until they are named, and nothing guessed where money is real.
import { describe, expect, it } from 'vitest'
import { describeProblem } from '../../src/doctor/finding.ts'
import type { Variables } from '../../src/settings/sources.ts'
import { readConfig } from './read-config.ts'
import { configFrom, faulty, problemsOf, SANDBOX } from './settings-for-tests.ts'

const NAMED = { ALIPAY_TOOLSETS: 'payments,subscriptions', ALIPAY_ITEMS_FILE: '/srv/items.json' }
const SIGNED = { ALIPAY_SUBSCRIPTION_PRODUCT: 'CYCLE_PAY_AUTH', ALIPAY_SUBSCRIPTION_SCENE: 'INDUSTRY|EDU' }
const WHOLE = { ...SANDBOX, ...NAMED, ...SIGNED, ALIPAY_PUBLIC_URL: 'https://pay.example.com' }
const PRODUCTION = { ...WHOLE, ALIPAY_ENV: 'production' }

describe('ALIPAY_TOOLSETS', () => {
  it.each<[string, Variables, readonly string[]]>([
    ['not set', {}, ['payments']],
    ['payments', { ALIPAY_TOOLSETS: 'payments' }, ['payments']],
    ['both, with blanks', { ALIPAY_TOOLSETS: ' subscriptions , payments' }, ['subscriptions', 'payments']],
    ['subscriptions alone', { ALIPAY_TOOLSETS: 'subscriptions' }, ['subscriptions']],
  ])('%s', (_what, variables, toolsets) => {
    expect(configFrom(variables).toolsets).toStrictEqual(toolsets)
  })

  it.each(['payment', 'subscriptions,refunds', 'all', 'Payments', 'payments,'])('%s names the real ones', (value) => {
    expect(problemsOf({ ALIPAY_TOOLSETS: value })).toStrictEqual([
      {
        variable: 'ALIPAY_TOOLSETS',
        problem: expect.stringMatching(/^holds .*\.$/),
        fix: 'use a comma list of payments, subscriptions.',
      },
    ])
  })

  it('that a host did not fill in is the default, and one that a person left unfinished stops the start', () => {
    expect(configFrom({ ALIPAY_TOOLSETS: '${user_config.toolsets}' }).toolsets).toStrictEqual(['payments'])
    expect(faulty({ ALIPAY_TOOLSETS: '<your toolsets>' })).toStrictEqual(['ALIPAY_TOOLSETS'])
  })

  it('is known where something else is wrong', () => {
    const wrong = { ALIPAY_TIMEOUT_MS: 'x' }
    expect(readConfig({ ...NAMED, ...wrong })).toMatchObject({ toolsets: ['payments', 'subscriptions'] })
    expect(readConfig({ ALIPAY_TOOLSETS: 'subscriptions,x' })).toMatchObject({ toolsets: ['subscriptions'] })
    expect(readConfig({ ALIPAY_TOOLSETS: 'x' })).toMatchObject({ toolsets: ['payments'] })
    expect(readConfig(wrong)).toMatchObject({ toolsets: ['payments'] })
  })
})

describe('subscriptions', () => {
  it('are off unless they are named, whatever else is set', () => {
    expect(configFrom({}).subscriptions).toBeUndefined()
    const { ALIPAY_TOOLSETS: _, ...rest } = { ...WHOLE, ALIPAY_SUBSCRIPTIONS: 'enabled' }
    const read = readConfig(rest)
    expect(read).toMatchObject({ config: { subscriptions: undefined } })
    expect(read.notices).toStrictEqual(
      ['ALIPAY_SUBSCRIPTIONS', 'ALIPAY_SUBSCRIPTION_PRODUCT', 'ALIPAY_SUBSCRIPTION_SCENE'].map((variable) => ({
        variable,
        problem: 'has no effect: ALIPAY_TOOLSETS does not name subscriptions.',
        fix: 'set ALIPAY_TOOLSETS=payments,subscriptions, or remove it.',
      })),
    )
  })

  it('are not called idle where nobody can tell what ALIPAY_TOOLSETS names', () => {
    const read = readConfig({ ...WHOLE, ALIPAY_TOOLSETS: 'subscriptions,x' })
    expect(read).toMatchObject({ problems: [{ variable: 'ALIPAY_TOOLSETS' }], notices: [] })
  })

  it('need nothing else with the built-in emulator', () => {
    const { environment, subscriptions } = configFrom(NAMED)
    expect(environment).toBe('local')
    expect(subscriptions).toStrictEqual({
      product: 'GENERAL_WITHHOLDING',
      personalProduct: 'CYCLE_PAY_AUTH_P',
      scene: 'INDUSTRY|DEFAULT_SCENE',
    })
    expect(configFrom({ ...NAMED, ...SIGNED }).subscriptions).toMatchObject({
      product: 'CYCLE_PAY_AUTH',
      scene: 'INDUSTRY|EDU',
    })
  })

  it('take their product and scene from the contract everywhere else', () => {
    expect(configFrom(WHOLE).subscriptions).toStrictEqual({
      product: 'CYCLE_PAY_AUTH',
      personalProduct: 'CYCLE_PAY_AUTH_P',
      scene: 'INDUSTRY|EDU',
    })
    const gateways = [{}, { ALIPAY_GATEWAY: 'http://127.0.0.1:9/gateway.do' }]
    for (const gateway of gateways)
      expect(problemsOf({ ...SANDBOX, ...NAMED, ...gateway })).toMatchObject(
        Object.keys(SIGNED).map((variable) => ({
          variable,
          problem: 'is not set, and ALIPAY_TOOLSETS names subscriptions.',
        })),
      )
  })

  it('say once what is wrong with what is set', () => {
    expect(faulty({ ...WHOLE, ALIPAY_SUBSCRIPTION_PRODUCT: 'QUICK_WAP_WAY' })).toStrictEqual([
      'ALIPAY_SUBSCRIPTION_PRODUCT',
    ])
    expect(faulty({ ...WHOLE, ALIPAY_SUBSCRIPTION_SCENE: 'EDU' })).toStrictEqual(['ALIPAY_SUBSCRIPTION_SCENE'])
  })

  it('go on without an items file, which only new ones need', () => {
    const { ALIPAY_ITEMS_FILE: _, ...rest } = WHOLE
    expect(readConfig(rest)).toMatchObject({
      config: { subscriptions: { product: 'CYCLE_PAY_AUTH' } },
      notices: [{ variable: 'ALIPAY_ITEMS_FILE', problem: 'is not set, so no new subscription can be offered.' }],
    })
    const buyer = readConfig({ ...rest, ALIPAY_ROLE: 'buyer' })
    expect(buyer).toMatchObject({ problems: [{ variable: 'ALIPAY_ITEMS_FILE' }], notices: [] })
  })
})

describe('a page to sign on', () => {
  it('is missed in sandbox, in production and with an emulator elsewhere, as nobody could sign', () => {
    const gateway = { ALIPAY_GATEWAY: 'http://127.0.0.1:9/gateway.do' }
    for (const where of [{}, gateway, { ALIPAY_ENV: 'production', ALIPAY_SUBSCRIPTIONS: 'enabled' }]) {
      const read = readConfig({ ...WHOLE, ...where, ALIPAY_PUBLIC_URL: undefined })
      expect(read).toMatchObject({ config: { toolsets: ['payments', 'subscriptions'] } })
      expect(read.notices).toContainEqual({
        ...{ variable: 'ALIPAY_PUBLIC_URL', problem: 'is not set, so no new subscription can be offered.' },
        fix: 'set it to the address where buyers reach "alipay-mcp listen", whose page they sign on.',
      })
      expect(read.notices.map(describeProblem)).toContainEqual({
        found: expect.objectContaining({ zh: 'ALIPAY_PUBLIC_URL 未设置，无法提供新的订阅。' }),
        fix: expect.objectContaining({ zh: '请填买家能访问到 alipay-mcp listen 的地址：签约页在那里。' }),
      })
    }
  })

  it('is not missed with the built-in emulator, nor where subscriptions are off', () => {
    expect(readConfig(NAMED).notices).toStrictEqual([])
    expect(readConfig(SANDBOX).notices).toStrictEqual([])
  })
})

describe('production', () => {
  it('refuses subscriptions until they are enabled by name', () => {
    expect(problemsOf(PRODUCTION)).toStrictEqual([
      {
        variable: 'ALIPAY_SUBSCRIPTIONS',
        problem: 'is not set: subscriptions were never tried against Alipay, and production refuses them without it.',
        fix: 'read docs/subscriptions.md, then set it to enabled; or take subscriptions out of ALIPAY_TOOLSETS.',
      },
    ])
    expect(configFrom({ ...PRODUCTION, ALIPAY_SUBSCRIPTIONS: 'enabled' }).subscriptions).toMatchObject({
      scene: 'INDUSTRY|EDU',
    })
    expect(configFrom({ ...PRODUCTION, ...SIGNED, ALIPAY_TOOLSETS: 'payments' }).subscriptions).toBeUndefined()
  })

  it('is also what a gateway of somebody else counts as', () => {
    const gateway = { ALIPAY_GATEWAY: 'https://pay.example.com/gateway.do' }
    expect(faulty({ ...WHOLE, ...gateway })).toStrictEqual(['ALIPAY_SUBSCRIPTIONS'])
  })

  it.each(['true', 'yes', 'on', '1', 'Enabled', 'ENABLED', 'enable', 'disabled', 'false', 'production'])(
    'takes no %s for it, and no environment does',
    (ALIPAY_SUBSCRIPTIONS) => {
      for (const settings of [PRODUCTION, WHOLE, {}])
        expect(problemsOf({ ...settings, ALIPAY_SUBSCRIPTIONS })).toMatchObject([
          { variable: 'ALIPAY_SUBSCRIPTIONS', fix: 'set it to enabled, in small letters, or remove it.' },
        ])
    },
  )
})

describe('of the contract', () => {
  it.each(['GENERAL_WITHHOLDING_P', 'ONE_TIME_AUTH_P', 'CYCLE_PAY_AUTH', 'other'])(
    'the personal product %s is refused by its name, because it has no planned day',
    (value) => {
      for (const settings of [WHOLE, {}])
        expect(problemsOf({ ...settings, ALIPAY_SUBSCRIPTION_PERSONAL_PRODUCT: value })).toStrictEqual([
          {
            variable: 'ALIPAY_SUBSCRIPTION_PERSONAL_PRODUCT',
            problem: `is "${value}", whose agreements have no period rules, and so no planned day.`,
            fix: 'set it to CYCLE_PAY_AUTH_P, or remove it.',
          },
        ])
    },
  )

  it('the personal product may be spelt out', () => {
    const config = configFrom({ ...WHOLE, ALIPAY_SUBSCRIPTION_PERSONAL_PRODUCT: 'CYCLE_PAY_AUTH_P' })
    expect(config.subscriptions?.personalProduct).toBe('CYCLE_PAY_AUTH_P')
  })

  it.each(['INDUSTRY|EDU', 'INDUSTRY|DIGITAL_MEDIA', `INDUSTRY|${'X'.repeat(55)}`])('the scene %s is one', (scene) => {
    expect(configFrom({ ...WHOLE, ALIPAY_SUBSCRIPTION_SCENE: scene }).subscriptions?.scene).toBe(scene)
  })

  it.each([
    'DEFAULT|DEFAULT',
    'INDUSTRY',
    'INDUSTRY|',
    'INDUSTRY|A|B',
    'industry|EDU',
    'EDU',
    `INDUSTRY|${'X'.repeat(56)}`,
  ])('the scene %s is none', (scene) => {
    expect(problemsOf({ ...WHOLE, ALIPAY_SUBSCRIPTION_SCENE: scene })).toStrictEqual([
      {
        variable: 'ALIPAY_SUBSCRIPTION_SCENE',
        problem: expect.stringMatching(
          scene.startsWith('DEFAULT') ? /^is DEFAULT\|DEFAULT, which/ : /^does not have the form/,
        ),
        fix: 'give the sign_scene of your contract, INDUSTRY| and a name, such as INDUSTRY|DIGITAL_MEDIA.',
      },
    ])
  })
})

it('the charges of a day have a limit', () => {
  expect(configFrom({ ALIPAY_DAILY_CHARGES: '5000.00' }).limits.dailyChargesFen).toBe(500_000)
  expect(configFrom({}).limits.dailyChargesFen).toBeUndefined()
})

it.each([
  ['ALIPAY_TOOLSET', 'ALIPAY_TOOLSETS'],
  ['ALIPAY_TOOL_SETS', 'ALIPAY_TOOLSETS'],
  ['ALIPAY_SUBSCRIPTION', 'ALIPAY_SUBSCRIPTIONS'],
  ['ALIPAY_SUBSCRIPTIONS_ENABLED', 'ALIPAY_SUBSCRIPTIONS'],
  ['ALIPAY_ENABLE_SUBSCRIPTIONS', 'ALIPAY_SUBSCRIPTIONS'],
  ['ALIPAY_SUBSCRIPTIONS_PRODUCT', 'ALIPAY_SUBSCRIPTION_PRODUCT'],
  ['ALIPAY_SUBSCRIPTION_PRODUCT_CODE', 'ALIPAY_SUBSCRIPTION_PRODUCT'],
  ['ALIPAY_AGREEMENT_PRODUCT_CODE', 'ALIPAY_SUBSCRIPTION_PRODUCT'],
  ['ALIPAY_PERSONAL_PRODUCT_CODE', 'ALIPAY_SUBSCRIPTION_PERSONAL_PRODUCT'],
  ['ALIPAY_SIGN_SCENE', 'ALIPAY_SUBSCRIPTION_SCENE'],
  ['ALIPAY_CHARGES_PER_DAY', 'ALIPAY_DAILY_CHARGES'],
  ['ALIPAY_DAILY_DEDUCTIONS', 'ALIPAY_DAILY_CHARGES'],
  ['ALIPAY_CHARGE_LIMIT', 'ALIPAY_DAILY_CHARGES'],
  ['AP_DAILY_CHARGES', 'ALIPAY_DAILY_CHARGES'],
])('%s stops the start and names %s', (name, meant) => {
  expect(problemsOf({ [name]: 'x' })).toMatchObject([{ variable: name, fix: `rename it to ${meant}.` }])
})
