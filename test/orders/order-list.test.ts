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
  expect(answer.message).toMatch(/^2 orders, all of them paid: 14\.90 yuan, 3\.00 refunded\./)
  const sums = { count: 2, paid_amount: '14.90', refunded_total: '3.00', net_amount: '11.90' }
  expect(answer).toMatchObject({ ...sums, now: `${beijingTime(shop.clock.now())} Beijing time` })
  expect(await list({ text: 'nothing of it' })).toMatchObject({ message: expect.stringMatching(/^No orders match\./) })
})

it('the sums of a time say that they go by when the orders were created; where none match there is none to say it of', async () => {
  const BY_CREATION = 'Counted by when the orders were created, not by when the money came or went.'
  await shop.paidOrder('5.00')
  for (const of of [{ since: '2020-01-01' }, { until: '2099-01-01' }]) {
    expect((await list(of)).message).toContain(`1 order, paid: 5.00 yuan, 0.00 refunded. ${BY_CREATION}`)
  }
  for (const of of [{}, { until: '2020-01-01' }]) expect((await list(of)).message).not.toContain('Counted by')
})

it('an error has what was last known of the order, refunds included, and when a change was last seen', async () => {
  const { out_trade_no } = await shop.paidOrder('9.90')
  await shop.call('refund_payment', { out_trade_no, refund_amount: '3.00' })
  const unseen = await shop.call('create_payment', { subject: 'Cup', total_amount: '1.00' })
  await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.query', times: 'always' })
  const known = await shop.call('query_payment', { out_trade_no })
  const facts = { out_trade_no, subject: 'Tea 茶', total_amount: '9.90', last_known: 'TRADE_SUCCESS' }
  const last_change_seen = expect.stringMatching(/Beijing time$/)
  expect(known).toMatchObject({ error: 'no_answer', moved: 'no', ...facts, refunded_total: '3.00', last_change_seen })
  const silent = await shop.call('query_payment', { out_trade_no: unseen.out_trade_no })
  const payable_until = `${unseen.time_expire} Beijing time`
  expect(silent).toMatchObject({ error: 'no_answer', last_known: 'no trade seen', total_amount: '1.00', payable_until })
  for (const key of ['last_change_seen', 'checked_at', 'refunded_total']) expect(silent).not.toHaveProperty(key)
})

it('an order that a buyer has opened is told with its end and how to stop it', async () => {
  const { out_trade_no, pay_url, time_expire } = await shop.call('create_payment', { subject: 'Cup', total_amount: 1 })
  await shop.control('scan', { pay_url })
  expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({
    trade_status: 'WAIT_BUYER_PAY',
    expires: `29 minutes left, until ${time_expire} Beijing time`,
    next_step: 'If the buyer is paying now, call wait_for_payment; to stop the payment call close_payment.',
  })
})

it('a list names as checked what was asked in this call, and else when a change was last seen', async () => {
  const { out_trade_no } = await shop.paidOrder('9.90')
  await shop.call('query_payment', { out_trade_no })
  const seen = `${beijingTime(shop.clock.now())} Beijing time`
  shop.clock.advance(3_600_000)
  await shop.call('query_payment', { out_trade_no })
  const [stored] = (await list({ refresh: false })).orders as Fields[]
  expect(stored).toMatchObject({ last_change_seen: seen })
  expect(stored).not.toHaveProperty('checked')
  const [asked] = (await list()).orders as Fields[]
  expect(asked).toMatchObject({ checked: 'now' })
  expect(asked).not.toHaveProperty('last_change_seen')
})

it('the sum of what waits leaves out an order of which the other link was paid, and counts it by itself', async () => {
  const old = await shop.call('create_payment', { subject: 'Tea', total_amount: '20.00' })
  const made = { subject: 'Tea', total_amount: '18.00', replaces: old.out_trade_no }
  await shop.call('create_payment', made)
  await shop.call('create_payment', { subject: 'Cup', total_amount: '3.00' })
  await shop.control('pay', { pay_url: old.pay_url })
  await list()
  const waiting = await list({ state: 'waiting' })
  expect(waiting.orders).toMatchObject([{ total_amount: '3.00' }, { paid_instead: old.out_trade_no }])
  expect(waiting.message).toMatch(
    /^Only orders in state waiting\. 1 order: 3\.00 yuan not paid\. Not in this sum: 1 order, 18\.00 yuan, of which another link was paid \(paid_instead\)\./,
  )
  expect(waiting.message_zh).toContain('共 1 笔：未付款 3.00 元，另有 1 笔 18.00 元，买家付的是另一个链接')
})

it('an order whose time to pay is over counts as waiting no more, though nobody asked about it yet', async () => {
  await shop.call('create_payment', { subject: 'Tea', total_amount: '20.00', expires_in_minutes: 5 })
  await shop.call('create_payment', { subject: 'Cup', total_amount: '3.00', expires_in_minutes: 90 })
  shop.clock.advance(40 * 60_000)
  const waiting = await list({ state: 'waiting', refresh: false })
  expect(waiting.orders).toMatchObject([{ total_amount: '3.00' }, { total_amount: '20.00', time_is_over: true }])
  expect(waiting.message).toMatch(
    /1 order: 3\.00 yuan not paid\. Not in this sum: 1 order, 20\.00 yuan, whose time to pay is over \(time_is_over\)\./,
  )
  expect(waiting.message_zh).toContain('另有 1 笔 20.00 元，支付时间已过')
  expect(waiting.next_step).toMatch(
    /^Waiting: .* Time is over \(time_is_over\): the link takes no payment any more; query_payment/,
  )
  const asked = await list({ state: 'waiting' })
  expect(asked).toMatchObject({ count: 1, changed: expect.stringContaining('now expired unpaid') })
})

it('what is left of the time to pay is rounded down, to no minute that is not there', async () => {
  const order = { subject: 'Cup', total_amount: 1, expires_in_minutes: 5 }
  const { out_trade_no, time_expire } = await shop.call('create_payment', order)
  const until = `left, until ${time_expire} Beijing time`
  for (const [seconds, words] of [
    [170, '2 minutes'],
    [60, '1 minute'],
    [60, 'less than 1 minute'],
  ] as const) {
    shop.clock.advance(seconds * 1_000)
    expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({ expires: `${words} ${until}` })
  }
})
