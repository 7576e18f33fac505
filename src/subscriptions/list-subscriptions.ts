// Lists subscriptions by what they need: to announce, due, failed, missed, ending, or by their state.
import type { Subscription, SubscriptionState } from '../ledger/ledger.ts'
import type { ShopCall } from '../shop/buyer.ts'
import type { ToolResult } from '../tool-result.ts'
import { recordsOf, requireAgreements } from './find-subscription.ts'
import { type Renewal, type RenewalState, renewalOf, stateOf } from './renewal.ts'
import { subscriptionItem } from './subscription-view.ts'

export const LISTED = [
  'offered',
  'live',
  'paused',
  'cancelling',
  'ended',
  'to_announce',
  'due',
  'failed',
  'in_doubt',
  'missed',
  'ending',
] as const
export type Listed = (typeof LISTED)[number]

/** What is at Alipay is asked for each one where it is acted on; here the ledger is read. */
export async function listSubscriptions(
  { state, limit }: { state?: Listed | undefined; limit: number },
  call: ShopCall,
): Promise<ToolResult> {
  requireAgreements('list_subscriptions', call)
  const found = await subscriptionsThat(state && [state], call)
  const now = call.clock.now()
  const items = found.slice(0, limit).map(({ subscription, renewal }) => subscriptionItem(subscription, renewal, now))
  const of = state === undefined ? '' : ` ${state}`
  const more = found.length > items.length ? `, the newest ${items.length} of them` : ''
  return {
    message: `${found.length}${of} subscription${found.length === 1 ? '' : 's'}${more}.`,
    message_zh: `共 ${found.length} 个订阅${more ? `，显示最新的 ${items.length} 个` : ''}。`,
    subscriptions: items,
    next_step: 'query_subscription asks Alipay how one of them stands now.',
  }
}

export interface FoundSubscription {
  subscription: Subscription
  /** Of one that is live. */
  renewal: Renewal | undefined
}

/** In any of these states, newest first; those that ended only where they are asked for. */
export async function subscriptionsThat(
  states: readonly (SubscriptionState | RenewalState)[] | undefined,
  call: ShopCall,
): Promise<readonly FoundSubscription[]> {
  const all = await (await call.ledger()).subscriptions({ ended: states?.includes('ended') ?? false })
  const now = call.clock.now()
  const found: FoundSubscription[] = []
  for (const subscription of all) {
    const state = stateOf(subscription, now)
    const renewal = state === 'live' ? await renewalIn(subscription, call) : undefined
    if (!states || states.includes(state) || (renewal && states.includes(renewal.state)))
      found.push({ subscription, renewal })
  }
  return found
}

async function renewalIn(subscription: Subscription, call: ShopCall): Promise<Renewal | undefined> {
  const { charges, announcements } = await recordsOf(subscription, call)
  return renewalOf(subscription, charges, announcements, call.clock.now())
}
