// Sales in a ledger for tests: an item with codes, orders of it, and their payments.
import type { Ledger, NewSale, SaleTerms } from '../../src/ledger/ledger.ts'
import { actor, NOON, order, trade } from './places.ts'

export const CODES: SaleTerms = { deliver: 'codes', tip: false, refund: { policy: 'operator' } }
export const TEXT: SaleTerms = { ...CODES, deliver: 'text', text: 'Turn left.' }
export const HOOK: SaleTerms = { ...CODES, deliver: 'url', url: 'https://shop.example/hook' }

export const sale = (changes: Partial<NewSale> = {}): NewSale => ({
  ...{ buyer: 'alice', item: 'key', quantity: 1, items_hash: 'h1', terms: CODES, limits: {} },
  ...changes,
})

export const accept = (ledger: Ledger, codes: readonly string[], item = 'key', hash = 'h1', at = NOON) =>
  ledger.acceptItems({ hash, count: 1, codes: [{ item, codes }] }, actor(at))

export function sell(ledger: Ledger, out_trade_no: string, changes: Partial<NewSale> = {}, at = NOON) {
  return ledger.reserveOrder({ ...order(out_trade_no), sale: sale(changes) }, {}, actor(at))
}

export const pay = (ledger: Ledger, out_trade_no: string, at = NOON) =>
  ledger.recordTrade({ trade: trade(out_trade_no) }, actor(at))

export async function sellPaid(ledger: Ledger, out_trade_no: string, changes: Partial<NewSale> = {}) {
  await sell(ledger, out_trade_no, changes)
  await pay(ledger, out_trade_no)
}

export const deliver = (ledger: Ledger, out_trade_no: string, at = NOON) =>
  ledger.reserveDelivery(out_trade_no, 'chat', actor(at))

export async function codesOf(ledger: Ledger, out_trade_no: string): Promise<readonly string[]> {
  const given = await deliver(ledger, out_trade_no)
  return given.outcome === 'given' ? given.delivery.codes : []
}
