// The built server in the buyer's role, as a shop's program starts it: what it offers, whom it serves, and when it does not start.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { BUYER_TOOLS } from '../../src/tools/index.ts'
import { offerOf } from '../../src/tools/offers.ts'
import { GUIDE, itemsFolder, KEY, KEYS } from '../buyer/items.ts'
import { oldHost } from './hosts.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const { itemsFile } = itemsFolder([KEY, GUIDE], { 'keys.txt': KEYS })
const BUYERS = { ALIPAY_ROLE: 'buyer', ALIPAY_ITEMS_FILE: itemsFile }

it('offers the tools of its sources, no prompts, and serves one buyer where that is spelt out', async () => {
  const host = await oldHost({ ...BUYERS, ALIPAY_SINGLE_BUYER: 'true' })
  const tools = await host.tools()
  expect(tools.map(({ name }) => name)).toStrictEqual(BUYER_TOOLS.map(({ name }) => name))
  for (const [at, tool] of BUYER_TOOLS.entries()) {
    const { input, output } = offerOf(tool)
    expect(tools[at]).toMatchObject({ inputSchema: input, outputSchema: output })
  }
  const made = await host.call('create_payment', { item: 'guide' })
  expect(made).toMatchObject({
    total_amount: '3.00',
    pay_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/p\/[0-9A-Za-z]{22}$/),
  })
  const page = await fetch(`${made.pay_url}`, { headers: { 'accept-language': 'zh' } })
  expect(await page.text()).toContain('退款规则：付款后 30 分钟内申请')
  await host.close()
})

it('without a named buyer nothing is done, and the operator reads nothing of it', async () => {
  const host = await oldHost(BUYERS)
  expect(await host.call('create_payment', { item: 'guide' })).toMatchObject({
    error: 'not_configured',
    message: 'Not configured: nobody said who the buyer of this chat is.',
  })
  await host.close()
})

describe('a role', () => {
  const started = (env: Record<string, string>) =>
    new Promise<{ code: number | null; said: string }>((resolve) => {
      const child = spawn(process.execPath, [MAIN, '--no-settings-file'], { env: { PATH: process.env.PATH, ...env } })
      let said = ''
      child.stderr.on('data', (chunk) => {
        said += chunk
      })
      child.on('exit', (code) => resolve({ code, said }))
      setTimeout(() => child.kill(), 8_000).unref()
    })

  it.each([
    [{ ALIPAY_ROLE: 'Buyer' }, 'ALIPAY_ROLE: is "Buyer".'],
    [{ ALIPAY_ROL: 'buyer' }, 'ALIPAY_ROL: is not a variable of this server; ALIPAY_ROLE is.'],
  ])('that is not spelt exactly stops the start: %j', async (env, why) => {
    const { code, said } = await started({ ALIPAY_ITEMS_FILE: itemsFile, ...env })
    expect(code).toBe(2)
    expect(said).toContain('Not started.')
    expect(said).toContain(why)
  })
})

it('with settings that are wrong every call of a buyer says little, and standard error all', async () => {
  const host = await oldHost({ ...BUYERS, ALIPAY_REFUND_APPROVAL: 'chat' })
  expect((await host.tools()).map(({ name }) => name)).toContain('request_refund')
  expect(await host.call('list_items', {})).toMatchObject({
    error: 'not_configured',
    message: 'The shop cannot do that just now. Nothing moved.',
  })
  await host.close()
})
