// One short link on every device: the page of an order, the press, the cashier and the way back, in a real browser before
// the built server, which a host started.
import { beforeAll, describe, expect, test } from 'vitest'
import { describeInChromium } from '../chromium.ts'
import { control } from '../e2e/hosts.ts'
import type { DeviceName } from './buyers.ts'
import { TEA, useDesk } from './desk.ts'

describeInChromium('the page of an order', () => {
  const desk = useDesk()
  const { order, status, says, pressesOf, pay, press, back } = desk

  describe('by device', () => {
    let link: { out_trade_no: string; pay_url: string }
    beforeAll(async () => {
      link = await order()
    })

    test.each<[DeviceName, string]>([
      ['android', 'mobile'],
      ['iphone', 'mobile'],
      ['alipay', 'mobile'],
      ['computer', 'page'],
    ])('%s: payee, item, amount, time left, and a press for %s', async (device, product) => {
      const page = await desk.buyers.open(link.pay_url, device)
      await says(page, '付款给 示例商家 Demo shop')
      const text = await page.locator('body').innerText()
      for (const part of [TEA.subject, '1,256.00', '还剩 29 分钟', link.out_trade_no, '本地模拟，不动真钱'])
        expect(text).toContain(part)
      expect(await pressesOf(page)).toStrictEqual([`${new URL(link.pay_url).pathname}/${product}`])
      expect(text.includes('这个链接只能在本机打开')).toBe(device === 'computer')
      const left = await page.locator('#left').innerText()
      await expect.poll(() => page.locator('#left').innerText()).not.toBe(left)
    })

    test('WeChat: the way out of it, and a copy of the link; nothing that leads to Alipay', async () => {
      const page = await desk.buyers.open(link.pay_url, 'wechat')
      await says(page, '请在浏览器中打开本页')
      expect(await page.locator('svg.picture').isVisible()).toBe(true)
      expect(await page.getByRole('link').count()).toBe(0)
      expect(await page.locator('#address').innerText()).toBe(link.pay_url)
      await press(page, /复制链接/)
      await page.getByText('已复制').waitFor()
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(link.pay_url)
    })

    test('in English for who wants English, without a script as with one', async () => {
      for (const javaScriptEnabled of [true, false]) {
        const page = await desk.buyers.open(link.pay_url, 'android', { locale: 'en-GB', javaScriptEnabled })
        await says(page, 'Pay to 示例商家 Demo shop')
        expect(await page.locator('html').getAttribute('lang')).toBe('en')
        expect(await page.getByRole('link', { name: 'Pay with Alipay' }).count()).toBe(1)
      }
    })

    test('nothing of all that opened a cashier', async () => {
      expect(await status(link.out_trade_no)).toBeUndefined()
      expect(await desk.host.call('close_payment', { out_trade_no: link.out_trade_no })).toMatchObject({ closed: true })
    })
  })

  describe('paid', () => {
    test.each<DeviceName>(['android', 'iphone', 'alipay'])(
      'on %s, and back on the page, which says so',
      async (device) => {
        const { out_trade_no, pay_url } = await order()
        const page = await desk.buyers.open(pay_url, device)
        await pay(page)
        await press(page, /确认付款/)
        await back(page)
        await says(page, '已付款')
        expect(page.url()).toBe(pay_url)
        expect(await page.locator('body').innerText()).toContain('可以关闭本页了。')
        expect(await pressesOf(page)).toStrictEqual([])
        expect(await status(out_trade_no)).toBe('TRADE_SUCCESS')
      },
    )

    test('on a computer; other tabs turn to paid by themselves, without a script too', async () => {
      const { pay_url } = await order()
      const page = await desk.buyers.open(pay_url, 'computer')
      const other = await desk.buyers.open(pay_url, 'android')
      const unscripted = await desk.buyers.open(pay_url, 'iphone', { javaScriptEnabled: false })
      await pay(page)
      await press(page, /继续/)
      await press(page, /确认付款/)
      await Promise.all([says(other, '已付款'), says(unscripted, '已付款')])
      await back(page)
      await says(page, '已付款')
    })

    test('and no notification comes: the way back and the open pages have Alipay asked', async () => {
      const { pay_url } = await order()
      await control(desk.emulator, 'notifications/hold', { on: true })
      const page = await desk.buyers.open(pay_url, 'android')
      const other = await desk.buyers.open(pay_url, 'android')
      await pay(page)
      await other.getByText('已打开过支付宝收银台').waitFor()
      await press(page, /确认付款/)
      await back(page)
      await Promise.all([says(page, '已付款'), says(other, '已付款')])
      await control(desk.emulator, 'notifications/hold', { on: false })
    })

    test('by the keyboard alone', async () => {
      const { out_trade_no, pay_url } = await order()
      const page = await desk.buyers.open(pay_url, 'android')
      for (const key of ['Tab', 'Enter']) await page.keyboard.press(key)
      await page.waitForURL(/\/cashier\//)
      for (const key of ['Tab', 'Tab', 'Enter']) await page.keyboard.press(key)
      await page.getByRole('heading', { name: /付款成功/ }).waitFor()
      expect(await status(out_trade_no)).toBe('TRADE_SUCCESS')
    })
  })

  describe('wanted no more', () => {
    /** As by a page that was kept open, or a link that a browser remembered. */
    async function expectNoPress(pay_url: string, heading: string): Promise<void> {
      for (const [device, product] of [
        ['android', 'mobile'],
        ['computer', 'page'],
      ] as const) {
        const page = await desk.buyers.open(`${pay_url}/${product}`, device)
        expect(page.url()).toBe(pay_url)
        await says(page, heading)
        expect(await pressesOf(page)).toStrictEqual([])
      }
    }

    test('closed before a press: an open page turns to it, and nobody can pay it', async () => {
      const { out_trade_no, pay_url } = await order()
      const page = await desk.buyers.open(pay_url, 'android')
      expect(await desk.host.call('close_payment', { out_trade_no })).toMatchObject({ closed: true })
      await says(page, '订单已关闭')
      expect(await page.locator('body').innerText()).toContain('这笔订单不能再付款。')
      await expectNoPress(pay_url, '订单已关闭')
    })

    test('closed after a press, before a login: withdrawn, and until when that cashier can be paid', async () => {
      const { out_trade_no, pay_url } = await order()
      const page = await desk.buyers.open(pay_url, 'android')
      await pay(page)
      await desk.host.call('close_payment', { out_trade_no })
      await expectNoPress(pay_url, '商家已撤回这笔收款')
      const other = await desk.buyers.open(pay_url, 'computer')
      expect(await other.locator('body').innerText()).toMatch(
        /\d\d:\d\d 打开的支付宝收银台，在 \d\d:\d\d\S* 之前仍然可以付款。请不要在那里付款。/,
      )
      // It is so.
      await press(page, /确认付款/)
      await back(page)
      await says(page, '已付款')
    })

    test('closed by Alipay while the buyer is at the cashier', async () => {
      const { out_trade_no, pay_url } = await order()
      const page = await desk.buyers.open(pay_url, 'computer')
      await pay(page)
      await press(page, /继续/)
      expect(await desk.host.call('close_payment', { out_trade_no })).toMatchObject({ closed: true })
      await expectNoPress(pay_url, '订单已关闭')
    })

    test('replaced: the old page asks for the new link', async () => {
      const { out_trade_no, pay_url } = await order()
      const page = await desk.buyers.open(pay_url, 'iphone')
      const next = await order({ total_amount: '999.00', replaces: out_trade_no })
      await says(page, '价格或订单内容已变更')
      expect(await page.locator('body').innerText()).toContain('请向商家要新的付款链接。')
      await expectNoPress(pay_url, '价格或订单内容已变更')
      const other = await desk.buyers.open(next.pay_url, 'iphone')
      expect(await other.locator('.amount').innerText()).toContain('999.00')
    })
  })
})
