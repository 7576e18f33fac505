// The web server of the shop's example: whom it takes a message from, how much, and how the process starts and ends.
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type ScriptedModel, startScriptedModel } from '../../examples/scripted-model/scripted-model.js'
import type { Env } from '../e2e/hosts.ts'
import { puppet } from './puppet-model.ts'
import { requireInstalled, SHOP, ShopProcess } from './shop-process.ts'
import { Visitor } from './shop-visitor.ts'

const LONG = 60_000
const JSON_TYPE = { 'content-type': 'application/json' }

beforeAll(requireInstalled)

describe('an open shop', { timeout: LONG }, () => {
  let model: ScriptedModel
  let shop: ShopProcess
  let address: string

  beforeAll(async () => {
    model = await startScriptedModel((messages) => {
      if (JSON.stringify(messages.at(-1)).includes('break')) throw new Error('sk-words-of-the-provider')
      return puppet(messages)
    })
    shop = new ShopProcess({ OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'test' })
    address = await shop.address()
  })
  afterAll(async () => {
    await shop?.end()
    await model?.close()
  })

  /** As fetch cannot: with another name of the host. */
  const statusFor = (path: string, headers: Record<string, string>) =>
    new Promise((resolve, reject) => {
      request(`${address}${path}`, { headers }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end()
    })

  it('shows its page in the language of the browser, and lets nothing else into it', async () => {
    for (const [accept, language] of [
      ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
      ['en-GB,en;q=0.9,zh;q=0.1', 'en'],
      ['fr, zh;q=0.5', 'zh-CN'],
      ['', 'en'],
    ]) {
      const answer = await fetch(`${address}/`, { headers: { 'accept-language': accept ?? '' } })
      const page = await answer.text()
      expect(page).toContain(`<html lang="${language}">`)
      expect(page).toMatch(/<h1>.*AI 生成.*AI-generated/)
      expect(page).toMatch(/No real money moves|不涉及真实资金/)
      // Subscriptions are off here.
      expect(page).not.toMatch(/<button type="button">(The weekly tea letter|订阅每周茶信)/)
      expect(page).not.toMatch(/ on\w+=|<style|<script>|style=/)
      expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'; style/)
      expect(answer.headers.getSetCookie()[0]).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/)
    }
  })

  it('keeps a cookie of its own, and takes no other one', async () => {
    const { cookie } = await Visitor.at(address)
    const again = await fetch(`${address}/`, { headers: { cookie: `other=1; ${cookie}` } })
    expect(again.headers.getSetCookie()).toStrictEqual([])
    const [name, id, signature = ''] = cookie.split(/[=.]/)
    const forged = [
      `${name}=${id}`,
      `${name}=${'A'.repeat(43)}.${signature}`,
      `${name}=${id}.${'A'.repeat(43)}`,
      'x=1',
      '',
    ]
    for (const wrong of forged) {
      expect((await fetch(`${address}/events`, { headers: { cookie: wrong } })).status).toBe(401)
      const headers = { ...JSON_TYPE, origin: address, cookie: wrong }
      const body = '{"text":"hi"}'
      expect((await fetch(`${address}/messages`, { method: 'POST', headers, body })).status).toBe(401)
    }
  })

  it('takes messages of its own page only', async () => {
    const buyer = await Visitor.at(address)
    expect((await buyer.post('hi', { origin: 'http://evil.example' })).status).toBe(403)
    expect((await buyer.post('hi', { 'content-type': 'text/plain' })).status).toBe(403)
    for (const host of ['evil.example', `evil.example:${new URL(address).port}`, '127.0.0.1'])
      expect(await statusFor('/', { host })).toBe(421)
    expect((await fetch(`${address}/settings.js`)).status).toBe(404)
    expect((await fetch(`${address}/../codes.txt`)).status).toBe(404)
    expect(buyer.entries).toStrictEqual([])
    buyer.leave()
  })

  it('bounds how long and how often a buyer writes, each for himself', async () => {
    const [buyer, other] = [await Visitor.at(address), await Visitor.at(address)]
    expect((await buyer.post('')).status).toBe(400)
    expect((await buyer.post(7)).status).toBe(400)
    expect((await buyer.post('长'.repeat(1_001))).status).toBe(400)
    expect((await buyer.post('长'.repeat(9_000))).status).toBe(413)
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => buyer.post(`message ${at}`)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 202).length).toBeLessThanOrEqual(10)
    expect(new Set(statuses)).toStrictEqual(new Set([202, 429]))
    expect((await other.says('长'.repeat(1_000))).at(-1)?.text).toBe(`heard: ${'长'.repeat(1_000)}`)
    buyer.leave()
    other.leave()
  })

  it('says that the assistant does not answer, without the words of its provider, and goes on', async () => {
    const buyer = await Visitor.at(address)
    expect(await buyer.says('break')).toMatchObject([{ kind: 'buyer' }, { kind: 'notice', says: 'no_answer' }])
    expect(JSON.stringify(buyer.entries)).not.toContain('provider')
    expect((await buyer.says('on we go')).at(-1)).toMatchObject({ kind: 'assistant', text: 'heard: on we go' })
    buyer.leave()
  })

  it.skipIf(process.platform !== 'linux')('starts the payment server again if that ends', async () => {
    const buyer = await Visitor.at(address)
    const [child = ''] = readFileSync(`/proc/${shop.pid}/task/${shop.pid}/children`, 'utf8').trim().split(' ')
    process.kill(Number(child), 'SIGKILL')
    // What is on its way to it meanwhile gets no answer.
    const items = () => buyer.says('list_items {}').then((shown) => shown.at(-1)?.text)
    await vi.waitFor(async () => expect(await items()).toContain('4 items'), { timeout: 40_000, interval: 1_000 })
    buyer.leave()
  })

  it('ends at once when it is asked to, while a buyer watches', async () => {
    const buyer = await Visitor.at(address)
    await buyer.says('create_payment {"item":"guide"}')
    expect(await shop.end()).toBe(0)
  })
})

