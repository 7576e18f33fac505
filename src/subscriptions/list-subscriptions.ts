// Lists subscriptions by what they need: to announce, due, failed, missed, ending, or by their state.
import { DamagedEntry } from '../errors.ts'
import type { Both } from '../language.ts'
import type { Subscription, SubscriptionState } from '../ledger/ledger.ts'
import { ownCall } from '../pasteable-call.ts'
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
  const { found, damaged } = await subscriptionsThat(state && [state], call)
  const now = call.clock.now()
  const items = found.slice(0, limit).map(({ subscription, renewal }) => subscriptionItem(subscription, renewal, now))
  const of = state === undefined ? '' : ` ${state}`
  const more = found.length > items.length ? `, the newest ${items.length} of them` : ''
  const hidden = damaged.length === 0 ? NOTHING_HIDDEN : hiddenWords(damaged.length)
  return {
    message: `${found.length}${of} subscription${found.length === 1 ? '' : 's'}${more}.${hidden.en}`,
    message_zh: `共 ${found.length} 个订阅${more ? `，显示最新的 ${items.length} 个` : ''}。${hidden.zh}`,
    subscriptions: items,
    damaged:
      damaged
        .map(({ external_agreement_no, error }) => [external_agreement_no, error.entry].filter(Boolean).join(': '))
        .join('; ') || undefined,
    next_step: 'query_subscription asks Alipay how one of them stands now.',
  }
}

const NOTHING_HIDDEN: Both = { en: '', zh: '' }
const hiddenWords = (count: number): Both => ({
  en: ` Not shown, because the ledger is damaged there: ${count} (damaged). Tell the operator to run "${ownCall('doctor')}".`,
  zh: `另有 ${count} 个因账本记录损坏没有列出，请管理员运行 doctor。`,
})

export interface FoundSubscription {
  subscription: Subscription
  /** Of one that is live. */
  renewal: Renewal | undefined
}

/** What nobody can read of it may be what matters: each is told in every list. */
interface DamagedSubscription {
  /** Absent where its own entry is the damaged one, which says what can be read of it. */
  external_agreement_no?: string
  error: DamagedEntry
}

/** In any of these states, newest first; those that ended only where they are asked for. */
export async function subscriptionsThat(
  states: readonly (SubscriptionState | RenewalState)[] | undefined,
  call: ShopCall,
): Promise<{ found: readonly FoundSubscription[]; damaged: readonly DamagedSubscription[] }> {
  const all = await (await call.ledger()).subscriptions({ ended: states?.includes('ended') ?? false })
  const now = call.clock.now()
  const found: FoundSubscription[] = []
  const damaged: DamagedSubscription[] = all.damaged.map((entry) => ({ error: new DamagedEntry(entry) }))
  for (const subscription of all.subscriptions) {
    const { external_agreement_no } = subscription
    const state = stateOf(subscription, now)
    const renewal = state === 'live' ? await renewalIn(subscription, call) : undefined
    if (renewal instanceof DamagedEntry) damaged.push({ external_agreement_no, error: renewal })
    else if (!states || states.includes(state) || (renewal && states.includes(renewal.state)))
      found.push({ subscription, renewal })
  }
  return { found, damaged }
}

async function renewalIn(subscription: Subscription, call: ShopCall): Promise<Renewal | DamagedEntry | undefined> {
  try {
    const { charges, announcements } = await recordsOf(subscription, call)
    return renewalOf(subscription, charges, announcements, call.clock.now())
  } catch (error) {
    if (error instanceof DamagedEntry) return error
    throw error
  }
}
