// A limit in the way of a new order leaves the old one, whose place it was to take, as it is: on its page, too.
import { expect, it } from 'vitest'
import { useShopWithPages } from './shop-with-page.ts'

const limits = { dailyPaymentsFen: 10_000, callsPerMinute: 0 } as never
const shop = useShopWithPages({ rules: { limits } })
const replace = (total_amount: string, replaces: string) =>
  shop.call('create_payment', { subject: 'Tea', total_amount, replaces })

it('before it is closed, where nobody pressed: what it takes of the day counts as free', async () => {
  const { out_trade_no, pay_url } = await shop.create({ total_amount: '60.00' })
  expect(await replace('100.01', out_trade_no)).toMatchObject({
    error: 'over_limit',
    money: expect.stringContaining(`The old order ${out_trade_no} was not closed.`),
  })
  expect(await shop.press(pay_url)).toBeDefined()
})

it('a sum that fits once the old one is closed is made', async () => {
  const { out_trade_no } = await shop.create({ total_amount: '60.00' })
  expect(await replace('100.00', out_trade_no)).toMatchObject({ total_amount: '100.00' })
})

it('a pressed one stays payable, so it counts, and stays on its page', async () => {
  const { out_trade_no, pay_url } = await shop.create({ total_amount: '60.00' })
  await shop.press(pay_url)
  expect(await replace('60.00', out_trade_no)).toMatchObject({ error: 'over_limit' })
  expect(await shop.press(pay_url)).toBeDefined()
})
