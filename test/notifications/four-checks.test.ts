// A genuine notification changes nothing before order, amount, seller and app agree.
import { expect, it } from 'vitest'
import { fourChecks } from '../../src/notifications/four-checks.ts'
import { PAID } from './notification-bodies.ts'

const RECIPIENT = { app_ids: ['9021000000000001', '9021000000000002'], seller_id: '2088000000000001' }
const ALL = { order: 'agrees', amount: 'agrees', seller: 'agrees', app: 'agrees' }
const check = (more: object = {}, recipient = RECIPIENT, total_amount: string | undefined = '20.00') =>
  fourChecks(new Map(Object.entries({ ...PAID, ...more })), recipient, total_amount ? { total_amount } : undefined)

it.each([
  ['as it should be', check(), {}],
  ['the same amount in other letters', check({ total_amount: '20.0' }), {}],
  ['another app of the merchant', check({ app_id: '9021000000000002' }), {}],
  ['another amount', check({ total_amount: '2.00' }), { amount: 'differs' }],
  ['no amount', check({ total_amount: '' }), { amount: 'differs' }],
  ['an amount that is none', check({ total_amount: '2e1' }), { amount: 'differs' }],
  ['a sum beyond all', check({ total_amount: '99999999999999999999.00' }), { amount: 'differs' }],
  ['another seller', check({ seller_id: '2088000000000002' }), { seller: 'differs' }],
  ['no seller', check({ seller_id: '' }), { seller: 'unknown' }],
  ['no seller in the settings', check({}, { ...RECIPIENT, seller_id: '' }), { seller: 'unknown' }],
  ["somebody else's app", check({ app_id: '9021000000000003' }), { app: 'differs' }],
  ['an order that nobody here made', check({}, RECIPIENT, ''), { order: 'differs', amount: 'unknown' }],
])('%s', (_, found, differs) => {
  expect(found).toStrictEqual({ ...ALL, ...differs })
})
