// Takes the pictures of examples/shop/screenshots: a bought code and an open order, in both languages, widths and themes.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../chromium.ts'
import { pay } from '../e2e/hosts.ts'
import { smallPng } from '../pages/small-png.ts'
import { ShopProcess } from './shop-process.ts'

const FOLDER = process.argv[2] ?? join('examples', 'shop', 'screenshots')
const LANGUAGES = {
  en: { locale: 'en-US', ask: 'What do you have?', buy: 'Two ticket codes, please', tip: 'A tip of 5 yuan' },
  zh: { locale: 'zh-CN', ask: '有什么商品？', buy: '买两个入场码', tip: '打赏 5 元' },
} as const
const WIDTHS = [390, 1280]

async function take(browser: Browser, address: string, name: keyof typeof LANGUAGES): Promise<void> {
  const { locale, ask, buy, tip } = LANGUAGES[name]
  const context = await browser.newContext({ locale })
  const page = await context.newPage()
  const answered = async (count: number) => {
    await page
      .locator('.assistant .text')
      .nth(count - 1)
      .waitFor()
    await page.locator('#writing').waitFor({ state: 'hidden' })
  }
  const say = async (text: string) => {
    await page.getByRole('textbox').fill(text)
    await page.keyboard.press('Enter')
  }
  await page.goto(`${address}/`)
  await say(ask)
  await answered(1)
  await say(buy)
  await answered(2)
  await pay(await page.locator('.order a').getAttribute('href'))
  await answered(3)
  await say(tip)
  await answered(4)
  for (const width of WIDTHS) {
    // As high as the conversation, so that nothing is under the line in which one writes.
    await page.setViewportSize({ width, height: 600 })
    const height = Number(await page.evaluate('document.documentElement.scrollHeight'))
    await page.setViewportSize({ width, height })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const file = `shop-${name}-${width}-${colorScheme}.png`
      writeFileSync(join(FOLDER, file), smallPng(await page.screenshot()))
    }
  }
  await context.close()
}

mkdirSync(FOLDER, { recursive: true })
const shop = new ShopProcess()
const browser = await launchChromium()
for (const name of ['en', 'zh'] as const) await take(browser, await shop.address(), name)
await browser.close()
await shop.end()
