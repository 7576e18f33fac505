// Orders with a page, in a ledger that holds one of them.
import type { Ledger, NewOrder, Press } from '../../src/ledger/ledger.ts'
import { actor, NOON, order, type Place } from './places.ts'

export const TOKEN = 'AAAAAAAAAAAAAAAAAAAAAA'
export const LINKS = { page: 'https://alipay.example/?page', mobile: 'https://alipay.example/?mobile' }
export const GO = { page: { outcome: 'go', link: LINKS.page }, mobile: { outcome: 'go', link: LINKS.mobile } }

export const withPage = (changes: Partial<NewOrder> = {}): NewOrder =>
  order('A', { channel: undefined, pay_url: undefined, checkout: { token: TOKEN, links: LINKS }, ...changes })

/** With order A, which has a page. */
export async function ledgerWithPage(open: Place['open'], changes: Partial<NewOrder> = {}): Promise<Ledger> {
  const ledger = await open()
  await ledger.reserveOrder(withPage(changes), {}, actor())
  return ledger
}

export const press = (ledger: Ledger, channel: 'page' | 'mobile' = 'page', at = NOON): Promise<Press> =>
  ledger.press(TOKEN, channel, at, actor(at))
