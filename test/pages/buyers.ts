// Buyers with the devices that they hold, each a context of its own in a real browser, and what none of their pages may do.
import type { Browser, BrowserContext, Page } from 'playwright-core'

const IN_ANDROID = 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)'
const IN_IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'

export const AGENTS = {
  android: `${IN_ANDROID} Chrome/126.0.0.0 Mobile Safari/537.36`,
  iphone: `${IN_IPHONE} Version/17.5 Mobile/15E148 Safari/604.1`,
  computer:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  wechat: `${IN_ANDROID} Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.49.2600(0x28003133) NetType/WIFI Language/zh_CN`,
  alipay: `${IN_IPHONE} Mobile/15E148 NebulaSDK/1.8.100112 Nebula AlipayDefined(nt:WIFI,ws:390|764|3.0) AliApp(AP/10.6.10) AlipayClient/10.6.10 Language/zh-Hans`,
}
export type DeviceName = keyof typeof AGENTS

export interface Habits {
  locale?: string
  javaScriptEnabled?: boolean
}

export class Buyers {
  readonly #browser: Browser
  /** Of the pages of orders, and of the cashiers, where a press leads. */
  readonly #origins: Readonly<Record<'page' | 'cashier', string>>
  readonly #folder: string
  readonly #contexts: BrowserContext[] = []
  readonly #looks: Promise<void>[] = []
  #isLeaving = false
  /** Whatever a page of an order asked for, or complained of, that it may not. */
  readonly faults: string[] = []

  /** @param folder of the pages, below their origin */
  constructor(browser: Browser, origins: Readonly<Record<'page' | 'cashier', string>>, folder = '/p/') {
    this.#browser = browser
    this.#folder = folder
    this.#origins = origins
  }

  async open(address: string, device: DeviceName, { locale = 'zh-CN', ...habits }: Habits = {}): Promise<Page> {
    const onPhone = device !== 'computer'
    const context = await this.#browser.newContext({
      ...habits,
      locale,
      userAgent: AGENTS[device],
      viewport: onPhone ? { width: 390, height: 760 } : { width: 1280, height: 800 },
      hasTouch: onPhone,
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    this.#contexts.push(context)
    this.#watch(context)
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    await page.goto(address)
    return page
  }

  #watch(context: BrowserContext): void {
    const { page, cashier } = this.#origins
    context.on('request', (request) => {
      const url = request.url()
      const isOwn = url.startsWith(page + this.#folder)
      const isCashier = url.startsWith(`${cashier}/`) && request.isNavigationRequest()
      if (!isOwn && !isCashier) this.faults.push(`asked for ${url}`)
    })
    context.on('console', (message) => {
      const isOwn = message.location().url.startsWith(page)
      if (isOwn && ['error', 'warning'].includes(message.type())) this.faults.push(message.text())
    })
    context.on('weberror', (error) => this.faults.push(error.error().message))
    // What was sent in truth: the browser changes the first announcement.
    context.on('requestfinished', (request) => {
      const look = async () => {
        const { referer = '' } = await request.allHeaders()
        const isForeign = !request.url().startsWith(page)
        if (isForeign && referer.startsWith(page)) this.faults.push(`told ${request.url()} of ${referer}`)
      }
      // A page that is left may be in the middle of one more request of its own.
      const unlessLeft = (error: unknown) => {
        if (!this.#isLeaving) throw error
      }
      this.#looks.push(look().catch(unlessLeft))
    })
    context.on('response', (response) => {
      const isOwn = response.url().startsWith(page)
      if (isOwn && response.headers()['set-cookie']) this.faults.push(`a cookie of ${response.url()}`)
    })
  }

  async leave(): Promise<void> {
    await Promise.all(this.#looks.splice(0))
    this.#isLeaving = true
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()))
    await Promise.all(this.#looks.splice(0))
    this.#isLeaving = false
  }
}
