// What the page of a subscription shows: plain data, made of what the ledger knows of it.
import type { Device, Payee } from '../../checkout/checkout-view.ts'
import { beijingTime } from '../../clock.ts'
import type { Environment } from '../../gateway/gateway.ts'
import type { Language } from '../../language.ts'
import type { Announcement, CancelledBy, Charge, PlanTerms, Subscription } from '../../ledger/ledger.ts'
import { isOpenIntent } from '../../ledger/order.ts'
import { addDays, beijingDay, daysEarly, firstDayOf, NOTICE_DAYS, startOf } from '../charge-window.ts'
import { noticeOf, type Renewal, renewalOf, stateOf } from '../renewal.ts'

export type PageState =
  /** It can be signed from here. */
  | 'offered'
  /** Alipay was opened from here, and says nothing of a signature yet. */
  | 'signing'
  /** The operator froze everything: no signature is offered. */
  | 'paused'
  | 'live'
  /** Alipay says that it is not in force. */
  | 'on_hold'
  /** Nothing is charged any more, and Alipay has not confirmed its end. */
  | 'cancelling'
  | 'ended'
  /** Nobody signed it in time. */
  | 'over'
  /** Ended before anybody was heard to have signed it. */
  | 'withdrawn'

/** Beijing days: when the next charge is planned, and when it may come at the earliest; absent: at once. */
export interface NextCharge {
  day: string
  earliest?: string | undefined
}

export interface SubscriptionRecords {
  charges: readonly Charge[]
  announcements: readonly Announcement[]
}

export interface SubscriptionFacts {
  state: PageState
  external_agreement_no: string
  terms: PlanTerms
  /** The first one of an offer; absent where none is to come, or Alipay has named no day. */
  next?: NextCharge | undefined
  /** Periods that were paid. */
  paid: number
  /** Beijing time until when it can be signed, and the seconds left. */
  offer_until: string
  seconds_left: number
  /** Beijing time. */
  opened_at?: string | undefined
  signed_at?: string | undefined
  cancelled?: { by: CancelledBy; at: string } | undefined
  ended_at?: string | undefined
  /** Fen of a charge that was sent before the end, and of which nobody knows yet how it ended. */
  on_the_way_fen?: number | undefined
  state_key: string
}

export interface SubscriptionPageView extends SubscriptionFacts {
  device: Device
  language: Language
  environment: Environment
  payee: Payee
  /** Of this page, whole: what the code holds. */
  address: string
  /** Own path whose press leads to Alipay; absent where it cannot be signed from here. */
  sign_path?: string | undefined
  /** Own path of the question whether to end it. */
  cancel_path: string
  page_path: string
  state_path: string
  /** Whether somebody asks Alipay, so that the page shows a signature by itself. */
  watched: boolean
  /** The buyer comes back from Alipay, which is being asked. */
  is_back: boolean
}

const minute = (at: number) => beijingTime(at).slice(0, 16)
const maybeMinute = (at: number | undefined) => (at === undefined ? undefined : minute(at))

export function factsOfSubscription(
  subscription: Subscription,
  records: SubscriptionRecords,
  { frozen, now }: { frozen: boolean; now: number },
): SubscriptionFacts {
  const { external_agreement_no, terms, offer_until, opened_at, signed_at, cancel, ended_at } = subscription
  const { charges } = records
  const state = pageStateOf(subscription, frozen, now)
  const next = nextCharge(subscription, records, { state, now })
  const on_the_way = cancel && charges.find(({ intent }) => isOpenIntent(intent))
  return {
    ...{ state, external_agreement_no, terms, next, paid: charges.filter(isPaid).length },
    offer_until: beijingTime(offer_until),
    seconds_left: Math.max(0, Math.floor((offer_until - now) / 1000)),
    ...{ opened_at: maybeMinute(opened_at), signed_at: maybeMinute(signed_at), ended_at: maybeMinute(ended_at) },
    cancelled: cancel && { by: cancel.by, at: minute(cancel.at) },
    on_the_way_fen: on_the_way?.amount_fen,
    state_key: [state, next?.day ?? '-', charges.filter(isPaid).length, on_the_way ? 'on the way' : '-'].join('/'),
  }
}

const isPaid = ({ intent }: Charge) => intent.state === 'done'

function pageStateOf(subscription: Subscription, frozen: boolean, now: number): PageState {
  const state = stateOf(subscription, now)
  const { opened_at, signed_at } = subscription
  if (state === 'expired') return 'over'
  if (state === 'offered') return frozen ? 'paused' : opened_at === undefined ? 'offered' : 'signing'
  if (state === 'paused') return 'on_hold'
  return state !== 'live' && signed_at === undefined ? 'withdrawn' : state
}

/** Before the signature as it would be planned; then as Alipay plans it, unless nothing is to come of that day. */
function nextCharge(
  subscription: Subscription,
  { charges, announcements }: SubscriptionRecords,
  { state, now }: { state: PageState; now: number },
): SubscriptionFacts['next'] {
  const { terms, offer_until } = subscription
  if (state === 'offered' || state === 'signing' || state === 'paused') {
    const day = firstDayOf(terms, offer_until)
    const notice = noticeOf({ ...subscription, planned_day: day, signed_at: now }, charges, [])
    return { day, earliest: laterThanNow(addDays(day, -daysEarly(notice)), now) }
  }
  const renewal = renewalOf(subscription, charges, announcements, now)
  if (!renewal || ['charged', 'ending', 'missed'].includes(renewal.state)) return undefined
  return { day: renewal.planned_day, earliest: laterThanNow(earliestOf(renewal, now), now) }
}

function earliestOf({ window, planned_day, notice }: Renewal, now: number): string {
  if ('from' in window) return beijingDay(window.from)
  const [usual, noticed] = [addDays(planned_day, -daysEarly(notice)), addDays(beijingDay(now), NOTICE_DAYS + 1)]
  return usual > noticed ? usual : noticed
}

const laterThanNow = (day: string, now: number) => (startOf(day) > now ? day : undefined)
