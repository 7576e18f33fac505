// What the tools of payments say of a charge: no buyer scans it, no link of it is out, and no order is made in its place.
import { expect, it, vi } from 'vitest'
import type { Fields } from '../shop.ts'
import { useSubscribedShop } from './subscribed-shop.ts'

const shop = useSubscribedShop()

async function chargeEnding(outcome?: object): Promise<{ number: string; out_trade_no: unknown; planned: string }> {
  const number = await shop.signed()
  const planned = String((await shop.query(number)).planned_day)
  if (outcome) await shop.control('charges/next', { external_agreement_no: number, ...outcome })
  const { out_trade_no } = await shop.charge(number)
  expect(out_trade_no).toBeDefined()
  return { number, out_trade_no, planned }
}

/** Nothing of what is said of an order that a buyer pays. */
function expectNoLinkWords(told: Fields): void {
  expect(JSON.stringify(told)).not.toMatch(
    /scann|log in|logged|the link|still pay|payable|wait_for_payment|close_payment/i,
  )
  expect(JSON.stringify(told)).not.toMatch(/扫码|链接|可支付|尚未付款/)
}

const IN_DOUBT = {
  message: expect.stringMatching(
    /^Not known yet: the charge of 15\.00 yuan for \S+ may have been made, or may still be\./,
  ),
  message_zh: expect.stringMatching(/这期的扣款 15\.00 元结果还不确定/),
  next_step: expect.stringMatching(/^Charge nothing again, and make no order for the same\. Call query_payment again/),
}

it.each([
  ['without a trade yet', { outcome: 'late', seconds: 600 }],
  ['in process', { outcome: 'in_process' }],
])('in doubt, %s: queried and waited for', async (_, outcome) => {
  const { number, out_trade_no, planned } = await chargeEnding(outcome)
  const asked = await shop.call('query_payment', { out_trade_no })
  expect(asked).toMatchObject({ ...IN_DOUBT, paid: false, external_agreement_no: number, planned_day: planned })
  expectNoLinkWords(asked)
  const waited = await shop.call('wait_for_payment', { out_trade_no, seconds: 1 })
  expect(waited).toMatchObject({ ...IN_DOUBT, message: expect.stringMatching(/^Not known yet.* Waited 1 second\.$/) })
  expectNoLinkWords(waited)
  expect((await shop.call('list_payments', {})).next_step).toMatch(/^In doubt: find out first[^.]*\.$/)
})

it('in doubt, closed before Alipay has a trade of it: nothing is closed, and it may still be made', async () => {
  const { out_trade_no } = await chargeEnding({ outcome: 'late', seconds: 600 })
  const told = await shop.call('close_payment', { out_trade_no })
  expect(told).toMatchObject({
    ...{ closed: false, paid: false },
    message: expect.stringMatching(/^Not closed\. Not known yet: the charge/),
    message_zh: expect.stringMatching(/^没有关闭。.*结果还不确定/),
  })
  expectNoLinkWords(told)
})

it('in process, closed: nothing was charged, and no new order is offered', async () => {
  const { number, out_trade_no } = await chargeEnding({ outcome: 'in_process' })
  const told = await shop.call('close_payment', { out_trade_no })
  expect(told).toMatchObject({
    closed: true,
    next_step: `Nothing was charged. query_subscription {"external_agreement_no":"${number}"} tells how the period stands.`,
  })
  expect(await shop.charged(number)).toHaveLength(0)
  expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({
    trade_status: 'TRADE_CLOSED',
    next_step: told.next_step,
  })
})

it('refused by Alipay, which has no trade of it: first its number has to be over', async () => {
  const number = await shop.signed()
  const refuse = { fault: 'refuse', method: 'alipay.trade.pay', sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH' }
  await shop.control('faults', refuse)
  const { out_trade_no } = await shop.charge(number)
  const query = () => shop.call('query_payment', { out_trade_no })
  const told = await query()
  expect(told).toMatchObject({
    message: expect.stringMatching(/^Not made: Alipay refused the charge of 15\.00 yuan/),
    message_zh: expect.stringMatching(/被支付宝拒绝，没有扣款/),
    next_step: expect.stringMatching(/^query_subscription .* tells how the period stands\.$/),
  })
  expectNoLinkWords(told)
  await shop.clock.sleep(26 * 60_000)
  await shop.query(number)
  await shop.clock.sleep(2 * 60_000)
  await shop.query(number)
  expect(await query()).toMatchObject({
    message: expect.stringMatching(/^Not made: .* Nothing can be charged under this number any more\.$/),
    message_zh: expect.stringMatching(/已不能再扣款。$/),
  })
})

it('refused by Alipay, whose trade of it is closed', async () => {
  const { out_trade_no } = await chargeEnding({ outcome: 'refuse' })
  const told = await shop.call('query_payment', { out_trade_no })
  expect(told).toMatchObject({ next_step: expect.stringMatching(/^Nothing was charged\. query_subscription/) })
  expectNoLinkWords(told)
})

it('never sent', async () => {
  const number = await shop.signed()
  const ledger = await shop.ledger()
  const stopped = vi.spyOn(ledger, 'markSending').mockResolvedValueOnce({ why: 'frozen', since: shop.clock.now() })
  await shop.charge(number)
  stopped.mockRestore()
  await shop.clock.sleep(120_000)
  const [charge] = await ledger.charges(number)
  const told = await shop.call('query_payment', { out_trade_no: charge?.out_trade_no })
  expect(told).toMatchObject({ message: expect.stringMatching(/^Not made: the charge .* was never sent\.$/) })
  expectNoLinkWords(told)
})

it('paid: as any payment, with its subscription', async () => {
  const { number, out_trade_no } = await chargeEnding()
  expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({
    ...{ paid: true, message: expect.stringMatching(/^Paid: 15\.00 yuan/), external_agreement_no: number },
  })
})

it.each(['replaces', 'out_trade_no'])('no order is made with its number as %s', async (field) => {
  const { number, out_trade_no } = await chargeEnding({ outcome: 'late', seconds: 120 })
  const order = { subject: 'A letter', total_amount: '15.00', [field]: out_trade_no }
  expect(await shop.call('create_payment', order)).toMatchObject({
    ...{ isError: true, error: 'invalid_input', moved: 'no' },
    message: expect.stringMatching(
      new RegExp(`${field}: .* is a charge of the subscription ${number}.*Nothing was made`),
    ),
    message_zh: expect.stringMatching(/是订阅 \S+ 的扣款.*没有创建订单/),
  })
})
