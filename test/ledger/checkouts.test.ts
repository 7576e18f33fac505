// Pages of orders in the ledger: a press reveals a link only of an order that is open and wanted, and a withdrawal ends that.
import { describe, expect, it } from 'vitest'
import type { Ledger, NewOrder } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { GO, LINKS, ledgerWithPage, press, TOKEN, withPage } from './pages.ts'
import { actor, MINUTE, NOON, order, PLACES, prepared, refund, SHOP, tempFolder, trade } from './places.ts'

const NOT_OFFERED = { outcome: 'not_offered' }
const END = NOON + 30 * MINUTE

/** Nobody else's order has it. */
const OURS = `20260302120000000${'0'.repeat(16)}`

describe.each(PLACES)('with $name', ({ open }) => {
  const opened = (changes: Partial<NewOrder> = {}): Promise<Ledger> => ledgerWithPage(open, changes)
  const opened_at = async (ledger: Ledger) => (await ledger.order({ out_trade_no: 'A' }))?.cashier_opened_at

  it('an order is found by its token, with what its page offers', async () => {
    const ledger = await opened()
    expect(await ledger.checkout(TOKEN, NOON)).toStrictEqual({
      order: await ledger.order({ out_trade_no: 'A' }),
      offered: ['page', 'mobile'],
      pressed: { page: undefined, mobile: undefined },
      watched: false,
      frozen: false,
      paid_instead: false,
    })
    expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ token: TOKEN, channel: undefined })
    expect(await ledger.checkout('B'.repeat(22), NOON)).toBeUndefined()
    expect(await ledger.press('B'.repeat(22), 'page', NOON, actor())).toStrictEqual(NOT_OFFERED)
  })

  it('a press reveals the link, however often, and is written down, once with its first time', async () => {
    const ledger = await opened()
    expect(await press(ledger)).toStrictEqual(GO.page)
    expect(await press(ledger, 'page', NOON + MINUTE)).toStrictEqual(GO.page)
    expect(await opened_at(ledger)).toBe(NOON)
    expect((await ledger.checkout(TOKEN, NOON))?.pressed).toStrictEqual({ page: NOON + MINUTE, mobile: undefined })
    const events = await ledger.events({ out_trade_no: 'A' })
    expect(events.map(({ what }) => what)).toStrictEqual(['order made', 'cashier opened, page'])
  })

  it('a product that is not offered has no link', async () => {
    const ledger = await opened({ checkout: { token: TOKEN, links: { page: LINKS.page } } })
    expect(await press(ledger, 'mobile')).toStrictEqual(NOT_OFFERED)
    expect(await opened_at(ledger)).toBeUndefined()
  })

  const closed = trade('A', 'TRADE_CLOSED')
  const other = trade('A', 'WAIT_BUYER_PAY', { total_amount: '1.00' })
  it.each<[string, (ledger: Ledger) => Promise<unknown>]>([
    ['frozen', (ledger) => ledger.freeze('why', actor())],
    ['paid', (ledger) => ledger.recordTrade({ trade: trade('A') }, actor())],
    ['closed at Alipay', (ledger) => ledger.recordTrade({ trade: closed }, actor())],
    ['certainly unpaid', (ledger) => ledger.recordTrade({ out_trade_no: 'A', certainlyUnpaid: true }, actor())],
    ['withdrawn', (ledger) => ledger.withdraw('A', actor())],
    ['to be closed', (ledger) => ledger.requestClose('A', actor())],
    ['replaced', (ledger) => ledger.reserveOrder(order('B', { replaces: 'A' }), {}, actor())],
    ['forgotten', (ledger) => ledger.forget('A', actor())],
    ['of another amount at Alipay', (ledger) => ledger.recordTrade({ trade: other }, actor())],
  ])('an order that is %s opens no cashier', async (_why, change) => {
    const ledger = await opened()
    await change(ledger)
    expect(await press(ledger)).toStrictEqual(NOT_OFFERED)
    expect(await opened_at(ledger)).toBeUndefined()
  })

  it('an order whose old link was paid all the same opens no cashier: nobody pays twice', async () => {
    const ledger = await open()
    await ledger.reserveOrder(order('OLD'), {}, actor())
    await ledger.reserveOrder(withPage({ replaces: 'OLD' }), {}, actor())
    expect(await press(ledger)).toStrictEqual(GO.page)
    await ledger.recordTrade({ trade: trade('OLD') }, actor())
    expect(await press(ledger)).toStrictEqual(NOT_OFFERED)
    expect(await ledger.checkout(TOKEN, NOON)).toMatchObject({ paid_instead: true })
    expect((await ledger.unsentAlerts(9)).map(({ kind }) => kind)).toStrictEqual(['payment', 'paid_after_replacement'])
  })

  it('a press needs a minute before the expiry, by the time that it is given', async () => {
    const ledger = await opened()
    expect(await ledger.press(TOKEN, 'page', END - MINUTE + 1, actor())).toStrictEqual(NOT_OFFERED)
    expect(await ledger.press(TOKEN, 'page', END - MINUTE, actor())).toStrictEqual(GO.page)
  })

  it('is offered again once nobody wants it closed any more', async () => {
    const ledger = await opened()
    await press(ledger)
    expect(await ledger.withdraw('A', actor())).toBe('withdrawn')
    expect(await press(ledger)).toStrictEqual(NOT_OFFERED)
    await ledger.withdrawCloseRequest('A', actor())
    expect(await press(ledger)).toStrictEqual(GO.page)
  })

  describe('a withdrawal', () => {
    it('closes for good what nobody pressed, and says so again', async () => {
      const ledger = await opened({ out_trade_no: OURS })
      expect(await ledger.withdraw(OURS, actor())).toBe('closed')
      expect(await ledger.order({ out_trade_no: OURS })).toMatchObject({ can_never_be_paid: true })
      expect(await ledger.withdraw(OURS, actor())).toBe('closed')
      const { orders } = await ledger.list({ limit: 9 })
      expect(orders.map(({ state }) => state)).toStrictEqual(['closed'])
      expect(await press(ledger)).toStrictEqual(NOT_OFFERED)
    })

    it('closes nothing for good of a number that another program may have, too', async () => {
      const ledger = await opened()
      expect(await ledger.withdraw('A', actor())).toBe('withdrawn')
      expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ can_never_be_paid: false })
      expect(await press(ledger)).toStrictEqual(NOT_OFFERED)
    })

    it('leaves payable what was pressed, and is written once', async () => {
      const ledger = await opened()
      await press(ledger)
      expect(await ledger.withdraw('A', actor(NOON + 1))).toBe('withdrawn')
      expect(await ledger.withdraw('A', actor(NOON + 2))).toBe('withdrawn')
      const known = await ledger.order({ out_trade_no: 'A' })
      expect(known).toMatchObject({ can_never_be_paid: false, close_requested_at: NOON + 1 })
      expect((await ledger.unpaidOrders()).map(({ withdrawn }) => withdrawn)).toStrictEqual([true])
    })

    it('keeps a page from opening a cashier while the trade that waits is being closed', async () => {
      const ledger = await opened()
      await press(ledger)
      await ledger.recordTrade({ trade: trade('A', 'WAIT_BUYER_PAY') }, actor())
      expect(await ledger.withdraw('A', actor())).toBe('withdrawn')
      expect(await press(ledger)).toStrictEqual(NOT_OFFERED)
      await ledger.recordTrade({ trade: closed }, actor())
      expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ close_requested_at: undefined })
    })

    it('touches nothing that has no page, or is over', async () => {
      const bare = await open()
      await bare.reserveOrder(order('A'), {}, actor())
      expect(await bare.withdraw('A', actor())).toBe('not_on_page')
      expect(await bare.withdraw('NONE', actor())).toBe('not_on_page')
      expect(await bare.order({ out_trade_no: 'A' })).toMatchObject({ can_never_be_paid: false })
      const ledger = await opened()
      await ledger.recordTrade({ trade: trade('A') }, actor())
      expect(await ledger.withdraw('A', actor())).toBe('not_on_page')
      expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ close_requested_at: undefined })
    })

    it('holds, whatever somebody else makes under the number later', async () => {
      const ledger = await opened()
      await ledger.withdraw('A', actor())
      await ledger.recordTrade({ trade: trade('A', 'WAIT_BUYER_PAY') }, actor())
      expect(await press(ledger)).toStrictEqual(NOT_OFFERED)
    })

    it('takes back nothing: a payment that shows all the same counts, and somebody hears of it', async () => {
      const ledger = await opened()
      await ledger.withdraw('A', actor())
      await ledger.recordTrade({ trade: trade('A') }, actor())
      expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ can_never_be_paid: false })
      expect((await ledger.unsentAlerts(9)).map(({ kind }) => kind)).toContain('paid_after_close')
      await prepared(ledger, refund(100))
    })
  })

  it('clock offsets are kept, and none are 0', async () => {
    const ledger = await open()
    expect(await ledger.clockOffsets()).toStrictEqual({ corrected: 0, alipay_ahead: 0 })
    for (const offsets of [
      { corrected: 5, alipay_ahead: -7 },
      { corrected: 0, alipay_ahead: 86_400_000 },
    ]) {
      await ledger.saveClockOffsets(offsets)
      expect(await ledger.clockOffsets()).toStrictEqual(offsets)
    }
  })

  it('what is pruned takes its page along', async () => {
    const ledger = await opened({ out_trade_no: OURS })
    await ledger.withdraw(OURS, actor())
    expect(await ledger.prune(NOON + 1, actor(NOON + 48 * 60 * MINUTE))).toBe(1)
    expect(await ledger.checkout(TOKEN, NOON)).toBeUndefined()
    await ledger.reserveOrder(withPage(), {}, actor())
    expect(await ledger.checkout(TOKEN, NOON)).toBeDefined()
  })

  it('what is forgotten while it waits is over, where nobody pressed', async () => {
    const ledger = await opened({ out_trade_no: OURS })
    await ledger.forget(OURS, actor())
    expect(await ledger.order({ out_trade_no: OURS })).toMatchObject({ can_never_be_paid: true })
  })
})

it('a page is of one environment, gateway and merchant only', async () => {
  const folder = tempFolder()
  const ours = await openLedger({ folder, partition: SHOP })
  const others = await Promise.all(
    [{ environment: 'sandbox' } as const, { gateway: 'http://127.0.0.2' }, { merchant: 'another' }].map((change) =>
      openLedger({ folder, partition: { ...SHOP, ...change } }),
    ),
  )
  await ours.reserveOrder(withPage(), {}, actor())
  for (const ledger of others) {
    expect(await ledger.checkout(TOKEN, NOON)).toBeUndefined()
    expect(await ledger.press(TOKEN, 'page', NOON, actor())).toStrictEqual(NOT_OFFERED)
  }
  expect(await ours.press(TOKEN, 'page', NOON, actor())).toStrictEqual(GO.page)
  for (const ledger of [ours, ...others]) ledger.close()
})
