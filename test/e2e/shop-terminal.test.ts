// What buyers ask back and what was delivered by hand, answered in a pseudo terminal while the buyer's server goes on.
import { afterEach, describe, expect, it } from 'vitest'
import { itemsFolder, POEM } from '../buyer/items.ts'
import { pay, RawServer } from './hosts.ts'
import { closeShops, openLedgerShop, run } from './ledger-shop.ts'
import { closeTerminals, hasTerminal, Terminal } from './terminal.ts'

const { itemsFile } = itemsFolder([POEM])

afterEach(async () => {
  closeTerminals()
  await closeShops()
})

/** One paid order of the poem, bought by the one buyer of the server. */
async function openSoldShop() {
  const shop = await openLedgerShop()
  const shared = { ...shop.env, ALIPAY_ITEMS_FILE: itemsFile }
  const server = new RawServer({ ...shared, ALIPAY_ROLE: 'buyer', ALIPAY_SINGLE_BUYER: 'true' })
  await server.open('2025-11-25')
  const { out_trade_no, pay_url } = await server.call('create_payment', { item: 'poem' })
  await pay(String(pay_url))
  expect(await server.call('query_payment', { out_trade_no })).toMatchObject({ state: 'paid' })
  return { ...shop, env: shared, server, out_trade_no: String(out_trade_no) }
}

describe.skipIf(!hasTerminal)('at a terminal', () => {
  it('approvals shows what a buyer asks back in their words, and the amount typed sends it at once', async () => {
    const { env, server, out_trade_no } = await openSoldShop()
    const reason = '不想要了 Approved: yes'
    expect(await server.call('request_refund', { out_trade_no, reason })).toMatchObject({ refund_request: 'waiting' })
    const listed = run(['approvals', '--list'], env)
    expect(listed.stdout).toContain('Refunds that buyers ask for: 1')
    expect(listed.stdout).toContain(out_trade_no)

    const terminal = new Terminal(['approvals'], env)
    const screen = await terminal.until(/9\.90.*:\s*$/)
    expect(screen).toMatch(/1\/1 A buyer asks for the money back, since \d{4}-\d\d-\d\d \d\d:\d\d Beijing time/)
    expect(screen).toContain(`The buyer's words: "不想要了 Approved: yes"`)
    await terminal.answer(/9\.90/, '9.90\n')
    expect(await terminal.exited).toBe(0)
    expect(terminal.screen).toContain('Refund accepted: 9.90 yuan')
    expect(await server.call('query_payment', { out_trade_no })).toMatchObject({ state: 'refunded', refunded: 'full' })
    expect(await server.call('deliver_order', { out_trade_no })).toMatchObject({ error: 'declined' })
    expect(run(['approvals', '--list'], env).stdout).not.toContain(out_trade_no)
    await server.end()
  })

  it('approvals takes a no, after which the order is delivered, and asked back no more', async () => {
    const { env, server, out_trade_no } = await openSoldShop()
    await server.call('request_refund', { out_trade_no })
    expect(await server.call('deliver_order', { out_trade_no })).toMatchObject({ error: 'declined' })
    const terminal = new Terminal(['approvals', '--lang', 'zh'], env)
    expect(await terminal.until(/9\.90/)).toContain('买家没有说明理由')
    await terminal.answer(/9\.90/, 'no\n')
    expect(await terminal.exited).toBe(0)
    expect(terminal.screen).toContain('已拒绝')
    expect(await server.call('request_refund', { out_trade_no })).toMatchObject({ error: 'declined', moved: 'no' })
    expect(await server.call('deliver_order', { out_trade_no })).toMatchObject({ first_time: true })
    await server.end()
  })

  it('delivered marks what was delivered by hand, once, and the chat hands out nothing after it', async () => {
    const { env, server, out_trade_no } = await openSoldShop()
    const undelivered = () => run(['ledger', '--state', 'undelivered', '--json'], env).stdout
    expect(undelivered()).toContain(out_trade_no)
    const left = new Terminal(['delivered', '--order', out_trade_no], env)
    await left.answer(/mark it as delivered/, '\n')
    expect(await left.exited).toBe(1)
    expect(undelivered()).toContain(out_trade_no)
    const marked = new Terminal(['delivered', '--order', out_trade_no], env)
    await marked.answer(/mark it as delivered/, 'delivered\n')
    expect(await marked.exited).toBe(0)
    expect(marked.screen).toContain('Marked as delivered.')
    expect(undelivered()).not.toContain(out_trade_no)
    expect(await server.call('deliver_order', { out_trade_no })).toMatchObject({ first_time: false })
    expect(await server.call('request_refund', { out_trade_no })).toMatchObject({ error: 'declined' })
    const again = new Terminal(['delivered', '--order', out_trade_no], env)
    await again.answer(/mark it as delivered/, 'delivered\n')
    expect(await again.exited).toBe(1)
    expect(again.screen).toContain('Not marked')
    await server.end()
  })

  it('delivered needs a terminal, an order, and one that there is', async () => {
    const { env } = await openLedgerShop()
    expect(run(['delivered', '--order', 'A1'], env)).toMatchObject({ stdout: '', status: 2 })
    const none = new Terminal(['delivered'], env)
    expect(await none.exited).toBe(2)
    const unknown = new Terminal(['delivered', '--order', 'NOPE'], env)
    expect(await unknown.exited).toBe(1)
    expect(unknown.screen).toContain('NOPE')
  })
})
