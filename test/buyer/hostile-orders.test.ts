// A hostile buyer and the orders of others: whatever he calls them, he hears what he hears of orders that there are not.
import { describe, expect, it } from 'vitest'
import { ERAS, type Order, useMarket } from './market.ts'

const BY_NUMBER = ['query_payment', 'wait_for_payment', 'request_refund', 'deliver_order', 'close_payment'] as const
const NOBODYS = '202611230900000000123456789abcdef'

describe.each(ERAS)('the orders of others, for %s', (_name, era) => {
  const market = useMarket(era)
  const missed = { isError: true, error: 'invalid_input', retry: 'no', moved: 'no' }

  /** He tries it with every tool, and each answers as it does of an order that there is not. */
  const misses = async (numbers: readonly string[], buyer = 'mallory') => {
    for (const tool of BY_NUMBER) {
      const nobodys = await market.ask(buyer, tool, { out_trade_no: NOBODYS })
      const { environment_note: _, ...expected } = nobodys
      expect(nobodys).toMatchObject(missed)
      for (const out_trade_no of numbers) {
        const { environment_note: __, ...answer } = await market.ask(buyer, tool, { out_trade_no })
        expect({ ...answer, text: '' }, `${tool} ${out_trade_no}`).toStrictEqual({ ...expected, text: '' })
      }
    }
  }
  const isStillHis = async ({ out_trade_no }: Order, buyer = 'victoria') =>
    expect(await market.ask(buyer, 'query_payment', { out_trade_no })).toMatchObject({ isError: false, out_trade_no })

  it('are not his by a number that he copied, before they are paid or after; Alipay is not even asked', async () => {
    const open = await market.order('victoria', 'tip', { total_amount: '7.77' })
    const paid = await market.paid('victoria', 'key', { quantity: 2 })
    const before = await market.calls()
    await misses([open.out_trade_no, paid.out_trade_no])
    expect(await market.calls()).toBe(before)
    await isStillHis(open)
    expect(await market.ask('victoria', 'deliver_order', { ...paid })).toMatchObject({ isError: true })
    expect(await market.ask('victoria', 'deliver_order', { out_trade_no: paid.out_trade_no })).toMatchObject({
      first_time: true,
    })
  })

  it('are not his by their number in another case, with blanks around it, or with a bit more or less', async () => {
    const { out_trade_no: number } = await market.paid('victoria', 'poem')
    const near = [
      number.toUpperCase(),
      number.slice(0, -1),
      `${number}0`,
      `0${number}`,
      `_${number}`,
      number.slice(0, 17),
    ]
    await misses(near.filter((one) => one !== number))
    for (const blank of [` ${number}`, `${number} `, `\t${number}`, `${number}\n`]) {
      const answer = await market.ask('mallory', 'query_payment', { out_trade_no: blank })
      expect(answer).toMatchObject({ isError: true, moved: 'no' })
      expect(answer.message).not.toContain(number)
    }
  })

  it('are not his by guesses: what comes next after his own, or a pattern', async () => {
    const own = await market.paid('mallory', 'poem')
    await market.paid('victoria', 'poem')
    const tail = (step: number) =>
      (BigInt(`0x${own.out_trade_no.slice(17)}`) + BigInt(step)).toString(16).padStart(16, '0')
    await misses([1, 2, -1].map((step) => own.out_trade_no.slice(0, 17) + tail(step)))
    for (const out_trade_no of [
      '%',
      '*',
      `${own.out_trade_no.slice(0, 14)}%`,
      "' or 1=1 --",
      '..',
      '[object Object]',
      '?',
    ])
      expect(await market.ask('mallory', 'query_payment', { out_trade_no })).toMatchObject({
        isError: true,
        moved: 'no',
      })
    for (const out_trade_no of [['a'], { $ne: '' }, true, {}, [], Number.MAX_SAFE_INTEGER, null])
      expect(await market.ask('mallory', 'deliver_order', { out_trade_no })).toMatchObject({
        isError: true,
        moved: 'no',
      })
  })

  it('are not his by the number that Alipay gave them, in its field or in another', async () => {
    await market.paid('victoria', 'poem')
    const trade_no = String((await market.shop.trades()).trades[0]?.trade_no)
    await misses([trade_no, '2026112322001400010500000001'])
    for (const tool of BY_NUMBER) {
      const answer = await market.ask('mallory', tool, { trade_no })
      expect(answer).toMatchObject({ isError: true, error: 'invalid_input' })
      expect(answer.message).toContain('unknown field "trade_no"')
    }
  })

  it('are not his by the token or the address of their page', async () => {
    const { pay_url } = await market.paid('victoria', 'poem')
    await misses([pay_url.split('/p/')[1] ?? ''])
    for (const tool of BY_NUMBER)
      expect(await market.ask('mallory', tool, { out_trade_no: pay_url })).toMatchObject({ error: 'invalid_input' })
    expect(await market.ask('mallory', 'query_payment', { pay_url })).toMatchObject({ error: 'invalid_input' })
  })

  it('are not his to close, to wait for, or to ask back, in whatever state they are', async () => {
    const states = [
      await market.order('victoria', 'key'),
      await market.paid('victoria', 'poem'),
      await market.order('victoria', 'few'),
    ]
    await market.press(states[2]?.pay_url ?? '')
    await market.ask('victoria', 'close_payment', { out_trade_no: states[2]?.out_trade_no })
    await misses(states.map(({ out_trade_no }) => out_trade_no))
    expect(await market.ask('victoria', 'query_payment', { out_trade_no: states[0]?.out_trade_no })).toMatchObject({
      pay_url: states[0]?.pay_url,
    })
    expect((await market.ledger.buyerRequests()).length).toBe(0)
  })

  it('are not listed, searched or summed up for him by any tool', async () => {
    await market.paid('victoria', 'tip', { total_amount: '7.77' })
    await market.paid('victor', 'tip', { total_amount: '8.31' })
    const { tools } = (await market.processes[0]?.client.listTools()) ?? { tools: [] }
    expect(tools.map(({ name }) => name).sort()).toStrictEqual([...BY_NUMBER, 'create_payment', 'list_items'].sort())
    for (const [tool, args] of [
      ['query_payment', {}],
      ['list_items', { text: 'victor' }],
      ['query_payment', { state: 'paid' }],
    ] as const)
      expect((await market.ask('mallory', tool, args)).text).not.toMatch(/7\.77|8\.31|16\.08/)
    expect(await market.ask('mallory', 'list_items')).toMatchObject({ isError: false })
  })

  it('are no proof of a payment of his: what a victim paid with the attacker’s link goes to the chat that ordered it', async () => {
    const trap = await market.order('mallory', 'key')
    await market.pay(trap, 'buyer2')
    await misses([trap.out_trade_no], 'victoria')
    expect(await market.ask('mallory', 'deliver_order', { out_trade_no: trap.out_trade_no })).toMatchObject({
      ...{ isError: false, first_time: true },
    })
    expect((await market.shop.trades()).refunded).toBe('0.00')
  })

  it('are not shown to him as his own open order for the same thing', async () => {
    const hers = await market.order('victoria', 'key', { quantity: 2 })
    const his = await market.order('mallory', 'key', { quantity: 2 })
    expect(his.out_trade_no).not.toBe(hers.out_trade_no)
    expect(his.pay_url).not.toBe(hers.pay_url)
  })

  it('are not his either where they are the merchant’s own, of an item or of anything else', async () => {
    const merchant = await market.start({}, 'merchant')
    const sold = await merchant.call(undefined, 'sell_item', { item: 'key' })
    const made = await merchant.call(undefined, 'create_payment', { subject: 'A house', total_amount: '1234.56' })
    expect([sold.isError, made.isError]).toStrictEqual([false, false])
    await misses([String(sold.fields.out_trade_no), String(made.fields.out_trade_no)])
  })

  it('are told from orders that there are not by no time that an answer takes', async () => {
    const { out_trade_no } = await market.paid('victoria', 'poem')
    const pauseFor = async (number: string, buyer: string) => {
      const times: number[] = []
      for (let miss = 0; miss < 8; miss++) {
        const before = market.now
        await market.ask(buyer, 'query_payment', { out_trade_no: number })
        times.push(Math.round((market.now - before) / 500))
      }
      return times
    }
    expect(await pauseFor(out_trade_no, 'mallory')).toStrictEqual(await pauseFor(NOBODYS, 'marvin'))
  })
})
