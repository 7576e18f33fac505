// The tools of subscriptions, loaded only where the toolset is on; the merchant's, and those of a buyer in the chat.
import type { Role } from '../../settings/role.ts'
import type { Tool } from '../tool.ts'
import { announceOneRenewal } from './announce-renewal.ts'
import { cancelOneSubscription } from './cancel-subscription.ts'
import { chargeOneSubscription } from './charge-subscription.ts'
import { createSubscriptionOffer } from './create-subscription.ts'
import { listAllSubscriptions } from './list-subscriptions.ts'
import { postponeOneSubscription } from './postpone-subscription.ts'
import { queryOneSubscription } from './query-subscription.ts'

export const SUBSCRIPTION_TOOLS: Readonly<Record<Role, readonly Tool[]>> = {
  merchant: [
    createSubscriptionOffer,
    queryOneSubscription,
    listAllSubscriptions,
    announceOneRenewal,
    chargeOneSubscription,
    postponeOneSubscription,
    cancelOneSubscription,
  ],
  buyer: [createSubscriptionOffer, queryOneSubscription, cancelOneSubscription],
}
