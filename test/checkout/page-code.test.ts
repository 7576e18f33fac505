// The picture that comes with an order which has a page: its code is the short link, small enough to be scanned from afar.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import type { Fields } from '../shop.ts'
import { useShopWithPages } from './shop-with-page.ts'

// Its types take it for an ES module.
const jsqr: (data: Uint8ClampedArray, width: number, height: number) => { data: string; version: number } | null =
  createRequire(import.meta.url)('jsqr')

function decoded(png: Buffer): readonly unknown[] {
  const { data, width, height } = PNG.sync.read(png)
  const code = jsqr(new Uint8ClampedArray(data), width, height)
  return [code?.data, code?.version]
}

const TEA: Fields = { subject: 'Tea 茶', total_amount: '9.90' }
const pagesAt = (at: string) => ({ pages: { at, proven: async () => ({ at }) } })

describe('an address with a host of 29 characters', () => {
  const host = 'pay.shanyue-tea-house.example'
  const shop = useShopWithPages(pagesAt(`https://${host}`))

  it.each<[string, Fields]>([
    ['no channel named', {}],
    ['page', { channel: 'page' }],
    ['mobile', { channel: 'mobile' }],
  ])('%s: image and file are a code of version 4, and hold pay_url to the letter', async (_name, more) => {
    expect(host).toHaveLength(29)
    const { content, fields } = await shop.whole('create_payment', { ...TEA, ...more })
    const pay_url = String(fields.pay_url)
    expect(pay_url).toMatch(/^https:\/\/pay\.shanyue-tea-house\.example\/p\/[0-9A-Za-z]{22}$/)
    expect(content.map(({ type }) => type)).toStrictEqual(['text', 'image'])
    expect(content[1]).toMatchObject({ mimeType: 'image/png' })
    expect(decoded(Buffer.from(String(content[1]?.data), 'base64'))).toStrictEqual([pay_url, 4])
    expect(decoded(readFileSync(String(fields.qr_file)))).toStrictEqual([pay_url, 4])
    expect(fields).not.toHaveProperty('qr_content')
    expect(fields.next_step).toContain('or the picture (qr_file): both open one page, on a phone and on a computer.')
  })

  it('a code for the counter stays a code of Alipay’s', async () => {
    const { content, fields } = await shop.whole('create_payment', { ...TEA, channel: 'qr' })
    expect(fields).not.toHaveProperty('pay_url')
    expect(decoded(Buffer.from(String(content[1]?.data), 'base64'))[0]).toBe(fields.qr_content)
  })
})

describe.each(['http://127.0.0.1:8421', 'http://localhost:8421', 'http://[::1]:8421'])('at %s', (at) => {
  const shop = useShopWithPages(pagesAt(at))

  it('there is no picture and no code, for no phone comes there, and the text says so', async () => {
    const { content, fields } = await shop.whole('create_payment', TEA)
    expect(String(fields.pay_url).startsWith(`${at}/p/`)).toBe(true)
    expect(content.map(({ type }) => type)).toStrictEqual(['text'])
    for (const key of ['qr_file', 'qr_content']) expect(fields).not.toHaveProperty(key)
    const said = 'it opens in a browser on this computer only, so there is no code of it to scan.'
    expect(fields.next_step).toContain(said)
    expect(content[0]?.text).toContain(said)
  })
})
