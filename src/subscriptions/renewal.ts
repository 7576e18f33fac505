// Where a subscription stands: its state, what its next period needs, and what an operator has to do about it.
import type { Both } from '../language.ts'
import type { Announcement, Charge, Subscription, SubscriptionState } from '../ledger/ledger.ts'
import { isOpenIntent } from '../ledger/order.ts'
import { isSamePeriod, MOST_ATTEMPTS } from '../ledger/periods.ts'
import { addDays, beijingDay, type ChargeWindow, chargeWindow, isToAnnounce, type Notice } from './charge-window.ts'

export function stateOf(subscription: Subscription, now: number): SubscriptionState {
  const { ended_at, cancel, signed_at, paused_at, offer_until } = subscription
  if (ended_at !== undefined) return 'ended'
  if (cancel) return 'cancelling'
  if (signed_at !== undefined) return paused_at === undefined ? 'live' : 'paused'
  return offer_until > now ? 'offered' : 'expired'
}

/** What a person can do about one that is paused. */
export const IF_PAUSED: Both = {
  en: 'It goes on by itself once Alipay says that it is in force again. Ask the subscriber to look at it in Alipay, or call cancel_subscription.',
  zh: '支付宝恢复协议后会自动继续。请让用户在支付宝里查看自动扣款，或取消这个订阅。',
}

/**
 * The first planned day is at most so many days after the signature: one that is made a day before the end of its offer,
 * and planned for the first of the next month instead of the 29th.
 */
const FIRST_DAYS = 5

/** Alipay's word on an earlier charge counts: the ledger may have been put back from before it. */
export function noticeOf(
  { terms, planned_day, last_charged_day, signed_at }: Subscription,
  charges: readonly Charge[],
  announcements: readonly Announcement[],
): Notice {
  const wasCharged = last_charged_day !== undefined || charges.some(({ intent }) => intent.state === 'done')
  const isFirst = !wasCharged && terms.trial_days === undefined
  // Weeks after the signature it is a surprise like any other.
  const isSoon = planned_day !== undefined && planned_day <= addDays(beijingDay(signed_at ?? 0), FIRST_DAYS)
  if (isFirst && isSoon) return { kind: 'none' }
  if (terms.announce === 'own') return { kind: 'own' }
  const mine = announcements.find((one) => one.planned_day === planned_day && one.amount_fen === terms.price_fen)
  return { kind: 'hook', announced_at: mine?.at }
}

/**
 * What the next period is waiting for. `failed`: Alipay said no, and no attempt is left or may be made yet. `in_doubt`:
 * nobody knows how an attempt ended. `missed`: it has to be postponed, or the subscription dies. `ending`: it was paid as
 * often as was agreed.
 */
export type RenewalState = 'waiting' | 'to_announce' | 'due' | 'charged' | 'failed' | 'in_doubt' | 'missed' | 'ending'

export interface Renewal {
  state: RenewalState
  planned_day: string
  notice: Notice
  window: ChargeWindow
  /** Those of this period that were sent. */
  attempts: readonly Charge[]
  /** Of any period. */
  in_doubt?: Charge | undefined
}

/** What the period of that planned day was paid by. */
export const paidIn = (subscription: Subscription, day: string, charges: readonly Charge[]): Charge | undefined =>
  charges.find(({ intent, planned_day }) => intent.state === 'done' && isSamePeriod(subscription, day, planned_day))

/** Undefined of one that is not live, or of which Alipay has told no day. */
export function renewalOf(
  subscription: Subscription,
  charges: readonly Charge[],
  announcements: readonly Announcement[],
  now: number,
): Renewal | undefined {
  const { planned_day, terms } = subscription
  if (planned_day === undefined || stateOf(subscription, now) !== 'live') return undefined
  const notice = noticeOf(subscription, charges, announcements)
  const isPaid = paidIn(subscription, planned_day, charges) !== undefined
  const attempts = charges.filter((one) => one.planned_day === planned_day && one.intent.last_sent_at !== undefined)
  const in_doubt = charges.find(({ intent }) => isOpenIntent(intent))
  const window = chargeWindow(planned_day, notice, now)
  const paid = charges.filter(({ intent }) => intent.state === 'done').length
  const isPaidUp = terms.payments !== undefined && paid >= terms.payments
  const isAnnounced = !isToAnnounce(planned_day, notice, now)
  const state = stateOfRenewal({ attempts, in_doubt, window, isPaid, isPaidUp, isAnnounced })
  return { state, planned_day, notice, window, attempts, in_doubt }
}

/** Live, and Alipay tells no day on which it could be charged next: none, or still one that is paid and past. */
export const hasNoNextDay = (renewal: Renewal | undefined, now: number): boolean =>
  renewal === undefined || (renewal.state === 'charged' && renewal.planned_day < beijingDay(now))

interface Facts extends Pick<Renewal, 'attempts' | 'in_doubt' | 'window'> {
  isPaid: boolean
  isPaidUp: boolean
  isAnnounced: boolean
}

function stateOfRenewal({ attempts, in_doubt, window, isPaid, isPaidUp, isAnnounced }: Facts): RenewalState {
  if (in_doubt) return 'in_doubt'
  if (isPaidUp) return 'ending'
  if (isPaid) return 'charged'
  if (window.state === 'missed') return 'missed'
  if (!hasAttemptLeft(attempts) || attempts.some(({ is_over }) => !is_over)) return 'failed'
  if (!isAnnounced) return 'to_announce'
  return window.state === 'open' ? 'due' : 'waiting'
}

/** Alipay itself refused each one, and one is left; whether the number of the last one is over is another question. */
export const hasAttemptLeft = (attempts: Renewal['attempts']) =>
  attempts.length < MOST_ATTEMPTS && !attempts.some(isUnproven)

/** Sent, and it was not Alipay's own no that ended it. */
const isUnproven = ({ intent }: Charge) => intent.state === 'not_executed' || intent.uncertain_since !== undefined
