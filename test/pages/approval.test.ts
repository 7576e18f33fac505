// The merchant decides about a refund in a real browser, and nobody's web page can do it for them.
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
const FACTS = {
  subject: '龙井茶两盒 Longjing tea',
  buyer_logon_id: '159****0000',
  send_pay_date: '2026-11-22 18:00:00',
  total_amount: '1100.00',
  refunded: '20.00',
  left: '1050.00',
  host: 'Claude Desktop 1.2',
  refund_reason: '少了一盒 one box is missing',
}
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
    world.facts = { ...FACTS, ...facts }
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
    for (const text of ['真实资金', 'Real money', '是否同意退款？', 'Approve this refund?', '¥30.00']) await shows(text)
    const size = await page.evaluate(`parseFloat(getComputedStyle(document.querySelector('.amount')).fontSize)`)
    expect(size).toBeGreaterThanOrEqual(40)
    expect(await page.locator('dd').allTextContents()).toStrictEqual([
      '龙井茶两盒 Longjing tea',
      '159****0000',
      '2026-11-22 18:00:00',
      '¥1,100.00',
      '¥20.00',
      '¥1,050.00',
      'T1',
    ])
    expect(await page.locator('.words p').allTextContents()).toStrictEqual([FACTS.host, FACTS.refund_reason])
    await shows("Reason, in the assistant's words")
    // Each fact stands there once.
    const all = await page.locator('body').innerText()
    for (const fact of ['30.00', '真实资金', FACTS.host, '1,100.00']) expect(all.split(fact)).toHaveLength(2)
    await look('production')
    await press(/同意退款 Yes, refund/)
    await shows('已同意退款')
    expect(await page.locator('.mark').getAttribute('class')).toBe('mark yes')
    await look('approved')
    expect(await new RawHost(server).call(REQUEST)).toMatchObject({ message: 'done' })
    expect(allowed).toMatchObject([{ how: 'operator', id: 1 }])
    expect(complaints).toStrictEqual([])
    expect(requests.every((url) => url === server.pages[0])).toBe(true)
  })

  test.each([
    ['no', 1, '已拒绝，不退款', 'denied'],
    ['yes', 2, '已同意退款', 'approved'],
  ] as const)('%s is a press, by keyboard alone, too', async (_, tabs, words, decided) => {
    await page.goto(await ask())
    for (let tab = 1; tab <= tabs; tab++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await shows(words)
    expect(await state()).toBe(decided)
  })

  test('both answers are as large and look the same', async () => {
    await page.goto(await ask({ environment: 'production' }))
    const looks = await page.evaluate(`[...document.querySelectorAll('button')].map((button) => {
      const { width, height } = button.getBoundingClientRect()
      const { color, backgroundColor, borderColor, borderWidth, fontSize, fontWeight } = getComputedStyle(button)
      return { width, height, color, backgroundColor, borderColor, borderWidth, fontSize, fontWeight }
    })`)
    const [no, yes] = looks as object[]
    expect(yes).toStrictEqual(no)
    expect(yes).toMatchObject({ borderColor: 'rgb(179, 38, 30)', borderWidth: '2px' })
  })

  test('going back from a no brings no second choice', async () => {
    await page.goto(await ask())
    await press(/No/)
    await shows('已拒绝，不退款')
    expect(await page.locator('.mark').getAttribute('class')).toBe('mark no')
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
    const words = { subject: SUBJECT, refund_reason: `<i>${'W'.repeat(300)}`, host: `<script>${'H'.repeat(60)}` }
    const money = { total_amount: '100000000.00', left: '99999970.00' }
    const facts = { ...words, ...money, out_trade_no: 'N'.repeat(64), further: true, earlier: EARLIER }
    await page.goto(await ask({ environment: 'sandbox' }, facts))
    await shows('<b>两盒龙井茶 & 茶杯</b> "gift" 金额 Refund: ¥0.01')
    await shows('如果此后已手工退款，这笔款会退两次')
    await shows('支付宝沙箱，不动真钱')
    await shows(`<i>${'W'.repeat(100)}`)
    expect(await page.locator('b, i, script, img').count()).toBe(0)
    await look(`warnings-${name}`)
    await press(/No/)
    await shows('已拒绝，不退款')
    await look(`denied-${name}`)
  })

  test('whoever comes late, or while all is frozen, reads so', async () => {
    await page.goto(await ask())
    const actor = { at: server.clock.now(), owner: 'person', host: 'terminal' }
    await server.ledger.freeze('theft', actor)
    await press(/Yes/)
    await shows('已冻结，未作决定')
    await look('frozen')
    await page.getByRole('link', { name: 'Back to the question' }).click()
    await shows('Approve this refund?')
    server.clock.advance(15 * 60_000)
    await page.goto(server.pages[0] ?? '')
    await shows('已过期，没有退款')
    await look('expired')
    expect(await state()).toBe('asked')
  })

  test('a page that nobody answers says by itself that the question has expired', async () => {
    const url = await ask()
    const [{ expires_at } = { expires_at: 0 }] = await server.ledger.approvals({})
    server.clock.advance(expires_at - server.clock.now() - 3_000)
    await page.goto(url)
    await shows('Approve this refund?')
    server.clock.advance(3_000)
    await shows('Expired: nothing was refunded')
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
