// The tools that can be chosen in the settings are the tools that there are, of the role.

import { expect, it } from 'vitest'
import { ALL_NAMES } from '../tools/catalogue.ts'
import { readConfig } from './read-config.ts'

const ITEM_NAMES = ['list_items', 'sell_item', 'deliver_order']
const OF_BUYERS =
  'list_items, create_payment, wait_for_payment, query_payment, request_refund, deliver_order, close_payment'

it.each([
  ['merchant', [...ALL_NAMES, ...ITEM_NAMES].join(', ')],
  ['buyer', OF_BUYERS],
])('names a tool that does not exist for the %s, and lists those that do', (role, names) => {
  const shop = { ALIPAY_ROLE: role, ALIPAY_ITEMS_FILE: '/srv/items.json' }
  expect(readConfig({ ...shop, ALIPAY_TOOLS: 'query_payment,refund' })).toMatchObject({
    problems: [{ variable: 'ALIPAY_TOOLS', problem: 'holds "refund".', fix: `use a comma list of ${names}.` }],
  })
})
