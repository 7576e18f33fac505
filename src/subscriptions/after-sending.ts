// After something was sent: a ledger that fails then must not have the answer say that nothing was.
import { LedgerError } from '../errors.ts'
import type { Subscription } from '../ledger/ledger.ts'
import type { ShopCall } from '../shop/buyer.ts'
import { type LookedUpSubscription, lookUpSubscription } from './find-subscription.ts'

/** How it stands now; a ledger that cannot be used is one reason more why nobody can say. */
export async function lookUpAfterSending(subscription: Subscription, call: ShopCall): Promise<LookedUpSubscription> {
  try {
    return await lookUpSubscription(subscription, call)
  } catch (error) {
    return { subscription, unread: whyUnwritten(error) }
  }
}

/** @throws what is no failure of the ledger */
export function whyUnwritten(error: unknown): string {
  if (!(error instanceof LedgerError)) throw error
  return `it was sent, and the ledger could not be used after that: ${error.problem}`
}
