// Lists subscriptions by what they need: to announce, due, failed, missed, ending, or by their state.
import type { Subscription } from '../ledger/ledger.ts'
import type { ShopCall } from '../shop/buyer.ts'
import type { ToolResult } from '../tool-result.ts'
import { recordsOf, requireAgreements } from './find-subscription.ts'
import { type RenewalState, renewalOf, stateOf } from './renewal.ts'
import { subscriptionItem } from './subscription-view.ts'

export const LISTED = [
  'offered',
  'live',
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

const MOST = 10_000

/** What is at Alipay is asked for each one where it is acted on; here the ledger is read. */
export async function listSubscriptions(
  { state, limit }: { state?: Listed | undefined; limit: number },
  call: ShopCall,
): Promise<ToolResult> {
  requireAgreements('list_subscriptions', call)
  const found = await subscriptionsThat(state && [state], call)
  const now = call.clock.now()
  const items = found
    .slice(0, limit)
    .map(({ subscription, ...records }) => subscriptionItem(subscription, records, now))
  const of = state === undefined ? '' : ` ${state}`
  const more = found.length > items.length ? `, the newest ${items.length} of them` : ''
  return {
    message: `${found.length}${of} subscription${found.length === 1 ? '' : 's'}${more}.`,
    message_zh: `共 ${found.length} 个订阅${more ? `，显示最新的 ${items.length} 个` : ''}。`,
    subscriptions: items,
    next_step: 'query_subscription asks Alipay how one of them stands now.',
  }
}

export interface FoundSubscription extends Awaited<ReturnType<typeof recordsOf>> {
  subscription: Subscription
}

/** In any of these states, newest first; those that ended only where they are asked for. */
export async function subscriptionsThat(
  states: readonly (Listed | RenewalState)[] | undefined,
  call: ShopCall,
): Promise<readonly FoundSubscription[]> {
  const all = await (await call.ledger()).subscriptions({ ended: states?.includes('ended') ?? false, limit: MOST })
  const now = call.clock.now()
  const found: FoundSubscription[] = []
  for (const subscription of all) {
    const records = await recordsOf(subscription, call)
    const renewal = renewalOf(subscription, records.charges, records.announcements, now)
    const isOne = (state: Listed | RenewalState) => stateOf(subscription, now) === state || renewal?.state === state
    if (!states || states.some(isOne)) found.push({ subscription, ...records })
  }
  return found
}
