// The pictures in docs/screenshots: all pages that there are, in both widths and themes, and small.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openScenes } from './scenes.ts'

const FOLDER = fileURLToPath(new URL('../../docs/screenshots', import.meta.url))
const pictures = readdirSync(FOLDER)

it('shows every page four times', async () => {
  const { scenes, close } = await openScenes()
  const names = scenes.flatMap(({ name }) =>
    [390, 1280].flatMap((width) => ['light', 'dark'].map((theme) => `${name}-${width}-${theme}.png`)),
  )
  expect(pictures.toSorted()).toStrictEqual(names.toSorted())
  await close()
})

it('weighs under 1 MB in all', () => {
  const sizes = pictures.map((name) => statSync(join(FOLDER, name)).size)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_000_000)
})
