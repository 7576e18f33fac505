// An order number under which Alipay has another amount than was asked here (the merchant's web shop uses it, too): it is
// not paid, wherever that is told, and comes with an alarm; and the merchant can give that money back.
import { beforeEach, expect, it } from 'vitest'
import { readRecord } from '../../src/cli/ledger/record.ts'
import { formatLedger } from '../../src/cli/ledger/text.ts'
import { paintFor } from '../../src/cli/terminal.ts'
import { useShop } from '../shop.ts'

const shop = useShop({ answer: () => '同意 yes' })

const ALARM = 'Alipay has 0.01 yuan under this number, and 9.90 was asked here'
const order = { out_trade_no: 'SHOP_1', subject: 'Tea', total_amount: '9.90' }
const name = { out_trade_no: 'SHOP_1' }
let pay_url = ''

beforeEach(async () => {
  const { time_expire } = await shop.call('create_payment', order)
  pay_url = await shop.gateway.payLink('page', { ...order, total_amount: '0.01', time_expire: String(time_expire) })
})

const paid = () => shop.control('pay', { pay_url })
const look = (tool: string, more = {}) => shop.call(tool, { ...name, ...more })

it('is told before anything is paid, and its link is not handed out again', async () => {
  await shop.control('scan', { pay_url })
  expect(await shop.call('create_payment', order)).toMatchObject({ error: 'invalid_input', isError: true })
  for (const tool of ['query_payment', 'wait_for_payment']) {
    const waiting = await look(tool)
    expect(waiting).toMatchObject({ paid: false, alarm: ALARM })
    expect(waiting.next_step).toMatch(/^Tell the merchant before anything is delivered/)
    for (const key of ['pay_url', 'expires']) expect(waiting).not.toHaveProperty(key)
  }
})

it('ends a wait at once, as it can only get worse', async () => {
  await shop.control('scan', { pay_url })
  const before = shop.clock.ticks()
  const waited = await look('wait_for_payment', { seconds: 45 })
  expect(waited.alarm).toBe(ALARM)
  expect(waited.message).not.toMatch(/Waited|seconds/)
  expect(shop.clock.ticks() - before).toBeLessThan(5_000)
})

it('is not paid by another amount, whoever asks', async () => {
  await paid()
  for (const tool of ['query_payment', 'wait_for_payment']) {
    const answer = await look(tool)
    expect(answer).toMatchObject({ paid: false, alarm: ALARM, trade_status: 'TRADE_SUCCESS' })
    expect(answer.message).toContain(
      `Careful: ${ALARM}. 0.01 yuan were paid, not the amount that this order asks for: the order counts as not paid.`,
    )
    expect(answer.message).not.toMatch(/(^|\. )Paid/)
    expect(answer.message_zh).toMatch(/^注意：.* 0\.01 元.*不算已付款。$/)
  }
  expect(await look('close_payment')).toMatchObject({ error: 'invalid_input', isError: true, alarm: ALARM })
  expect(String((await shop.call('create_payment', order)).message)).toContain(`Careful: ${ALARM}.`)
})

it('is no paid order in the list, and in none of its sums, before and after Alipay is asked', async () => {
  await shop.paidOrder('5.00')
  await paid()
  const asked = await shop.call('list_payments', {})
  for (const list of [asked, await shop.call('list_payments', { refresh: false })]) {
    const sums = { paid_amount: '5.00', refunded_total: '0.00', alarm_amount: '0.01', alarm_refunded: '0.00' }
    expect(list).toMatchObject(sums)
    expect(list.message).toContain(
      'Not in these sums: 0.01 yuan paid with other amounts than the orders ask for, 0.00 of it refunded',
    )
    expect(list.orders).toContainEqual(expect.objectContaining({ ...name, state: 'alarm', alarm: ALARM }))
    expect(list.next_step).toMatch(/^Alarm: tell the merchant .*another amount was paid than the order asks for/)
  }
  expect(await shop.call('list_payments', { state: 'paid' })).toMatchObject({ count: 1 })
  expect(await shop.call('list_payments', { state: 'alarm' })).toMatchObject({ count: 1, paid_amount: '0.00' })
})

it('is no payment in the ledger of the terminal, its CSV and its days', async () => {
  await paid()
  await look('query_payment')
  const record = await readRecord(await shop.ledger(), {}, shop.clock.now())
  expect(record.orders).toMatchObject([{ state: 'alarm', alarm: ALARM, total_amount: '9.90' }])
  expect(record.days).toMatchObject([{ paid_amount: '0.00', alarm_amount: '0.01' }])
  const partition = { environment: 'local' as const, gateway: 'x', merchant: 'y' }
  const view = { language: 'en' as const, columns: undefined, paint: paintFor({ colour: false }) }
  expect(formatLedger(record, { folder: 'z', partition, config: {} }, view)).toMatch(/wrong amount +0\.01/)
})

it('is neither replaced nor counted as one half of a double payment', async () => {
  await paid()
  const replaces = name.out_trade_no
  const refused = await shop.call('create_payment', { subject: 'Tea', total_amount: '9.90', replaces })
  expect(refused).toMatchObject({ isError: true, alarm: ALARM })
  expect(refused.message).toContain(ALARM)
})

it('is told with the order in its place, once both are paid', async () => {
  const replaces = name.out_trade_no
  const successor = await shop.call('create_payment', { subject: 'Tea', total_amount: '9.90', replaces })
  await paid()
  const again = { subject: 'Tea', total_amount: '9.90', out_trade_no: String(successor.out_trade_no), replaces }
  await look('query_payment')
  expect(await shop.call('create_payment', again)).toMatchObject({ isError: true })
  await shop.control('pay', { pay_url: successor.pay_url })
  const both = await shop.call('query_payment', { out_trade_no: successor.out_trade_no })
  expect(both).toMatchObject({ paid: true, alarm: expect.stringContaining(ALARM) })
  expect(both).not.toHaveProperty('paid_twice')
  expect(both.next_step).toContain('Tell the merchant')
  expect(both.message_zh).toMatch(/^注意：同一笔请求的另一个订单收到了金额不符的付款。已付款 9\.90 元/)
})

it('can be given back, by what Alipay has, once an operator has said yes outside the chat', async () => {
  await paid()
  const refund = () => look('refund_payment', { refund_reason: 'another order' })
  expect(await refund()).toMatchObject({ error: 'waiting_for_approval', moved: 'no', isError: true })
  const ledger = await shop.ledger()
  const [asked] = await ledger.openApprovals(shop.clock.now())
  expect(asked).toMatchObject({ amount_fen: 1, question: expect.stringContaining(ALARM) })
  await ledger.decide(Number(asked?.id), true, 'terminal', {
    at: shop.clock.now(),
    owner: 'a person',
    host: 'terminal',
  })
  expect(await refund()).toMatchObject({ moved: 'now', refund_amount: '0.01', refunded_total: '0.01', alarm: ALARM })
  expect(await look('query_payment')).toMatchObject({ paid: false, refunded: 'full', alarm: ALARM })
  const list = await shop.call('list_payments', {})
  const sums = { paid_amount: '0.00', refunded_total: '0.00', alarm_amount: '0.01', alarm_refunded: '0.01' }
  expect(list).toMatchObject({ ...sums, orders: [{ state: 'refunded' }] })
})

it('is asked about by the operator whatever was set, and more than was paid is refused', async () => {
  await paid()
  expect(await look('refund_payment', { refund_amount: '9.90' })).toMatchObject({
    error: 'invalid_input',
    moved: 'no',
    total_amount: '0.01',
  })
  expect((await shop.trades()).refunded).toBe('0.00')
})
