// A notification moves an order forward once, whatever comes first, twice or late; what does not agree changes nothing.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { actor, NOON, order, PLACES, SENT_PAY, SHOP, trade } from './places.ts'

const RECIPIENT = { app_ids: ['9021000000000001'], seller_id: '2088000000000001' }
const PAID = {
  notify_id: 'N1',
  out_trade_no: 'A',
  trade_no: 'T-A',
  trade_status: 'TRADE_SUCCESS',
  total_amount: '100.00',
  gmt_payment: SENT_PAY,
  app_id: '9021000000000001',
  seller_id: '2088000000000001',
}
const PART = { ...PAID, notify_id: 'N2', refund_fee: '30.00', out_biz_no: 'R1' }
const FULL = { ...PAID, notify_id: 'N3', trade_status: 'TRADE_CLOSED', refund_fee: '100.00', out_biz_no: 'R2' }

const notify = (ledger: Ledger, fields: object, at = NOON + 1) =>
  ledger.recordNotification(new Map(Object.entries(fields)), RECIPIENT, actor(at))

describe.each(PLACES)('with $name', ({ open }) => {
  const made = async () => {
    const ledger = await open()
    await ledger.reserveOrder(order('A'), {}, actor())
    return ledger
  }
  const found = (ledger: Ledger) => ledger.order({ out_trade_no: 'A' })
  const stateOf = async (ledger: Ledger) => (await ledger.list({ limit: 1 })).orders[0]?.state

  it('a payment is recorded, once', async () => {
    const ledger = await made()
    expect(await notify(ledger, PAID)).toBe('agrees')
    const first = await found(ledger)
    expect(first).toMatchObject({ trade_status: 'TRADE_SUCCESS', trade_no: 'T-A', send_pay_date: SENT_PAY })
    const events = await ledger.events({})
    expect(await notify(ledger, PAID, NOON + 2)).toBe('recorded_before')
    // Sent again at another time, it may be signed anew.
    const again = { ...PAID, notify_time: '2026-11-20 12:04:00', sign: 'another' }
    expect(await notify(ledger, again, NOON + 3)).toBe('recorded_before')
    expect(await found(ledger)).toStrictEqual(first)
    expect(await ledger.events({})).toStrictEqual(events)
  })

  it('a payment that was seen already is nothing new', async () => {
    const ledger = await made()
    await ledger.recordTrade({ trade: trade('A') }, actor())
    const before = await found(ledger)
    expect(await notify(ledger, PAID)).toBe('agrees')
    expect(await found(ledger)).toStrictEqual(before)
  })

  it('a refund in part leaves it paid, one of all of it refunds it', async () => {
    const ledger = await made()
    await notify(ledger, PAID)
    await notify(ledger, PART)
    expect([await stateOf(ledger), (await found(ledger))?.refunded_fen]).toEqual(['part_refunded', 3_000])
    await notify(ledger, FULL)
    expect([await stateOf(ledger), (await found(ledger))?.refunded_fen]).toEqual(['refunded', 10_000])
  })

  it('a refund of all of it proves the payment that nobody heard of', async () => {
    const ledger = await made()
    const { gmt_payment: _, ...unheard } = FULL
    await notify(ledger, unheard)
    expect(await found(ledger)).toMatchObject({ refunded_fen: 10_000, can_never_be_paid: false })
    expect(await stateOf(ledger)).toBe('refunded')
  })

  it('a close without payment ends it; a payment that comes all the same counts more', async () => {
    const ledger = await made()
    const { gmt_payment: _, ...closed } = { ...PAID, notify_id: 'N9', trade_status: 'TRADE_CLOSED' }
    await notify(ledger, closed)
    expect(await found(ledger)).toMatchObject({ can_never_be_paid: true })
    await notify(ledger, PAID)
    expect(await found(ledger)).toMatchObject({ can_never_be_paid: false, trade_status: 'TRADE_SUCCESS' })
  })

  it.each([
    ['another amount', { total_amount: '1.00' }, 'differs'],
    ['another seller', { seller_id: '2088000000000009' }, 'differs'],
    ['another app', { app_id: '9021000000000009' }, 'differs'],
    ['another order', { out_trade_no: 'B' }, 'of_other_order'],
    ['another kind', { trade_status: 'NORMAL', notify_type: 'other' }, 'of_other_kind'],
    ['an agreement that is unknown', { notify_type: 'dut_user_sign' }, 'of_other_agreement'],
    ['no amount', { total_amount: '100' }, 'of_other_kind'],
  ] as const)('one of %s is recorded and changes nothing', async (_, more, outcome) => {
    const ledger = await made()
    const before = await found(ledger)
    expect(await notify(ledger, { ...PAID, ...more })).toBe(outcome)
    expect(await found(ledger)).toStrictEqual(before)
    expect((await ledger.events({})).at(-1)?.what).toMatch(/^notification/)
    expect(await notify(ledger, { ...PAID, ...more })).toBe('recorded_before')
  })

  it('a genuine one of a refund, or that differs, has Alipay asked about the order, however often', async () => {
    const ledger = await made()
    const wanted = async () => (await ledger.queryRequests()).map(({ out_trade_no }) => out_trade_no)
    await notify(ledger, PAID)
    expect(await wanted()).toEqual([])
    for (const fields of [PART, FULL, { ...PAID, notify_id: 'N4', total_amount: '1.00' }]) {
      await notify(ledger, fields)
      expect(await wanted()).toEqual(['A'])
      for (const request of await ledger.queryRequests()) await ledger.endQueryRequest(request)
      expect(await wanted()).toEqual([])
    }
  })

  it('a request that was made again meanwhile is not ended by the look before it', async () => {
    const ledger = await made()
    await notify(ledger, PART)
    const [before] = await ledger.queryRequests()
    await notify(ledger, FULL)
    if (before) await ledger.endQueryRequest(before)
    expect(await ledger.queryRequests()).toHaveLength(1)
  })

  it('goes with its order when old ones are removed', async () => {
    const ledger = await made()
    await notify(ledger, FULL)
    expect(await ledger.prune(NOON + 1, actor(NOON + 40 * 24 * 3_600_000))).toBe(1)
    await ledger.reserveOrder(order('A'), {}, actor())
    expect(await notify(ledger, FULL)).toBe('agrees')
  })
})

it('the end is the same in whatever order they come, however often', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(PAID, PART, FULL), { maxLength: 6 }), fc.gen(), async (more, pick) => {
      const ledger = await openLedger({ folder: undefined, partition: SHOP })
      await ledger.reserveOrder(order('A'), {}, actor())
      const all = pick(fc.shuffledSubarray, [PAID, PART, FULL, ...more], { minLength: 3 + more.length })
      for (const one of all) await notify(ledger, one)
      const { trade_status, refunded_fen, send_pay_date } = (await ledger.order({ out_trade_no: 'A' })) ?? {}
      ledger.close()
      expect([trade_status, refunded_fen, send_pay_date]).toEqual(['TRADE_CLOSED', 10_000, SENT_PAY])
    }),
    { numRuns: 60 },
  )
})
