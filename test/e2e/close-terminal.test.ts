// close and forget in a pseudo terminal: both ask first, and Enter leaves everything as it is.
import { afterEach, describe, expect, it } from 'vitest'
import { readRecord } from '../../src/cli/ledger/record.ts'
import { pay, RawServer } from './hosts.ts'
import { ask, closeShops, openLedgerShop } from './ledger-shop.ts'
import { closeTerminals, hasTerminal, Terminal } from './terminal.ts'

afterEach(async () => {
  closeTerminals()
  await closeShops()
})

async function openShopWithOrder(channel: 'page' | 'qr') {
  const shop = await openLedgerShop()
  const server = new RawServer(shop.env)
  await server.open('2025-11-25')
  const made = await server.call('create_payment', { subject: '茶 Tea', total_amount: 1234.5, channel })
  const { out_trade_no, pay_url } = made
  return { ...shop, server, out_trade_no: String(out_trade_no), pay_url }
}

describe.skipIf(!hasTerminal)('at a terminal', () => {
  it('close shows the order, and closes it when its word is typed, the way of the tool', async () => {
    const { env, server, ledger, out_trade_no, pay_url } = await openShopWithOrder('page')
    const left = new Terminal(['close', '--order', out_trade_no], env)
    expect(await left.until(/Type close to close this order, or press Enter to leave it:/)).toMatch(
      new RegExp(
        `Order ${out_trade_no}\\n {2}1,234\\.50 yuan, 茶 Tea\\n {2}Last known, on \\d{4}-.* Beijing time: waiting, not opened by then\\.\\n` +
          ' {2}It can be paid until \\d{4}-.* Beijing time\\.\\n',
      ),
    )
    await left.answer(/leave it:/, '\n')
    expect(await left.exited).toBe(1)
    expect(left.screen).toContain('Left as it is.')
    expect(await ledger.order({ out_trade_no })).toMatchObject({ can_never_be_paid: false })

    const unopened = new Terminal(['close', '--order', out_trade_no], env)
    await unopened.answer(/leave it:/, 'close\n')
    expect(await unopened.exited).toBe(1)
    expect(unopened.screen.replace(/\s+/g, ' ')).toMatch(
      /Not closed: Alipay does not know the order.* It can be paid until \d{4}-.* once a buyer has opened the order\), or let the order expire\./,
    )

    await fetch(String(pay_url)).then(({ url }) =>
      fetch(`${url}/login`, { method: 'POST', body: new URLSearchParams({ account: 'buyer1' }) }),
    )
    const readOnly = { ...env, ALIPAY_READ_ONLY: 'true' }
    const refused = new Terminal(['close', '--order', out_trade_no], readOnly)
    await refused.answer(/leave it:/, 'close\n')
    expect(await refused.exited).toBe(1)
    const allowed = ['close', '--read-only=false', '--order', out_trade_no]
    const closed = new Terminal([...allowed, '--lang', 'zh'], readOnly)
    const question = await closed.until(/输入 close 关闭这个订单，不操作请按回车：/)
    expect(question.replace(/\s+/g, '')).toMatch(
      /最后已知状态（北京时间\d{4}-\S+）：待付款\S*。在\d{4}-\S+（北京时间）之前仍可付款。/,
    )
    await closed.answer(/不操作请按回车：/, 'close\n')
    expect(await closed.exited).toBe(0)
    expect(closed.screen).toContain('已关闭：不能再付款。')
    expect(await ledger.order({ out_trade_no })).toMatchObject({ can_never_be_paid: true })
    await server.end()
  })

  it('close tells of an order that was refunded in full, which nobody can pay any more', async () => {
    const { env, server, out_trade_no, pay_url } = await openShopWithOrder('page')
    await pay(String(pay_url))
    expect(await server.call('refund_payment', { out_trade_no })).toMatchObject({ moved: 'now' })
    const refunded = new Terminal(['close', '--order', String(out_trade_no)], env)
    await refunded.answer(/leave it:/, 'close\n')
    expect(await refunded.exited).toBe(0)
    expect(refunded.screen).toMatch(/Nothing was left to close\. Fully refunded: 1234\.50 yuan\./)
    expect(refunded.screen).not.toMatch(/can be paid until/)
    await server.end()
  })

  it('close refuses a shortened number unasked, and tells of one that nobody knows', async () => {
    const { env } = await openLedgerShop()
    const shortened = new Terminal(['close', '--order', '202611…e1eeef'], env)
    expect(await shortened.exited).toBe(1)
    expect(shortened.screen.replace(/\s+/g, ' ')).toMatch(
      /number is shortened in its middle\. To see all of it: node .* ledger --wide $/,
    )
    expect(shortened.screen).not.toMatch(/leave it:/)
    const mistyped = new Terminal(['close', '--order', '20261129104700001a2b3c4d5e6f70819'], env)
    expect(await mistyped.until(/leave it:/)).toContain('Alipay will be asked.')
    await mistyped.answer(/leave it:/, 'close\n')
    expect(await mistyped.exited).toBe(1)
    expect(mistyped.screen.replace(/\s+/g, ' ')).toMatch(
      /neither this ledger nor Alipay knows an order 20261129104700001a2b3c4d5e6f70819\..* Check the number: node .* ledger --wide/,
    )
  })

  it('close does not close what was paid, and says so', async () => {
    const { env, server, out_trade_no, pay_url } = await openShopWithOrder('page')
    await pay(pay_url)
    await server.call('query_payment', { out_trade_no })
    const screen = new Terminal(['close', '--order', out_trade_no], env)
    expect(await screen.until(/leave it:/)).toMatch(/Last known, on \d{4}-.* Beijing time: paid\.\nType close/)
    await screen.answer(/leave it:/, 'close\n')
    expect(await screen.exited).toBe(1)
    expect(screen.screen).toContain('Not closed: it has been paid.')
    await server.end()
  })

  it('forget says what it erases and what it keeps, and erases only when its word is typed', async () => {
    const { env, ledger } = await openLedgerShop()
    const left = new Terminal(['forget', '--order', 'A1'], env)
    expect(await left.until(/Type forget to erase this/)).toMatch(
      /^Order A1\n {2}100\.00 yuan, 诗集，精装\n {2}Erases for good:[\s\S]*Keeps:/,
    )
    // Filled as far as 80 columns allow, with no break of its own.
    const [, erases = ''] = / {2}(Erases[\s\S]*?)\n {2}Keeps/.exec(left.screen) ?? []
    expect(erases.split('\n')).toHaveLength(3)
    await left.answer(/leave it:/, '\n')
    expect(await left.exited).toBe(1)
    expect(await ledger.order({ out_trade_no: 'A1' })).toMatchObject({ subject: '诗集，精装' })
    const erased = new Terminal(['forget', '--order', 'A1'], env)
    await erased.answer(/leave it:/, 'forget\n')
    expect(await erased.exited).toBe(0)
    const { orders } = await readRecord(ledger, { order: 'A1' }, Date.now())
    expect(orders).toMatchObject([{ subject: undefined, total_amount: '100.00', state: 'paid' }])
  })

  it('approvals asks in Chinese where that is the language, and in nothing else', async () => {
    const { env, ledger } = await openLedgerShop()
    await ask(ledger, 'first')
    const screen = new Terminal(['approvals'], { ...env, LANG: 'zh_CN.UTF-8' })
    const text = await screen.until(/同意请输入金额 30\.00，拒绝请输入 no，跳过请按回车：/)
    expect(text).toMatch(/1\/1\n要退款吗？\n退款金额：¥30\.00\n商品："first"\n有效至北京时间 \d{4}-/)
    expect(text).not.toMatch(/Refund|Give|Item|Open/)
    await screen.answer(/回车：/, '\n')
    expect(await screen.exited).toBe(0)
    expect(screen.screen).toContain('已跳过，仍在等待。')
  })

  it('a table is as wide as the terminal, and coloured there', async () => {
    const { env } = await openLedgerShop()
    const screen = new Terminal(['ledger'], env)
    expect(await screen.exited).toBe(0)
    expect(screen.screen).toMatch(/Orders: 1\n {2}Made +Order +Yuan +Refunded +State +Item\n/)
  })
})
