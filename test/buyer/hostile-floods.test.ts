// A hostile buyer who does not stop: orders, guesses and requests by the hundred, at limits that are his own; others are served meanwhile.
import { describe, expect, it } from 'vitest'
import { ERAS, useMarket } from './market.ts'

describe.each(ERAS)('a flood, for %s', (_name, era) => {
  const market = useMarket(era)
  const isServed = async (buyer = 'victoria') => {
    const { out_trade_no } = await market.paid(buyer, 'key')
    expect(await market.ask(buyer, 'deliver_order', { out_trade_no })).toMatchObject({ first_time: true })
  }

  it('of orders is three open ones, that keep no more codes from others than they have', async () => {
    const made = []
    for (let nth = 0; nth < 200; nth++)
      made.push(
        await market.ask(
          'mallory',
          'create_payment',
          { item: nth % 2 ? 'key' : 'course', quantity: 1 + (nth % 3) },
          nth % 2,
        ),
      )
    const numbers = new Set(made.filter(({ isError }) => !isError).map(({ out_trade_no }) => out_trade_no))
    expect(numbers.size).toBe(3)
    expect(made.at(-1)?.text.length).toBeLessThan(2_000)
    await isServed()
  })

  it('of orders that he closes again is ten in an hour', async () => {
    let count = 0
    for (let nth = 0; nth < 40; nth++) {
      const made = await market.ask('mallory', 'create_payment', { item: 'tip', total_amount: `${10 + nth}.00` })
      if (made.isError) continue
      count += 1
      await market.ask('mallory', 'close_payment', { out_trade_no: made.out_trade_no })
    }
    expect(count).toBe(10)
    await isServed()
  })

  it('of orders at once at two processes is no more than one after the other', async () => {
    const many = Array.from({ length: 24 }, (_, at) =>
      market.ask('mallory', 'create_payment', { item: 'tip', total_amount: `${5 + at}.00` }, at % 2),
    )
    expect((await Promise.all(many)).filter(({ isError }) => !isError)).toHaveLength(3)
    await isServed()
  })

  it('of the same order at once at two processes is one order', async () => {
    const many = Array.from({ length: 16 }, (_, at) => market.ask('mallory', 'create_payment', { item: 'key' }, at % 2))
    const made = await Promise.all(many)
    expect(made.flatMap(({ isError, text }) => (isError ? [text] : []))).toStrictEqual([])
    expect(new Set(made.map(({ out_trade_no }) => out_trade_no)).size).toBe(1)
  })

  it('of guessed numbers becomes slow for him, asks Alipay nothing, and is nothing to others', async () => {
    const { out_trade_no } = await market.paid('victoria', 'key')
    const calls = await market.calls()
    const before = market.now
    for (let nth = 0; nth < 300; nth++) {
      const guess = out_trade_no.slice(0, -6) + nth.toString(16).padStart(6, '0')
      expect((await market.ask('mallory', 'deliver_order', { out_trade_no: guess }, nth % 2)).isError).toBe(true)
    }
    expect(await market.calls()).toBe(calls)
    expect(market.now - before).toBeGreaterThan(280 * 1_500)
    const then = market.now
    expect(await market.ask('victoria', 'deliver_order', { out_trade_no })).toMatchObject({ first_time: true })
    expect(market.now - then).toBeLessThan(3_000)
  })

  it('of guesses does not keep the one who guessed from what is his own, once he stops', async () => {
    const own = await market.paid('mallory', 'poem')
    for (let nth = 0; nth < 30; nth++) await market.ask('mallory', 'query_payment', { out_trade_no: `2026${nth}` })
    market.shop.clock.advance(11 * 60_000)
    const then = market.now
    expect(await market.ask('mallory', 'deliver_order', { out_trade_no: own.out_trade_no })).toMatchObject({
      first_time: true,
    })
    expect(market.now - then).toBeLessThan(3_000)
  })

  it('of guesses under ever new names finds nothing either', async () => {
    const { out_trade_no } = await market.paid('victoria', 'key')
    for (let nth = 0; nth < 200; nth++)
      expect(await market.ask(`sock puppet ${nth}`, 'query_payment', { out_trade_no })).toMatchObject({
        error: 'invalid_input',
      })
  })

  it('of requests for money back is one request, one alert, and no fen', async () => {
    const { out_trade_no } = await market.paid('mallory', 'course')
    for (let nth = 0; nth < 150; nth++)
      await market.ask('mallory', 'request_refund', { out_trade_no, reason: `now, for the ${nth}th time` }, nth % 2)
    expect(await market.ledger.buyerRequests()).toHaveLength(1)
    expect((await market.alerts()).filter((text) => text.includes('申请退款'))).toHaveLength(1)
    await isServed()
  })

  it('of calls is his alone: another buyer has a minute of his own', async () => {
    const limited = await market.start({ rules: { limits: { callsPerMinute: 20 } } })
    const at = market.processes.indexOf(limited)
    const answers = []
    for (let nth = 0; nth < 60; nth++) answers.push(await market.ask('mallory', 'list_items', {}, at))
    expect(answers.filter(({ isError }) => !isError)).toHaveLength(20)
    expect(answers.at(-1)).toMatchObject({ error: 'over_limit', retry: 'yes_once' })
    expect(await market.ask('victoria', 'list_items', {}, at)).toMatchObject({ isError: false })
  })

  it('of buyers fills the shop up to its own limit, of which they hear no sums, and those who have an order keep it', async () => {
    const limited = await market.start({ settings: { allOpen: 5 } })
    const at = market.processes.indexOf(limited)
    const hers = await market.order('victoria', 'key', {}, at)
    const made = []
    for (let nth = 0; nth < 30; nth++)
      made.push(await market.ask(`sock puppet ${nth}`, 'create_payment', { item: 'poem' }, at))
    expect(made.filter(({ isError }) => !isError)).toHaveLength(4)
    expect(made.at(-1)?.text).not.toMatch(/ALIPAY_|\b5\b/)
    await market.pay(hers)
    expect(await market.ask('victoria', 'deliver_order', { out_trade_no: hers.out_trade_no }, at)).toMatchObject({
      first_time: true,
    })
  })
})

