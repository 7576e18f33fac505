// Holds the doctor's look at the items file to telling how much is in it, every fault, and no code.

import { writeFileSync } from 'node:fs'
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

it('counts plans, and of a hook without a secret says what to set', async () => {
  const { itemsFile } = itemsFolder([POEM], {})
  const plan = { id: 'letter', subject: 'A letter', price: '15.00', period: { months: 1 }, announce: 'own' }
  writeFileSync(itemsFile, JSON.stringify({ items: [POEM], plans: [plan] }))
  expect(await itemsCheck(itemsFile)).toMatchObject({ found: expect.stringMatching(/^1 item, 1 plan, 0 codes/) })
  const hooked = { ...plan, announce: { url: 'https://shop.example/renewal' } }
  writeFileSync(itemsFile, JSON.stringify({ items: [POEM], plans: [hooked] }))
  expect(await itemsCheck(itemsFile)).toMatchObject({
    ...{
      status: 'failed',
      found: 'plans[0] "letter".announce: has a url, and ALIPAY_DELIVERY_SECRET_FILE is not set.',
    },
    fix: expect.stringMatching(/^set ALIPAY_DELIVERY_SECRET_FILE to a file/),
  })
  const { output } = await report({ ...env, ALIPAY_ITEMS_FILE: itemsFile }, ['--lang', 'zh'])
  expect(output).toContain('announce：填了 url，但没有设置 ALIPAY_DELIVERY_SECRET_FILE。')
  expect(output).toContain('请把 ALIPAY_DELIVERY_SECRET_FILE 设为一个密钥文件的路径')
})

it('says nothing where nothing is sold by items', async () => {
  expect(await itemsCheck()).toBeUndefined()
})
