// An attempt on its way: the last look before each send, leases, taking over, and how it ends.
import { describe, expect, it } from 'vitest'
import type { Ledger, Resolution } from '../../src/ledger/ledger.ts'
import { actor, done, NOON, order, PLACES, paidOrder, prepared, refund, sent, unknown } from './places.ts'

const LEASE = 70_000
const LOST = { why: 'lease_lost' }
const UNKNOWN: Resolution = { state: 'unknown', answer: 'no answer came', empty: false }
const EMPTY: Resolution = { ...UNKNOWN, empty: true }

describe.each(PLACES)('with $name', ({ open }) => {
  const paid = async () => {
    const ledger = await open()
    await paidOrder(ledger)
    return ledger
  }
  const one = async (ledger: Ledger) => (await ledger.intents('A'))[0]

  describe('before a send', () => {
    it('writes that it is sent, and holds it anew', async () => {
      const ledger = await paid()
      const { id } = await prepared(ledger, refund(1))
      expect(await ledger.markSending(id, false, actor(NOON + 60_000))).toBe('go')
      const first = { state: 'sent', sent_at: NOON + 60_000, last_sent_at: NOON + 60_000 }
      expect(await one(ledger)).toMatchObject({ ...first, lease_until: NOON + 60_000 + LEASE })
      expect(await ledger.markSending(id, true, actor(NOON + 63_000))).toBe('go')
      expect(await one(ledger)).toMatchObject({ ...first, last_sent_at: NOON + 63_000 })
    })

    it('stops where another owns it, its time is over, or it is in another state', async () => {
      const ledger = await paid()
      const { id } = await prepared(ledger, refund(1))
      expect(await ledger.markSending(id, false, actor(NOON, 'two'))).toStrictEqual(LOST)
      expect(await ledger.markSending(id, false, actor(NOON + LEASE))).toStrictEqual(LOST)
      expect(await ledger.markSending(id, true, actor())).toStrictEqual(LOST)
      expect(await ledger.markSending(99, false, actor())).toStrictEqual(LOST)
      expect(await one(ledger)).toMatchObject({ state: 'prepared' })
      expect(await ledger.markSending(id, false, actor())).toBe('go')
      expect(await ledger.markSending(id, false, actor())).toStrictEqual(LOST)
      await ledger.resolve(id, UNKNOWN, actor())
      expect(await ledger.markSending(id, true, actor())).toStrictEqual(LOST)
    })

    it('stops where all is frozen, but for closes', async () => {
      const ledger = await paid()
      const { id } = await prepared(ledger, refund(1))
      await ledger.reserveOrder(order('B', { channel: 'qr' }), {}, actor())
      const [code] = await ledger.intents('B')
      await ledger.freeze('a thief', actor())
      const frozen = { why: 'frozen', since: NOON, because: 'a thief' }
      expect(await ledger.markSending(id, false, actor())).toStrictEqual(frozen)
      expect(await ledger.markSending(code?.id ?? 0, false, actor())).toStrictEqual(frozen)
      expect(await ledger.reserve('create', 'A', actor())).toStrictEqual(frozen)
      const close = await ledger.reserve('close', 'A', actor())
      if (!('id' in close)) throw new Error('not reserved')
      expect(await ledger.markSending(close.id, false, actor())).toBe('go')
    })

    it('waits 3 s after the last refund of the order was sent or ended, not after one of another order', async () => {
      const ledger = await paid()
      await paidOrder(ledger, 'B')
      const first = await sent(ledger, refund(1), NOON)
      await ledger.resolve(first.id, { state: 'done' }, actor(NOON + 2_000))
      const { id } = await prepared(ledger, refund(2), NOON + 2_000)
      const soon = await ledger.markSending(id, false, actor(NOON + 4_000))
      expect(soon).toStrictEqual({ why: 'too_soon', wait: 1_000 })
      expect((await ledger.intents('A'))[1]).toMatchObject({ state: 'prepared' })
      const other = await prepared(ledger, refund(1, { out_trade_no: 'B' }), NOON + 4_000)
      expect(await ledger.markSending(other.id, false, actor(NOON + 4_000))).toBe('go')
      expect(await ledger.markSending(id, false, actor(NOON + 5_000))).toBe('go')
    })

    it('counts those 3 s from the end of a long send, and from a send that somebody else resolved', async () => {
      const ledger = await paid()
      const first = await sent(ledger, refund(1), NOON)
      await ledger.resolve(first.id, { state: 'refused', answer: 'no' }, actor(NOON + 10_000))
      const second = await prepared(ledger, refund(2), NOON + 10_000)
      const soon = await ledger.markSending(second.id, false, actor(NOON + 12_000))
      expect(soon).toStrictEqual({ why: 'too_soon', wait: 1_000 })
      expect(await ledger.markSending(second.id, false, actor(NOON + 13_000))).toBe('go')
      await ledger.foundRefund(refund(2), {}, actor(NOON + 14_000, 'two'))
      const third = await prepared(ledger, refund(3), NOON + 14_000)
      const again = await ledger.markSending(third.id, false, actor(NOON + 15_000))
      expect(again).toStrictEqual({ why: 'too_soon', wait: 2_000 })
    })

    it('waits 3 s and no longer where the clock was set back', async () => {
      const ledger = await paid()
      await done(ledger, refund(1), NOON)
      const back = NOON - 3_600_000
      const { id } = await prepared(ledger, refund(2), back)
      expect(await ledger.markSending(id, false, actor(back))).toStrictEqual({ why: 'too_soon', wait: 3_000 })
      expect(await ledger.markSending(id, false, actor(back + 2_999))).toStrictEqual({
        why: 'too_soon',
        wait: 1,
      })
      expect(await ledger.markSending(id, false, actor(back + 3_000))).toBe('go')
    })
  })

  describe('the end', () => {
    it('done is taken from anybody, once, and raises what was refunded to the greatest that is known', async () => {
      const ledger = await paid()
      const { id } = await sent(ledger, refund(3_000))
      const proof = {
        state: 'done',
        moved: 'now',
        gmt_refund_pay: '2026-03-02 12:00:01',
      } as const
      const now = await ledger.resolve(id, proof, actor(NOON + 5, 'anybody'))
      const { state, ...told } = proof
      expect(now).toMatchObject({ state, ...told, ended_at: NOON + 5, lease_until: 0, owner: 'one' })
      expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ refunded_fen: 3_000 })
      const again = await ledger.resolve(id, { state, moved: 'earlier', refund_fee_fen: 5_000 }, actor(NOON + 9))
      expect(again).toStrictEqual(now)
      expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ refunded_fen: 5_000 })
      await ledger.resolve(id, { state, refund_fee_fen: 4_000 }, actor())
      await done(ledger, refund(1_000), NOON + 10_000)
      expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ refunded_fen: 5_000 })
    })

    it.each<Resolution['state']>(['refused', 'not_executed', 'unknown'])(
      '%s is taken from the owner only',
      async (state) => {
        const ledger = await paid()
        const { id } = await sent(ledger, refund(1))
        const resolution: Resolution =
          state === 'unknown' ? UNKNOWN : ({ state, answer: 'no answer came' } as Resolution)
        expect(await ledger.resolve(id, resolution, actor(NOON + 1, 'two'))).toMatchObject({ state: 'sent' })
        const end = { state, answer: 'no answer came', ended_at: NOON + 1, lease_until: 0 }
        expect(await ledger.resolve(id, resolution, actor(NOON + 1))).toMatchObject(end)
      },
    )

    it.each<Resolution>([{ state: 'refused', answer: 'late' }, UNKNOWN])(
      'nothing undoes a proof: $state',
      async (late) => {
        const ledger = await paid()
        const proven = await done(ledger, refund(1))
        expect(await ledger.resolve(proven.id, late, actor())).toStrictEqual(proven)
      },
    )

    it('a proof counts more than a refusal', async () => {
      const ledger = await paid()
      const { id } = await sent(ledger, refund(1))
      await ledger.resolve(id, { state: 'refused', answer: 'no' }, actor())
      expect(await ledger.resolve(id, { state: 'done' }, actor())).toMatchObject({ state: 'done' })
    })

    it('found empty is when it first was, after the last send', async () => {
      const ledger = await paid()
      const { id } = await unknown(ledger, refund(1))
      await ledger.resolve(id, EMPTY, actor(NOON + 10_000))
      const now = await ledger.resolve(id, EMPTY, actor(NOON + 20_000))
      expect(now).toMatchObject({ found_empty_at: NOON + 10_000, ended_at: NOON })
      const again = await prepared(ledger, refund(1), NOON + 30_000)
      const before = { found_empty_at: NOON + 10_000, last_sent_at: NOON, sent_at: undefined }
      expect(again).toMatchObject({ ...before, answer: undefined, in_doubt_since: NOON })
      await ledger.markSending(id, false, actor(NOON + 30_000))
      expect(await one(ledger)).toMatchObject({ found_empty_at: undefined, last_sent_at: NOON + 30_000 })
    })

    it('a close that is done closes the order, unless it was paid', async () => {
      const ledger = await open()
      for (const name of ['A', 'B']) await ledger.reserveOrder(order(name), {}, actor())
      await paidOrder(ledger, 'B')
      for (const name of ['A', 'B']) {
        const close = await ledger.reserve('close', name, actor())
        if (!('id' in close)) throw new Error('not reserved')
        await ledger.resolve(close.id, { state: 'done', trade_no: `T-${name}` }, actor())
        expect(await ledger.reserve('close', name, actor())).toMatchObject({ state: 'done', id: close.id })
      }
      const closed = { trade_status: 'TRADE_CLOSED', trade_no: 'T-A', can_never_be_paid: true }
      expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject(closed)
      expect(await ledger.order({ out_trade_no: 'B' })).toMatchObject({ trade_status: 'TRADE_SUCCESS' })
    })

    it('a code that was asked for twice may be out, whatever the second answer', async () => {
      const ledger = await open()
      await ledger.reserveOrder(order('A', { channel: 'qr' }), {}, actor())
      const id = (await one(ledger))?.id ?? 0
      for (const repeat of [false, true]) await ledger.markSending(id, repeat, actor(NOON + Number(repeat)))
      await ledger.resolve(id, { state: 'refused', answer: 'no' }, actor())
      expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ can_never_be_paid: false })
    })

    it('a code comes into its order; one refused at the first attempt leaves an order that nobody can pay', async () => {
      const ledger = await open()
      const limit = { daily_payments_fen: 10_000 }
      const qr = order('A', { channel: 'qr', pay_url: undefined })
      const made = await ledger.reserveOrder(qr, limit, actor())
      if (made.outcome !== 'made' || !made.intent) throw new Error('not made')
      await ledger.resolve(made.intent.id, { state: 'refused', answer: 'no' }, actor())
      expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ can_never_be_paid: true })
      const page = await ledger.reserveOrder(order('B', { total_amount: '0.01' }), limit, actor())
      expect(page).toMatchObject({ outcome: 'made' })
      const over = { why: 'daily_payments', asked_fen: 10_000, limit_fen: 10_000, used_fen: 1 }
      expect(await ledger.reserve('create', 'A', actor(), 10_000)).toStrictEqual(over)
      const again = await ledger.reserve('create', 'A', actor(), 10_001)
      expect(again).toMatchObject({ id: made.intent.id, attempt: 2, state: 'prepared' })
      expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ can_never_be_paid: false })
      await ledger.resolve(made.intent.id, { state: 'refused', answer: 'no' }, actor())
      expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ can_never_be_paid: false })
      await ledger.resolve(made.intent.id, { state: 'done', qr_content: 'https://qr.example/' }, actor())
      expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ qr_content: 'https://qr.example/' })
    })
  })
})
