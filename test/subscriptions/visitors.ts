// Whoever comes to the page of a subscription with some device, without any socket between.
import { expect } from 'vitest'
import type { CheckoutSide } from '../../src/checkout/answer-checkout.ts'
import type { PageAnswer } from '../../src/checkout/page-answer.ts'
import { answerSubscription } from '../../src/subscriptions/page/answer-subscription.ts'
import { subscriptionPathIn } from '../../src/subscriptions/subscription-page-path.ts'
import { readable } from '../checkout/checkout-views.ts'
import { AGENTS, PAGES_AT } from '../checkout/shop-with-page.ts'
import type { Fields } from '../shop.ts'
import type { SubscribedShop } from './subscribed-shop.ts'

export interface Coming {
  method?: string
  device?: keyof typeof AGENTS
  language?: 'en' | 'zh'
  headers?: Fields
  side?: Partial<CheckoutSide>
}

export const textOf = ({ text }: PageAnswer) => readable(text)
export const pathOf = (url: string) => new URL(url).pathname
export const links = ({ text }: PageAnswer) => [...text.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href)

export function visitorsOf(shop: SubscribedShop) {
  const actor = (owner: string) => ({ at: shop.clock.now(), owner, host: 'a front' })
  const found = async (external_agreement_no: string) =>
    (await (await shop.ledger()).subscription({ external_agreement_no })) ?? expect.fail('no such subscription')
  const withUrl = async (number: string) => ({ number, url: `${PAGES_AT}/s/${(await found(number)).token}` })
  return {
    found,
    offer: async (plan = 'news') => withUrl(await shop.subscribe(plan)),
    live: async (plan = 'news') => withUrl(await shop.signed(plan)),
    async visit(address: string, { method = 'GET', device = 'phone', language = 'en', ...more }: Coming = {}) {
      const path = subscriptionPathIn(new URL(address).pathname)
      if (!path) throw new Error(`${address} is no page of a subscription`)
      const headers = { 'user-agent': AGENTS[device], 'accept-language': language, ...more.headers }
      const side: CheckoutSide = {
        ...{ at: PAGES_AT, environment: 'local', payee: { name: '茶铺' }, clock: shop.clock, say: () => {} },
        ledger: await shop.ledger(),
        actor: () => actor('front'),
        ...more.side,
      }
      return answerSubscription(path, { method, headers }, side)
    },
    wantsQuery: async (number: string) => {
      const due = await (await shop.ledger()).dueAgreements(shop.clock.now(), 100)
      return due.some(({ external_agreement_no }) => external_agreement_no === number)
    },
    watched: async () => (await shop.ledger()).takeLease('watcher', 60_000, actor('watcher')),
    freeze: async () => (await shop.ledger()).freeze(undefined, actor('operator')),
  }
}
