// What Alipay was seen to say: written where it is new, never backwards, and what it means for the money.
import { describe, expect, it } from 'vitest'
import type { Trade } from '../../src/gateway/gateway.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { actor, done, NOON, order, PLACES, paidOrder, refund, SENT_PAY, trade } from './places.ts'

describe.each(PLACES)('with $name', ({ open }) => {
  const made = async () => {
    const ledger = await open()
    await ledger.reserveOrder(order('A'), {}, actor())
    return ledger
  }
  const recordAs = (ledger: Ledger, seen: Trade, at = NOON + 1) => ledger.recordTrade({ trade: seen }, actor(at))
  const state = async (ledger: Ledger) => (await ledger.list({ limit: 1 })).orders[0]?.state

  it('a trade is recorded, and the order found by its number at Alipay', async () => {
    const ledger = await made()
    const seen = {
      trade_no: 'T-A',
      trade_status: 'TRADE_SUCCESS',
      send_pay_date: SENT_PAY,
      checked_at: NOON + 1,
    }
    expect(await recordAs(ledger, trade('A'))).toMatchObject({
      ...seen,
      can_never_be_paid: false,
      refunded_fen: 0,
    })
    expect(await ledger.order({ trade_no: 'T-A' })).toMatchObject({ out_trade_no: 'A', ...seen })
    expect(await state(ledger)).toBe('paid')
  })

  it('what is not new is not written', async () => {
    const ledger = await made()
    const first = await recordAs(ledger, trade('A'), NOON + 1)
    const events = await ledger.events({})
    expect(await recordAs(ledger, trade('A'), NOON + 2)).toStrictEqual(first)
    await ledger.recordTrade({ out_trade_no: 'A', certainlyUnpaid: false }, actor(NOON + 3))
    expect(await ledger.order({ out_trade_no: 'A' })).toStrictEqual(first)
    expect(await ledger.events({})).toStrictEqual(events)
  })

  it('an order of another program is added only where that is asked for', async () => {
    const ledger = await open()
    expect(await recordAs(ledger, trade('A'))).toBeUndefined()
    expect(await ledger.order({ out_trade_no: 'A' })).toBeUndefined()
    const added = await ledger.recordTrade({ trade: trade('A', 'TRADE_SUCCESS', { subject: 'Tea' }) }, actor(), true)
    expect(added).toMatchObject({
      created_here: false,
      total_amount: '100.00',
      subject: 'Tea',
      trade_no: 'T-A',
    })
    const none = { out_trade_no: 'B', certainlyUnpaid: true }
    expect(await ledger.recordTrade(none, actor(), true)).toBeUndefined()
  })

  it('the amount of an order made here stays, whatever a trade says', async () => {
    const ledger = await made()
    expect(await recordAs(ledger, trade('A', 'TRADE_SUCCESS', { total_amount: '1.00' }))).toMatchObject({
      total_amount: '100.00',
    })
  })

  it('closed without a payment means that it can never be paid', async () => {
    const ledger = await made()
    await recordAs(ledger, trade('A', 'WAIT_BUYER_PAY'))
    const closed = { can_never_be_paid: true, refunded_fen: 0 }
    expect(await recordAs(ledger, trade('A', 'TRADE_CLOSED'))).toMatchObject(closed)
    expect(await state(ledger)).toBe('closed')
  })

  it.each<[string, Partial<Trade>]>([
    ['says when it was paid', { send_pay_date: SENT_PAY }],
    ['was seen paid before', {}],
  ])('closed after a payment means refunded in full, where the trade %s', async (_, changes) => {
    const ledger = await made()
    if (!changes.send_pay_date) await recordAs(ledger, trade('A'))
    const refunded = { can_never_be_paid: false, refunded_fen: 10_000 }
    expect(await recordAs(ledger, trade('A', 'TRADE_CLOSED', changes))).toMatchObject(refunded)
    expect(await state(ledger)).toBe('refunded')
  })

  it('closed after a part was refunded means that the rest was, too', async () => {
    const ledger = await open()
    await done(ledger, refund(4_000))
    expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({
      refunded_fen: 4_000,
      created_here: false,
    })
    expect(await recordAs(ledger, trade('A', 'TRADE_CLOSED'))).toMatchObject({ refunded_fen: 10_000 })
  })

  it('an answer that was overtaken by another undoes nothing', async () => {
    const ledger = await made()
    await recordAs(ledger, trade('A'))
    expect(await recordAs(ledger, trade('A', 'WAIT_BUYER_PAY'))).toMatchObject({
      trade_status: 'TRADE_SUCCESS',
    })
    await recordAs(ledger, trade('A', 'TRADE_CLOSED'))
    expect(await recordAs(ledger, trade('A'))).toMatchObject({
      trade_status: 'TRADE_CLOSED',
      refunded_fen: 10_000,
    })
  })

  it('a payment after all counts more than what was known of the order before', async () => {
    const ledger = await made()
    const never = { out_trade_no: 'A', certainlyUnpaid: true }
    expect(await ledger.recordTrade(never, actor())).toMatchObject({ can_never_be_paid: true })
    expect(await recordAs(ledger, trade('A'))).toMatchObject({ can_never_be_paid: false })
    expect(await ledger.recordTrade(never, actor())).toMatchObject({ can_never_be_paid: false })
    expect(await state(ledger)).toBe('paid')
    await ledger.recordTrade({ trade: trade('B', 'TRADE_CLOSED') }, actor(NOON + 1), true)
    await recordAs(ledger, trade('B'))
    expect(await state(ledger)).toBe('paid')
  })

  it('a part that was refunded shows in the state', async () => {
    const ledger = await open()
    await paidOrder(ledger)
    await done(ledger, refund(1))
    expect(await state(ledger)).toBe('part_refunded')
    await done(ledger, refund(9_999), NOON + 3_000)
    expect(await state(ledger)).toBe('refunded')
  })
})
