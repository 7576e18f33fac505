// Every page on a phone 360 pixels wide: nothing sticks out, whatever merchants write.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeInChromium, freshPage, launchChromium, PHONE } from '../chromium.ts'
import { AgreementClient, MONTHLY } from '../emulator/agreement-client.ts'
import { codeOrder, mobileOrder, pageOrder, type RawClient, startRaw } from '../emulator/raw-client.ts'

/** Pictures for a person to look at, where a folder is named for them. */
const PICTURES = process.env.PAGE_PICTURES

const LONG = { subject: `${'W'.repeat(120)}很长的商品名称${'茶'.repeat(120)}`, total_amount: '99999999.99' }
const NUMBER = 'N'.repeat(64)
const buyer1 = { account: 'buyer1' }

describeInChromium('at 360 pixels', () => {
  let client: RawClient
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    client = await startRaw()
    browser = await launchChromium()
    ;({ page } = await freshPage(browser, PHONE))
  })
  beforeEach(() => client.control('/reset', {}))
  afterAll(async () => {
    await browser?.close()
    await client.emulator.close()
  })

  const link = (biz: object = LONG) => client.link('alipay.trade.page.pay', pageOrder(NUMBER, biz))
  const mobile = () => client.link('alipay.trade.wap.pay', mobileOrder(NUMBER, LONG))
  const code = async (biz: object = LONG) => String((await client.precreate(codeOrder(NUMBER, biz))).qr_code)

  async function look(address: string, words: string): Promise<void> {
    await page.goto(address)
    await page.getByText(words).first().waitFor({ state: 'visible' })
    const widths = await page.evaluate(`({
      scrolls: document.documentElement.scrollWidth,
      widest: Math.max(...[...document.querySelectorAll('body *')].map((one) => one.getBoundingClientRect().right)),
    })`)
    expect([words, widths]).toStrictEqual([words, { scrolls: PHONE.width, widest: PHONE.width }])
    if (!PICTURES) return
    mkdirSync(PICTURES, { recursive: true })
    await page.screenshot({ path: join(PICTURES, `${words.replace(/\W+/g, '-')}.png`), fullPage: true })
  }

  test('choosing an account, confirming, the receipt', async () => {
    const cashier = client.origin + (await client.cashierOf(link()))
    await look(cashier, 'Choose a test account')
    await client.post(`${new URL(cashier).pathname}/login`, buyer1)
    await look(`${cashier}?account=buyer1`, 'Confirm the payment')
    await client.post(`${new URL(cashier).pathname}/pay`, buyer1)
    await look(cashier, 'Paid by')
  })

  test('the mobile confirmation and the page of a code', async () => {
    await look(mobile(), 'As if the password were entered')
    await look(await code(), 'Choose a test account')
  })

  test('refusals: a dead code, an unknown page, the error page with a long signed text', async () => {
    const qr_code = await code()
    await client.control('/clock', { seconds: 7200 })
    await look(qr_code, 'The payment is not possible')
    await look(`${client.origin}/cashier/none`, 'Page not found')
    const bad = new URL(link())
    bad.searchParams.set('sign', 'eA==')
    await look(bad.href, 'The link cannot be paid')
  })

  test('signing an agreement, the receipt, the wallet, and the overview of agreements', async () => {
    const plan = { ...MONTHLY, single_amount: '99999999.99', total_amount: '99999999.99', total_payments: '9999' }
    const sign_scene = `${'S'.repeat(32)}|${'C'.repeat(31)}`
    const more = { sign_scene, external_logon_id: 'W'.repeat(100), period_rule_params: plan }
    const path = await client.cashierOf(new AgreementClient(client).signLink('N'.repeat(32), more))
    await look(client.origin + path, 'Agree to automatic payments')
    const signed = (await client.post(`${path}/agree`, { account: 'buyer1' })).headers.get('location') ?? ''
    await look(client.origin + signed, 'Go back to the chat')
    const wallet = `${client.origin}/wallet/${new URLSearchParams(signed.split('?')[1]).get('agreement_no')}`
    await look(wallet, 'Automatic payments')
    await look(client.origin, 'Agreements')
    await client.post(`${new URL(wallet).pathname}/unsign`, {})
    await look(wallet, 'Automatic payments were ended')
  })

  test('the overview: empty, and with open links, codes, trades and refunds', async () => {
    await look(client.origin, 'None yet')
    await code()
    await client.open(client.link('alipay.trade.wap.pay', mobileOrder('MOBILE_1')))
    for (const number of ['PAID_1', 'X'.repeat(64)]) {
      const pay_url = client.link('alipay.trade.page.pay', pageOrder(number, LONG))
      expect((await client.control('/pay', { pay_url })).status).toBe(200)
      const out_request_no = `R${'9'.repeat(60)}`
      await client.refund({ out_trade_no: number, refund_amount: '12345678.90', out_request_no })
    }
    await client.control('/scan', { pay_url: client.link('alipay.trade.page.pay', pageOrder('SCANNED_1')) })
    await look(client.origin, 'Open links and codes')
  })
})
