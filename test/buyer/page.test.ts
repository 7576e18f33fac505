// The page of an item's order: the refund policy before the press, what was bought after the payment, and the claim code.
import { describe, expect, it } from 'vitest'
import { AGENTS, useShopWithPages } from '../checkout/shop-with-page.ts'
import { GUIDE, itemsFolder, KEY, KEYS, POEM, TIP } from './items.ts'

const { itemsFile } = itemsFolder([KEY, GUIDE, POEM, TIP], { 'keys.txt': KEYS })
const shop = useShopWithPages({ role: 'buyer', sells: { itemsFile } })

interface Ordered {
  out_trade_no: string
  pay_url: string
}

async function order(item: string, more = {}): Promise<Ordered> {
  const { out_trade_no, pay_url } = await shop.callAs('alice', 'create_payment', { item, ...more })
  return { out_trade_no: String(out_trade_no), pay_url: String(pay_url) }
}

async function paidOrder(item: string, more = {}): Promise<Ordered> {
  const made = await order(item, more)
  await shop.control('pay', { pay_url: (await shop.press(made.pay_url)) ?? '' })
  await shop.callAs('alice', 'query_payment', { out_trade_no: made.out_trade_no })
  return made
}

/** The words of a page without its markup. */
async function words({ pay_url }: Ordered, step = '', language = 'en'): Promise<string> {
  const { text } = await shop.visit(`${pay_url}${step}`, { headers: { 'accept-language': language } })
  return text
    .replace(/[\s\S]*?<main/, '<main')
    .replace(/<script[\s\S]*/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, ' ')
}

/** Pressed, and asked of Alipay by a watcher where the page wants that. */
async function show(made: Ordered) {
  const pressed = await shop.visit(`${made.pay_url}/goods`)
  if (pressed.status !== 200) return pressed
  await shop.watch(3_000)
  return shop.visit(`${made.pay_url}/goods`)
}

describe('before it is paid', () => {
  it.each([
    [
      'key',
      'Refunds: On request refunded in full within 30 minutes of the payment, up to 20.00 yuan, as long as nothing was delivered; otherwise the shop decides. By paying you agree.',
    ],
    ['poem', 'Refunds: The shop decides about each refund. By paying you agree.'],
  ])('the page of %s tells the refund policy above the button, and where the goods go', async (item, policy) => {
    const text = await words(await order(item))
    const button = text.indexOf('Pay with Alipay')
    expect(text.indexOf(policy)).toBeGreaterThan(0)
    expect(text.indexOf(policy)).toBeLessThan(button)
    expect(text.indexOf('goes to the chat in which it was ordered')).toBeLessThan(button)
    expect(text).not.toContain('Claim code')
  })

  it('that of a tip promises no goods', async () => {
    const text = await words(await order('tip', { total_amount: '8.88' }))
    expect(text).toContain('up to 20.00 yuan; otherwise the shop decides. By paying you agree.')
    expect(text).not.toContain('goes to the chat')
  })

  it('hands out nothing', async () => {
    const made = await order('key')
    await show(made)
    expect(await words(made)).not.toContain('KEY-')
    expect(await (await shop.ledger()).delivery(made.out_trade_no)).toBeUndefined()
  })
})

describe('once it is paid', () => {
  it('the codes show after a press, once Alipay has confirmed the payment, and again to everybody with the link', async () => {
    const made = await paidOrder('key', { quantity: 2 })
    await shop.watch(500)
    expect(await words(made)).toMatch(/Show what I bought Showing it delivers it: after that no refund/)
    const pressed = await shop.visit(`${made.pay_url}/goods`)
    expect(pressed).toMatchObject({ status: 200 })
    const [isAsking, isShown] = ['http-equiv="refresh"', 'KEY-'].map((text) => pressed.text.includes(text))
    expect({ isAsking, isShown }).toStrictEqual({ isAsking: true, isShown: false })
    expect(await show(made)).toMatchObject({ status: 303 })
    const text = await words(made)
    expect(text).toMatch(/What you bought KEY-1 KEY-2 Whoever has the link of this page can see this/)
    expect(await words(made)).toBe(text)
    const { out_trade_no } = made
    expect(await shop.callAs('alice', 'deliver_order', { out_trade_no })).toMatchObject({
      first_time: false,
      codes: [{ redeem_code: 'KEY-1' }, { redeem_code: 'KEY-2' }],
    })
  })

  it('a browser that fetches ahead gets nothing, and delivers nothing', async () => {
    const made = await paidOrder('key')
    const headers = { 'sec-purpose': 'prefetch' }
    expect(await shop.visit(`${made.pay_url}/goods`, { headers })).toMatchObject({ status: 503 })
    await shop.watch(20_000)
    expect(await shop.visit(`${made.pay_url}/goods`, { headers })).toMatchObject({ status: 503 })
    expect(await (await shop.ledger()).delivery(made.out_trade_no)).toBeUndefined()
  })

  it('what Alipay said a while ago is asked anew: refunded in the console meanwhile, nothing is shown', async () => {
    const made = await paidOrder('guide')
    await shop.watch(20_000)
    await shop.clock.sleep(15_000)
    await shop.control('refund', { out_trade_no: made.out_trade_no, refund_amount: '3.00' })
    await show(made)
    expect(await words(made)).not.toContain('Turn left')
    expect(await (await shop.ledger()).delivery(made.out_trade_no)).toBeUndefined()
  })

  it('what was delivered in the chat shows on the page, and a refund that is asked for blocks it', async () => {
    const [read, asked] = [await paidOrder('guide'), await paidOrder('poem')]
    await shop.callAs('alice', 'deliver_order', { out_trade_no: read.out_trade_no })
    expect(await words(read)).toContain('Turn left at the tree.')
    await shop.callAs('alice', 'request_refund', { out_trade_no: asked.out_trade_no })
    expect(await words(asked)).toContain("The refund waits for the shop's answer.")
  })

  it('goods of the chat are fetched there', async () => {
    expect(await words(await paidOrder('poem'))).toContain('Go back to the chat in which you ordered')
    expect(await words(await paidOrder('poem'), '', 'zh')).toContain('请回到下单的对话领取商品。')
  })

  it('its page delivers nothing when it is pressed by hand', async () => {
    const made = await paidOrder('poem')
    expect(await show(made)).toMatchObject({ status: 303 })
    expect(await (await shop.ledger()).delivery(made.out_trade_no)).toBeUndefined()
  })

  it('the claim code stands on the page, and brings the order back to a buyer who is lost', async () => {
    const { out_trade_no, ...rest } = await paidOrder('poem')
    const [, code] = /Claim code ([A-Z2-9]{4}(?:-[A-Z2-9]{4}){3})/.exec(await words({ out_trade_no, ...rest })) ?? []
    expect(code).toBeDefined()
    const lost = (args: object) => shop.callAs('alice at home', 'query_payment', { ...args })
    expect(await lost({ out_trade_no })).toMatchObject({ isError: true })
    expect(await lost({ claim_code: code })).toMatchObject({ out_trade_no, paid: true })
    expect(await lost({ out_trade_no })).toMatchObject({ paid: true })
    expect(await shop.callAs('alice', 'query_payment', { out_trade_no })).toMatchObject({ isError: true })
  })

  it('looks the same on a phone', async () => {
    const { pay_url } = await paidOrder('poem')
    const { text } = await shop.visit(pay_url, { headers: { 'user-agent': AGENTS.phone } })
    expect(text).toContain('取回码')
  })
})
