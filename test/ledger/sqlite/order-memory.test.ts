// An order is read again only once somebody has written: whoever that was, it is seen at the next look.
import { expect, it } from 'vitest'
import { actor, opened, order, PLACES, tempFolder, trade } from '../places.ts'

it.each(PLACES)('with $name: what this server wrote is seen at once', async ({ open }) => {
  const ledger = await open()
  expect(await ledger.order({ out_trade_no: 'A' })).toBeUndefined()
  await ledger.reserveOrder(order('A'), {}, actor())
  expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ close_requested_at: undefined })
  await ledger.requestClose('A', actor())
  expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ close_requested_at: actor().at })
  await ledger.withdrawCloseRequest('A', actor())
  await ledger.recordTrade({ trade: trade('A') }, actor())
  expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({
    close_requested_at: undefined,
    trade_status: 'TRADE_SUCCESS',
  })
  await ledger.forget('A', actor())
  expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ subject: undefined })
})

it('what another server wrote is seen at once, and a look that follows is compared with it', async () => {
  const folder = tempFolder()
  const [ledger, other] = [await opened({ folder }), await opened({ folder })]
  expect(await ledger.order({ out_trade_no: 'A' })).toBeUndefined()
  await other.reserveOrder(order('A'), {}, actor())
  await other.requestClose('A', actor())
  expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ close_requested_at: actor().at })
  await other.recordTrade({ trade: trade('A') }, actor())
  // Stale beside what the other one saw: a paid order does not wait again.
  expect(await ledger.recordTrade({ trade: trade('A', 'WAIT_BUYER_PAY') }, actor())).toMatchObject({
    trade_status: 'TRADE_SUCCESS',
  })
  await other.forget('A', actor())
  expect(await ledger.recordTrade({ trade: trade('A') }, actor())).toMatchObject({ subject: undefined })
})

it('more orders than it keeps in mind are each found', async () => {
  const ledger = await opened()
  const numbers = Array.from({ length: 150 }, (_, at) => `ORDER_${at}`)
  for (const number of numbers) await ledger.reserveOrder(order(number), {}, actor())
  for (const number of [...numbers, ...numbers])
    expect(await ledger.order({ out_trade_no: number })).toMatchObject({ out_trade_no: number })
})
