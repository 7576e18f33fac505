// Orders in the ledger: reserved once, within the limit of the day, with the requests to close them.
import { describe, expect, it } from 'vitest'
import type { Ledger, NewOrder } from '../../src/ledger/ledger.ts'
import { actor, DAY, MINUTE, NOON, order, PLACES, trade } from './places.ts'

describe.each(PLACES)('with $name', ({ open }) => {
  const reserve = (ledger: Ledger, request: NewOrder, limit?: number, at = NOON) =>
    ledger.reserveOrder(request, { daily_payments_fen: limit }, actor(at))

  it('an order is written whole', async () => {
    const ledger = await open()
    const made = await reserve(ledger, order('A', { body: 'with milk' }))
    const whole = {
      out_trade_no: 'A',
      trade_no: undefined,
      total_amount: '100.00',
      other_amount: undefined,
      subject: 'A cup of tea',
      body: 'with milk',
      channel: 'page',
      pay_url: 'https://pay.example/?order',
      token: undefined,
      cashier_opened_at: undefined,
      qr_content: undefined,
      time_expire: '2026-03-02 12:30:00',
      trade_status: undefined,
      send_pay_date: undefined,
      checked_at: undefined,
      can_never_be_paid: false,
      refunded_fen: 0,
      close_requested_at: undefined,
      replaces: undefined,
      replaced_by: undefined,
      unfinished: false,
      created_at: NOON,
      created_here: true,
      host: 'a host 1.0',
    }
    expect(made).toStrictEqual({ outcome: 'made', order: whole, similar_orders: [] })
    expect(await ledger.order({ out_trade_no: 'A' })).toStrictEqual(whole)
    expect(await ledger.order({ out_trade_no: 'B' })).toBeUndefined()
  })

  it('a code is prepared with its order, and held', async () => {
    const ledger = await open()
    const made = await reserve(ledger, order('A', { channel: 'qr', pay_url: undefined }))
    const [intent] = await ledger.intents('A')
    expect(made).toMatchObject({ outcome: 'made', intent })
    expect(intent).toStrictEqual({
      id: 1,
      kind: 'create',
      out_trade_no: 'A',
      trade_no: undefined,
      number: 'A',
      portion: undefined,
      amount_fen: 10_000,
      reason: undefined,
      attempt: 1,
      state: 'prepared',
      owner: 'one',
      lease_until: NOON + 70_000,
      created_at: NOON,
      day: '2026-03-02',
      sent_at: undefined,
      last_sent_at: undefined,
      found_empty_at: undefined,
      ended_at: undefined,
      moved: undefined,
      gmt_refund_pay: undefined,
      answer: undefined,
      trace_id: undefined,
      approved_by: 'unasked',
      host: 'a host 1.0',
      in_doubt_since: undefined,
      uncertain_since: undefined,
    })
  })

  it('a number that is in the ledger is known, whoever made it', async () => {
    const ledger = await open()
    await reserve(ledger, order('A'))
    await ledger.recordTrade({ trade: trade('B') }, actor(), true)
    const again = await reserve(ledger, order('A', { total_amount: '5.00' }), 0)
    expect(again).toMatchObject({ outcome: 'known', order: { total_amount: '100.00' } })
    expect(await reserve(ledger, order('B'))).toMatchObject({
      outcome: 'known',
      order: { created_here: false, trade_status: 'TRADE_SUCCESS' },
    })
  })

  it('nothing is made while all is frozen', async () => {
    const ledger = await open()
    await ledger.freeze('a thief', actor(NOON - 1))
    const block = { why: 'frozen', since: NOON - 1, because: 'a thief' }
    expect(await reserve(ledger, order('A'))).toStrictEqual({ outcome: 'blocked', block })
    expect(await ledger.order({ out_trade_no: 'A' })).toBeUndefined()
    await ledger.unfreeze(actor())
    expect(await reserve(ledger, order('A'))).toMatchObject({ outcome: 'made' })
  })

  it('the limit of a day holds to the fen, and is a day of Beijing', async () => {
    const ledger = await open()
    const midnight = Date.parse('2026-03-03T00:00:00+08:00')
    await reserve(ledger, order('A', { total_amount: '99.99' }), 10_000, midnight - 1)
    const over = await reserve(ledger, order('B', { total_amount: '0.02' }), 10_000, midnight - 1)
    const block = { why: 'daily_payments', asked_fen: 2, limit_fen: 10_000, used_fen: 9_999 }
    expect(over).toStrictEqual({ outcome: 'blocked', block })
    const cent = order('B', { total_amount: '0.01' })
    expect(await reserve(ledger, cent, 10_000, midnight - 1)).toMatchObject({ outcome: 'made' })
    expect(await reserve(ledger, order('C'), 10_000, midnight)).toMatchObject({ outcome: 'made' })
  })

  it('the limit leaves out what others made and what nobody paid nor can, and counts what was paid', async () => {
    const ledger = await open()
    await ledger.recordTrade({ trade: trade('elsewhere') }, actor(), true)
    await reserve(ledger, order('A'))
    await ledger.recordTrade({ out_trade_no: 'A', certainlyUnpaid: true }, actor())
    await reserve(ledger, order('B'))
    await ledger.recordTrade({ trade: trade('B') }, actor())
    expect(await reserve(ledger, order('C'), 19_999)).toMatchObject({ block: { used_fen: 10_000 } })
    expect(await reserve(ledger, order('C'), 20_000)).toMatchObject({ outcome: 'made' })
  })

  it('an order that is replaced says by which', async () => {
    const ledger = await open()
    await reserve(ledger, order('A'))
    await reserve(ledger, order('B', { replaces: 'A' }))
    await reserve(ledger, order('C', { replaces: 'not here' }))
    expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ replaced_by: 'B' })
    expect(await ledger.order({ out_trade_no: 'B' })).toMatchObject({ replaces: 'A' })
  })

  it('an order is replaced once: the next request gets what replaced it', async () => {
    const ledger = await open()
    await reserve(ledger, order('A'))
    await reserve(ledger, order('B', { replaces: 'A' }))
    const late = await reserve(ledger, order('C', { replaces: 'A', total_amount: '90.00' }))
    expect(late).toMatchObject({ outcome: 'known', order: { out_trade_no: 'B' } })
    expect(await ledger.replacements('A')).toStrictEqual(['B'])
    expect(await ledger.replacements('B')).toStrictEqual(['A'])
    expect(await ledger.replacements('C')).toStrictEqual([])
  })

  it('similar orders are the open orders of one subject and amount of the last ten minutes, newest first', async () => {
    const ledger = await open()
    const early = { time_expire: '2026-03-02 12:00:01' }
    await reserve(ledger, order('too old'), undefined, NOON - 10 * MINUTE)
    await reserve(ledger, order('old'), undefined, NOON - 10 * MINUTE + 1)
    await reserve(ledger, order('expired', early), undefined, NOON)
    await reserve(ledger, order('other amount', { total_amount: '100.01' }))
    await reserve(ledger, order('other subject', { subject: 'Tea' }))
    await reserve(ledger, order('paid'))
    await ledger.recordTrade({ trade: trade('paid') }, actor())
    await ledger.recordTrade(
      { trade: trade('elsewhere', 'WAIT_BUYER_PAY', { subject: 'A cup of tea' }) },
      actor(),
      true,
    )
    await reserve(ledger, order('young', { channel: 'mobile' }))
    const made = await reserve(ledger, order('A'), undefined, NOON + 0)
    expect(made).toMatchObject({ similar_orders: ['young', 'expired', 'old'] })
    const later = await reserve(ledger, order('B'), undefined, NOON + 1_000)
    expect(later).toMatchObject({ similar_orders: ['A', 'young'] })
  })

  it('a request to close is kept until it is withdrawn or the order is over', async () => {
    const ledger = await open()
    await ledger.reserveOrder(order('A'), {}, actor())
    await ledger.requestClose('A', actor(NOON + 1))
    await ledger.requestClose('A', actor(NOON + 2))
    expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ close_requested_at: NOON + 1 })
    await ledger.withdrawCloseRequest('A', actor())
    expect((await ledger.order({ out_trade_no: 'A' }))?.close_requested_at).toBeUndefined()
    await ledger.requestClose('A', actor(NOON + DAY))
    await ledger.recordTrade({ trade: trade('A', 'WAIT_BUYER_PAY') }, actor())
    expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ close_requested_at: NOON + DAY })
    // Whoever sees it paid has to hear that it was to be closed.
    await ledger.recordTrade({ trade: trade('A') }, actor())
    expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ close_requested_at: NOON + DAY })
    await ledger.recordTrade({ trade: trade('A', 'TRADE_CLOSED') }, actor())
    expect((await ledger.order({ out_trade_no: 'A' }))?.close_requested_at).toBeUndefined()
  })
})
