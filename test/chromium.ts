// A real browser for tests of pages: the Chromium of this computer, without a window and without a network of its own.
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { describe } from 'vitest'

const PATH = process.env.CHROMIUM_PATH || '/usr/bin/chromium'
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Skipped where there is no browser, but never in CI: there a missing one fails. */
export const describeInChromium = existsSync(PATH) || process.env.CI ? describe : describe.skip

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, args: ARGS })
}

export const DESKTOP = { width: 1280, height: 800 }
export const PHONE = { width: 360, height: 740 }

/** A fresh page, and every address it asks for from then on. */
export async function freshPage(
  browser: Browser,
  viewport: { width: number; height: number },
): Promise<{ page: Page; requests: string[] }> {
  const context = await browser.newContext({ viewport })
  const requests: string[] = []
  context.on('request', (request) => requests.push(request.url()))
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  return { page, requests }
}
