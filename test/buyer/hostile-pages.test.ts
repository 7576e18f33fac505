// A hostile buyer and the page of an order: who has its link sees what was paid for, once, and never beside a refund; nobody gets a link of Alipay's.
import { describe, expect, it } from 'vitest'
import { ERAS, useMarket } from './market.ts'

const STEPS = ['', 'page', 'mobile', 'return', 'state', 'goods'] as const
const LOOKS = [
  { method: 'HEAD' },
  { headers: { 'sec-purpose': 'prefetch' } },
  { headers: { 'sec-purpose': 'prefetch;prerender' } },
  { headers: { 'x-moz': 'prefetch' } },
  { headers: { 'x-purpose': 'preview' } },
  { method: 'POST' },
]

describe.each(ERAS)('the page of an order, for %s', (_name, era) => {
  const market = useMarket(era, { settings: { buyerOpen: 20, buyerPerHour: 100 } })
  const deliver = (out_trade_no: string) => market.ask('mallory', 'deliver_order', { out_trade_no })
  const refund = (out_trade_no: string) => market.ask('mallory', 'request_refund', { out_trade_no })
  const grouped = (code: string) => code.replace(/(.{4})(?!$)/g, '$1-')
  /** Paid, and a moment ago Alipay said so to whoever watches for pages. */
  const known = async (item: string, more = {}) => {
    await market.watch(1_000)
    const order = await market.paid('mallory', item, more)
    await market.look(order, 'return')
    await market.watch()
    return order
  }
  const showGoods = async (order: { out_trade_no: string; pay_url: string }) => {
    await market.look(order, 'goods')
    await market.watch()
    await market.look(order, 'goods')
    return market.look(order)
  }

  it.each(['poem', 'key', 'talk'])(
    'of %s shows no goods and no claim code before it is paid, whatever is pressed',
    async (item) => {
      const order = await market.order('mallory', item)
      const code = await market.claimCode(order.out_trade_no)
      await market.watch(1_000)
      for (const step of STEPS) {
        const { text } = await market.look(order, step)
        expect(text).not.toContain(grouped(code))
        await market.watch(1_000)
      }
      expect(await market.ledger.delivery(order.out_trade_no)).toBeUndefined()
    },
  )

  it('says before the press which refunds there are, and that the goods go to the chat', async () => {
    for (const [item, words] of [
      ['talk', 'No refund.'],
      ['poem', 'within 30 minutes'],
      ['course', 'The shop decides'],
    ]) {
      const { text } = await market.look(await market.order('mallory', item ?? ''), '', {
        headers: { 'accept-language': 'en' },
      })
      expect(text).toContain(words)
      expect(text).toContain('goes to the chat')
    }
  })

  it('hands out nothing to what only looks: heads, previews, prefetches and posts', async () => {
    const order = await known('key')
    for (const how of LOOKS) await market.look(order, 'goods', how)
    expect(await market.ledger.delivery(order.out_trade_no)).toBeUndefined()
    expect(await refund(order.out_trade_no)).toMatchObject({ moved: 'now' })
  })

  it('shows what was bought once it is paid; then the chat has the same, not for the first time, and no money goes back', async () => {
    for (const item of ['poem', 'key']) {
      const order = await known(item)
      expect((await showGoods(order)).text).toMatch(item === 'poem' ? /POEM-BODY/ : /KEY-\d{3}/)
      expect(await deliver(order.out_trade_no)).toMatchObject({ first_time: false })
      expect(await refund(order.out_trade_no)).toMatchObject({ isError: true, moved: 'no' })
    }
    expect((await market.shop.trades()).refunded).toBe('0.00')
  })

  it('shows neither goods nor claim code once the money went back', async () => {
    const order = await known('key')
    expect(await refund(order.out_trade_no)).toMatchObject({ moved: 'now' })
    const { text } = await showGoods(order)
    expect(text).not.toContain(grouped(await market.claimCode(order.out_trade_no)))
    expect(await market.ledger.delivery(order.out_trade_no)).toBeUndefined()
  })

  it('shows no goods while a person has to answer a refund', async () => {
    const order = await known('course')
    expect(await refund(order.out_trade_no)).toMatchObject({ refund_request: 'waiting' })
    await showGoods(order)
    expect(await market.ledger.delivery(order.out_trade_no)).toBeUndefined()
  })

  it('and the chat give the goods or the money, when both are asked at once, many times', async () => {
    for (let round = 0; round < 8; round++) {
      const order = await known(round % 2 ? 'poem' : 'key')
      const both = [() => market.look(order, 'goods'), () => refund(order.out_trade_no)]
      if (round % 3 === 0) both.reverse()
      await Promise.all(both.map((one) => one()))
      await market.look(order)
    }
  })

  it('is not found by a token that is guessed, cut, longer or in another case', async () => {
    const { pay_url, out_trade_no } = await market.paid('mallory', 'key')
    const token = pay_url.split('/p/')[1] ?? ''
    const turned = [...token].map((sign) => (/[a-z]/.test(sign) ? sign.toUpperCase() : sign.toLowerCase())).join('')
    for (const guess of [turned, [...token].reverse().join(''), '0'.repeat(22)]) {
      const { status, text } = await market.look({ out_trade_no, pay_url: pay_url.replace(token, guess) }, 'goods')
      expect(status).toBe(404)
      expect(text).not.toMatch(/KEY-|30\.00/)
    }
  })

  it('is the only link that a buyer gets, where codes are the usual way of the merchant, too', async () => {
    const other = await market.start({ rules: { channels: ['qr', 'page', 'mobile'] } })
    const at = market.processes.indexOf(other)
    const made = await market.ask('mallory', 'create_payment', { item: 'key' }, at)
    expect(made).toMatchObject({ isError: false, pay_url: expect.stringMatching(/^https:\/\/pay\.example\.com\/p\//) })
    expect(made.text).not.toMatch(/gateway\.do|qr_content|qr\.alipay/)
    const coded = await market.start({ rules: { channels: ['qr'] } })
    const only = await market.ask('victor', 'create_payment', { item: 'key' }, market.processes.indexOf(coded))
    expect(only.text).not.toMatch(/gateway\.do|qr_content/)
    if (!only.isError) expect(only).toHaveProperty('pay_url')
  })

  it('has to be there outside of local: else no order is made, and nothing is kept from others', async () => {
    for (const pages of [
      undefined,
      { at: 'http://127.0.0.1:8080', proven: async () => ({ at: 'http://127.0.0.1:8080' }) },
    ]) {
      const process = await market.start({ rules: { environment: 'sandbox' }, pages })
      const answer = await market.ask('mallory', 'create_payment', { item: 'key' }, market.processes.indexOf(process))
      expect(answer).toMatchObject({ isError: true, moved: 'no' })
      expect(answer.text).not.toMatch(/ALIPAY_|gateway\.do|127\.0\.0\.1/)
    }
    expect(market.lines.join('\n')).toContain('ALIPAY_PUBLIC_URL')
  })
})
