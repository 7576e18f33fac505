// The checkout page of an order in eight of its states, in one language each, and that of an item's order before and after its payment, as the browser gets it from the front.
import { CHECKOUT_CSP, checkoutPage } from '../../src/checkout/checkout-page.ts'
import type { CheckoutView } from '../../src/checkout/checkout-view.ts'
import { ADDRESS, CHECKOUT_VIEWS, ENGLISH } from '../checkout/checkout-views.ts'
import type { Scene } from './scenes.ts'

const VIEWS: Readonly<Record<string, CheckoutView>> = {
  phone: CHECKOUT_VIEWS['phone-open'],
  computer: CHECKOUT_VIEWS['computer-open-english'],
  'in-chat': CHECKOUT_VIEWS['in-chat'],
  'not-known': CHECKOUT_VIEWS['not-known'],
  'waits-elsewhere': CHECKOUT_VIEWS['waits-elsewhere'],
  paid: CHECKOUT_VIEWS.paid,
  withdrawn: { ...CHECKOUT_VIEWS.withdrawn, ...ENGLISH },
  expired: CHECKOUT_VIEWS.expired,
  item: CHECKOUT_VIEWS.item,
  bought: CHECKOUT_VIEWS.bought,
  goods: CHECKOUT_VIEWS.goods,
}

export function checkoutScenes(): readonly Scene[] {
  return Object.entries(VIEWS).map(([name, view]) => ({
    name: `checkout-${name}`,
    async show(page) {
      const body = await checkoutPage(view)
      const headers = { 'content-security-policy': CHECKOUT_CSP }
      await page.route(`${ADDRESS}/state`, (route) => route.fulfill({ body: view.state_key }))
      await page.route(ADDRESS, (route) => route.fulfill({ body, contentType: 'text/html; charset=utf-8', headers }))
      await page.goto(ADDRESS)
    },
  }))
}
