// Ends a subscription: the wish is committed first and stops every later charge; then Alipay is told, whoever asks, frozen or not.
import { OutcomeUnknownError } from '../errors.ts'
import { CLOSE_MS } from '../guard/deadlines.ts'
import { resolveOrder } from '../guard/in-doubt.ts'
import { ignoringLedgerErrors } from '../guard/send-permit.ts'
import type { CancelledBy, Charge, Ledger, Subscription } from '../ledger/ledger.ts'
import { isOpenIntent } from '../ledger/order.ts'
import type { ShopCall } from '../shop/buyer.ts'
import { lookUpAfterSending } from './after-sending.ts'
import { lookUpSubscription, requireAgreements } from './find-subscription.ts'

const OPERATION = 'cancel_subscription'

export interface Cancelled {
  subscription: Subscription
  /** Sent before the wish: nobody knows yet how they ended, or they turned out paid. */
  on_the_way: readonly Charge[]
  /** Why Alipay has not ended it yet; undefined: it has, or nothing was signed. */
  open?: string | undefined
}

/**
 * Nobody's approval is needed, and neither a freeze nor read-only stands in the way: it moves no money.
 * @throws LedgerError where the wish could not be written; then nothing was sent
 */
export async function cancelSubscription(known: Subscription, by: CancelledBy, call: ShopCall): Promise<Cancelled> {
  const ledger = await call.ledger()
  const requested = await ledger.requestCancel(known.external_agreement_no, by, call.actor())
  if (!requested) throw new Error('a subscription that was just read is not there')
  for (const { out_trade_no } of requested.on_the_way) await resolveOrder(call, out_trade_no)
  const ended = await unsign(requested.subscription, call)
  const on_the_way =
    (await ignoringLedgerErrors(call, () => left(requested.on_the_way, ledger))) ?? requested.on_the_way
  return { ...ended, on_the_way }
}

/** Without those that came to nothing. */
async function left(charges: readonly Charge[], ledger: Ledger): Promise<readonly Charge[]> {
  const now = await Promise.all(charges.map(async (charge) => (await ledger.charge(charge.out_trade_no)) ?? charge))
  return now.filter(({ intent, is_over }) => intent.state === 'done' || isOpenIntent(intent) || !is_over)
}

/**
 * Also for the watcher, until Alipay knows no such agreement any more. Of one that nobody was known to have opened, or
 * that seems ended, Alipay is asked first: the ledger may have been put back, and an answer may have been out of date.
 */
export async function unsign(ending: Subscription, call: ShopCall): Promise<Omit<Cancelled, 'on_the_way'>> {
  const agreements = requireAgreements(OPERATION, call)
  const isLive = ending.agreement_no !== undefined && ending.ended_at === undefined
  const before = isLive ? { subscription: ending } : await lookUpSubscription(ending, call)
  const { agreement_no, ended_at } = before.subscription
  if (ended_at !== undefined) return { subscription: before.subscription }
  if (before.unread !== undefined) return { subscription: ending, open: before.unread }
  // Not signed: what comes of a link that is out is undone when it is.
  if (agreement_no === undefined) return { subscription: before.subscription }
  const answer = await agreements.unsign(agreement_no, { within: CLOSE_MS })
  const { subscription, unread } = await lookUpAfterSending(before.subscription, call)
  if (subscription.ended_at !== undefined) return { subscription }
  return { subscription, open: unread ?? whyOpen(answer) }
}

function whyOpen(answer: Awaited<ReturnType<ReturnType<typeof requireAgreements>['unsign']>>): string {
  if (answer.outcome === 'unknown') return answer.why
  if (answer.outcome === 'done') return 'Alipay took the request, and still has the agreement'
  const { not_sent, sub_code, code } = answer.refusal
  return not_sent ?? `Alipay refused: ${sub_code ?? code}`
}

/** The wish stands; the watcher goes on. */
export function stillOpen(subscription: Subscription, why: string): OutcomeUnknownError {
  const { external_agreement_no } = subscription
  return new OutcomeUnknownError(OPERATION, why, {
    money: 'Nothing will be charged any more from here.',
    moved: 'no',
    next_step: `Call cancel_subscription again with {"external_agreement_no":"${external_agreement_no}"}; "listen" also goes on by itself.`,
    message_zh: '取消已登记，此后不会再扣款；支付宝还没有确认解约，请稍后再查。',
    facts: { external_agreement_no },
  })
}
