// The page of a subscription in each of its states, and its question before the end, as the browser gets them from the front.
import { CHECKOUT_CSP } from '../../src/checkout/style-page.ts'
import {
  CANCEL_CSP,
  cancelPage,
  noSubscriptionPage,
  subscriptionPage,
} from '../../src/subscriptions/page/subscription-page.ts'
import { ADDRESS, SUBSCRIPTION_VIEWS } from '../subscriptions/page-views.ts'
import type { Scene } from './scenes.ts'

/** One of each that looks another way. */
const NAMES = [
  ...(['phone-offered', 'computer-signing-english', 'in-chat', 'back', 'live', 'live-english'] as const),
  ...(['cancelling', 'ended', 'over', 'paused'] as const),
] as const

export function subscriptionScenes(): readonly Scene[] {
  const scene = (name: string, body: () => Promise<string> | string, csp = CHECKOUT_CSP, state = ''): Scene => ({
    name: `subscription-${name}`,
    async show(page) {
      const answer = { body: await body(), contentType: 'text/html; charset=utf-8' }
      await page.route(`${ADDRESS}/state`, (route) => route.fulfill({ body: state }))
      await page.route(ADDRESS, (route) => route.fulfill({ ...answer, headers: { 'content-security-policy': csp } }))
      await page.goto(ADDRESS)
    },
  })
  const views = NAMES.map((name) => {
    const view = SUBSCRIPTION_VIEWS[name]
    return scene(name, () => subscriptionPage(view), CHECKOUT_CSP, view.state_key)
  })
  return [
    ...views,
    scene('cancel', () => cancelPage(SUBSCRIPTION_VIEWS.live), CANCEL_CSP),
    scene('trouble', () => noSubscriptionPage('en', 'trouble')),
  ]
}
