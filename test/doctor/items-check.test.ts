// Holds the doctor's look at the items file to telling how much is in it, every fault, and no code.
import { afterAll, expect, it } from 'vitest'
import { itemsFolder, KEY, KEYS, POEM } from '../buyer/items.ts'
import { cleanUp, newPatient, report } from './patients.ts'

const { env } = await newPatient()
afterAll(cleanUp)

async function itemsCheck(itemsFile?: string) {
  const { checks } = await report(itemsFile === undefined ? env : { ...env, ALIPAY_ITEMS_FILE: itemsFile })
  return checks.find(({ title }) => title === 'Items')
}

it('says how many items and codes there are, and which version', async () => {
  const { itemsFile } = itemsFolder([KEY, POEM], { 'keys.txt': KEYS })
  expect(await itemsCheck(itemsFile)).toMatchObject({
    ...{ status: 'ok', fix: null },
    found: expect.stringMatching(/^2 items, 4 codes in the files, version [0-9a-f]{12}\.$/),
  })
})

it('says all that is wrong with it, and what to do', async () => {
  const check = await itemsCheck(itemsFolder([{ ...KEY, price: '-5' }, POEM, POEM], { 'keys.txt': KEYS }).itemsFile)
  expect(check).toMatchObject({ status: 'failed', fix: expect.stringContaining('correct the items file') })
  expect(check?.found).toContain('items[0] "key".price: is negative.')
  expect(check?.found).toContain('items[2]')
  expect(JSON.stringify(check)).not.toContain(KEYS[0])
})

it('says nothing where nothing is sold by items', async () => {
  expect(await itemsCheck()).toBeUndefined()
})
