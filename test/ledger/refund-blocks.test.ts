// What stands in the way of a refund: each block, which one comes first, and what is no block.
import { describe, expect, it } from 'vitest'
import type { Ledger, RefundRequest } from '../../src/ledger/ledger.ts'
import { actor, DAY, done, NOON, PLACES, paidOrder, prepared, refund, sent, UNASKED, unknown } from './places.ts'

const LEASE = 70_000

describe.each(PLACES)('with $name', ({ open }) => {
  const paid = async () => {
    const ledger = await open()
    await paidOrder(ledger)
    return ledger
  }
  /** The same from the look ahead and from the decision. */
  const block = async (ledger: Ledger, request: RefundRequest, at = NOON, daily_refunds_fen?: number) => {
    const rules = { ...UNASKED, daily_refunds_fen }
    const evaluation = await ledger.evaluateRefund(request, rules, actor(at, 'two'))
    const reserved = await ledger.reserveRefund(request, rules, undefined, actor(at, 'two'))
    expect(reserved).toStrictEqual(
      evaluation.block
        ? { outcome: 'blocked', block: evaluation.block }
        : expect.objectContaining({ outcome: 'prepared' }),
    )
    return evaluation.block
  }

  it('a refund is written whole', async () => {
    const ledger = await paid()
    const intent = await prepared(ledger, refund(3_000, { reason: 'too cold' }))
    expect(await ledger.intents('A')).toStrictEqual([intent])
    expect(intent).toMatchObject({
      ...{
        kind: 'refund',
        out_trade_no: 'A',
        trade_no: 'T-A',
        number: 'RF-A-3000-1',
        portion: { kind: 'amount', ordinal: 1 },
      },
      ...{ amount_fen: 3_000, reason: 'too cold', attempt: 1, state: 'prepared', owner: 'one' },
      ...{ lease_until: NOON + LEASE, created_at: NOON, day: '2026-03-02', approved_by: 'unasked' },
    })
  })

  it('a look ahead writes nothing', async () => {
    const ledger = await paid()
    const before = [await ledger.events({}), await ledger.order({ out_trade_no: 'A' })]
    await ledger.evaluateRefund(refund(3_000), UNASKED, actor())
    await ledger.evaluateRefund(refund(3_000, { out_trade_no: 'not here' }), UNASKED, actor())
    expect([await ledger.events({}), await ledger.order({ out_trade_no: 'A' })]).toStrictEqual(before)
    expect(await ledger.order({ out_trade_no: 'not here' })).toBeUndefined()
  })

  it('frozen comes before everything else', async () => {
    const ledger = await paid()
    await sent(ledger, refund(3_000))
    await ledger.freeze(undefined, actor())
    expect(await block(ledger, refund(20_000), NOON, 0)).toStrictEqual({
      why: 'frozen',
      since: NOON,
      because: undefined,
    })
  })

  it.each(['the same refund', 'another one'])('%s in flight is waited for, also by its own server', async (which) => {
    const ledger = await paid()
    const request = which === 'another one' ? refund(1) : refund(3_000)
    const intent = await prepared(ledger, refund(3_000))
    expect(await block(ledger, request, NOON + LEASE - 1)).toStrictEqual({ why: 'in_flight', intent })
    const own = await ledger.reserveRefund(request, UNASKED, undefined, actor(NOON, 'one'))
    expect(own).toStrictEqual({ outcome: 'blocked', block: { why: 'in_flight', intent } })
  })

  it.each(['prepared', 'sent', 'unknown'])('another refund that was left %s has to be read for first', async (how) => {
    const ledger = await paid()
    const left = { prepared, sent, unknown }[how]
    await left?.(ledger, refund(3_000))
    const [intent] = await ledger.intents('A')
    expect(await block(ledger, refund(20_000), NOON + LEASE)).toStrictEqual({ why: 'unknown', intent })
  })

  it('its own number goes on once it is unknown, not while it was only left', async () => {
    const ledger = await paid()
    const intent = await sent(ledger, refund(3_000))
    expect(await block(ledger, refund(3_000), NOON + LEASE)).toMatchObject({
      why: 'unknown',
      intent: { id: intent.id },
    })
    await ledger.takeOver(intent.id, actor(NOON + LEASE, 'two'))
    const resolved = { state: 'unknown', answer: 'nothing yet', empty: true } as const
    await ledger.resolve(intent.id, resolved, actor(NOON + LEASE, 'two'))
    expect(await block(ledger, refund(3_000), NOON + LEASE)).toBeUndefined()
    expect(await ledger.intents('A')).toMatchObject([{ id: intent.id, attempt: 2, state: 'prepared' }])
  })

  it('no more than what is left, to the fen', async () => {
    const ledger = await paid()
    await done(ledger, refund(3_000))
    const left = { why: 'over_what_is_left', total_fen: 10_000, refunded_fen: 3_000 }
    expect(await block(ledger, refund(7_001))).toStrictEqual(left)
    expect(await block(ledger, refund(7_000))).toBeUndefined()
  })

  it('one that is itself unknown does not stand in its own way', async () => {
    const ledger = await paid()
    await unknown(ledger, refund(10_000))
    expect(await block(ledger, refund(10_000), NOON, 10_000)).toBeUndefined()
  })

  it('the limit of a day counts what may have moved, to the fen, and no other day', async () => {
    const ledger = await paid()
    await paidOrder(ledger, 'B')
    await done(ledger, refund(6_000, { out_trade_no: 'B' }), NOON - DAY)
    await done(ledger, refund(1_000))
    await unknown(ledger, refund(2_000, { out_trade_no: 'B' }))
    const refused = await sent(ledger, refund(500), NOON + 3_000)
    await ledger.resolve(refused.id, { state: 'refused', answer: 'no' }, actor())
    const at = NOON + 10_000
    const over = { why: 'daily_refunds', asked_fen: 2_000, limit_fen: 4_999, used_fen: 3_000 }
    expect(await block(ledger, refund(2_000), at, 4_999)).toStrictEqual(over)
    expect(await block(ledger, refund(2_000), at, 5_000)).toBeUndefined()
  })

  it('one that was found made elsewhere counts on the day on which Alipay made it', async () => {
    const ledger = await paid()
    const proof = { gmt_refund_pay: '2026-03-01 23:59:59' }
    await ledger.foundRefund(refund(4_000), proof, actor())
    await ledger.foundRefund(refund(1_000), { gmt_refund_pay: '2026-03-02 00:00:00' }, actor())
    expect(await block(ledger, refund(10), NOON, 1_009)).toMatchObject({ used_fen: 1_000 })
  })

  it('one that is done is done: nothing stands in the way, and nothing is written', async () => {
    const ledger = await paid()
    const intent = await done(ledger, refund(10_000))
    await ledger.freeze(undefined, actor())
    const rules = { ...UNASKED, daily_refunds_fen: 0 }
    const evaluation = await ledger.evaluateRefund(refund(10_000), rules, actor())
    expect(evaluation).toMatchObject({ intent, asks: false, refunded_fen: 10_000 })
    expect(evaluation.block).toBeUndefined()
    const reserved = await ledger.reserveRefund(refund(10_000), rules, undefined, actor())
    expect(reserved).toStrictEqual({ outcome: 'made', intent })
  })

  it('another amount under a known number is our own mistake, and nothing is written', async () => {
    const ledger = await paid()
    await unknown(ledger, refund(3_000))
    const wrong = refund(3_000, { amount_fen: 4_000 })
    await expect(ledger.reserveRefund(wrong, UNASKED, undefined, actor())).rejects.toThrow('another amount')
    expect(await ledger.intents('A')).toMatchObject([{ amount_fen: 3_000, attempt: 1 }])
  })
})
