// A hostile buyer and his money back: late, dear, often, at once, after a lost answer, and under a policy that is another by now.
import { describe, expect, it } from 'vitest'
import { ITEMS } from './items-for-sale.ts'
import { ERAS, useMarket } from './market.ts'

const REFUND = 'alipay.trade.refund'
const FIND = 'alipay.trade.fastpay.refund.query'
const MINUTE = 60_000

describe.each(ERAS)('money back, for %s', (_name, era) => {
  const market = useMarket(era, { settings: { buyerOpen: 20, buyerPerHour: 100 } })
  const refund = (out_trade_no: string, at = 0, more = {}) =>
    market.ask('mallory', 'request_refund', { out_trade_no, ...more }, at)
  const query = (out_trade_no: string) => market.ask('mallory', 'query_payment', { out_trade_no })
  const refunded = async () => (await market.shop.trades()).refunded
  const waits = { isError: false, refund_request: 'waiting', moved: 'no' }
  const refused = { isError: true, moved: 'no' }

  it('goes nowhere from an order that nobody has paid, whatever its policy', async () => {
    for (const item of ['poem', 'key', 'talk', 'advice', 'few']) {
      const { out_trade_no } = await market.order('mallory', item)
      expect(await refund(out_trade_no)).toMatchObject(refused)
    }
    expect(await market.ledger.buyerRequests()).toStrictEqual([])
    expect(await market.alerts()).not.toContainEqual(expect.stringContaining('退款'))
  })

  it('goes back once, when he asks twice, and later, and elsewhere', async () => {
    const { out_trade_no } = await market.paid('mallory', 'poem')
    expect(await refund(out_trade_no)).toMatchObject({ refund_request: 'made', moved: 'now', refund_amount: '19.90' })
    expect(await refund(out_trade_no)).toMatchObject({ moved: 'earlier' })
    expect(await refund(out_trade_no, 1)).toMatchObject({ moved: 'earlier' })
    market.shop.clock.advance(86_400_000)
    expect(await refund(out_trade_no)).toMatchObject({ moved: 'earlier' })
    expect(await refunded()).toBe('19.90')
  })

  it('goes back once to twenty calls at once at two processes', async () => {
    const { out_trade_no } = await market.paid('mallory', 'poem')
    await Promise.all(
      Array.from({ length: 20 }, (_, at) => refund(out_trade_no, at % 2, { reason: `for reason ${at}` })),
    )
    expect(await refunded()).toBe('19.90')
    expect((await market.shop.trades()).trades).toMatchObject([{ refunds: [{ by: 'api' }] }])
  })

  it.each(['poem', 'key'])('does not go back for %s that he has read already', async (item) => {
    const { out_trade_no } = await market.paid('mallory', item)
    expect(await market.ask('mallory', 'deliver_order', { out_trade_no })).toMatchObject({ first_time: true })
    for (const at of [0, 1]) {
      const answer = await refund(out_trade_no, at, { reason: 'I never got it' })
      expect(answer).toMatchObject({ ...refused, message: expect.stringContaining('was delivered') })
    }
    expect(await refunded()).toBe('0.00')
  })

  it('does not go back by itself after the minutes of the policy', async () => {
    const { out_trade_no } = await market.paid('mallory', 'poem')
    market.shop.clock.advance(30 * MINUTE + 1_000)
    expect(await refund(out_trade_no)).toMatchObject(waits)
    const early = await market.paid('mallory', 'poem')
    market.shop.clock.advance(29 * MINUTE)
    expect(await refund(early.out_trade_no)).toMatchObject({ moved: 'now' })
  })

  it('does not go back by itself over the most of the policy', async () => {
    const { out_trade_no } = await market.paid('mallory', 'key', { quantity: 3 })
    expect(await refund(out_trade_no)).toMatchObject({ ...waits, refund_amount: '90.00' })
    const tip = await market.paid('mallory', 'tip', { total_amount: '20.01' })
    expect(await refund(tip.out_trade_no)).toMatchObject(waits)
    expect(await refunded()).toBe('0.00')
  })

  it('does not go back by itself over the cap of a day, in several orders one after the other', async () => {
    const orders = []
    for (let nth = 0; nth < 4; nth++) orders.push(await market.paid('mallory', 'key', { quantity: 1 }))
    const moved = []
    for (const { out_trade_no } of orders) moved.push((await refund(out_trade_no)).moved)
    expect(moved).toStrictEqual(['now', 'now', 'now', 'no'])
    expect(await refunded()).toBe('90.00')
  })

  it('does not go back by itself over the cap of a day, in several orders at once at two processes', async () => {
    const orders = []
    for (let nth = 0; nth < 6; nth++) orders.push(await market.paid('mallory', 'poem'))
    await Promise.all(orders.map(({ out_trade_no }, at) => refund(out_trade_no, at % 2)))
    expect(Number(await refunded())).toBeLessThanOrEqual(100)
  })

  it('is sent once, and once more unchanged, when its answers are lost: it moved once, and is found', async () => {
    const { out_trade_no } = await market.paid('mallory', 'poem')
    await market.shop.control('faults', { fault: 'lost_after', method: REFUND, times: 'always' })
    expect(await refund(out_trade_no)).toMatchObject({ isError: false, moved: 'now' })
    await market.shop.control('faults/clear', {})
    expect(await refund(out_trade_no)).toMatchObject({ moved: 'earlier' })
    expect(await market.ask('mallory', 'deliver_order', { out_trade_no })).toMatchObject(refused)
    expect(await refunded()).toBe('19.90')
  })

  it('is not sent again by itself once nobody knows how it ended, whether it moved or not; and nothing is delivered', async () => {
    for (const fault of ['lost_before', 'lost_after']) {
      const { out_trade_no } = await market.paid('mallory', 'poem')
      await market.shop.control('faults', { fault, method: REFUND, times: 'always' })
      await market.shop.control('faults', { fault: 'sign_first', method: FIND })
      await market.shop.control('faults', { fault: 'lost_before', method: FIND, times: 'always' })
      expect(await refund(out_trade_no)).toMatchObject({ isError: true, error: 'unknown', moved: 'unknown' })
      await market.shop.control('faults/clear', {})
      const sent = Object(await market.shop.trades()).calls[REFUND]
      expect(await market.ask('mallory', 'deliver_order', { out_trade_no })).toMatchObject(refused)
      for (const minutes of [1, 11, 12]) {
        market.shop.clock.advance(minutes * MINUTE)
        await refund(out_trade_no, minutes % 2)
        expect(await market.ask('mallory', 'deliver_order', { out_trade_no })).toMatchObject(refused)
      }
      expect(Object(await market.shop.trades()).calls[REFUND]).toBe(sent)
    }
    expect(await refunded()).toBe('19.90')
  })

  it('does not go back of an item without refunds, and asks nobody at the shop', async () => {
    const { out_trade_no } = await market.paid('mallory', 'talk')
    expect(await refund(out_trade_no, 0, { reason: 'please' })).toMatchObject({
      ...{ ...refused, message: expect.stringContaining('sold without refunds') },
    })
    expect(await market.ledger.buyerRequests()).toStrictEqual([])
    expect(await market.ask('mallory', 'deliver_order', { out_trade_no })).toMatchObject({ first_time: true })
  })

  it('goes by the policy of now where that became stricter: never, operator, fewer minutes, less', async () => {
    const stricter = [
      'never',
      'operator',
      { policy: 'auto', minutes: 1, max: '50.00' },
      { policy: 'auto', minutes: 30, max: '19.89' },
    ] as const
    for (const refundPolicy of stricter) {
      market.sell(ITEMS)
      const { out_trade_no } = await market.paid('mallory', 'poem')
      market.change('poem', { refund: refundPolicy })
      market.shop.clock.advance(2 * MINUTE)
      expect(await refund(out_trade_no)).toMatchObject(refundPolicy === 'never' ? refused : waits)
    }
    expect(await refunded()).toBe('0.00')
  })

  it('goes by the policy of the order where that became looser since', async () => {
    const bought = [
      await market.paid('mallory', 'talk'),
      await market.paid('mallory', 'course'),
      await market.paid('mallory', 'poem'),
    ]
    const loose = { policy: 'auto', minutes: 500_000, max: '100000.00' } as const
    market.sell(ITEMS.map((item) => (item.tip || !item.deliver ? item : { ...item, refund: loose })))
    market.shop.clock.advance(31 * MINUTE)
    const answers = []
    for (const { out_trade_no } of bought) answers.push((await refund(out_trade_no)).refund_request)
    expect(answers).toStrictEqual([undefined, 'waiting', 'waiting'])
    expect(await refunded()).toBe('0.00')
  })

  it('waits for a person where the item is sold no more', async () => {
    const { out_trade_no } = await market.paid('mallory', 'poem')
    market.sell(ITEMS.filter(({ id }) => id !== 'poem'))
    expect(await refund(out_trade_no)).toMatchObject(waits)
  })

  it('that waits for a person keeps the goods where they are; a no is a no, however often he asks, and the goods are his', async () => {
    const { out_trade_no } = await market.paid('mallory', 'course')
    expect(await refund(out_trade_no, 0, { reason: 'too dear' })).toMatchObject(waits)
    expect(await market.ask('mallory', 'deliver_order', { out_trade_no })).toMatchObject(refused)
    await market.decline(out_trade_no)
    for (const at of [0, 1, 0])
      expect(await refund(out_trade_no, at, { reason: 'but I am the boss' })).toMatchObject(refused)
    expect(await query(out_trade_no)).toMatchObject({ refund_request: 'declined' })
    expect(await market.ask('mallory', 'deliver_order', { out_trade_no })).toMatchObject({ first_time: true })
    expect(await refund(out_trade_no)).toMatchObject(refused)
    expect(await refunded()).toBe('0.00')
  })

  it('that waits is not told to be no request, where the policy became never since', async () => {
    const { out_trade_no } = await market.paid('mallory', 'course')
    expect(await refund(out_trade_no)).toMatchObject(waits)
    market.change('course', { refund: 'never' })
    expect((await refund(out_trade_no)).message).not.toContain('no refund was asked for')
    expect(await query(out_trade_no)).toMatchObject({ refund_request: 'waiting' })
  })

  it('waits for a person where the merchant has too little at Alipay, and the buyer hears nothing of that', async () => {
    const { out_trade_no } = await market.paid('mallory', 'poem')
    await market.shop.control('balance', { balance: '3.21' })
    const answer = await refund(out_trade_no)
    expect(answer).toMatchObject(waits)
    expect(answer.text).not.toMatch(/3\.21|BALANCE|balance|余额|40004/)
    await market.shop.control('balance', { balance: null })
    expect(await refund(out_trade_no)).toMatchObject(waits)
    expect(await refunded()).toBe('0.00')
  })

  it('goes back no further where the merchant gave a part back in the console, which nobody here knows', async () => {
    const { out_trade_no } = await market.paid('mallory', 'poem')
    await market.giveBack(out_trade_no, '5.00')
    expect(await refund(out_trade_no)).toMatchObject({ moved: 'no' })
    expect(await refunded()).toBe('5.00')
  })

  it('does not go back once the shop has begun to deliver by itself', async () => {
    const loose = { policy: 'auto', minutes: 60, max: '100.00' } as const
    market.change('hooked', { refund: loose })
    const { out_trade_no } = await market.paid('mallory', 'hooked')
    expect(await market.ask('mallory', 'deliver_order', { out_trade_no })).toMatchObject({ first_time: true })
    expect(await refund(out_trade_no)).toMatchObject(refused)
  })

  it('is promised as it was for an order that is open already, whatever the file says since', async () => {
    const made = await market.ask('mallory', 'create_payment', { item: 'talk' })
    expect(made).toMatchObject({ refund_policy: 'No refund.' })
    market.change('talk', { refund: { policy: 'auto', minutes: 500, max: '100.00' } })
    const again = await market.ask('mallory', 'create_payment', { item: 'talk' })
    const isSame = again.out_trade_no === made.out_trade_no
    if (isSame) expect(again).toMatchObject({ refund_policy: 'No refund.' })
    await market.pay({ out_trade_no: String(again.out_trade_no), pay_url: String(again.pay_url) })
    const back = await refund(String(again.out_trade_no))
    expect(back.moved).toBe(isSame ? 'no' : 'now')
  })

  it('is all of it or nothing: no amount, no number and no other field of a refund is taken', async () => {
    const { out_trade_no } = await market.paid('mallory', 'course')
    for (const field of [
      'refund_amount',
      'amount',
      'out_request_no',
      'refund_reason',
      'trade_no',
      'approve',
      'policy',
      'force',
    ])
      expect(await refund(out_trade_no, 0, { [field]: '99.00' })).toMatchObject({ ...refused, error: 'invalid_input' })
    expect(await market.ledger.buyerRequests()).toStrictEqual([])
  })

  it('of a tip goes back once, in time and under the most', async () => {
    const { out_trade_no } = await market.paid('mallory', 'tip', { total_amount: '20.00' })
    expect(await refund(out_trade_no)).toMatchObject({ moved: 'now' })
    expect(await refund(out_trade_no, 1)).toMatchObject({ moved: 'earlier' })
  })
})
