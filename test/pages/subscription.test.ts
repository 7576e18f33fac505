// A subscription in a real browser before the built server: offered in the chat, signed and cancelled on its own page.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { describeInChromium, launchChromium } from '../chromium.ts'
import { control, elsewhere, type Host, newHost } from '../e2e/hosts.ts'
import { Buyers, type DeviceName } from './buyers.ts'

/** One for each test: a second agreement of the same payer and plan is undone. */
const PLANS = ['a', 'b', 'c', 'd'].map((id) => ({
  ...{ id, subject: '每月一信', price: '15.00', period: { months: 1 }, announce: 'own' },
}))

describeInChromium('the page of a subscription', () => {
  let host: Host
  let browser: Browser
  let buyers: Buyers
  let emulator = ''

  beforeAll(async () => {
    const items = join(elsewhere(), 'items.json')
    writeFileSync(items, JSON.stringify({ items: [], plans: PLANS }))
    host = await newHost({ ALIPAY_TOOLSETS: 'payments,subscriptions', ALIPAY_ITEMS_FILE: items })
    browser = await launchChromium()
    const { sign_url } = await offer()
    const response = await fetch(`${sign_url}/page`, { redirect: 'manual' })
    emulator = response.headers.get('location') ?? ''
    const origins = { page: new URL(sign_url).origin, cashier: new URL(emulator).origin }
    buyers = new Buyers(browser, origins, '/s/')
  })
  afterEach(async () => {
    await buyers.leave()
    expect(buyers.faults.splice(0)).toStrictEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await host.close()
  })

  async function offer(plan = 'a') {
    const { sign_url, external_agreement_no } = await host.call('create_subscription', { plan })
    return { sign_url: String(sign_url), external_agreement_no: String(external_agreement_no) }
  }
  const says = (page: Page, heading: string) => page.getByRole('heading', { name: heading }).waitFor()
  const open = (address: string, device: DeviceName = 'computer', habits = {}) => buyers.open(address, device, habits)

  async function signed(plan: string) {
    const made = await offer(plan)
    const page = await open(made.sign_url)
    await page.getByRole('link', { name: '打开支付宝签约' }).click()
    await page.getByRole('button', { name: /同意/ }).first().click()
    return { ...made, page }
  }

  test('is signed in Alipay, and the page turns to active by itself', async () => {
    const { sign_url, page } = await signed('a')
    const other = await open(sign_url, 'android')
    await page.getByRole('link', { name: /返回商家/ }).click()
    await says(page, '订阅生效中')
    expect(page.url()).toBe(sign_url)
    await says(other, '订阅生效中')
    expect(await page.locator('body').innerText()).toContain('取消订阅')
  })

  test.each([
    [true, 'b'],
    [false, 'c'],
  ])('is cancelled there, after a question; with JavaScript: %s', async (javaScriptEnabled, plan) => {
    const { sign_url, external_agreement_no } = await signed(plan)
    const page = await open(sign_url, 'android', { javaScriptEnabled })
    await says(page, '订阅生效中')
    await page.getByRole('link', { name: '取消订阅' }).click()
    await says(page, '要取消这个订阅吗？')
    await page.getByRole('link', { name: '不取消' }).click()
    await says(page, '订阅生效中')
    await page.getByRole('link', { name: '取消订阅' }).click()
    await page.getByRole('button', { name: '确认取消' }).click()
    await says(page, '订阅已结束')
    expect(page.url()).toBe(sign_url)
    expect(await host.call('query_subscription', { external_agreement_no })).toMatchObject({ state: 'ended' })
  })

  test('ended in Alipay: the notification at the gateway address has Alipay asked, and an open page turns', async () => {
    const { sign_url, external_agreement_no, page } = await signed('d')
    await page.getByRole('link', { name: /返回商家/ }).click()
    await says(page, '订阅生效中')
    await control(emulator, 'app', { gateway_url: `${new URL(sign_url).origin}/notify` })
    await control(emulator, 'agreements/unsign', { external_agreement_no })
    await says(page, '订阅已结束')
    expect(await page.locator('body').innerText()).toContain('在支付宝中关闭')
  })

  test('on a phone the press leads to Alipay’s own scheme, which a browser here cannot open', async () => {
    const { sign_url } = await offer()
    const page = await open(sign_url, 'android')
    expect(await page.getByRole('link', { name: '打开支付宝签约' }).getAttribute('href')).toBe(
      `${new URL(sign_url).pathname}/mobile`,
    )
    const agent = await page.evaluate('navigator.userAgent')
    const headers = { 'user-agent': String(agent) }
    const pressed = await fetch(`${sign_url}/mobile`, { redirect: 'manual', headers })
    expect(pressed.headers.get('location')).toMatch(/^alipays:\/\/platformapi\/startapp\?appId=60000157&/)
    await page.getByText('已打开过支付宝').waitFor()
  })
})