describe('a shop that does not open', { timeout: LONG }, () => {
  const cases: readonly [why: RegExp, env: Env, args?: string[]][] = [
    [/SHOP_PORT must be/, { SHOP_PORT: 'eighty' }],
    [/SHOP_ORIGIN must be/, { SHOP_ORIGIN: 'https://shop.example.com/chat' }],
    [/Set SHOP_ORIGIN/, { SHOP_HOST: '0.0.0.0' }],
    [/SHOP_SECRET must have/, { SHOP_SECRET: 'short' }],
    [/Set OPENAI_MODEL/, { OPENAI_API_KEY: 'sk' }],
    [/请用 OPENAI_MODEL/, { OPENAI_API_KEY: 'sk', LANG: 'zh_CN.UTF-8' }],
    [/tools of the merchant: .*refund_payment/, { OPENAI_API_KEY: 'sk', OPENAI_MODEL: 'test' }, ['--role', 'merchant']],
    [/works on the emulator only/, {}, ['--dotenv', 'shop.env']],
  ]
  it.each(cases)('says %s', async (why, env, args = []) => {
    const shop = new ShopProcess(env, args)
    expect(await shop.exited).toBe(args.includes('--role') ? 1 : 2)
    expect(shop.written).toMatch(why)
  })
})

it('has a lock without addresses, and exact versions', () => {
  const read = (name: string) => readFileSync(new URL(name, SHOP), 'utf8')
  expect(read('package-lock.json')).not.toMatch(/"resolved"|https?:\/\/(?!\S*(sponsor|opencollective|fund))/)
  for (const version of Object.values(Object(JSON.parse(read('package.json'))).dependencies))
    expect(version).toMatch(/^\d+\.\d+\.\d+$/)
})
