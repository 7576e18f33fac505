// What list_payments says of sums and of the time, and what an error still knows of an order.
import { expect, it } from 'vitest'
import { beijingTime } from '../../src/clock.ts'
import { type Fields, useShop } from '../shop.ts'

const shop = useShop()

const list = (args: Fields = {}) => shop.call('list_payments', args)

it('a list has what was paid, what was refunded and what is left of it, as of a time', async () => {
  const { out_trade_no } = await shop.paidOrder('9.90')
  await shop.call('refund_payment', { out_trade_no, refund_amount: '3.00' })
  await shop.paidOrder('5.00')
  const answer = await list()
  expect(answer.message).toMatch(/^2 orders: 14\.90 yuan paid, 3\.00 refunded\./)
  const sums = { count: 2, paid_amount: '14.90', refunded_total: '3.00', net_amount: '11.90' }
  expect(answer).toMatchObject({ ...sums, now: `${beijingTime(shop.clock.now())} Beijing time` })
  expect(await list({ text: 'nothing of it' })).toMatchObject({ message: expect.stringMatching(/^No orders match\./) })
})

it('the sums of a time say that they go by when the orders were created; where none match there is none to say it of', async () => {
  const BY_CREATION = 'Counted by when the orders were created, not by when the money came or went.'
  await shop.paidOrder('5.00')
  for (const of of [{ since: '2020-01-01' }, { until: '2099-01-01' }]) {
    expect((await list(of)).message).toContain(`1 order: 5.00 yuan paid, 0.00 refunded. ${BY_CREATION}`)
  }
  for (const of of [{}, { until: '2020-01-01' }]) expect((await list(of)).message).not.toContain('Counted by')
})

it('an error has what was last known of the order, refunds included, and no time at which nobody asked', async () => {
  const { out_trade_no } = await shop.paidOrder('9.90')
  await shop.call('refund_payment', { out_trade_no, refund_amount: '3.00' })
  const unseen = await shop.call('create_payment', { subject: 'Cup', total_amount: '1.00' })
  await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.query', times: 'always' })
  const known = await shop.call('query_payment', { out_trade_no })
  const facts = { out_trade_no, subject: 'Tea 茶', total_amount: '9.90', last_known: 'TRADE_SUCCESS' }
  const checked_at = expect.stringMatching(/Beijing time$/)
  expect(known).toMatchObject({ error: 'no_answer', moved: 'no', ...facts, refunded_total: '3.00', checked_at })
  const silent = await shop.call('query_payment', { out_trade_no: unseen.out_trade_no })
  const payable_until = `${unseen.time_expire} Beijing time`
  expect(silent).toMatchObject({ error: 'no_answer', last_known: 'no trade seen', total_amount: '1.00', payable_until })
  for (const key of ['checked_at', 'refunded_total']) expect(silent).not.toHaveProperty(key)
})

it('an order that a buyer has opened is told with its end and how to stop it', async () => {
  const { out_trade_no, pay_url, time_expire } = await shop.call('create_payment', { subject: 'Cup', total_amount: 1 })
  await shop.control('scan', { pay_url })
  expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({
    trade_status: 'WAIT_BUYER_PAY',
    expires: `30 minutes left, until ${time_expire} Beijing time`,
    next_step: 'If the buyer is paying now, call wait_for_payment; to stop the payment call close_payment.',
  })
})
