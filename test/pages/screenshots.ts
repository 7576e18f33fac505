// Takes the pictures in docs/screenshots: every page in both themes, and in both widths where these look different.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchChromium } from '../chromium.ts'
import { keptPictures } from './kept-pictures.ts'
import { openScenes } from './scenes.ts'
import { smallPng } from './small-png.ts'

const FOLDER = process.argv[2] ?? join('docs', 'screenshots')

const browser = await launchChromium()
const { scenes, close } = await openScenes()
mkdirSync(FOLDER, { recursive: true })
for (const { file, scene, width, theme } of keptPictures(scenes)) {
  const context = await browser.newContext({ viewport: { width, height: 600 }, colorScheme: theme })
  const page = await context.newPage()
  await scene.show(page)
  const picture = await page.screenshot({ fullPage: true })
  writeFileSync(join(FOLDER, file), smallPng(picture))
  await context.close()
}
await close()
await browser.close()
