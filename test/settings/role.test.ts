// Who sits in the chat, as it is set: exact words, and nothing that would let a buyer approve a refund of their own.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { itemsFolder } from '../buyer/items.ts'
import { readConfig } from './read-config.ts'
import { configFrom, problemsOf } from './settings-for-tests.ts'

const BUYER = { ALIPAY_ROLE: 'buyer', ALIPAY_ITEMS_FILE: '/srv/items.json' }

describe('ALIPAY_ROLE', () => {
  it('is merchant if it is not set', () => {
    expect(configFrom({}).role).toBe('merchant')
    expect(configFrom({ ALIPAY_ROLE: 'merchant' }).role).toBe('merchant')
    expect(configFrom(BUYER)).toMatchObject({ role: 'buyer', refundApproval: 'operator' })
  })

  it.each(['Buyer', 'BUYER', 'buyers', 'seller', 'merchant,buyer', '$ROLE', 'true'])(
    '%s stops the start',
    (ALIPAY_ROLE) => {
      const read = readConfig({ ...BUYER, ALIPAY_ROLE })
      expect(read).toMatchObject({ problems: [{ variable: 'ALIPAY_ROLE' }], role: undefined })
    },
  )

  it.each(['ALIPAY_ROL', 'ALIPAY_MCP_ROLE', 'AP_ROLE', 'ALIPAY_CHAT_ROLE'])(
    'misspelt as %s stops the start',
    (name) => {
      expect(readConfig({ [name]: 'buyer' })).toMatchObject({ problems: [{ variable: name }], role: undefined })
    },
  )

  it('that is right is known where something else is wrong', () => {
    expect(readConfig({ ...BUYER, ALIPAY_TIMEOUT_MS: 'x' })).toMatchObject({ role: 'buyer' })
    expect(readConfig({ ALIPAY_TIMEOUT_MS: 'x' })).toMatchObject({ role: 'merchant' })
  })

  it('buyer needs an items file', () => {
    expect(problemsOf({ ALIPAY_ROLE: 'buyer' })).toMatchObject([{ variable: 'ALIPAY_ITEMS_FILE' }])
  })

  it.each(['chat', 'none'])(
    'buyer with ALIPAY_REFUND_APPROVAL=%s is a configuration error',
    (ALIPAY_REFUND_APPROVAL) => {
      expect(problemsOf({ ...BUYER, ALIPAY_REFUND_APPROVAL })).toMatchObject([{ variable: 'ALIPAY_REFUND_APPROVAL' }])
    },
  )
})

describe('of a shop', () => {
  it('the limits are numbers that hold something', () => {
    const shop = configFrom({
      ...BUYER,
      ALIPAY_SINGLE_BUYER: 'true',
      ALIPAY_BUYER_OPEN_ORDERS: '1',
      ALIPAY_BUYER_ORDERS_PER_HOUR: '2',
      ALIPAY_OPEN_ORDERS: '3',
      ALIPAY_BUYER_DAILY_REFUNDS: '0',
    }).shop
    expect(shop).toMatchObject({ singleBuyer: true, buyerOpen: 1, buyerPerHour: 2, allOpen: 3, buyerRefundsFen: 0 })
  })

  it.each([
    ['ALIPAY_SINGLE_BUYER', 'maybe'],
    ['ALIPAY_BUYER_OPEN_ORDERS', '0'],
    ['ALIPAY_BUYER_ORDERS_PER_HOUR', '-1'],
    ['ALIPAY_OPEN_ORDERS', '1.5'],
    ['ALIPAY_BUYER_DAILY_REFUNDS', '9.999'],
    ['ALIPAY_DELIVERY_SECRET_FILE', '/nowhere/secret'],
  ])('%s=%s is a problem', (name, value) => {
    expect(problemsOf({ ...BUYER, [name]: value })).toMatchObject([{ variable: name }])
  })

  it('the secret of hooks has some length, and never shows', () => {
    const path = join(itemsFolder().folder, 'secret')
    writeFileSync(path, 'short\n', { mode: 0o600 })
    expect(problemsOf({ ...BUYER, ALIPAY_DELIVERY_SECRET_FILE: path })).toMatchObject([
      { variable: 'ALIPAY_DELIVERY_SECRET_FILE' },
    ])
    writeFileSync(path, '0123456789abcdef CANARY\n')
    const config = configFrom({ ...BUYER, ALIPAY_DELIVERY_SECRET_FILE: path })
    expect(config.shop.deliverySecret?.reveal().toString()).toBe('0123456789abcdef CANARY')
    expect(JSON.stringify(config)).not.toContain('CANARY')
  })

  it('one buyer of a merchant is no setting', () => {
    expect(readConfig({ ALIPAY_SINGLE_BUYER: 'true' })).toMatchObject({
      notices: [{ variable: 'ALIPAY_SINGLE_BUYER' }],
    })
  })
})
