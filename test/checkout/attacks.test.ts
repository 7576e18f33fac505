// What an attacker found of pages: lost closes, clocks ahead, silent gateways, looks that nobody needs.
import { describe, expect, it } from 'vitest'
import { useShopWithPages } from './shop-with-page.ts'

const shop = useShopWithPages()
const query = (out_trade_no: string) => shop.call('query_payment', { out_trade_no })
const textOf = async (pay_url: string) => (await shop.visit(pay_url, { headers: { 'accept-language': 'en' } })).text

describe('what an attacker found', () => {
  it('a close whose answer is lost has the page open no cashier, and a payment in the old one is alarmed', async () => {
    const { out_trade_no, pay_url } = await shop.create()
    const link = await shop.press(pay_url)
    await shop.control('scan', { pay_url: link })
    await query(out_trade_no)
    await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.close', times: 'always' })
    await shop.call('close_payment', { out_trade_no })
    expect(await shop.press(pay_url)).toBeUndefined()
    await shop.control('pay', { pay_url: link })
    await query(out_trade_no)
    expect((await (await shop.ledger()).unsentAlerts(9)).map(({ kind }) => kind)).toContain('paid_after_close')
  })

  it('of two orders for one request, the one on an unopened page is closed by the call that is named', async () => {
    const old = await shop.create()
    const link = await shop.press(old.pay_url)
    const made = await shop.call('create_payment', { subject: 'Tea', total_amount: '9.90', replaces: old.out_trade_no })
    await shop.control('pay', { pay_url: link })
    const asked = await query(old.out_trade_no)
    expect(asked.next_step).toContain('Call close_payment for it')
    expect((await query(String(made.out_trade_no))).next_step).toContain('Call close_payment for this order')
    expect(await shop.call('close_payment', { out_trade_no: made.out_trade_no })).toMatchObject({ closed: true })
  })

  it('a clock that is ahead has no page say that nobody can pay any more', async () => {
    const { pay_url } = await shop.create()
    const link = await shop.press(pay_url)
    shop.clock.hear(new Date(shop.clock.now() + 2 * 3_600_000).toUTCString())
    expect(await textOf(pay_url)).not.toContain('any more')
    expect(await shop.press(pay_url)).toBeUndefined()
    await shop.control('pay', { pay_url: link })
    shop.clock.hear(new Date(shop.clock.now()).toUTCString())
  })

  it('a replaced page says nothing of a cashier once Alipay closed the trade, and loads itself no more', async () => {
    const { out_trade_no, pay_url } = await shop.create()
    await shop.control('scan', { pay_url: await shop.press(pay_url) })
    await query(out_trade_no)
    await shop.call('create_payment', { subject: 'Tea', total_amount: '8', replaces: out_trade_no })
    const text = await textOf(pay_url)
    expect(text).toContain('new link')
    expect(text).not.toMatch(/can still be paid|http-equiv="refresh"/)
  })

  it('whoever comes back to a page that nobody can have paid has nobody asked', async () => {
    const { out_trade_no, pay_url } = await shop.create()
    const asked = async () => (await (await shop.ledger()).queryRequests()).length
    await shop.visit(`${pay_url}/return`)
    expect(await asked()).toBe(0)
    await shop.control('pay', { pay_url: await shop.press(pay_url) })
    await query(out_trade_no)
    await shop.visit(`${pay_url}/return`)
    expect(await asked()).toBe(0)
  })

  it('where Alipay stays silent, the second product says that nobody knows, and goes on once it answers', async () => {
    const { pay_url } = await shop.create()
    await shop.watch(1_000)
    await shop.press(pay_url)
    await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.query', times: 'always' })
    const second = () => shop.visit(`${pay_url}/mobile`)
    expect((await second()).text).toContain('正在')
    await shop.watch(15_000)
    expect((await second()).text).toContain('另一个收银台')
    await shop.control('faults/clear', {})
    await shop.watch(40_000)
    await second()
    await shop.watch(3_000)
    expect((await second()).headers.location).toContain('wap.pay')
  })

  it('a page whose cashier was opened says that nobody can pay any more only once Alipay was asked after the end', async () => {
    const { out_trade_no, pay_url } = await shop.create()
    const link = await shop.press(pay_url)
    await shop.control('pay', { pay_url: link })
    shop.clock.advance(2 * 3_600_000)
    expect(await textOf(pay_url)).toContain('A payment of the last minute may still show')
    await query(out_trade_no)
    expect(await textOf(pay_url)).toContain('Paid')
    const unpaid = await shop.create()
    await shop.press(unpaid.pay_url)
    shop.clock.advance(2 * 3_600_000)
    expect(await textOf(unpaid.pay_url)).not.toContain('any more')
    await query(unpaid.out_trade_no)
    expect(await textOf(unpaid.pay_url)).toContain('Nobody can pay it any more')
  })
})

it('an order whose time is just over may have been paid: whoever replaces it is told to look first', async () => {
  const { out_trade_no, pay_url } = await shop.create()
  await shop.press(pay_url)
  shop.clock.advance(31 * 60_000)
  const made = await shop.call('create_payment', { subject: 'Tea', total_amount: '8', replaces: out_trade_no })
  expect(made.message).toContain(`call query_payment for it before the buyer pays this one`)
  expect(made.message).not.toContain('can no longer be paid')
  shop.clock.advance(31 * 60_000)
  const later = await shop.call('create_payment', {
    subject: 'Cup',
    total_amount: '8',
    replaces: String(made.out_trade_no),
  })
  expect(later.message).toContain('can no longer be paid')
})

it('what was paid after it was withdrawn says so, and that the merchant comes first', async () => {
  const { out_trade_no, pay_url } = await shop.create()
  const link = await shop.press(pay_url)
  await shop.call('close_payment', { out_trade_no })
  await shop.control('pay', { pay_url: link })
  for (const tool of ['query_payment', 'wait_for_payment']) {
    expect(await shop.call(tool, { out_trade_no })).toMatchObject({
      paid: true,
      message: expect.stringMatching(/^Careful: this order was to be closed\. Paid: /),
      next_step: expect.stringMatching(/^Tell the merchant before anything is delivered/),
    })
  }
})

it('a buyer who comes back is told that Alipay is asked, and then led to the page', async () => {
  const { pay_url } = await shop.create()
  await shop.watch(1_000)
  const link = await shop.press(pay_url)
  await shop.control('pay', { pay_url: link })
  const back = await shop.visit(`${pay_url}/return`)
  expect(back.status).toBe(200)
  expect(back.text).toContain('正在向支付宝确认')
  expect(back.text).toContain(`content="2; url=${new URL(pay_url).pathname}"`)
  expect(back.text).not.toMatch(/href="[^"]*\/(page|mobile)"/)
  await shop.watch(3_000)
  expect(await textOf(pay_url)).toContain('Paid')
})

it('a page whose old link was paid says so, and asks for no money', async () => {
  const old = await shop.create()
  const link = await shop.press(old.pay_url)
  const made = await shop.call('create_payment', { subject: 'Tea', total_amount: '8', replaces: old.out_trade_no })
  await shop.control('pay', { pay_url: link })
  await query(old.out_trade_no)
  const text = await textOf(String(made.pay_url))
  expect(text).toContain('The earlier link was paid')
  expect(text).not.toMatch(/href="[^"]*\/(page|mobile)"/)
})
