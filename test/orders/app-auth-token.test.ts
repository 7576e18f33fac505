// The token of a merchant for whom the app acts: in the link that the buyer gets, and never in the ledger.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { useShop } from '../shop.ts'

const TOKEN = '202611BBsecret+/=(1)'
const shop = useShop({ connection: { app_auth_token: TOKEN } })

it.each(['page', 'mobile'])('of a %s: kept without it, shown with it, and paid', async (channel) => {
  const made = await shop.call('create_payment', { subject: 'Tea', total_amount: '9.90', channel, out_trade_no: 'OWN' })
  const { pay_url, out_trade_no } = made
  expect(new URL(String(pay_url)).searchParams.get('app_auth_token')).toBe(TOKEN)
  const ledger = await shop.ledger()
  const kept = [await ledger.order({ out_trade_no: 'OWN' }), await ledger.list({ limit: 5 }), await ledger.events({})]
  expect(JSON.stringify(kept)).toContain('app_auth_token=&')
  expect(JSON.stringify(kept)).not.toContain('202611BB')

  expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({ pay_url })
  const again = { subject: 'Tea', total_amount: '9.90', channel, out_trade_no }
  expect(await shop.call('create_payment', again)).toMatchObject({ pay_url })
  await shop.control('pay', { pay_url })
  expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({ paid: true })
})

it('is in no file of the ledger', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const content = { out_trade_no: 'A', total_amount: '1.00', subject: 'Tea', body: undefined }
  const time_expire = '2099-01-01 00:00:00'
  const link = await shop.gateway.payLink('page', { ...content, time_expire })
  expect(link).toContain('202611BB')
  const partition = { environment: 'local', gateway: 'http://127.0.0.1:1', merchant: 'm' } as const
  const ledger = await openLedger({ folder, partition })
  const pay_url = await shop.gateway.keepableLink(link)
  const actor = { at: Date.now(), owner: 'o', host: 'h' }
  await ledger.reserveOrder({ ...content, time_expire, channel: 'page', pay_url }, {}, actor)
  ledger.close()
  const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'))
  expect(files.join()).toContain('app_auth_token=')
  expect(files.join()).not.toContain('202611BB')
})
