// An order is read again only once somebody has written: whoever that was, it is seen at the next look.
import { expect, it } from 'vitest'
import { act, opened, order, PLACES, tempFolder, trade } from '../places.ts'

it.each(PLACES)('with $name: what this server wrote is seen at once', async ({ open }) => {
  const ledger = await open()
  expect(await ledger.order({ out_trade_no: 'A' })).toBeUndefined()
  await ledger.reserveOrder(order('A'), {}, act())
  expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ close_wished_at: undefined })
  await ledger.wishClose('A', act())
  expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ close_wished_at: act().at })
  await ledger.withdrawCloseWish('A', act())
  await ledger.saw({ trade: trade('A') }, act())
  expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({
    close_wished_at: undefined,
    trade_status: 'TRADE_SUCCESS',
  })
  await ledger.forget('A', act())
  expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ subject: undefined })
})

it('what another server wrote is seen at once, and a look that follows is weighed against it', async () => {
  const folder = tempFolder()
  const [ledger, other] = [await opened({ folder }), await opened({ folder })]
  expect(await ledger.order({ out_trade_no: 'A' })).toBeUndefined()
  await other.reserveOrder(order('A'), {}, act())
  await other.wishClose('A', act())
  expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ close_wished_at: act().at })
  await other.saw({ trade: trade('A') }, act())
  // Stale beside what the other one saw: a paid order does not wait again.
  expect(await ledger.saw({ trade: trade('A', 'WAIT_BUYER_PAY') }, act())).toMatchObject({
    trade_status: 'TRADE_SUCCESS',
  })
  await other.forget('A', act())
  expect(await ledger.saw({ trade: trade('A') }, act())).toMatchObject({ subject: undefined })
})

it('more orders than it keeps in mind are each found', async () => {
  const ledger = await opened()
  const numbers = Array.from({ length: 150 }, (_, at) => `ORDER_${at}`)
  for (const number of numbers) await ledger.reserveOrder(order(number), {}, act())
  for (const number of [...numbers, ...numbers])
    expect(await ledger.order({ out_trade_no: number })).toMatchObject({ out_trade_no: number })
})
