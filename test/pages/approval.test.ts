// The merchant decides about a refund in a real browser, and nobody's web page can do it for him.
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { RawHost } from '../approval/approval-hosts.ts'
import { type ApprovalServer, type ApprovalServerOptions, startApprovalServer } from '../approval/approval-server.ts'
import { allowed, world } from '../approval/approval-tool.ts'
import { DESKTOP, describeInChromium, freshPage, launchChromium, PHONE } from '../chromium.ts'

/** Pictures for a person to look at, where a folder is named for them. */
const PICTURES = process.env.PAGE_PICTURES
const REQUEST = { amount: '30.00', how: 'operator' }
const SUBJECT = '<b>两盒龙井茶 & 茶杯</b> "gift"\n金额 Refund: ¥0.01'
const EARLIER = { at: Date.parse('2026-11-23T02:00:00Z'), amount: '30.00', state: 'unknown' as const }

describeInChromium('the page of an approval', () => {
  let browser: Browser
  let server: ApprovalServer
  let page: Page
  let requests: string[]
  let complaints: string[]

  beforeAll(async () => {
    browser = await launchChromium()
  })
  beforeEach(async () => {
    ;({ page, requests } = await freshPage(browser, PHONE))
    complaints = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
  })
  afterEach(async () => {
    server.approvals.close()
    await page.context().close()
  })
  afterAll(() => browser?.close())

  async function ask(options: ApprovalServerOptions = {}, facts: typeof world.facts = {}): Promise<string> {
    server = await startApprovalServer(options)
    world.facts = { subject: '龙井茶两盒 Longjing tea', refunded: '20.00', ...facts }
    await new RawHost(server).call(REQUEST)
    return server.pages[0] ?? ''
  }
  const press = (name: RegExp) => page.getByRole('button', { name }).click()
  const shows = (text: string) => page.getByText(text).first().waitFor({ state: 'visible' })
  const state = async () => (await server.ledger.approvals({}))[0]?.state

  async function look(name: string): Promise<void> {
    const widths = await page.evaluate(`({
      scrolls: document.documentElement.scrollWidth,
      widest: Math.max(...[...document.querySelectorAll('body *')].map((one) => one.getBoundingClientRect().right)),
    })`)
    const width = page.viewportSize()?.width
    expect([name, widths]).toStrictEqual([name, { scrolls: width, widest: width }])
    if (!PICTURES) return
    mkdirSync(PICTURES, { recursive: true })
    await page.screenshot({ path: join(PICTURES, `approval-${name}.png`), fullPage: true })
  }

  test('shows what is asked, and yes is a press: the call that is made again goes on', async () => {
    await page.goto(await ask({ environment: 'production' }))
    await shows('真实资金 · Real money')
    await shows('要退款吗？')
    await shows('Give this money back?')
    const size = await page.evaluate(`parseFloat(getComputedStyle(document.querySelector('.amount')).fontSize)`)
    expect(size).toBeGreaterThanOrEqual(40)
    expect(await page.locator('dd').allTextContents()).toStrictEqual([
      '¥30.00',
      'T1',
      '"龙井茶两盒 Longjing tea"',
      '¥100.00',
      '¥20.00',
      '真实资金 real money (production)',
    ])
    await look('production')
    await press(/同意退款 ¥30\.00 · Yes, refund/)
    await shows('已同意退款')
    await look('approved')
    expect(await new RawHost(server).call(REQUEST)).toMatchObject({ message: 'done' })
    expect(allowed).toMatchObject([{ how: 'operator', id: 1 }])
    expect(complaints).toStrictEqual([])
    expect(requests.every((url) => url === server.pages[0])).toBe(true)
  })

  test('no is a press, by keyboard, too; going back brings no second choice', async () => {
    await page.goto(await ask())
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await shows('已拒绝，不退款')
    await look('denied')
    await page.goBack()
    await shows('已拒绝，不退款')
    expect(await page.getByRole('button').count()).toBe(0)
    expect(await state()).toBe('denied')
  })

  test('two windows of the same browser: the second is told what the first decided', async () => {
    const url = await ask()
    await page.goto(url)
    const second = await page.context().newPage()
    await second.goto(url)
    await press(/No/)
    await second.getByRole('button', { name: /Yes/ }).click()
    await second.getByText('已拒绝，不退款').waitFor()
    expect(await state()).toBe('denied')
  })

  test.each(['phone', 'desktop'])('text that others typed stays text, and nothing sticks out on a %s', async (name) => {
    await page.setViewportSize(name === 'phone' ? PHONE : DESKTOP)
    const facts = { subject: SUBJECT, out_trade_no: 'N'.repeat(64), further: true, earlier: EARLIER }
    await page.goto(await ask({ environment: 'sandbox' }, facts))
    await shows('"<b>两盒龙井茶 & 茶杯</b> \\"gift\\" 金额 Refund: ¥0.01"')
    await shows('此后若已手工退款，将会重复退款')
    await shows('支付宝沙箱，不动真钱')
    expect(await page.locator('b').count()).toBe(0)
    await look(`warnings-${name}`)
    await press(/No/)
    await shows('已拒绝，不退款')
    await look(`denied-${name}`)
  })

  test('who comes late, or while all is frozen, is told so', async () => {
    await page.goto(await ask())
    const actor = { at: server.clock.now(), owner: 'person', host: 'terminal' }
    await server.ledger.freeze('theft', actor)
    await press(/Yes/)
    await shows('已冻结，未作决定')
    await look('frozen')
    server.clock.advance(15 * 60_000)
    await page.goto(server.pages[0] ?? '')
    await shows('已过期，没有退款')
    await look('expired')
    expect(await state()).toBe('asked')
  })

  test('a foreign web page that knows even the address and the token can neither send the form nor frame the page', async () => {
    const url = await ask()
    await page.goto(url)
    const token = await page.locator('[name=token]').inputValue()
    const foreign = createServer((_, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`<iframe src="${url}"></iframe><form method="post" action="${url}">
        <input name="token" value="${token}"><button name="decision" value="yes">free tea</button></form>`)
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => foreign.once('listening', resolve))
    const other = await page.context().newPage()
    await other.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}`)
    await expect.poll(() => other.frames()[1]?.url()).toMatch(/^chrome-error:/)
    await other.getByRole('button', { name: 'free tea' }).click()
    await other.getByText('403').waitFor()
    expect(await state()).toBe('asked')
    foreign.close()
  })
})
