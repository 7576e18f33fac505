// A person pays at the cashier: by mouse and by keyboard, from a link and from a code, in a real browser.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { DESKTOP, describeInChromium, freshPage, launchChromium } from '../chromium.ts'
import { codeOrder, mobileOrder, type Params, pageOrder, type RawClient, startRaw } from '../emulator/raw-client.ts'

const RETURN_URL = 'https://merchant.example/return?shop=7'

describeInChromium('the cashier', () => {
  let client: RawClient
  let browser: Browser
  let page: Page
  let requests: string[]

  beforeAll(async () => {
    client = await startRaw()
    browser = await launchChromium()
  })
  beforeEach(async () => {
    await client.control('/reset', {})
    ;({ page, requests } = await freshPage(browser, DESKTOP))
    await page.route('https://merchant.example/**', (route) => route.fulfill({ body: 'merchant' }))
  })
  afterEach(async () => {
    const foreign = requests.filter((url) => !url.startsWith(`${client.origin}/`))
    expect(foreign.filter((url) => !url.startsWith('https://merchant.example/'))).toStrictEqual([])
    await page.context().close()
  })
  afterAll(async () => {
    await browser?.close()
    await client.emulator.close()
  })

  const link = (biz: object = {}) =>
    client.link('alipay.trade.page.pay', pageOrder('B', biz), { return_url: RETURN_URL })
  const mobile = (biz: object = {}) => client.link('alipay.trade.wap.pay', mobileOrder('B', biz))
  const code = async (biz: object = {}) => String((await client.precreate(codeOrder('B', biz))).qr_code)
  const status = async () => (await client.query('B')).trade_status
  const press = (name: RegExp) => page.getByRole('button', { name }).click()
  /** What a person can read now. */
  const shows = async (...texts: string[]) => {
    for (const text of texts) await page.getByText(text).first().waitFor({ state: 'visible' })
  }

  test('a page order: choose an account, continue, confirm, receipt', async () => {
    await page.goto(link())
    await shows(
      '选择测试账号',
      'Choose a test account',
      '本地模拟，非真实付款',
      'Local emulator, no real money',
      '¥20.00',
    )
    await page.getByText('Test buyer 2').click()
    await press(/继续 Continue/)
    await shows('确认付款', 'Confirm the payment', 'Test buyer 2', '测试买家二')
    expect(await status()).toBe('WAIT_BUYER_PAY')
    await press(/确认付款 Pay/)
    await shows(
      '付款成功',
      'Paid',
      '159****0000',
      '测试订单',
      '请回到与助手的对话',
      'Go back to the chat',
      'Back to the merchant',
    )
    expect(await client.query('B')).toMatchObject({
      trade_status: 'TRADE_SUCCESS',
      buyer_logon_id: '159****0000',
    })
    expect(requests.length).toBeGreaterThan(3)
  })

  test('the way back to the merchant arrives there with the parameters that Alipay signed', async () => {
    await page.goto(link())
    await press(/Continue/)
    await press(/Pay/)
    await page.getByRole('link', { name: /Back to the merchant/ }).click()
    await page.waitForURL('https://merchant.example/**')
    const { shop, sign = '', sign_type, ...fields }: Params = Object.fromEntries(new URL(page.url()).searchParams)
    expect([shop, sign_type]).toStrictEqual(['7', 'RSA2'])
    expect(fields).toMatchObject({ out_trade_no: 'B', total_amount: '20.00', app_id: client.emulator.app_id })
    expect(fields).not.toHaveProperty('trade_status')
    const text = (changed: Params) =>
      Object.entries({ ...fields, ...changed })
        .sort()
        .map((pair) => pair.join('='))
        .join('&')
    expect(client.alipayVerifies(text({}), sign)).toBe(true)
    expect(client.alipayVerifies(text({ total_amount: '0.01' }), sign)).toBe(false)
  })

  test('a mobile order: one confirmation creates and pays it', async () => {
    await page.goto(mobile())
    await shows('确认付款', 'Confirm the payment', 'As if the password were entered')
    expect(await status()).toBeUndefined()
    await press(/确认付款/)
    await shows('付款成功', 'abc***@sandbox.com')
    expect(await status()).toBe('TRADE_SUCCESS')
    expect(await page.locator('main').getByRole('link').count()).toBe(0)
  })

  test('a code: opening its text is the scan, then as for a page order', async () => {
    const qr_code = await code()
    await page.goto(qr_code)
    await shows('选择测试账号', 'Choose a test account')
    await press(/Continue/)
    expect(await status()).toBe('WAIT_BUYER_PAY')
    await press(/Pay/)
    await shows('付款成功', 'Paid')
    expect(page.url()).toBe(qr_code)
    expect(await status()).toBe('TRADE_SUCCESS')
  })

  test('from the overview: an open code is listed with its cashier, and once paid as a trade', async () => {
    await code()
    await page.goto(client.origin)
    await shows('待付款', 'Open links and codes', '二维码')
    await page.getByRole('link', { name: '付款 Pay B' }).click()
    await press(/Continue/)
    await press(/Pay/)
    await shows('付款成功')
    await page.goto(client.origin)
    await shows('已付款 TRADE_SUCCESS', 'Trades', 'Refunds')
    expect(await page.getByRole('link', { name: '付款 Pay B' }).count()).toBe(0)
  })

  test('the keyboard alone is enough: Tab, arrows and Enter', async () => {
    await page.goto(link())
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await shows('Confirm the payment', 'Test buyer 2')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await shows('付款成功')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL('https://merchant.example/**')
    expect(await status()).toBe('TRADE_SUCCESS')
  })

  test('the overview refreshes itself, keeps the focus, and a refund by hand takes the keyboard alone', async () => {
    await client.paid('A', '1234.50')
    await page.goto(client.origin)
    await shows('¥1,234.50', 'Open links and codes')
    const refund = page.getByRole('link', { name: '退款 Refund A' })
    await refund.focus()
    await client.paid('B2')
    await page.getByRole('link', { name: '退款 Refund B2' }).waitFor()
    expect(await page.evaluate(`document.activeElement.getAttribute('aria-label')`)).toBe('退款 Refund A')
    await page.keyboard.press('Enter')
    await shows('Refund by hand')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('34.50')
    await page.keyboard.press('Enter')
    await shows('by hand', '¥34.50')
    expect(await client.trades()).toMatchObject({ refunded: '34.50' })
  })

  test('amounts on the overview stand under each other, and no number breaks', async () => {
    await client.paid('2026112010000000a1b2c3d4e5f6071', '1234.50')
    await client.paid('B2')
    await page.goto(client.origin)
    await shows('¥1,234.50')
    const looks = (await page.evaluate(`[...document.querySelectorAll('td.right .money')].map((one) => ({
      right: one.getBoundingClientRect().right,
      lines: one.getClientRects().length,
      figures: getComputedStyle(one).fontVariantNumeric,
    }))`)) as { right: number }[]
    expect(looks).toHaveLength(4)
    for (const look of looks) expect(look).toMatchObject({ lines: 1, figures: 'tabular-nums' })
    expect(looks[0]?.right).toBe(looks[2]?.right)
    expect(looks[1]?.right).toBe(looks[3]?.right)
    const lines = `[...document.querySelectorAll('.whole')].map((one) => one.getClientRects().length)`
    expect(new Set((await page.evaluate(lines)) as number[])).toStrictEqual(new Set([1]))
    expect(await page.locator('tr').nth(1).locator('td').first().innerText()).toBe('测试订单')
  })

  test('the overview says when the emulator has stopped', async () => {
    const other = await startRaw()
    await page.goto(other.origin)
    requests.length = 0
    await shows('Trades')
    expect(await page.locator('#stopped').isVisible()).toBe(false)
    await other.emulator.close()
    await shows('The emulator does not answer')
    requests.length = 0
  })

  test('where the focus is can be seen', async () => {
    await page.goto(link())
    for (const focused of ['label:has(:focus-visible)', 'button:focus-visible']) {
      await page.keyboard.press('Tab')
      const style = await page.evaluate(`getComputedStyle(document.querySelector('${focused}')).outlineStyle`)
      expect([focused, style]).toStrictEqual([focused, 'solid'])
    }
  })

  test('a refused step names its code in both languages and leads back to the cashier', async () => {
    await page.goto(mobile())
    await page.getByText('Buyer without balance').click()
    await press(/确认付款/)
    await shows('无法付款', 'The payment is not possible', 'ACQ.BUYER_BALANCE_NOT_ENOUGH', '买家余额不足')
    await page.getByRole('link', { name: /返回上一步 Back/ }).click()
    await shows('Confirm the payment')
    await client.call('alipay.trade.close', { out_trade_no: 'B' })
    await page.reload()
    await shows('ACQ.TRADE_HAS_CLOSE', '交易已经关闭', 'go back to the chat and ask for a new link')
    expect(await page.locator('main').getByRole('link').count()).toBe(0)
  })

  test('markup in a subject is text on every screen, and nothing of it runs', async () => {
    // What Alipay takes in a subject: no `=`, no `/`, but angle brackets.
    const subject = `<b>茶<img src onerror>'a"<script>document.title.big()`
    const titles = [
      '收银台 Cashier',
      '确认付款 Confirm the payment',
      '付款成功 Paid',
      '支付宝本地模拟器 Alipay emulator',
    ]
    const seen = async () => {
      await page.getByText(subject).first().waitFor({ state: 'visible' })
      expect(await page.locator('b, img, main script').count()).toBe(0)
      expect(titles.map((title) => `${title} · alipay-mcp`)).toContain(await page.title())
    }
    await page.goto(link({ subject }))
    await seen()
    await press(/Continue/)
    await seen()
    await page.goto(client.origin)
    await seen()
    await page.goBack()
    await press(/Pay/)
    await seen()
  })

  test('a link that cannot be paid shows the GBK error page as text, in both languages', async () => {
    const bad = new URL(link({ subject: '<b>茶</b>'.replaceAll('/', '') }))
    bad.searchParams.set('sign', 'eA==')
    await page.goto(bad.href)
    await shows('调试错误，请回到请求来源地，重新发起请求。错误代码 invalid-signature', 'The link cannot be paid')
    expect(await page.locator('b').count()).toBe(0)
  })
})
