// A hostile buyer and the goods: unpaid, twice, many times at once, with the payment of something else, and after all was given back.
import { describe, expect, it } from 'vitest'
import { ITEMS } from './items-for-sale.ts'
import { ERAS, useMarket } from './market.ts'

const ONES_THAT_DELIVER = ['poem', 'key', 'course', 'talk', 'advice', 'cent', 'few', 'hooked'] as const
const QUERY = 'alipay.trade.query'

describe.each(ERAS)('the goods, for %s', (_name, era) => {
  const market = useMarket(era, { settings: { buyerOpen: 20, buyerPerHour: 100 } })
  const deliver = (out_trade_no: string, at = 0, buyer = 'mallory') =>
    market.ask(buyer, 'deliver_order', { out_trade_no }, at)
  const refund = (out_trade_no: string, at = 0) => market.ask('mallory', 'request_refund', { out_trade_no }, at)
  const ask = (nth: number, tool: string, out_trade_no: string) => market.ask(`mallory ${nth}`, tool, { out_trade_no })
  const query = (out_trade_no: string) => market.ask('mallory', 'query_payment', { out_trade_no })
  const refused = { isError: true, moved: 'no' }

  it.each(ONES_THAT_DELIVER)(
    'of %s are not handed out before it is paid, however often he asks and whatever he opened',
    async (item) => {
      const { out_trade_no, pay_url } = await market.order('mallory', item)
      for (let time = 0; time < 3; time++) expect(await deliver(out_trade_no)).toMatchObject(refused)
      await market.shop.control('scan', { pay_url: await market.press(pay_url) })
      const answer = await deliver(out_trade_no)
      expect(answer).toMatchObject({ ...refused, message: expect.stringContaining('this order is not paid') })
      expect(await query(out_trade_no)).toMatchObject({ paid: false, delivered: false })
    },
  )

  it('of a tip are none', async () => {
    const { out_trade_no } = await market.paid('mallory', 'tip', { total_amount: '5.00' })
    expect(await deliver(out_trade_no)).toMatchObject({
      ...refused,
      message: expect.stringContaining('nothing is owed'),
    })
  })

  it('are not handed out for a claim that he has paid, wherever he writes it', async () => {
    const { out_trade_no } = await market.order('mallory', 'key')
    const said = 'I paid just now, here is the screenshot: trade_status=TRADE_SUCCESS paid=true'
    for (const field of ['reason', 'paid', 'trade_status', 'proof', 'screenshot', 'note'])
      expect(await market.ask('mallory', 'deliver_order', { out_trade_no, [field]: said })).toMatchObject(refused)
    expect(await market.ask('mallory', 'request_refund', { out_trade_no, reason: said })).toMatchObject(refused)
    expect(await market.ask('mallory', 'query_payment', { out_trade_no, paid: true })).toMatchObject(refused)
    expect(await deliver(out_trade_no)).toMatchObject(refused)
  })

  it('are the same when he asks again, and not for the first time', async () => {
    const { out_trade_no } = await market.paid('mallory', 'key', { quantity: 3 })
    const given = await deliver(out_trade_no)
    expect(given).toMatchObject({ first_time: true, quantity: 3 })
    expect(given.text.match(/KEY-\d{3}-\w+/g)).toHaveLength(3)
    for (const at of [0, 1, 0, 1])
      expect(await deliver(out_trade_no, at)).toMatchObject({ first_time: false, codes: given.codes })
    market.shop.clock.advance(86_400_000 * 3)
    expect(await deliver(out_trade_no)).toMatchObject({ first_time: false, codes: given.codes })
  })

  it.each(['key', 'poem', 'advice', 'hooked'])(
    'of %s are handed out once to twenty calls at once at two processes',
    async (item) => {
      const { out_trade_no } = await market.paid('mallory', item)
      const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => deliver(out_trade_no, at % 2)))
      expect(answers.filter(({ first_time }) => first_time === true)).toHaveLength(1)
      expect(new Set(answers.map(({ codes }) => JSON.stringify(codes))).size).toBe(1)
    },
  )

  it('of a new order are not paid by an old one', async () => {
    const old = await market.paid('mallory', 'key')
    await deliver(old.out_trade_no)
    const next = await market.order('mallory', 'key')
    expect(next.out_trade_no).not.toBe(old.out_trade_no)
    expect(await query(old.out_trade_no)).toMatchObject({ paid: true })
    expect(await deliver(next.out_trade_no)).toMatchObject(refused)
    expect(await deliver(old.out_trade_no)).toMatchObject({ first_time: false })
  })

  it('of a dear order are not paid by one of 0.01 yuan, nor by a tip', async () => {
    const cheap = await market.paid('mallory', 'cent')
    const tip = await market.paid('mallory', 'tip', { total_amount: '1.00' })
    const dear = await market.order('mallory', 'course')
    expect(await query(cheap.out_trade_no)).toMatchObject({ paid: true, total_amount: '0.01' })
    expect(await deliver(dear.out_trade_no)).toMatchObject(refused)
    expect(await deliver(tip.out_trade_no)).toMatchObject(refused)
    expect((await deliver(cheap.out_trade_no)).text).not.toContain('COURSE')
    for (const more of [{ item: 'course' }, { quantity: 3 }, { trade_no: '1' }])
      expect(await market.ask('mallory', 'deliver_order', { out_trade_no: cheap.out_trade_no, ...more })).toMatchObject(
        refused,
      )
  })

  it('of a closed order, and of one whose time is over, stay where they are', async () => {
    const closed = await market.order('mallory', 'key')
    expect(await market.ask('mallory', 'close_payment', { out_trade_no: closed.out_trade_no })).toMatchObject({
      closed: true,
    })
    const late = await market.order('mallory', 'course')
    market.shop.clock.advance(3_600_000)
    for (const { out_trade_no } of [closed, late]) expect(await deliver(out_trade_no)).toMatchObject(refused)
    expect(await market.press(closed.pay_url)).toBeUndefined()
  })

  it('of an order that was to be closed and was paid in an open cashier all the same are his, once', async () => {
    const { out_trade_no, pay_url } = await market.order('mallory', 'key')
    const link = await market.press(pay_url)
    await market.ask('mallory', 'close_payment', { out_trade_no })
    await market.shop.control('pay', { pay_url: link })
    market.notePaid(out_trade_no)
    expect(await deliver(out_trade_no)).toMatchObject({ first_time: true })
    expect(await deliver(out_trade_no, 1)).toMatchObject({ first_time: false })
  })

  it('of an order that the merchant refunded in the console stay where they are', async () => {
    const { out_trade_no } = await market.paid('mallory', 'key')
    await market.giveBack(out_trade_no, '30.00')
    expect(await deliver(out_trade_no)).toMatchObject(refused)
    expect(await refund(out_trade_no)).toMatchObject({ refund_request: 'made', moved: 'earlier' })
  })

  it('of an order that the merchant refunded in part stay where they are', async () => {
    const { out_trade_no } = await market.paid('mallory', 'key', { quantity: 2 })
    const merchant = await market.start({}, 'merchant')
    const given = await merchant.call(undefined, 'refund_payment', { out_trade_no, refund_amount: '1.00' })
    expect(given.fields).toMatchObject({ moved: 'now' })
    market.noteGivenBack(out_trade_no, '1.00')
    expect(await deliver(out_trade_no)).toMatchObject({ ...refused, message: expect.stringContaining('given back') })
    expect(await refund(out_trade_no)).toMatchObject({ refunded_total: '1.00' })
  })

  it('that were handed out are not handed out anew once the merchant gave the money back', async () => {
    const { out_trade_no } = await market.paid('mallory', 'key')
    const { codes } = await deliver(out_trade_no)
    await market.giveBack(out_trade_no, '30.00')
    expect(await query(out_trade_no)).toMatchObject({ paid: false, refunded: 'full', delivered: true })
    expect(await deliver(out_trade_no, 1)).toMatchObject({ first_time: false, codes })
    const other = await market.paid('victoria', 'key')
    expect((await deliver(other.out_trade_no, 0, 'victoria')).codes).not.toStrictEqual(codes)
  })

  it('are there or the money is, when he asks for both at once, many times', async () => {
    for (let round = 0; round < 12; round++) {
      const { out_trade_no } = await market.paid(`mallory ${round}`, round % 2 ? 'key' : 'poem')
      const ask = (tool: string, at: number) => market.ask(`mallory ${round}`, tool, { out_trade_no }, at)
      const both = [() => ask('deliver_order', round % 2), () => ask('request_refund', (round >> 1) % 2)]
      if (round % 3 === 0) both.reverse()
      const answers = await Promise.all([...both, ...both].map((call) => call()))
      const isGiven = answers.some(({ first_time }) => first_time === true)
      const isBack = answers.some(({ moved }) => moved === 'now')
      expect([isGiven, isBack].filter(Boolean), JSON.stringify(answers)).toHaveLength(1)
    }
  })

  it('or the money are his once, when he cancels his calls in the middle', async () => {
    for (let round = 0; round < 8; round++) {
      const { out_trade_no } = await market.paid(`mallory ${round}`, round % 2 ? 'key' : 'poem')
      const tools = round % 4 < 2 ? ['request_refund', 'deliver_order'] : ['deliver_order', 'request_refund']
      for (const tool of [...tools, ...tools]) {
        const host = new AbortController()
        const call = market.askAs(`mallory ${round}`, tool, { out_trade_no }, 0, host.signal)
        for (let tick = 0; tick < round * 3; tick++) await Promise.resolve()
        host.abort()
        await call
      }
      const answers = [
        await ask(round, 'deliver_order', out_trade_no),
        await ask(round, 'request_refund', out_trade_no),
      ]
      expect(
        answers.filter(({ isError }) => !isError),
        JSON.stringify(answers),
      ).toHaveLength(1)
    }
  })

  it('are not handed out while Alipay does not say that they are paid, and once it does, once', async () => {
    const { out_trade_no } = await market.paid('mallory', 'key')
    await market.shop.control('faults', { fault: 'lost_before', method: QUERY, times: 'always' })
    expect(await deliver(out_trade_no)).toMatchObject({ ...refused, error: 'no_answer' })
    await market.shop.control('faults/clear', {})
    await market.shop.control('faults', { fault: 'wrong_sign', method: QUERY, times: 'always' })
    expect(await deliver(out_trade_no)).toMatchObject(refused)
    await market.shop.control('faults/clear', {})
    expect(await deliver(out_trade_no)).toMatchObject({ first_time: true })
  })

  it('are those that were bought, after the merchant took the codes out of the file, or the item out of the list', async () => {
    const one = await market.paid('mallory', 'key', { quantity: 2 })
    const other = await market.paid('mallory', 'course')
    market.sell(
      ITEMS.filter(({ id }) => id !== 'key').map((item) =>
        item.id === 'course' ? { ...item, codes: ['NEW-COURSE-1'] } : item,
      ),
    )
    await market.ask('mallory', 'list_items')
    for (const { out_trade_no } of [one, other]) expect(await deliver(out_trade_no)).toMatchObject({ first_time: true })
  })

  it('of the last code are one buyer’s, who pays for it or lets it go', async () => {
    market.change('key', { codes: ['KEY-LAST-ONE'] })
    const first = await market.order('mallory', 'key')
    const late = await market.ask('victoria', 'create_payment', { item: 'key' })
    expect(late).toMatchObject({ ...refused, message: expect.stringContaining('sold out') })
    await market.ask('mallory', 'close_payment', { out_trade_no: first.out_trade_no })
    const { out_trade_no } = await market.paid('victoria', 'key')
    expect((await deliver(out_trade_no, 0, 'victoria')).text).toContain('KEY-LAST-ONE')
    expect(await deliver(first.out_trade_no)).toMatchObject(refused)
  })

  it('of the last seats are as many as there are, for twenty buyers at once at two processes', async () => {
    const buyers = Array.from({ length: 20 }, (_, at) => `crowd ${at}`)
    const made = await Promise.all(
      buyers.map((buyer, at) => market.ask(buyer, 'create_payment', { item: 'few' }, at % 2)),
    )
    expect(made.filter(({ isError }) => !isError)).toHaveLength(2)
  })
})
