// Attempts that nobody holds any more: who may take them, and refunds that were found made by somebody.
import { describe, expect, it } from 'vitest'
import { actor, DAY, NOON, order, PLACES, paidOrder, prepared, refund, sent, unknown } from './places.ts'

const LEASE = 70_000

describe.each(PLACES)('with $name', ({ open }) => {
  const paid = async () => {
    const ledger = await open()
    await paidOrder(ledger)
    return ledger
  }

  it('what is held cannot be taken, what was left can, by one, for 30 s', async () => {
    const ledger = await paid()
    const { id } = await sent(ledger, refund(1))
    expect(await ledger.inDoubt()).toMatchObject([{ id, lease_until: NOON + LEASE }])
    expect(await ledger.takeOver(id, actor(NOON + LEASE - 1, 'two'))).toBeUndefined()
    const at = NOON + LEASE
    const taken = { id, state: 'sent', owner: 'two', lease_until: at + 30_000 }
    expect(await ledger.takeOver(id, actor(at, 'two'))).toMatchObject(taken)
    expect(await ledger.takeOver(id, actor(at, 'three'))).toBeUndefined()
    expect(await ledger.takeOver(id, actor(at + 30_000, 'three'))).toMatchObject({ owner: 'three' })
  })

  it('whose attempt was taken can neither send nor end it', async () => {
    const ledger = await paid()
    const { id } = await sent(ledger, refund(1))
    await ledger.takeOver(id, actor(NOON + LEASE, 'two'))
    expect(await ledger.markSending(id, true, actor(NOON + LEASE))).toStrictEqual({ why: 'lease_lost' })
    const late = { state: 'refused', answer: 'no' } as const
    expect(await ledger.resolve(id, late, actor(NOON + LEASE))).toMatchObject({ state: 'sent', owner: 'two' })
  })

  it('what was only prepared was never sent: it is not executed, and its sender comes too late', async () => {
    const ledger = await paid()
    const { id } = await prepared(ledger, refund(1))
    const taken = await ledger.takeOver(id, actor(NOON + LEASE, 'two'))
    expect(taken).toMatchObject({ state: 'not_executed', ended_at: NOON + LEASE, sent_at: undefined })
    expect(await ledger.markSending(id, false, actor(NOON + LEASE))).toStrictEqual({ why: 'lease_lost' })
    expect(await ledger.takeOver(id, actor(NOON + DAY))).toBeUndefined()
  })

  it('what was prepared again leaves unknown what the send before came to', async () => {
    const ledger = await paid()
    const { id } = await unknown(ledger, refund(1), NOON, true)
    await prepared(ledger, refund(1), NOON + 3_000)
    const at = NOON + 3_000 + LEASE
    const taken = {
      id,
      state: 'unknown',
      attempt: 2,
      last_sent_at: NOON,
      found_empty_at: NOON,
      ended_at: undefined,
      in_doubt_since: NOON,
    }
    expect(await ledger.takeOver(id, actor(at, 'two'))).toMatchObject({ ...taken, lease_until: at + 30_000 })
  })

  it('what is unknown is open to be read for at once, of one order or of all', async () => {
    const ledger = await paid()
    await paidOrder(ledger, 'B')
    const a = await unknown(ledger, refund(1))
    const b = await unknown(ledger, refund(1, { out_trade_no: 'B' }))
    expect(await ledger.inDoubt()).toStrictEqual([a, b])
    expect(await ledger.inDoubt('B')).toStrictEqual([b])
    expect(await ledger.takeOver(b.id, actor())).toMatchObject({
      state: 'unknown',
      lease_until: NOON + 30_000,
    })
  })

  it('a close or create that was left is tried again under its number', async () => {
    const ledger = await open()
    await ledger.reserveOrder(order('A'), {}, actor())
    const close = await ledger.reserve('close', 'A', actor())
    expect(await ledger.reserve('close', 'A', actor())).toStrictEqual({ why: 'in_flight', intent: close })
    const again = await ledger.reserve('close', 'A', actor(NOON + LEASE, 'two'))
    expect(again).toMatchObject({ kind: 'close', attempt: 2, state: 'prepared', owner: 'two' })
    expect(await ledger.intents('A')).toStrictEqual([again])
    await expect(ledger.reserve('close', 'not here', actor())).rejects.toThrow('not in the ledger')
  })

  it('a refund found made is recorded, with its order where another program made it', async () => {
    const ledger = await open()
    const proof = { gmt_refund_pay: '2026-03-01 09:00:00' }
    const found = await ledger.foundRefund(refund(3_000), proof, actor())
    expect(found).toMatchObject({
      ...{ state: 'done', moved: 'earlier', approved_by: 'elsewhere', day: '2026-03-01', attempt: 1 },
      ...{ gmt_refund_pay: '2026-03-01 09:00:00', ended_at: NOON, created_at: NOON, sent_at: undefined },
    })
    expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({
      ...{ created_here: false, refunded_fen: 3_000, total_amount: '100.00', trade_no: 'T-A' },
    })
    expect(await ledger.foundRefund(refund(3_000), {}, actor(NOON + 1))).toStrictEqual(found)
  })

  it.each<[string, typeof sent, string]>([
    ['sent from here and found made moved now', sent, 'now'],
    ['found made before it was sent had moved earlier', prepared, 'earlier'],
  ])('a refund %s', async (_, left, moved) => {
    const ledger = await paid()
    await left(ledger, refund(1))
    expect(await ledger.foundRefund(refund(1), {}, actor(NOON + 1, 'two'))).toMatchObject({ moved })
  })

  it('an unknown refund that is found made keeps who allowed it, and its day', async () => {
    const ledger = await paid()
    const { id } = await unknown(ledger, refund(3_000))
    const found = await ledger.foundRefund(refund(3_000), {}, actor(NOON + DAY, 'two'))
    expect(found).toMatchObject({ id, state: 'done', approved_by: 'unasked', day: '2026-03-02' })
    expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ refunded_fen: 3_000 })
  })
})
