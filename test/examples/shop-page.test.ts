// The chat of the shop's example in a real browser: from the question to the code, by keyboard, in both themes and widths.
import { createRequire } from 'node:module'
import axe, { type AxeResults } from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { DESKTOP, describeInChromium, launchChromium } from '../chromium.ts'
import { requireInstalled, SHOP, ShopProcess } from './shop-process.ts'

const jsqr: (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null = createRequire(
  import.meta.url,
)('jsqr')

const LONG = 60_000
const LINK = 'https://pay.example.com/p/39vdQdqA3X1Hy6ld3cBzJb'
const NUMBER = '20261130203030667000000000000000a'
const MARKUP = '<b>茶</b><img src=x onerror=document.title=1> [pay](http://evil.example/p) http://evil.example/p'
const VIEWS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [390, 1280].map((width) => ({ colorScheme, width })),
)

describeInChromium('the chat in a browser', { timeout: LONG }, () => {
  let shop: ShopProcess
  let address: string
  let browser: Browser
  let context: BrowserContext

  beforeAll(async () => {
    requireInstalled()
    shop = new ShopProcess()
    browser = await launchChromium()
    address = await shop.address()
  })
  afterEach(() => context?.close())
  afterAll(async () => {
    await browser?.close()
    await shop?.end()
  })

  async function visit(options: { locale?: string; width?: number } = {}): Promise<Page> {
    const { locale = 'zh-CN', width = DESKTOP.width } = options
    context = await browser.newContext({ locale, viewport: { ...DESKTOP, width } })
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    return page
  }

  const type = async (page: Page, text: string) => {
    await page.keyboard.type(text)
    await page.keyboard.press('Enter')
  }

  /** What the server would tell, without a server. */
  async function showing(page: Page, entries: readonly object[]): Promise<void> {
    const body = `retry: 600000\ndata: ${JSON.stringify({ type: 'all', entries, isBusy: false })}\n\n`
    await page.route('**/events', (route) => route.fulfill({ contentType: 'text/event-stream', body }))
    await page.goto(`${address}/`)
    await page.locator('#log li').first().waitFor()
  }

  test('a code: asked for, paid in another tab, and there by itself, with the keyboard alone', async () => {
    const page = await visit()
    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(`${address}/`)
    await page.getByRole('textbox', { name: '输入消息' }).focus()
    await type(page, '买一个入场码')
    const button = page.getByRole('link', { name: /付款 ¥15\.00.*在新标签页打开/ })
    await button.focus()
    const [cashier] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('Enter')])
    cashier.setDefaultTimeout(10_000)
    expect(await cashier.evaluate('[window.opener, document.referrer]')).toStrictEqual([null, ''])
    await cashier.locator('a.button').first().click()
    await cashier.getByRole('button', { name: /Continue/ }).click()
    await cashier.getByRole('button', { name: /Pay/ }).click()
    await page.getByText(/^DEMO-\w{4}-\w{4}$/).waitFor()
    expect(await page.locator('.order .state').innerText()).toBe('已付款，已交付')
    expect(await button.count()).toBe(0)
    await page.locator('.text', { hasText: '您购买的内容在上面的方框里' }).waitFor()
    await page.locator('#writing').waitFor({ state: 'hidden' })
    expect(await page.locator('#spoken').textContent()).toContain('助手: 谢谢')
    const shown = await page.locator('#log').innerText()
    expect(shown.match(/AI 生成/g)).toHaveLength(await page.locator('li.assistant').count())
    await page.reload()
    await page.getByText(/^DEMO-/).waitFor()
    expect(await page.locator('#log').innerText()).toBe(shown)
    expect(requests.filter((url) => !url.startsWith(`${address}/`) && !url.startsWith('data:'))).toStrictEqual([])
    expect(await page.evaluate('document.cookie')).toBe('')
  })

  test('a subscription: asked for, signed in another tab, active by itself, and cancelled', async () => {
    const page = await visit({ width: 390 })
    await page.goto(`${address}/`)
    await page.getByRole('button', { name: '订阅每周茶信' }).click()
    const card = page.locator('li.subscription')
    expect((await card.innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /^待签约 每周茶信.*¥6\.00 每 7 天 订阅号 .*自动续费。可以随时取消/,
    )
    const button = card.getByRole('link', { name: /打开支付宝签约.*在新标签页打开/ })
    const [tab] = await Promise.all([context.waitForEvent('page'), button.click()])
    tab.setDefaultTimeout(10_000)
    expect(await tab.evaluate('[window.opener, document.referrer]')).toStrictEqual([null, ''])
    await tab.getByRole('link', { name: '打开支付宝签约' }).click()
    await tab.getByRole('button', { name: /同意协议并开通/ }).click()
    await card.getByText('生效中').waitFor()
    await page.getByText('签约成功，订阅已生效。').first().waitFor()
    const own = await card.getByRole('link', { name: /在订阅页查看或取消/ }).getAttribute('href')
    expect(own).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/s\/\w{22}$/)
    await page.locator('#writing').waitFor({ state: 'hidden' })
    await page.evaluate(axe.source)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(((await page.evaluate('axe.run()')) as AxeResults).violations).toStrictEqual([])
    }
    await page.getByRole('textbox').focus()
    await type(page, '取消订阅')
    await card.getByText('已结束，不再扣款').waitFor()
    expect(await card.locator('a').count()).toBe(0)
  })

  test('whatever a model, a buyer or an item says is text, and the only links are those of the order and the subscription', async () => {
    const page = await visit({ locale: 'en-US' })
    const order = {
      kind: 'order',
      number: NUMBER,
      amount: '9.90',
      state: 'open',
      until: '2026-11-30 21:00',
      link: LINK,
    }
    const subscription = { ...order, kind: 'subscription', state: 'live', next: '2026-12-02' }
    await showing(page, [
      { id: 1, kind: 'buyer', text: MARKUP },
      { id: 2, kind: 'assistant', text: MARKUP },
      { id: 3, ...order, subject: MARKUP, policy: MARKUP },
      { id: 5, ...subscription, subject: MARKUP, period_zh: MARKUP, period: MARKUP },
      { id: 4, kind: 'goods', number: NUMBER, codes: [MARKUP], text: MARKUP },
    ])
    expect(await page.getByText(MARKUP, { exact: true }).count()).toBe(8)
    expect(await page.locator('#log b, #log img').count()).toBe(0)
    const links = await page.locator('#log a').evaluateAll((all) => all.map((one) => one.getAttribute('href')))
    expect([links, await page.title()]).toStrictEqual([[LINK, LINK], 'Tea shop'])
  })

  test('a link that opens elsewhere has a code, in the dark too, which leads to it', async () => {
    const { cardOf } = await import(new URL('order-card.js', SHOP).href)
    const card = cardOf({ number: NUMBER, subject: '茶', amount: '9.90', state: 'open', link: LINK })
    const page = await visit({ width: 390 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await showing(page, [{ id: 1, ...card }])
    const { data, width, height } = PNG.sync.read(
      await page.getByRole('img', { name: '付款页的二维码' }).screenshot({ scale: 'device' }),
    )
    expect(jsqr(new Uint8ClampedArray(data), width, height)?.data).toBe(LINK)
    expect(cardOf({ ...card, link: 'http://127.0.0.1:8421/p/39vdQdqA3X1Hy6ld3cBzJb' }).code).toBeUndefined()
  })

  test.each(['en-US', 'zh-CN'])(
    'reads well in %s: contrast, names, languages, and nothing that sticks out',
    async (locale) => {
      const page = await visit({ locale })
      await page.goto(`${address}/`)
      await page.getByRole('textbox').focus()
      await type(page, locale === 'zh-CN' ? '买三个入场码' : 'three ticket codes')
      await page.locator('.order a').waitFor()
      await page.locator('#writing').waitFor({ state: 'hidden' })
      await page.evaluate(axe.source)
      for (const { colorScheme, width } of VIEWS) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ ...DESKTOP, width })
        const { violations } = (await page.evaluate('axe.run()')) as AxeResults
        const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
        expect([colorScheme, width, ...found]).toStrictEqual([colorScheme, width])
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      }
    },
  )

  test('says why a message is not taken, and keeps what was written', async () => {
    const page = await visit({ locale: 'en-US' })
    await page.goto(`${address}/`)
    await page.getByRole('textbox').focus()
    await context.setOffline(true)
    await type(page, 'hello')
    await page.getByText('The message was not sent.').waitFor()
    expect(await page.getByRole('textbox').inputValue()).toBe('hello')
    await context.setOffline(false)
    await context.clearCookies()
    await page.keyboard.press('Enter')
    await page.getByText('This page is out of date. Load it again.').waitFor()
  })
})
