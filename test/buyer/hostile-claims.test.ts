// A hostile buyer and claim codes: guessed, of unpaid orders, beside another number, twice, and after everything was given back.
import { describe, expect, it } from 'vitest'
import { ERAS, useMarket } from './market.ts'

describe.each(ERAS)('a claim code, for %s', (_name, era) => {
  const market = useMarket(era)
  const claim = (buyer: string, claim_code: unknown, more = {}) =>
    market.ask(buyer, 'query_payment', { claim_code, ...more })
  /** Paid, and its page says so with the code. */
  const bought = async (buyer: string, item: string, more = {}) => {
    const order = await market.paid(buyer, item, more)
    await market.ask(buyer, 'query_payment', { out_trade_no: order.out_trade_no })
    return order
  }
  const missed = { isError: true, error: 'invalid_input', moved: 'no' }

  it('that is guessed gives nothing, and guessing becomes slow', async () => {
    const { out_trade_no } = await bought('victoria', 'key')
    const right = await market.claimCode(out_trade_no)
    const near = [
      `${right.slice(0, -1)}${right.endsWith('2') ? '3' : '2'}`,
      [...right].reverse().join(''),
      '2'.repeat(16),
    ]
    const before = market.now
    for (const guess of [...near, ...near, ...near]) expect(await claim('mallory', guess)).toMatchObject(missed)
    expect(market.now - before).toBeGreaterThan(5_000)
    for (const guess of near) expect(await claim('mallory', guess, { out_trade_no })).toMatchObject(missed)
    expect(await market.ask('victoria', 'deliver_order', { out_trade_no })).toMatchObject({ first_time: true })
  })

  it('is no pattern, no list and no other kind of value', async () => {
    await bought('victoria', 'key')
    for (const guess of [
      '%'.repeat(16),
      '________________',
      "' or '1'='1' --  ",
      ' '.repeat(20),
      '-'.repeat(16),
      '*'.repeat(16),
    ])
      expect(await claim('mallory', guess)).toMatchObject({ isError: true, moved: 'no' })
    for (const guess of [{ $ne: '' }, ['a'], true, 1234567890123456, null, ''])
      expect(await claim('mallory', guess)).toMatchObject({ isError: true, moved: 'no' })
  })

  it('of an order that nobody has paid gives nothing, with its number or without, and the order stays whose it is', async () => {
    const { out_trade_no, pay_url } = await market.order('victoria', 'key')
    const code = await market.claimCode(out_trade_no)
    expect(await claim('mallory', code)).toMatchObject(missed)
    expect(await claim('mallory', code, { out_trade_no })).toMatchObject(missed)
    expect(await market.ask('victoria', 'query_payment', { out_trade_no })).toMatchObject({ pay_url, paid: false })
  })

  it('beside the number of another order moves nothing to whoever brings it', async () => {
    const hers = await bought('victoria', 'key')
    const own = await bought('mallory', 'poem')
    const code = await market.claimCode(hers.out_trade_no)
    for (const out_trade_no of ['202611230900000000123456789abcdef', `${hers.out_trade_no}0`])
      expect(await claim('mallory', code, { out_trade_no })).toMatchObject(missed)
    const { out_trade_no } = own
    const answer = await claim('mallory', code, { out_trade_no })
    expect(answer).toMatchObject({ out_trade_no, item: 'poem' })
    expect(answer.message).toContain('The claim code changed nothing')
    expect(await market.ask('mallory', 'deliver_order', { out_trade_no: hers.out_trade_no })).toMatchObject(missed)
    expect(await market.ask('victoria', 'deliver_order', { out_trade_no: hers.out_trade_no })).toMatchObject({
      first_time: true,
    })
  })

  it('gives the order to whoever brings it last, what was delivered is the same, and the first hears of it no more', async () => {
    const { out_trade_no } = await bought('victoria', 'key')
    const code = await market.claimCode(out_trade_no)
    const given = await market.ask('victoria', 'deliver_order', { out_trade_no })
    const written = code.toLowerCase().replace(/(.{4})(?!$)/g, '$1-')
    expect(await claim('victoria at home', written)).toMatchObject({ isError: false, out_trade_no, delivered: true })
    expect(await claim('victoria at home', code)).toMatchObject({ isError: false, out_trade_no })
    expect(await market.ask('victoria at home', 'deliver_order', { out_trade_no })).toMatchObject({
      ...{ first_time: false, codes: given.codes },
    })
    expect(await market.ask('victoria at home', 'request_refund', { out_trade_no })).toMatchObject({
      isError: true,
      moved: 'no',
    })
  })

  it('of an order that was given back brings no goods', async () => {
    const { out_trade_no } = await bought('victoria', 'key')
    expect(await market.ask('victoria', 'request_refund', { out_trade_no })).toMatchObject({ refund_request: 'made' })
    await claim('mallory', await market.claimCode(out_trade_no))
    expect(await market.ask('mallory', 'deliver_order', { out_trade_no })).toMatchObject({ isError: true })
    expect(await market.ask('victoria', 'deliver_order', { out_trade_no })).toMatchObject({ isError: true })
  })

  it('is a number of no order, and a field of no other tool', async () => {
    const { out_trade_no } = await bought('victoria', 'key')
    const claim_code = await market.claimCode(out_trade_no)
    for (const tool of ['deliver_order', 'request_refund', 'close_payment', 'wait_for_payment']) {
      expect(await market.ask('mallory', tool, { out_trade_no: claim_code })).toMatchObject(missed)
      expect(await market.ask('mallory', tool, { claim_code })).toMatchObject({ isError: true, error: 'invalid_input' })
      expect(await market.ask('mallory', tool, { out_trade_no, claim_code })).toMatchObject({ error: 'invalid_input' })
    }
  })

  it('moves no more back on a day than one buyer may get, by passing on what was given back', async () => {
    const buy = () => bought('mallory', 'key', { quantity: 2 })
    const first = await buy()
    expect(await market.ask('mallory', 'request_refund', { out_trade_no: first.out_trade_no })).toMatchObject({
      moved: 'now',
    })
    await claim('mallory again', await market.claimCode(first.out_trade_no))
    const second = await buy()
    const answer = await market.ask('mallory', 'request_refund', { out_trade_no: second.out_trade_no })
    expect(answer).toMatchObject({ refund_request: 'waiting', moved: 'no' })
    expect((await market.shop.trades()).refunded).toBe('60.00')
  })

  it('is brought by one of many at once, and all that is delivered is delivered to one order', async () => {
    const { out_trade_no } = await bought('victoria', 'key')
    const code = await market.claimCode(out_trade_no)
    const many = Array.from({ length: 10 }, (_, at) => `thief number ${at}`)
    await Promise.all(
      many.map((buyer, at) =>
        claim(buyer, code, { out_trade_no }).then(() => market.ask(buyer, 'deliver_order', { out_trade_no }, at % 2)),
      ),
    )
  })
})
