// The pictures in docs/screenshots: of all pages that there are, in both themes, and small.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { keptPictures, NOT_KEPT } from './kept-pictures.ts'
import { openScenes } from './scenes.ts'

const FOLDER = fileURLToPath(new URL('../../docs/screenshots', import.meta.url))
const pictures = readdirSync(FOLDER)

it('shows every page in both themes, and that of an order in both widths', async () => {
  const { scenes, close } = await openScenes()
  const kept = keptPictures(scenes)
  expect(pictures.toSorted()).toStrictEqual(kept.map(({ file }) => file).toSorted())
  expect(new Set(kept.map(({ scene }) => scene.name)).size).toBe(scenes.length - NOT_KEPT.length)
  const ofOrder = kept.filter(({ scene }) => scene.name.startsWith('checkout-'))
  expect(ofOrder).toHaveLength(8 * 4 + 2)
  await close()
})

it('weighs under 1 MB in all', () => {
  const sizes = pictures.map((name) => statSync(join(FOLDER, name)).size)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_000_000)
})
