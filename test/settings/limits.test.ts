// The operator's limits: amounts as tools take them, a wrong one stops the start, and contradictions are told.
import { describe, expect, it } from 'vitest'
import type { Variables } from '../../src/settings/sources.ts'
import { NAMES } from '../../src/settings/variables.ts'
import { readConfig } from './read-config.ts'
import { problemsOf } from './settings-for-tests.ts'

const AMOUNTS = [
  'ALIPAY_MAX_PAYMENT',
  'ALIPAY_MAX_REFUND',
  'ALIPAY_DAILY_PAYMENTS',
  'ALIPAY_DAILY_REFUNDS',
  'ALIPAY_DAILY_CHARGES',
]
const NO_AMOUNTS = ['9.999', '1e3', '￥9', '-1', '1,000', '9.', '.5', '007', 'none', '100000000.01', '999999999999']

describe('a limit that cannot be kept is a problem with a fix', () => {
  it.each([
    ...AMOUNTS.map((name) => [name, [...NO_AMOUNTS, '0', '0.00']] as const),
    ['ALIPAY_APPROVE_ABOVE', NO_AMOUNTS] as const,
    ['ALIPAY_REFUND_WINDOW_DAYS', ['0', '366', '-1', '1.5', '30d']] as const,
    ['ALIPAY_MAX_CALLS_PER_MINUTE', ['-1', '10001', 'off']] as const,
    ['ALIPAY_REFUND_APPROVAL', ['off', 'false', 'yes', 'merchant', 'chat,operator']] as const,
    ['ALIPAY_DATA_DIR', ['ledger', './ledger', '~/ledger']] as const,
    ['ALIPAY_RETENTION_DAYS', ['0', '29', '3651', '1y']] as const,
  ])('%s', (name, values) => {
    for (const value of values) {
      expect([value, problemsOf({ [name]: value })]).toStrictEqual([
        value,
        [
          {
            variable: name,
            problem: expect.stringMatching(/^is .*\.$/),
            fix: expect.stringMatching(/^[a-z]/),
          },
        ],
      ])
    }
  })

  it('zero is no limit, and the way to allow nothing is told', () => {
    expect(problemsOf({ ALIPAY_MAX_REFUND: '0' })[0]?.fix).toContain('ALIPAY_READ_ONLY=true')
  })

  it('a long value is not shown, since it may be a key in the wrong place', () => {
    const [problem] = problemsOf({ ALIPAY_MAX_REFUND: 'a text that is far too long for an amount' })
    expect(problem?.problem).toBe('is a text of 41 characters.')
  })
})

it('nobody is asked above 0.00 yuan means that everybody is asked', () => {
  expect(readConfig({ ALIPAY_APPROVE_ABOVE: '0' })).toMatchObject({
    config: { approveAboveFen: 0 },
    notices: [],
  })
})

describe('settings that contradict each other are told, and the stricter one holds', () => {
  it.each<[string, Variables, string, RegExp]>([
    [
      'a threshold, and nobody who is asked',
      { ALIPAY_REFUND_APPROVAL: 'none', ALIPAY_APPROVE_ABOVE: '9' },
      'ALIPAY_APPROVE_ABOVE',
      /^has no effect: with ALIPAY_REFUND_APPROVAL none nobody is asked/,
    ],
    [
      'a threshold that no day can reach',
      { ALIPAY_DAILY_REFUNDS: '9', ALIPAY_APPROVE_ABOVE: '9.01' },
      'ALIPAY_APPROVE_ABOVE',
      /is more than ALIPAY_DAILY_REFUNDS/,
    ],
    [
      'one refund over the day',
      { ALIPAY_DAILY_REFUNDS: '9', ALIPAY_MAX_REFUND: '10' },
      'ALIPAY_MAX_REFUND',
      /is more than ALIPAY_DAILY_REFUNDS, which holds first/,
    ],
    [
      'one order over the day',
      { ALIPAY_DAILY_PAYMENTS: '9', ALIPAY_MAX_PAYMENT: '10' },
      'ALIPAY_MAX_PAYMENT',
      /is more than ALIPAY_DAILY_PAYMENTS/,
    ],
    [
      'orders forgotten while they can be refunded',
      { ALIPAY_RETENTION_DAYS: '30', ALIPAY_REFUND_WINDOW_DAYS: '90' },
      'ALIPAY_RETENTION_DAYS',
      /is less than ALIPAY_REFUND_WINDOW_DAYS/,
    ],
    [
      'a folder for a ledger that is in memory',
      { ALIPAY_DATA_DIR: '/srv/alipay' },
      'ALIPAY_DATA_DIR',
      /^has no effect with the built-in emulator/,
    ],
  ])('%s', (_what, variables, variable, problem) => {
    const told = {
      variable,
      problem: expect.stringMatching(problem),
      fix: expect.stringMatching(/^[a-z].*\.$/),
    }
    expect(readConfig(variables)).toMatchObject({ config: {}, notices: [told] })
  })

  it('and what fits is not', () => {
    const result = readConfig({
      ALIPAY_REFUND_APPROVAL: 'chat',
      ALIPAY_APPROVE_ABOVE: '20',
      ALIPAY_MAX_REFUND: '20',
      ALIPAY_DAILY_REFUNDS: '20',
      ALIPAY_MAX_PAYMENT: '20',
      ALIPAY_DAILY_PAYMENTS: '20',
      ALIPAY_RETENTION_DAYS: '90',
      ALIPAY_REFUND_WINDOW_DAYS: '90',
    })
    expect(result).toMatchObject({ config: {}, notices: [] })
  })
})

