// The built server waits while a person pays at the cashier in a real browser; nobody else asks Alipay, and none notifies.
import { afterEach, expect, test } from 'vitest'
import { describeInChromium, freshPage, launchChromium, PHONE } from '../chromium.ts'
import { RawServer } from '../e2e/hosts.ts'
import { closeShops, openLedgerShop } from '../e2e/ledger-shop.ts'

describeInChromium('wait_for_payment', () => {
  afterEach(closeShops)

  test.each(['mobile', 'qr'])('answers with its next poll after a %s order was paid', async (channel) => {
    const server = new RawServer((await openLedgerShop()).env)
    await server.open('2025-11-25')
    const order = { subject: 'Tea 茶', total_amount: '9.90', channel }
    const { out_trade_no, pay_url, qr_content } = await server.call('create_payment', order)
    const url = String(pay_url ?? qr_content)
    const waiting = server.call('wait_for_payment', { out_trade_no, seconds: 45 })

    const browser = await launchChromium()
    const { page } = await freshPage(browser, PHONE)
    await page.goto(url)
    if (channel === 'qr') await page.getByRole('button', { name: /Continue/ }).click()
    await page.getByRole('button', { name: /Pay/ }).click()
    await page.getByText('付款成功').waitFor()
    const atPayment = await queries(url)
    expect(await waiting).toMatchObject({ paid: true, total_amount: '9.90', trade_status: 'TRADE_SUCCESS' })
    expect((await queries(url)) - atPayment).toBeLessThanOrEqual(1)
    await browser.close()
    await server.end()
  })

  test('stops polling when the host cancels', async () => {
    const server = new RawServer((await openLedgerShop()).env)
    await server.open('2025-11-25')
    const { out_trade_no, pay_url } = await server.call('create_payment', { subject: 'Tea', total_amount: 1 })
    const params = { name: 'wait_for_payment', arguments: { out_trade_no, seconds: 45 } }
    server.write(JSON.stringify({ jsonrpc: '2.0', id: 999, method: 'tools/call', params }))
    const until = async (count: number) => {
      while ((await queries(pay_url)) < count) await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await until(1)
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 999 } }
    server.write(JSON.stringify(cancel))
    // A query of another order shows that the server goes on; the next poll of the cancelled wait would be due by then.
    await server.call('wait_for_payment', { out_trade_no: 'OTHER', seconds: 4 })
    // One more is the server's first look at the clock of an emulator elsewhere.
    const others = 4
    expect(await queries(pay_url)).toBeLessThanOrEqual(1 + others)
    await server.end()
  })
})

async function queries(anyUrl: unknown): Promise<number> {
  const { calls } = Object(await (await fetch(new URL('/control/trades', String(anyUrl)))).json())
  return Object(calls)['alipay.trade.query'] ?? 0
}
