// A read of an order that a notification overtakes: what it said was true when it was given, and one more read tells.
import { expect, it } from 'vitest'
import type { Outcome, Trade } from '../../src/gateway/gateway.ts'
import { readTrade } from '../../src/guard/read-trade.ts'
import { actor, NOON, opened, order, trade } from '../ledger/places.ts'

const NONE: Outcome<Trade> = {
  outcome: 'refused',
  refusal: { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST', verified: true },
}

async function read(recordedAt: number) {
  const ledger = await opened()
  await ledger.reserveOrder(order('A'), {}, actor())
  let reads = 0
  const query = async (): Promise<Outcome<Trade>> => {
    if (++reads > 1) return { outcome: 'done', answer: trade('A') }
    await ledger.recordTrade({ trade: trade('A') }, actor(recordedAt))
    return NONE
  }
  const call = { gateway: { query }, ledger: async () => ledger, clock: { now: () => NOON } } as never
  return { outcome: await readTrade(call, { out_trade_no: 'A' }), reads }
}

it('"no such trade" is asked again where the trade was recorded meanwhile', async () => {
  expect(await read(NOON)).toMatchObject({
    outcome: { outcome: 'done', answer: { trade_status: 'TRADE_SUCCESS' } },
    reads: 2,
  })
})

it('and is an answer of before, where it was recorded before', async () => {
  expect(await read(NOON - 1)).toMatchObject({ outcome: { outcome: 'unknown' }, reads: 1 })
})
