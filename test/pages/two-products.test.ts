// Two products on one number, in a real browser: what the page asks, offers and withholds, and what Alipay then decides.
import { beforeEach, describe, expect, test } from 'vitest'
import { describeInChromium } from '../chromium.ts'
import { control } from '../e2e/hosts.ts'
import { useDesk } from './desk.ts'

describeInChromium('the page of an order', () => {
  const desk = useDesk()
  const { order, status, says, pressesOf, pay, press } = desk

  describe.each(['continued', 'refused'])('a second product on one number, %s at Alipay', (two_products) => {
    beforeEach(async () => {
      await control(desk.emulator, 'rules', { two_products })
    })

    test('asks Alipay first, goes on, and waits elsewhere once the buyer logged in', async () => {
      const { out_trade_no, pay_url } = await order()
      const phone = await desk.buyers.open(pay_url, 'android')
      await pay(phone)
      await phone.waitForURL(/\/cashier\//)
      // As from a page that was open before: whoever looks at it now has Alipay asked.
      const computer = await desk.buyers.open(`${pay_url}/page`, 'computer')
      await says(computer, '正在向支付宝确认…')
      expect(await pressesOf(computer)).toStrictEqual([])
      await computer.waitForURL(/\/cashier\//)
      await press(computer, /继续/)
      await computer.getByRole('heading', { name: /确认付款/ }).waitFor()

      // Both links are out, and Alipay decides.
      const other = await desk.buyers.open(pay_url, 'iphone')
      await pay(other)
      if (two_products === 'refused') await other.getByText('ACQ.CONTEXT_INCONSISTENT').waitFor()
      await press(two_products === 'refused' ? computer : other, /确认付款/)
      await says(await desk.buyers.open(pay_url, 'computer'), '已付款')
      expect(await status(out_trade_no)).toBe('TRADE_SUCCESS')
    })

    test('shows no second one once the buyer logged in, and leads back to the first', async () => {
      const { out_trade_no, pay_url } = await order()
      const computer = await desk.buyers.open(pay_url, 'computer')
      await pay(computer)
      await computer.waitForURL(/\/cashier\//)
      await press(computer, /继续/)
      await computer.getByRole('heading', { name: /确认付款/ }).waitFor()
      const phone = await desk.buyers.open(pay_url, 'iphone')
      await pay(phone)
      await says(phone, '订单正在支付宝等待付款')
      expect(await pressesOf(phone)).toStrictEqual([`${new URL(pay_url).pathname}/page`])
      await phone.getByRole('link', { name: '回到支付宝继续付款' }).click()
      await press(phone, /继续/)
      await press(phone, /确认付款/)
      await says(await desk.buyers.open(pay_url, 'computer'), '已付款')
      expect(await status(out_trade_no)).toBe('TRADE_SUCCESS')
    })
  })
})
