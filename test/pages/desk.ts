// A built server with a real browser before it: orders with pages, buyers who come to them, and what they press.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { launchChromium } from '../chromium.ts'
import { cashierLink, control, type Host, newHost } from '../e2e/hosts.ts'
import { Buyers } from './buyers.ts'

export const TEA = { subject: '明前龙井茶 2 盒', total_amount: '1256.00' }

/** Opened before the tests of the group that calls it, and closed after them; no buyer may have seen a fault. */
export function useDesk() {
  let browser: Browser | undefined
  const order = async (more: object = {}): Promise<{ out_trade_no: string; pay_url: string }> => {
    const { out_trade_no, pay_url } = await desk.host.call('create_payment', { ...TEA, ...more })
    return { out_trade_no: String(out_trade_no), pay_url: String(pay_url) }
  }
  const desk = {
    host: undefined as unknown as Host,
    buyers: undefined as unknown as Buyers,
    /** Any address of the emulator. */
    emulator: '',
    order,
    status: async (out_trade_no: string) => (await desk.host.call('query_payment', { out_trade_no })).trade_status,
    says: (page: Page, heading: string) => page.getByRole('heading', { name: heading }).waitFor(),
    pressesOf: (page: Page) =>
      page.locator('a[href^="/p/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
    pay: (page: Page) => page.getByRole('link', { name: /打开支付宝付款|用支付宝付款/ }).click(),
    press: (page: Page, name: RegExp) => page.getByRole('button', { name }).click(),
    back: (page: Page) => page.getByRole('link', { name: /返回商家/ }).click(),
  }
  beforeAll(async () => {
    desk.host = await newHost()
    browser = await launchChromium()
    const { pay_url } = await order()
    desk.emulator = await cashierLink(pay_url)
    const origins = { page: new URL(pay_url).origin, cashier: new URL(desk.emulator).origin }
    desk.buyers = new Buyers(browser, origins)
  })
  beforeEach(async () => {
    await control(desk.emulator, 'rules', { two_products: 'continued' })
  })
  afterEach(async () => {
    await desk.buyers.leave()
    expect(desk.buyers.faults.splice(0)).toStrictEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await desk.host.close()
  })
  return desk
}
