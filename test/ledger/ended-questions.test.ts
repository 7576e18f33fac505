// A refund that was made, or of which nobody knows, ends every question about its order: what they told is no longer true.
import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { actor, done, MINUTE, NOON, PLACES, paidOrder, refund, trade, unknown } from './places.ts'

const AT = NOON + MINUTE
const heardOf = (ledger: Ledger) => {
  const paid = {
    out_trade_no: 'A',
    trade_no: 'T-A',
    trade_status: 'TRADE_SUCCESS',
    total_amount: '100.00',
    app_id: '1',
  }
  const fields = new Map(Object.entries({ ...paid, notify_id: '1', refund_fee: '30.00', out_biz_no: 'BY_HAND' }))
  return ledger.recordNotification(fields, { app_ids: ['1'], seller_id: undefined }, actor(AT))
}
const closed = (ledger: Ledger) => ledger.recordTrade({ trade: trade('A', 'TRADE_CLOSED') }, actor(AT))

async function asked(ledger: Ledger, amount_fen: number, decision: boolean | undefined): Promise<number> {
  const { approvalDigest } = await ledger.evaluateRefund(refund(amount_fen), { asks: 'always' }, actor())
  const request = { approvalDigest, out_trade_no: 'A', amount_fen, question: 'Refund?' }
  const { id } = await ledger.requestApproval(request, actor())
  if (decision !== undefined) await ledger.decide(id, decision, 'page', actor())
  return id
}

describe.each(PLACES)('with $name', ({ open }) => {
  it.each([
    ['a refund', done],
    ['a refund of which nobody knows', unknown],
    ['a refund that a notification tells of', heardOf],
    ['a trade that is closed after its payment', closed],
  ])('%s ends the other questions of its order, a yes that is not used yet, and a no', async (_, moved) => {
    const ledger = await open()
    await paidOrder(ledger)
    await paidOrder(ledger, 'B')
    const ids = await Promise.all([undefined, true, false].map((decision, at) => asked(ledger, 100 + at, decision)))
    const other = await ledger.requestApproval(
      { approvalDigest: 'b', out_trade_no: 'B', amount_fen: 1, question: 'Refund?' },
      actor(),
    )
    const states = (at: number) =>
      Promise.all(ids.map(async (id) => ((await ledger.approval(id))?.expires_at ?? 0) > at))
    expect(await states(NOON + MINUTE)).toEqual([true, true, true])
    await moved(ledger, refund(3_000), NOON + MINUTE)
    expect(await states(NOON + MINUTE)).toEqual([false, false, false])
    expect(await ledger.openApprovals(NOON + MINUTE)).toEqual([other])
  })
})
