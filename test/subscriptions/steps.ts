// Steps of tests about charges: what Alipay makes of them, days that are put off, and a ledger that is put back.
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { lookUpSubscription } from '../../src/subscriptions/find-subscription.ts'
import type { SubscribedShop } from './subscribed-shop.ts'

export function stepsOf(shop: SubscribedShop) {
  const found = async (external_agreement_no: string) => {
    const known = await (await shop.ledger()).subscription({ external_agreement_no })
    if (!known) throw new Error(`there is no subscription ${external_agreement_no}`)
    return known
  }
  return {
    plannedDay: async (number: string) => String((await shop.query(number)).planned_day),
    /** What becomes of its next charge. */
    next: (external_agreement_no: string, outcome: object) =>
      shop.control('charges/next', { external_agreement_no, ...outcome }),
    /** How one that is in process ends. */
    decide: (out_trade_no: unknown, end: string) => shop.control('charges/decide', { out_trade_no, end }),
    postpone: (external_agreement_no: string, planned_day: string) =>
      shop.call('postpone_subscription', { external_agreement_no, planned_day }),
    agreements: () => {
      if (!shop.gateway.agreements) throw new Error('there is no product')
      return shop.gateway.agreements
    },
    /** Alipay is asked about it, as the watcher does. */
    heard: async (number: string) => lookUpSubscription(await found(number), shop.commandCall()),
    /** A ledger as a backup from right after the signature holds it. */
    putBack: async (number: string) => {
      const { external_agreement_no, terms, items_hash, token, offer_until, buyer, created_at } = await found(number)
      const { gateway, app_id } = shop.emulator
      const partition = { environment: 'local', gateway, merchant: app_id } as const
      const ledger = await openLedger({ folder: undefined, partition })
      const actor = { at: created_at, owner: 'command', host: 'a terminal' }
      const offer = { external_agreement_no, terms, items_hash, token, offer_until, buyer, limits: {} }
      const sign_links = { page: 'https://pay.example/', mobile: 'alipays://' }
      await ledger.reserveSubscription({ ...offer, sign_links }, actor)
      await ledger.pressSign(token, 'page', actor)
      const call = { ...shop.commandCall(), ledger: async () => ledger }
      const made = await ledger.subscription({ external_agreement_no })
      if (made) await lookUpSubscription(made, call)
      return { ledger, call }
    },
  }
}
