// Sales: reserved with their order within stock and limits, one for the same wish of a buyer, released once nobody can pay.
import { describe, expect, it } from 'vitest'
import { actor, HOUR, MINUTE, NOON, order, PLACES, trade } from './places.ts'
import { accept, codesOf, deliver, pay, sale, sell, sellPaid, TEXT } from './sold.ts'

const made = { outcome: 'made' }
const blocked = (why: string) => ({ outcome: 'blocked', block: { why } })

describe.each(PLACES)('$name', ({ open }) => {
  it('the same buyer, item and quantity with an open order is that order; others make a new one', async () => {
    const ledger = await open()
    await sell(ledger, 'A', { terms: TEXT })
    expect(await sell(ledger, 'B', { terms: TEXT })).toMatchObject({ outcome: 'known', order: { out_trade_no: 'A' } })
    expect(await sell(ledger, 'C', { terms: TEXT, buyer: 'bob' })).toMatchObject(made)
    expect(await sell(ledger, 'D', { terms: TEXT, quantity: 2 })).toMatchObject(made)
    expect(await sell(ledger, 'E', { terms: TEXT, item: 'other' })).toMatchObject(made)
    expect(await sell(ledger, 'F', { terms: TEXT }, NOON + 29 * MINUTE + 1)).toMatchObject(made)
    expect(await sell(ledger, 'G', { terms: TEXT, buyer: undefined })).toMatchObject(made)
    expect(await sell(ledger, 'H', { terms: TEXT, buyer: undefined })).toMatchObject(made)
  })

  it('limits hold: unpaid orders of a buyer, his orders of an hour, unpaid orders of all', async () => {
    const ledger = await open()
    const many = (number: string, limits: object, at = NOON, buyer = 'alice') =>
      sell(ledger, number, { terms: TEXT, item: number, buyer, limits }, at)
    await many('A', {})
    expect(await many('B', { buyerOpen: 1 })).toMatchObject(blocked('buyer_open'))
    expect(await many('C', { buyerOpen: 1 }, NOON, 'bob')).toMatchObject(made)
    expect(await many('D', { buyerPerHour: 1 })).toMatchObject(blocked('buyer_per_hour'))
    expect(await many('E', { buyerPerHour: 1 }, NOON + HOUR)).toMatchObject(made)
    expect(await many('F', { open: 2 }, NOON, 'carol')).toMatchObject(blocked('shop_open'))
    // Paid ones are not open.
    await pay(ledger, 'A')
    expect(await many('G', { open: 3, buyerOpen: 2 })).toMatchObject(made)
  })

  it('stock is reserved by an order, and free once nobody can pay it or all was given back undelivered', async () => {
    const ledger = await open()
    const one = (number: string, buyer = number) => sell(ledger, number, { terms: TEXT, stock: 1, buyer })
    expect(await one('A')).toMatchObject(made)
    expect(await one('B')).toMatchObject({ ...blocked('sold_out'), block: { left: 0 } })
    await ledger.recordTrade({ out_trade_no: 'A', certainlyUnpaid: true }, actor())
    expect(await one('C')).toMatchObject(made)
    await pay(ledger, 'C')
    expect(await one('D')).toMatchObject(blocked('sold_out'))
    await ledger.recordTrade({ trade: trade('C', 'TRADE_CLOSED', { send_pay_date: '2026-03-02 12:05:00' }) }, actor())
    expect(await one('E')).toMatchObject(made)
    await pay(ledger, 'E')
    await deliver(ledger, 'E')
    await ledger.recordTrade({ trade: trade('E', 'TRADE_CLOSED', { send_pay_date: '2026-03-02 12:05:00' }) }, actor())
    expect(await one('F')).toMatchObject(blocked('sold_out'))
    expect(await ledger.leftOf({ id: 'key', stock: 3, hasCodes: false })).toBe(2)
  })

  it('what was sold stays counted when its orders are removed', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    await deliver(ledger, 'A')
    const later = NOON + 400 * 24 * HOUR
    expect(await ledger.prune(later, actor(later))).toBe(1)
    expect(await ledger.sale('A')).toBeUndefined()
    expect(await ledger.leftOf({ id: 'key', stock: 3, hasCodes: false })).toBe(2)
  })

  it('a paid order that was not delivered is not removed', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    const later = NOON + 400 * 24 * HOUR
    expect(await ledger.prune(later, actor(later))).toBe(0)
    expect(await ledger.undelivered()).toMatchObject([{ order: { out_trade_no: 'A' } }])
  })

  it('codes are reserved with the order, handed out in their order, and each once', async () => {
    const ledger = await open()
    await accept(ledger, ['K1', 'K2', 'K3'])
    await sellPaid(ledger, 'A', { quantity: 2 })
    expect(await ledger.leftOf({ id: 'key', hasCodes: true })).toBe(1)
    expect(await sell(ledger, 'B', { buyer: 'bob', quantity: 2 })).toMatchObject({
      block: { why: 'sold_out', left: 1 },
    })
    await sellPaid(ledger, 'C', { buyer: 'carol' })
    expect([await codesOf(ledger, 'C'), await codesOf(ledger, 'A')]).toStrictEqual([['K3'], ['K1', 'K2']])
    expect(await deliver(ledger, 'A')).toMatchObject({ first_time: false, delivery: { codes: ['K1', 'K2'] } })
  })

  it('codes of an order that nobody can pay go to the next; paid after all it gets others, or waits for the operator', async () => {
    const ledger = await open()
    await accept(ledger, ['K1', 'K2'])
    await sell(ledger, 'A')
    await ledger.recordTrade({ out_trade_no: 'A', certainlyUnpaid: true }, actor())
    await sellPaid(ledger, 'B', { buyer: 'bob' })
    expect(await codesOf(ledger, 'B')).toStrictEqual(['K1'])
    await pay(ledger, 'A')
    expect(await codesOf(ledger, 'A')).toStrictEqual(['K2'])
    await sell(ledger, 'C', { buyer: 'carol', terms: TEXT })
    expect(await sell(ledger, 'D', { buyer: 'dora' })).toMatchObject(blocked('sold_out'))
  })

  it('a code belongs to one item for ever; those that are gone from the file are not handed out', async () => {
    const ledger = await open()
    await accept(ledger, ['K1', 'K2'])
    await sellPaid(ledger, 'A')
    await deliver(ledger, 'A')
    expect(await accept(ledger, ['K1'], 'other', 'h2')).toStrictEqual([{ item: 'other', other: 'key' }])
    expect(await accept(ledger, ['K1', 'K3'], 'key', 'h3')).toStrictEqual([])
    await sellPaid(ledger, 'B', { buyer: 'bob' })
    expect(await codesOf(ledger, 'B')).toStrictEqual(['K3'])
    expect(await ledger.leftOf({ id: 'key', hasCodes: true })).toBe(0)
  })

  it('forgotten, and removed, a code stays given; nobody reads it any more', async () => {
    const ledger = await open()
    await accept(ledger, ['K1', 'K2'])
    await sellPaid(ledger, 'A')
    await deliver(ledger, 'A')
    await ledger.forget('A', actor())
    expect(await deliver(ledger, 'A')).toMatchObject({ first_time: false, delivery: { codes: [] } })
    await accept(ledger, ['K1', 'K2'], 'key', 'h2')
    expect(await deliver(ledger, 'A')).toMatchObject({ delivery: { codes: [] } })
    const later = NOON + 400 * 24 * HOUR
    await ledger.prune(later, actor(later))
    await accept(ledger, ['K1', 'K2'], 'key', 'h3')
    await sellPaid(ledger, 'B', { buyer: 'bob' })
    expect(await codesOf(ledger, 'B')).toStrictEqual(['K2'])
  })

  it('each change of the items file is an event and an alert, and few codes are an alarm, each once', async () => {
    const ledger = await open()
    await accept(ledger, ['K1', 'K2'])
    await accept(ledger, ['K1', 'K2'])
    await accept(ledger, ['K1', 'K2'], 'key', 'h2', NOON + 1)
    await accept(ledger, ['K1', 'K2'], 'key', 'h1', NOON + 2)
    const kinds = (await ledger.unsentAlerts(50)).map(({ kind, facts }) => `${kind} ${facts.left ?? facts.hash}`)
    expect(kinds).toStrictEqual(['few_codes 2', 'items_changed h1', 'items_changed h2', 'items_changed h1'])
    expect((await ledger.events({})).filter(({ what }) => what === 'items file accepted')).toHaveLength(3)
  })

  it('a claim code gives a paid order to whoever has it, and an unpaid one to nobody', async () => {
    const ledger = await open()
    await sell(ledger, 'A', { terms: TEXT })
    const code = (await ledger.sale('A'))?.claim_code ?? ''
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{16}$/)
    expect(await ledger.claimSale({ claim_code: code }, 'bob', actor())).toBeUndefined()
    await pay(ledger, 'A')
    expect(await ledger.claimSale({ claim_code: `${code.slice(0, -1)}!` }, 'bob', actor())).toBeUndefined()
    expect(await ledger.claimSale({ claim_code: code }, 'bob', actor())).toBe('A')
    expect((await ledger.sale('A'))?.buyer).toBe('bob')
  })

  it('is looked at by doctor: what no alipay-mcp wrote is damage, and names its order', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    await deliver(ledger, 'A')
    await ledger.askRefund({ out_trade_no: 'B', buyer: 'b', amount_fen: 1 }, actor())
    expect(await ledger.damage()).toStrictEqual([])
  })

  it('takes the limits of a day with the others', async () => {
    const ledger = await open()
    const rules = { daily_payments_fen: 15_000 }
    const one = (number: string, item: string) => ({ ...order(number), sale: sale({ item, terms: TEXT }) })
    expect(await ledger.reserveOrder(one('A', 'x'), rules, actor())).toMatchObject(made)
    expect(await ledger.reserveOrder(one('B', 'y'), rules, actor())).toMatchObject(blocked('daily_payments'))
    expect(await ledger.sale('B')).toBeUndefined()
  })
})
