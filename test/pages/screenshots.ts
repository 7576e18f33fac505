// Takes the pictures in docs/screenshots: every page in both widths and themes.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchChromium } from '../chromium.ts'
import { openScenes } from './scenes.ts'
import { smallPng } from './small-png.ts'

const FOLDER = process.argv[2] ?? join('docs', 'screenshots')
const WIDTHS = [390, 1280]
const THEMES = ['light', 'dark'] as const

const browser = await launchChromium()
const { scenes, close } = await openScenes()
mkdirSync(FOLDER, { recursive: true })
for (const width of WIDTHS) {
  for (const colorScheme of THEMES) {
    const context = await browser.newContext({ viewport: { width, height: 600 }, colorScheme })
    for (const { name, show } of scenes) {
      const page = await context.newPage()
      await show(page)
      const picture = await page.screenshot({ fullPage: true })
      writeFileSync(join(FOLDER, `${name}-${width}-${colorScheme}.png`), smallPng(picture))
      await page.close()
    }
    await context.close()
  }
}
await close()
await browser.close()
