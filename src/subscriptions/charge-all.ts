// Charges every period that is due, each through all guards: first attempts, and those again that Alipay itself refused;
// and tells of each period that needs a person.
import { LedgerError, OutcomeUnknownError, RefusedError } from '../errors.ts'
import { ignoringLedgerErrors } from '../guard/send-permit.ts'
import type { Charge, Subscription } from '../ledger/ledger.ts'
import { isOpenIntent } from '../ledger/order.ts'
import type { ShopCall } from '../shop/buyer.ts'
import { noLaterDay } from './charge-refusals.ts'
import { chargeSubscription, resolveCharges } from './charge-subscription.ts'
import { beijingDay } from './charge-window.ts'
import { lookUpSubscription, requireAgreements } from './find-subscription.ts'
import { subscriptionsThat } from './list-subscriptions.ts'
import { hasNoNextDay, type Renewal, type RenewalState } from './renewal.ts'

/** Several wait for Alipay at once; each is of a subscription of its own. */
const AT_ONCE = 4

/**
 * Each is tried, and the guards decide: what failed may be tried again or not, what is in doubt is asked about, and a
 * window that is over is told until a person postpones it or ends the subscription; so is one that Alipay has paused, and
 * one without a next day.
 */
const DUE: readonly RenewalState[] = ['due', 'failed', 'in_doubt', 'missed']

export type ChargedOne =
  | { external_agreement_no: string; outcome: 'charged' | 'charged_before'; charge: Charge }
  | {
      /** Absent where its own entry in the ledger is damaged: the error says what can be read of it. */
      external_agreement_no?: string
      outcome: 'not_charged' | 'unknown'
      error: RefusedError | OutcomeUnknownError | LedgerError
    }

/** @param tell hears of each one when it is known */
export async function chargeAll(
  call: ShopCall,
  tell: (one: ChargedOne) => Promise<void> = async () => {},
): Promise<readonly ChargedOne[]> {
  requireAgreements('charge_subscription', call)
  const before = await subscriptionsThat(['live', 'paused'], call)
  const toResolve = before.found.filter(({ renewal }) => renewal && TO_RESOLVE.includes(renewal.state))
  for (const { subscription } of toResolve) await resolveAndLookUp(subscription, call)
  const made: ChargedOne[] = []
  const tellOf = async (result: ChargedOne) => {
    made.push(result)
    await tell(result)
  }
  // Each look at all of them takes its time.
  const { found, damaged } = toResolve.length > 0 ? await subscriptionsThat(['live', 'paused'], call) : before
  for (const one of damaged) await tellOf({ ...one, outcome: 'not_charged' })
  const now = call.clock.now()
  const next = found.filter(({ renewal }) => isToTry(renewal, now)).values()
  const one = async () => {
    for (const { subscription } of next) await tellOf(await chargeOne(subscription, call))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  return made
}

const isToTry = (renewal: Renewal | undefined, now: number) =>
  renewal === undefined || DUE.includes(renewal.state) || hasNoNextDay(renewal, now)

const TO_RESOLVE: readonly RenewalState[] = ['in_doubt', 'charged']

/**
 * How a charge ended was not known, or is known only since then, and the next planned day was not asked for: else it would
 * never be due.
 */
async function resolveAndLookUp(subscription: Subscription, call: ShopCall): Promise<void> {
  try {
    await resolveCharges(subscription, call)
    await lookUpSubscription(subscription, call)
  } catch (error) {
    // The next run asks again; the others do not wait for this one.
    if (!(error instanceof LedgerError)) throw error
  }
}

async function chargeOne({ external_agreement_no }: Subscription, call: ShopCall): Promise<ChargedOne> {
  try {
    const { moved, charge, subscription } = await chargeSubscription(external_agreement_no, call)
    const { planned_day = '' } = subscription
    if (moved === 'earlier' && planned_day < beijingDay(call.clock.now())) throw noLaterDay(subscription)
    return { external_agreement_no, outcome: moved === 'now' ? 'charged' : 'charged_before', charge }
  } catch (error) {
    if (error instanceof OutcomeUnknownError) return { external_agreement_no, outcome: 'unknown', error }
    // Of a ledger that cannot be used for a moment: nothing was sent, and the others may go through.
    if (error instanceof RefusedError || error instanceof LedgerError)
      return {
        external_agreement_no,
        outcome: (await isInDoubt(external_agreement_no, call)) ? 'unknown' : 'not_charged',
        error,
      }
    throw error
  }
}

/** Nothing was sent now, and nobody knows yet how an earlier charge ended. */
async function isInDoubt(external_agreement_no: string, call: ShopCall): Promise<boolean> {
  const charges = await ignoringLedgerErrors(call, (ledger) => ledger.charges(external_agreement_no))
  return charges?.some(({ intent }) => isOpenIntent(intent)) ?? false
}
