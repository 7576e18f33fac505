// An order with a page, from the call that makes it to its end: what tools say, what the page shows, what leaves it.
import { describe, expect, it } from 'vitest'
import { shortLink } from '../../src/checkout/short-link.ts'
import { AGENTS, PAGES_AT, useShopWithPages } from './shop-with-page.ts'

const shop = useShopWithPages()
const query = (out_trade_no: string) => shop.call('query_payment', { out_trade_no })
const textOf = async (pay_url: string) => (await shop.visit(pay_url, { headers: { 'accept-language': 'en' } })).text

it('is one short address, with no link of Alipay’s beside it', async () => {
  const made = await shop.call('create_payment', { subject: 'Tea', total_amount: '9.90' })
  expect(made.pay_url).toMatch(/^https:\/\/pay\.example\.com\/p\/[0-9A-Za-z]{22}$/)
  expect(JSON.stringify(made)).not.toContain('gateway.do')
  expect(made).not.toHaveProperty('channel')
  expect(made.next_step).toMatch(/^Show the link as \[Pay 9\.90 yuan\]\(pay_url\), or the picture \(qr_file\)/)
  expect(await query(String(made.out_trade_no))).toMatchObject({ pay_url: made.pay_url, paid: false })
})

it('whatever channel of a link was named; a code stays a code', async () => {
  for (const channel of ['page', 'mobile']) expect((await shop.create({ channel })).pay_url).toContain(PAGES_AT)
  const coded = await shop.call('create_payment', { subject: 'Tea', total_amount: '9.90', channel: 'qr' })
  expect(coded).toMatchObject({ channel: 'qr', qr_content: expect.any(String) })
  expect(coded).not.toHaveProperty('pay_url')
})

it('the same request again is the same page', async () => {
  const own = { out_trade_no: 'OWN1' }
  const { pay_url } = await shop.create(own)
  for (const channel of [undefined, 'page', 'mobile'])
    expect(await shop.create({ ...own, channel })).toMatchObject({ pay_url })
  const coded = await shop.call('create_payment', { subject: 'Tea 茶', total_amount: '9.90', channel: 'qr', ...own })
  expect(coded).toMatchObject({ error: 'invalid_input' })
})

it.each(['page', 'mobile'] as const)('a press leads to the %s product, and its payment is known', async (product) => {
  const { out_trade_no, pay_url } = await shop.create()
  expect((await query(out_trade_no)).message).toMatch(/No buyer has opened the cashier from the page/)
  const link = await shop.press(pay_url, product)
  expect(new URL(String(link)).searchParams.get('method')).toBe(
    `alipay.trade.${product === 'page' ? 'page' : 'wap'}.pay`,
  )
  expect((await query(out_trade_no)).message).toMatch(
    /The buyer opened the cashier at \d{4}-\d\d-\d\d \d\d:\d\d, and has not/,
  )
  await shop.control('pay', { pay_url: link })
  expect(await query(out_trade_no)).toMatchObject({ paid: true })
  expect(await textOf(pay_url)).toContain('Paid')
  expect(await shop.press(pay_url, product)).toBeUndefined()
})

it('both links of an order have the same content but for the product, and lead back to the page', async () => {
  const { pay_url } = await shop.create()
  const content = async (product: 'page' | 'mobile') => {
    const { searchParams } = new URL(String(await shop.press(pay_url, product)))
    expect(searchParams.get('return_url')).toBe(`${pay_url}/return`)
    const { product_code, ...rest } = JSON.parse(searchParams.get('biz_content') ?? '')
    return rest
  }
  const page = await content('page')
  await shop.visit(`${pay_url}/mobile`)
  await shop.watch()
  expect(await content('mobile')).toStrictEqual(page)
})