describe.each(ERAS)('a limit of the merchant, for %s', (_name, era) => {
  const limits = { callsPerMinute: 0, dailyPaymentsFen: 45_71, dailyRefundsFen: 20_13 }
  const market = useMarket(era, { rules: { limits } })

  it('of the day’s orders stops the buyer, who hears no sum of it; the operator hears all of it', async () => {
    await market.order('victoria', 'poem')
    await market.order('victoria', 'advice')
    const late = await market.ask('mallory', 'create_payment', { item: 'poem' })
    expect(late).toMatchObject({ isError: true, error: 'over_limit', moved: 'no' })
    expect(late.text).not.toMatch(/45\.71|34\.90|10\.81|ALIPAY_|Beijing/)
    expect(market.lines.join('\n')).toContain('45.71')
  })

  it('of the day’s refunds has the next one wait for a person, and the buyer hears no sum of it', async () => {
    const [first, second] = [await market.paid('victoria', 'poem'), await market.paid('mallory', 'poem')]
    expect(await market.ask('victoria', 'request_refund', { out_trade_no: first.out_trade_no })).toMatchObject({
      moved: 'now',
    })
    const late = await market.ask('mallory', 'request_refund', { out_trade_no: second.out_trade_no })
    expect(late).toMatchObject({ refund_request: 'waiting', moved: 'no' })
    expect(late.text).not.toMatch(/20\.13|0\.23|ALIPAY_/)
  })

  it('is a freeze, too: no order, no goods and no money back, and no reason of the operator is told', async () => {
    const { out_trade_no } = await market.paid('mallory', 'poem')
    await market.ledger.freeze('the police is here', { at: market.now, owner: 'a person', host: 'terminal' })
    for (const [tool, args] of [
      ['create_payment', { item: 'advice' }],
      ['deliver_order', { out_trade_no }],
    ] as const) {
      const answer = await market.ask('mallory', tool, args)
      expect(answer).toMatchObject({ isError: true, moved: 'no' })
      expect(answer.text).not.toMatch(/police|alipay-mcp unfreeze|terminal/)
    }
    expect(await market.ask('mallory', 'request_refund', { out_trade_no })).toMatchObject({ moved: 'no' })
    expect((await market.shop.trades()).refunded).toBe('0.00')
  })

  it('is reading only, too: what changes something is not there', async () => {
    const reader = await market.start({ rules: { readOnly: true } })
    const { tools } = await reader.client.listTools()
    expect(tools.map(({ name }) => name).sort()).toStrictEqual(['list_items', 'query_payment', 'wait_for_payment'])
    const at = market.processes.indexOf(reader)
    expect(await market.ask('mallory', 'create_payment', { item: 'poem' }, at)).toMatchObject({ isError: true })
  })
})