describe('a limit under a wrong name', () => {
  const VALID: Variables = { ALIPAY_REFUND_APPROVAL: 'chat', ALIPAY_DATA_DIR: '/srv/alipay' }
  const limits = NAMES.filter((name) => /MAX_|DAILY_|WINDOW|APPROV|DATA_DIR|RETENTION/.test(name))

  it.each([
    ['ALIPAY_REFUND_MAX', 'ALIPAY_MAX_REFUND'],
    ['ALIPAY_REFUND_LIMIT', 'ALIPAY_MAX_REFUND'],
    ['ALIPAY_MAX_REFUND_AMOUNT', 'ALIPAY_MAX_REFUND'],
    ['ALIPAY_MCP_MAX_REFUND', 'ALIPAY_MAX_REFUND'],
    ['ALIPAY_DAILY_REFUND_LIMIT', 'ALIPAY_DAILY_REFUNDS'],
    ['ALIPAY_REFUNDS_PER_DAY', 'ALIPAY_DAILY_REFUNDS'],
    ['ALIPAY_DAILY_LIMIT', 'ALIPAY_DAILY_PAYMENTS'],
    ['ALIPAY_MAX_AMOUNT', 'ALIPAY_MAX_PAYMENT'],
    ['ALIPAY_PAYMENT_LIMIT', 'ALIPAY_MAX_PAYMENT'],
    ['ALIPAY_APPROVAL', 'ALIPAY_REFUND_APPROVAL'],
    ['ALIPAY_CONFIRM_REFUNDS', 'ALIPAY_REFUND_APPROVAL'],
    ['ALIPAY_APPROVAL_THRESHOLD', 'ALIPAY_APPROVE_ABOVE'],
    ['ALIPAY_AUTO_APPROVE', 'ALIPAY_APPROVE_ABOVE'],
    ['ALIPAY_REFUND_DAYS', 'ALIPAY_REFUND_WINDOW_DAYS'],
    ['ALIPAY_RATE_LIMIT', 'ALIPAY_MAX_CALLS_PER_MINUTE'],
    ['ALIPAY_LEDGER_DIR', 'ALIPAY_DATA_DIR'],
    ['ALIPAY_DATA_PATH', 'ALIPAY_DATA_DIR'],
    ['ALIPAY_KEEP_DAYS', 'ALIPAY_RETENTION_DAYS'],
    ['AP_MAX_REFUND', 'ALIPAY_MAX_REFUND'],
    ['AP_REFUND_APPROVAL', 'ALIPAY_REFUND_APPROVAL'],
    ...limits.map((name) => [name.replaceAll('_', ''), name]),
    ...limits.map((name) => [name.toLowerCase(), name]),
    ...limits.map((name) => [`${name}S`, name]),
    ...limits.map((name) => [name.slice(0, -1), name]),
  ])('%s stops the start and names %s, also where that is set too', (name, meant) => {
    for (const more of [{}, { [meant]: VALID[meant] ?? '30' }]) {
      expect(problemsOf({ [name]: '1', ...more })).toStrictEqual([
        expect.objectContaining({ variable: name, fix: `rename it to ${meant}.` }),
      ])
    }
  })

  it.each(['AP_DATA_DIR', 'AP_CHANNEL', 'ALICLOUD_MAX_REFUND', 'MAX_REFUND', 'API_RATE_LIMIT'])(
    '%s is somebody else’s',
    (name) => {
      expect(readConfig({ [name]: '1' })).toMatchObject({ config: {}, notices: [] })
    },
  )
})
