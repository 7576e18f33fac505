// Every page in both themes and widths: contrast, labels and languages by axe, the focus ring, and nothing that sticks out.
import axe, { type AxeResults, type RunOptions } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInChromium, launchChromium } from '../chromium.ts'
import { openScenes } from './scenes.ts'

const VIEWS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [390, 1280].map((width) => ({ colorScheme, width })),
)
const LEAST_RING = 3
// The approval page loads itself again once its question has expired: nothing can be pressed on it any more. The
// checkout page does so where there is no script.
const ALL_RULES: RunOptions = { rules: { 'meta-refresh': { enabled: false } } }
const COLOURS: RunOptions = { runOnly: ['color-contrast'] }
// More than fifty pages, each of them searched through, beside other browsers.
const TIME_LIMIT = 600_000

/** What the focus ring is painted on is what is behind the element: its offset puts it outside. */
const RING = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number)
  const luminance = (colour) => {
    const [red, green, blue] = channels(colour).slice(0, 3).map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const behind = (element) => {
    for (let one = element.parentElement; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor
      if ((channels(colour)[3] ?? 1) === 1) return colour
    }
  }
  const focused = document.activeElement
  const ringed = focused.matches('[type=radio]') ? focused.closest('label') : focused
  const { outlineStyle, outlineWidth, outlineOffset, outlineColor } = getComputedStyle(ringed)
  const [one, other] = [luminance(outlineColor), luminance(behind(ringed))]
  const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
  return { element: ringed.textContent.trim().slice(0, 30), outlineStyle, outlineWidth, outlineOffset, contrast }
})()`

interface Ring {
  element: string
  outlineStyle: string
  outlineWidth: string
  outlineOffset: string
  contrast: number
}

describeInChromium('every page', () => {
  let browser: Browser
  let opened: Awaited<ReturnType<typeof openScenes>>

  beforeAll(async () => {
    browser = await launchChromium()
    opened = await openScenes()
  })
  afterAll(async () => {
    await browser?.close()
    await opened?.close()
  })

  /** Whatever the keyboard reaches, each once. */
  async function rings(page: Page): Promise<Ring[]> {
    const count = (await page.evaluate(
      `document.querySelectorAll('a[href], button, input[type=text], input:checked').length`,
    )) as number
    const found: Ring[] = []
    for (let at = 0; at < count; at++) {
      await page.keyboard.press('Tab')
      found.push((await page.evaluate(RING)) as Ring)
    }
    return found
  }

  async function faultsOf(page: Page, options: RunOptions): Promise<string[]> {
    await page.evaluate(axe.source)
    const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as AxeResults
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`))
  }

  test.each(VIEWS)(
    'in $colorScheme at $width pixels',
    async ({ colorScheme, width }) => {
      const context = await browser.newContext({ viewport: { width, height: 600 }, colorScheme })
      const found: Record<string, unknown> = {}
      for (const { name, show } of opened.scenes) {
        const page = await context.newPage()
        await show(page)
        const widest = await page.evaluate(
          `Math.max(...[...document.querySelectorAll('body *')].map((one) => one.getBoundingClientRect().right))`,
        )
        const dim = (await rings(page)).filter(
          ({ outlineStyle, outlineWidth, outlineOffset, contrast }) =>
            outlineStyle !== 'solid' || outlineWidth !== '3px' || outlineOffset !== '3px' || !(contrast >= LEAST_RING),
        )
        const faults = [
          ...(await faultsOf(page, colorScheme === 'light' ? ALL_RULES : COLOURS)),
          ...dim.map((ring) => `ring: ${JSON.stringify(ring)}`),
        ]
        if (widest !== width) faults.push(`${widest} pixels wide`)
        if (faults.length > 0) found[name] = faults
        await page.close()
      }
      expect(found).toStrictEqual({})
      await context.close()
    },
    TIME_LIMIT,
  )
})
