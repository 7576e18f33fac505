// What an attacker found of pages: lost closes, clocks ahead, silent gateways, looks that nobody needs.
import { describe, expect, it, vi } from 'vitest'
import { beijingTime } from '../../src/clock.ts'
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

  it('a ledger that was put back and knows of no press says of a paid order not that nobody has paid it', async () => {
    const { out_trade_no } = await shop.create()
    const trade = {
      trade_no: '2026112022001400000000000001',
      trade_status: 'TRADE_SUCCESS',
      total_amount: '9.90',
    } as const
    const paid = { out_trade_no, ...trade, send_pay_date: '2026-11-20 12:01:00' }
    vi.spyOn(shop.gateway, 'query').mockResolvedValue({ outcome: 'done', answer: paid })
    expect(await shop.call('close_payment', { out_trade_no })).toMatchObject({ closed: false, paid: true })
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

it('the merchant’s own number, of which another program may have given out a link, is withdrawn, not closed', async () => {
  const out_trade_no = `SHOP${shop.clock.now()}`
  const time_expire = beijingTime(shop.clock.now() + 1_800_000)
  const bare = await shop.gateway.payLink('page', {
    out_trade_no,
    total_amount: '9.90',
    subject: 'Tea 茶',
    time_expire,
  })
  const { pay_url } = await shop.create({ out_trade_no })
  const closed = await shop.call('close_payment', { out_trade_no })
  expect(closed).toMatchObject({
    closed: false,
    message: expect.stringMatching(/^Withdrawn, not closed: .*another program/),
  })
  expect((await query(out_trade_no)).message).not.toContain('any more')
  expect(await shop.press(pay_url)).toBeUndefined()
  await shop.control('pay', { pay_url: bare })
  expect(await query(out_trade_no)).toMatchObject({ paid: true })
})

it('of three orders for one request the last is not made where the first was paid, and the open ones are named', async () => {
  const first = await shop.create()
  const link = await shop.press(first.pay_url)
  const replace = (total_amount: string, replaces: unknown) =>
    shop.call('create_payment', { subject: 'Tea', total_amount, replaces })
  const second = await replace('8', first.out_trade_no)
  const third = await replace('7', second.out_trade_no)
  expect(third.message).toContain(`${first.out_trade_no}, replaced before that, can still be paid, too`)
  await shop.control('pay', { pay_url: link })
  await query(first.out_trade_no)
  expect(await replace('6', third.out_trade_no)).toMatchObject({ isError: true, error: 'invalid_input' })
  expect(await query(String(third.out_trade_no))).not.toHaveProperty('pay_url')
  expect(await shop.press(String(third.pay_url))).toBeUndefined()
})

it('an order that was replaced says by which, and not that the later one is an earlier one, once that is paid', async () => {
  const first = await shop.create()
  await shop.press(first.pay_url)
  const replace = (replaces: unknown, more = {}) =>
    shop.call('create_payment', { subject: 'Tea', total_amount: '8', replaces, ...more })
  const out_trade_no = `SHOP${shop.clock.now()}`
  await replace(first.out_trade_no, { out_trade_no })
  const third = await replace(out_trade_no, { total_amount: '7' })
  await shop.control('pay', { pay_url: await shop.press(String(third.pay_url)) })
  await query(String(third.out_trade_no))
  const again = await replace(first.out_trade_no, { out_trade_no })
  expect(again).toMatchObject({ isError: true })
  expect(again.message).toContain(`${out_trade_no} was replaced by ${third.out_trade_no}`)
})

it('where payments are frozen, whoever waits is told so', async () => {
  const { out_trade_no } = await shop.create()
  await (await shop.ledger()).freeze(undefined, { at: shop.clock.now(), owner: 'one', host: 'terminal' })
  const waited = await shop.call('wait_for_payment', { out_trade_no, seconds: 1 })
  expect(waited.next_step).toMatch(/froze all payments, and the page of this order opens no cashier/)
})

it('two closes at once are both closed', async () => {
  const { out_trade_no } = await shop.create()
  const closes = await Promise.all([1, 2].map(() => shop.call('close_payment', { out_trade_no })))
  expect(closes).toMatchObject([{ closed: true }, { closed: true }])
})
