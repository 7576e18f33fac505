// Charges every period that is due, each through all guards: first attempts, and those again that Alipay itself refused.
import { LedgerError, OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { Charge } from '../ledger/ledger.ts'
import type { ShopCall } from '../shop/buyer.ts'
import { chargeSubscription } from './charge-subscription.ts'
import { MOST_ATTEMPTS } from './charge-window.ts'
import { lookUpSubscription, requireAgreements } from './find-subscription.ts'
import { type FoundSubscription, subscriptionsThat } from './list-subscriptions.ts'
import { isUnproven } from './renewal.ts'

/** Several wait for Alipay at once; each is of a subscription of its own. */
const AT_ONCE = 4

export type ChargedOne = { external_agreement_no: string } & (
  | { outcome: 'charged' | 'charged_before'; charge: Charge }
  | { outcome: 'not_charged' | 'unknown'; error: RefusedError | OutcomeUnknownError | LedgerError }
)

/** @param tell hears of each one when it is known */
export async function chargeAll(
  call: ShopCall,
  tell: (one: ChargedOne) => Promise<void> = async () => {},
): Promise<readonly ChargedOne[]> {
  requireAgreements('charge_subscription', call)
  // How the charge ended was found out later, and the next planned day was not asked for: else it would never be due.
  for (const { subscription } of await subscriptionsThat(['charged'], call))
    await lookUpSubscription(subscription, call)
  const due = (await subscriptionsThat(['due', 'failed', 'in_doubt'], call)).filter(isChargeable)
  const made: ChargedOne[] = []
  const next = due.values()
  const one = async () => {
    for (const found of next) {
      const result = await chargeOne(found.subscription, call)
      made.push(result)
      await tell(result)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  return made
}

/**
 * Of what failed: Alipay itself refused every attempt, and one is left; whether its number is over is asked then. Of what
 * is in doubt Alipay is asked first: only an attempt that never left is made again.
 */
function isChargeable({ subscription, charges }: FoundSubscription): boolean {
  const attempts = charges.filter(
    ({ planned_day, intent }) => planned_day === subscription.planned_day && intent.last_sent_at !== undefined,
  )
  return !attempts.some(isUnproven) && attempts.length < MOST_ATTEMPTS
}

async function chargeOne(
  { external_agreement_no }: FoundSubscription['subscription'],
  call: ShopCall,
): Promise<ChargedOne> {
  try {
    const { moved, charge } = await chargeSubscription(external_agreement_no, call)
    return { external_agreement_no, outcome: moved === 'now' ? 'charged' : 'charged_before', charge }
  } catch (error) {
    if (error instanceof OutcomeUnknownError) return { external_agreement_no, outcome: 'unknown', error }
    // Of a ledger that cannot be used for a moment: nothing was sent, and the others may go through.
    if (error instanceof RefusedError || error instanceof LedgerError)
      return { external_agreement_no, outcome: 'not_charged', error }
    throw error
  }
}
