// An order number that the merchant's web shop uses too: another amount is an alarm, not a shrug.
import { expect, it } from 'vitest'
import { useShop } from '../shop.ts'

const shop = useShop()

const ALARM = 'Alipay has 0.01 yuan under this number, and 9.90 was asked here'

it('is told before anything is called paid, and its link is not handed out again', async () => {
  const order = { out_trade_no: 'SHOP_1', subject: 'Tea', total_amount: '9.90' }
  const { time_expire } = await shop.call('create_payment', order)
  const foreign = { ...order, total_amount: '0.01', time_expire: String(time_expire) }
  const pay_url = await shop.gateway.payLink('page', foreign)
  await shop.control('scan', { pay_url })
  expect(await shop.call('create_payment', order)).toMatchObject({ error: 'input', isError: true })
  for (const tool of ['query_payment', 'wait_for_payment']) {
    const waiting = await shop.call(tool, { out_trade_no: 'SHOP_1' })
    expect(waiting).toMatchObject({ paid: false, alarm: ALARM })
    expect(waiting.next_step).toMatch(/tell the merchant before anything is delivered/)
    expect(waiting).not.toHaveProperty('pay_url')
  }
  await shop.control('pay', { pay_url })
  const asked = await shop.call('query_payment', { out_trade_no: 'SHOP_1' })
  expect(asked.message).toMatch(`Careful: ${ALARM}. Paid;`)
  expect(asked.next_step).toMatch(/tell the merchant before anything is delivered/)
})
