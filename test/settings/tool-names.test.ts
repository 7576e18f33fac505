// The tools that can be chosen in the settings are the tools that there are, of the role.

import { expect, it } from 'vitest'
import { TOOL_NAMES } from '../../src/tools/offers.ts'
import { ALL_NAMES } from '../tools/catalogue.ts'
import { readConfig } from './read-config.ts'

const ITEM_NAMES = ['list_items', 'sell_item', 'deliver_order']
const OF_BUYERS = [
  ...['list_items', 'create_payment', 'wait_for_payment', 'query_payment', 'request_refund', 'deliver_order'],
  'close_payment',
]
const OF_SUBSCRIPTIONS = ['create_subscription', 'query_subscription', 'cancel_subscription']
const OF_MERCHANT = ['list_subscriptions', 'announce_renewal', 'charge_subscription', 'postpone_subscription']

it.each([
  ['merchant', [...ALL_NAMES, ...ITEM_NAMES, ...OF_SUBSCRIPTIONS, ...OF_MERCHANT].join(', ')],
  ['buyer', [...OF_BUYERS, ...OF_SUBSCRIPTIONS].join(', ')],
])('names a tool that does not exist for the %s, and lists those that do', (role, names) => {
  const shop = { ALIPAY_ROLE: role, ALIPAY_ITEMS_FILE: '/srv/items.json', ALIPAY_TOOLSETS: 'payments,subscriptions' }
  expect(readConfig({ ...shop, ALIPAY_TOOLS: 'query_payment,refund' })).toMatchObject({
    problems: [{ variable: 'ALIPAY_TOOLS', problem: 'holds "refund".', fix: `use a comma list of ${names}.` }],
  })
})

const SUBSCRIPTIONS = { ALIPAY_TOOLSETS: 'payments,subscriptions', ALIPAY_ITEMS_FILE: '/srv/items.json' }

it('takes the tools of a toolset only where it is named: none would be left, and then all are offered', () => {
  const variables = { ...SUBSCRIPTIONS, ALIPAY_TOOLS: 'query_subscription' }
  expect(readConfig(variables)).toMatchObject({ config: { tools: ['query_subscription'] } })
  for (const ALIPAY_TOOLSETS of [undefined, 'payments'])
    expect(readConfig({ ...variables, ALIPAY_TOOLSETS })).toMatchObject({
      problems: [{ variable: 'ALIPAY_TOOLS', problem: 'holds "query_subscription".' }],
    })
  expect(
    readConfig({ ...SUBSCRIPTIONS, ALIPAY_TOOLSETS: 'subscriptions', ALIPAY_TOOLS: 'query_payment' }),
  ).toMatchObject({
    problems: [{ variable: 'ALIPAY_TOOLS', problem: 'holds "query_payment".' }],
  })
  expect(readConfig({ ...variables, ALIPAY_TOOLSETS: 'subscriptions,x' })).toMatchObject({
    problems: [{ variable: 'ALIPAY_TOOLSETS' }],
  })
})

it('offers a buyer no tool of the merchant', () => {
  const shop = { ...SUBSCRIPTIONS, ALIPAY_ROLE: 'buyer' }
  expect(readConfig({ ...shop, ALIPAY_TOOLS: 'cancel_subscription' })).toHaveProperty('config')
  expect(readConfig({ ...shop, ALIPAY_TOOLS: 'charge_subscription' })).toMatchObject({
    problems: [{ variable: 'ALIPAY_TOOLS', problem: 'holds "charge_subscription".' }],
  })
})

it.each(['merchant', 'buyer'] as const)('a %s is offered at most 20 tools in all', (role) => {
  const { payments, subscriptions } = TOOL_NAMES[role]
  const names = [...payments, ...subscriptions]
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeLessThanOrEqual(20)
})