it.each([
  ['a look at the head', { method: 'HEAD' }],
  ['a post', { method: 'POST' }],
  ['a prefetch', { headers: { 'sec-purpose': 'prefetch' } }],
  ['a prerender', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
  ['an old prefetch', { headers: { 'x-moz': 'prefetch' } }],
  ['a preview', { headers: { 'x-purpose': 'preview' } }],
])('%s is no press', async (_what, how) => {
  const { out_trade_no, pay_url } = await shop.create()
  const answer = await shop.visit(`${pay_url}/page`, how)
  expect(answer.headers).not.toHaveProperty('location')
  expect((await (await shop.ledger()).order({ out_trade_no }))?.cashier_opened_at).toBeUndefined()
})

describe('closing', () => {
  it('before any press is for good, without asking Alipay, and says so wherever it is asked', async () => {
    const { out_trade_no, pay_url } = await shop.create()
    const closed = { closed: true, paid: false, message: expect.stringMatching(/nobody can pay it any more/) }
    expect(await shop.call('close_payment', { out_trade_no })).toMatchObject(closed)
    expect(await shop.call('close_payment', { out_trade_no })).toMatchObject(closed)
    expect(await shop.press(pay_url)).toBeUndefined()
    const asked = await query(out_trade_no)
    expect(asked).toMatchObject({ paid: false, message: closed.message })
    for (const key of ['pay_url', 'payable_until', 'expires']) expect(asked).not.toHaveProperty(key)
    expect(await shop.call('wait_for_payment', { out_trade_no, seconds: 1 })).toMatchObject({ message: closed.message })
    expect(await textOf(pay_url)).toMatch(/[Cc]losed/)
    expect(await shop.call('create_payment', { subject: 'Tea 茶', total_amount: '9.90', out_trade_no })).toMatchObject({
      error: 'invalid_input',
      message: expect.stringContaining('was closed, and cannot be paid'),
    })
    expect(await shop.call('list_payments', { state: 'closed' })).toMatchObject({ count: 1 })
  })

  it('after a press withdraws, and says until when that cashier can be paid in', async () => {
    const { out_trade_no, pay_url } = await shop.create()
    const link = await shop.press(pay_url)
    const closed = await shop.call('close_payment', { out_trade_no })
    expect(closed).toMatchObject({ closed: false, paid: false, payable_until: expect.any(String) })
    expect(closed.message).toMatch(
      /^Withdrawn, not closed: the page offers .* a cashier opened at .* can be paid in until /,
    )
    expect(await shop.press(pay_url)).toBeUndefined()
    expect(await textOf(pay_url)).toContain('withdrawn')
    await shop.control('pay', { pay_url: link })
    expect(await query(out_trade_no)).toMatchObject({ paid: true })
    const alerts = await (await shop.ledger()).unsentAlerts(9)
    expect(alerts.map(({ kind }) => kind)).toContain('paid_after_close')
  })

  it('of a trade that waits is a close at Alipay', async () => {
    const { out_trade_no, pay_url } = await shop.create()
    await shop.control('scan', { pay_url: await shop.press(pay_url) })
    expect(await shop.call('close_payment', { out_trade_no })).toMatchObject({ closed: true })
    expect(await textOf(pay_url)).toMatch(/[Cc]losed/)
  })

  it('once it is shown again, it can be paid again', async () => {
    const { out_trade_no, pay_url } = await shop.create()
    await shop.press(pay_url)
    await shop.call('close_payment', { out_trade_no })
    expect(await shop.create({ out_trade_no })).toMatchObject({ pay_url })
    expect(await shop.press(pay_url)).toBeDefined()
  })
})

describe('replacing', () => {
  it('before any press leaves one order only that can be paid', async () => {
    const old = await shop.create()
    const made = await shop.call('create_payment', { subject: 'Tea', total_amount: '8', replaces: old.out_trade_no })
    expect(made.message).toContain(`The old order ${old.out_trade_no} can no longer be paid.`)
    expect(made).not.toHaveProperty('old_payable_until')
    expect(await shop.press(old.pay_url)).toBeUndefined()
    expect(await shop.press(String(made.pay_url))).toBeDefined()
    expect(await textOf(old.pay_url)).toContain('new link')
  })

  it('after a press says that the old cashier can be paid in, and the payment is alarmed', async () => {
    const old = await shop.create()
    const link = await shop.press(old.pay_url)
    const made = await shop.call('create_payment', { subject: 'Tea', total_amount: '8', replaces: old.out_trade_no })
    expect(made.message).toMatch(/the page of the old order \w+ offers it no more, but a cashier opened at .* until/)
    expect(made).toMatchObject({ old_payable_until: expect.any(String) })
    expect(await shop.press(old.pay_url)).toBeUndefined()
    await shop.control('pay', { pay_url: link })
    await query(old.out_trade_no)
    const kinds = (await (await shop.ledger()).unsentAlerts(9)).map(({ kind }) => kind)
    expect(kinds).toEqual(expect.arrayContaining(['paid_after_replacement']))
  })
})

it('a freeze keeps its page from opening a cashier, and says so', async () => {
  const { pay_url } = await shop.create()
  const actor = { at: shop.clock.now(), owner: 'one', host: 'terminal' }
  await (await shop.ledger()).freeze(undefined, actor)
  expect(await shop.press(pay_url)).toBeUndefined()
  expect(await textOf(pay_url)).not.toMatch(/href="[^"]*\/page"/)
  await (await shop.ledger()).unfreeze(actor)
  expect(await shop.press(pay_url)).toBeDefined()
})

it('its time is over: at once where nobody pressed, else when a payment of the last moment must show', async () => {
  const [unopened, opened] = [await shop.create(), await shop.create()]
  await shop.press(opened.pay_url)
  shop.clock.advance(30 * 60_000)
  expect((await query(unopened.out_trade_no)).message).toBe('Expired unpaid: nobody can pay the 9.90 yuan any more.')
  expect((await query(opened.out_trade_no)).message).toMatch(/a payment of the last minute may still show/)
  expect(await textOf(unopened.pay_url)).toContain('Nobody can pay it any more')
  const text = await textOf(opened.pay_url)
  expect(text).toContain('A payment of the last minute may still show')
  expect(text).not.toMatch(/any more|can still be paid/)
  expect(await shop.press(opened.pay_url)).toBeUndefined()
})

it('a page that could never be paid is not made', async () => {
  const made = await shop.call('create_payment', { subject: 'Tea', total_amount: '1.00', expires_in_minutes: 2 })
  expect(made).toMatchObject({ error: 'invalid_input', message: expect.stringContaining('give 3 or more') })
})

it('no press a minute before the end', async () => {
  const { pay_url } = await shop.create({ expires_in_minutes: 3 })
  shop.clock.advance(121_000)
  expect(await shop.press(pay_url)).toBeUndefined()
})

describe('the second product', () => {
  const second = (pay_url: string) => shop.visit(`${pay_url}/mobile`, { headers: { 'user-agent': AGENTS.phone } })

  it('asks Alipay first, where a watcher is at work, and then goes on', async () => {
    const { pay_url } = await shop.create()
    await shop.watch(1_000)
    await shop.press(pay_url)
    expect((await second(pay_url)).text).toContain('正在')
    await shop.watch(2_000)
    expect((await second(pay_url)).headers.location).toContain('wap.pay')
  })

  it('is not offered without one: nobody knows', async () => {
    const { pay_url } = await shop.create()
    await shop.press(pay_url)
    const { text } = await second(pay_url)
    expect(text).not.toContain('/mobile"')
    expect(text).toContain('/page"')
  })

  it('is refused while a trade waits in the first', async () => {
    const { pay_url } = await shop.create()
    await shop.control('scan', { pay_url: await shop.press(pay_url) })
    await shop.watch(3_000)
    await second(pay_url)
    await shop.watch(3_000)
    const { text, headers } = await second(pay_url)
    expect(headers).not.toHaveProperty('location')
    expect(text).not.toContain('/mobile"')
  })
})

it('a buyer who comes back is asked about at once, and led to the page', async () => {
  const { out_trade_no, pay_url } = await shop.create()
  await shop.control('pay', { pay_url: await shop.press(pay_url) })
  const back = await shop.visit(`${pay_url}/return?out_trade_no=1&total_amount=0.01&trade_status=TRADE_SUCCESS`)
  expect([back.status, back.headers.location]).toEqual([303, new URL(pay_url).pathname])
  expect((await (await shop.ledger()).queryRequests()).map((one) => one.out_trade_no)).toEqual([out_trade_no])
  expect(await textOf(pay_url)).not.toContain('Paid')
  await shop.watch()
  expect(await textOf(pay_url)).toContain('Paid')
})

it('an unknown token is told nothing, and a ledger that cannot be read changes nothing', async () => {
  const unknown = await shop.visit(shortLink(PAGES_AT, 'A'.repeat(22)))
  expect([unknown.status, unknown.isKnown]).toEqual([404, false])
  const { pay_url } = await shop.create()
  const ledger = { ...(await shop.ledger()), checkout: () => Promise.reject(new Error('the disk')) }
  const broken = await shop.visit(`${pay_url}/page`, { side: { ledger } })
  expect([broken.status, broken.isKnown]).toEqual([503, true])
  expect(broken.text).not.toContain('the disk')
})
