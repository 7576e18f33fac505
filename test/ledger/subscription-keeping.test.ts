// What the ledger keeps of subscriptions: charges as long as one lives, apart from the limit of orders, and sound entries.
import { expect, it } from 'vitest'
import { actor, DAY, NOON, opened, order, trade } from './places.ts'
import { charged, live } from './subscribed.ts'

const YEAR = NOON + 365 * DAY

it('charges are kept as long as their subscription lives, and go with their orders after it', async () => {
  const ledger = await opened()
  await live(ledger)
  await charged(ledger, 'C1', 'done')
  await ledger.recordTrade({ trade: trade('C1', 'TRADE_SUCCESS', { total_amount: '15.00' }) }, actor())
  expect(await ledger.prune(YEAR, actor(YEAR))).toBe(0)
  expect(await ledger.charges('S')).toHaveLength(1)
  await ledger.recordAgreement('S', 'none', actor(YEAR))
  expect(await ledger.prune(YEAR, actor(YEAR))).toBe(1)
  expect(await ledger.charges('S')).toStrictEqual([])
})

it('charges take nothing of what orders of a day may come to', async () => {
  const ledger = await opened()
  await live(ledger)
  await charged(ledger, 'C1', 'done')
  const made = await ledger.reserveOrder(order('A'), { daily_payments_fen: 10_000 }, actor())
  expect(made).toMatchObject({ outcome: 'made' })
})

it('a forgotten charge is still one', async () => {
  const ledger = await opened()
  await live(ledger)
  await charged(ledger, 'C1', 'done')
  expect(await ledger.forget('C1', actor())).toBe(true)
  expect(await ledger.charges('S')).toMatchObject([{ out_trade_no: 'C1', intent: { state: 'done' } }])
  expect(await ledger.damage()).toStrictEqual([])
})
