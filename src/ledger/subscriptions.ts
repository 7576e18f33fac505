// Subscriptions in the ledger: what was offered and signed, what was announced and charged, and the wish to end one.
import type { LinkChannel } from '../gateway/gateway.ts'
import type { Actor, Intent } from './entries.ts'

/** How the subscriber hears of a renewal: by the merchant's hook, which proves it, or by the merchant's own means. */
export type AnnouncePolicy = { url: string } | 'own'

/** What the plan said when it was offered; it holds for this subscription, whatever the items file says later. */
export interface PlanTerms {
  plan: string
  subject: string
  price_fen: number
  period_type: 'DAY' | 'MONTH'
  /** So many days or months. */
  period: number
  /** `single_amount` of the agreement: no charge is above it. */
  ceiling_fen: number
  /** `total_payments` of the agreement; absent: until somebody ends it. */
  payments?: number | undefined
  trial_days?: number | undefined
  announce: AnnouncePolicy
}

/** `undue`: signed when nobody offered it any more, or beside a live one of the same payer and plan. */
export type CancelledBy = 'chat' | 'page' | 'operator' | 'wallet' | 'undue'

export interface Subscription {
  external_agreement_no: string
  terms: PlanTerms
  items_hash: string
  /** Keyed hash of whose chat it was made in; absent: the merchant's. */
  buyer?: string | undefined
  token: string
  created_at: number
  /** A signature after it is undone. */
  offer_until: number
  /** When the sign link was first revealed. */
  opened_at?: number | undefined
  agreement_no?: string | undefined
  /** Keyed hash of Alipay's user. */
  payer?: string | undefined
  /** Masked by Alipay. */
  buyer_logon_id?: string | undefined
  signed_at?: number | undefined
  /** [guess G39] Since when Alipay is known to say that it is not in force: STOP, or TEMP after the signature. */
  paused_at?: number | undefined
  /** `yyyy-MM-dd`, as Alipay last told it: the key of the period that is charged next. */
  planned_day?: string | undefined
  /** When Alipay says that it was last charged, by whomever: the ledger may be younger. */
  last_charged_day?: string | undefined
  /** When Alipay was last heard about it. */
  checked_at?: number | undefined
  /** A later planned day is being asked for; after that moment nobody waits for it any more. */
  postponing_until?: number | undefined
  /** The planned days, `yyyy-MM-dd`, over which a period was put off here: they are days of one period. */
  put_off?: { from: string; to: string } | undefined
  /** Somebody wants it ended: nothing is charged any more. */
  cancel?: { at: number; by: CancelledBy } | undefined
  /** Alipay knows no such agreement any more, or never will. */
  ended_at?: number | undefined
}

/** `paused`: signed, and not in force at Alipay. `cancelling`: wanted ended, and Alipay was not heard to have ended it. */
export type SubscriptionState = 'offered' | 'expired' | 'live' | 'paused' | 'cancelling' | 'ended'

export interface NewSubscription
  extends Pick<Subscription, 'terms' | 'items_hash' | 'buyer' | 'token' | 'offer_until'> {
  external_agreement_no: string
  /** Signed, of alipay.user.agreement.page.sign: a code on a computer, and for the phone itself. */
  sign_links: Readonly<Record<LinkChannel, string>>
  limits: { open?: number | undefined }
}

export type ReservedSubscription =
  | { outcome: 'made'; subscription: Subscription }
  /** The same buyer was offered the same plan and has not signed yet, or has signed. */
  | { outcome: 'known'; subscription: Subscription }
  | { outcome: 'blocked'; block: Frozen | { why: 'buyer_open'; limit: number } }

/** What alipay.user.agreement.query says. */
export interface FoundAgreement {
  agreement_no: string
  /** TEMP is not signed yet, STOP is paused. */
  status: 'TEMP' | 'NORMAL' | 'STOP'
  /** Whose it is, as Alipay names them; kept as a keyed hash. */
  principal_id?: string | undefined
  buyer_logon_id?: string | undefined
  /** Beijing time. */
  sign_time?: string | undefined
  /** Beijing day or time. */
  next_deduct_time?: string | undefined
  last_deduct_time?: string | undefined
}

interface Frozen {
  why: 'frozen'
  since: number
  because?: string | undefined
}

export type SignPress = { outcome: 'go'; link: string } | { outcome: 'over' | 'signed' | 'frozen' }

export interface Announcement {
  external_agreement_no: string
  planned_day: string
  amount_fen: number
  /** What the subscriber was to read. */
  text: string
  /** Where the proof came from: the host of the hook. */
  channel: string
  at: number
}

/** One attempt at one period, with the order under whose number it is made. */
export interface Charge {
  external_agreement_no: string
  planned_day: string
  /** 1 to 3. */
  attempt: number
  out_trade_no: string
  amount_fen: number
  /** What let it be charged: `hook` with the announcement, `own`, or `none` for the first one without a trial. */
  notice: 'hook' | 'own' | 'none'
  announced_at?: number | undefined
  /** Beijing time, of its trade. */
  time_expire: string
  /** Its number can never be paid any more: closed, or twice absent ten minutes past its expiry. */
  is_over: boolean
  intent: Intent
}

/** Longer than Alipay is waited for. */
export const POSTPONING_MS = 60_000

/** Not where the clock was ahead by more than it lasts. */
export const isPostponing = ({ postponing_until: until = 0 }: Subscription, at: number): boolean =>
  until > at && until <= at + POSTPONING_MS

export interface ChargeRequest {
  external_agreement_no: string
  planned_day: string
  out_trade_no: string
  amount_fen: number
  notice: Charge['notice']
  announced_at?: number | undefined
  subject: string
  time_expire: string
}

export type ChargeBlock =
  | Frozen
  | { why: 'cancelled'; at: number }
  | { why: 'not_live' }
  /** Alipay tells another planned day by now. */
  | { why: 'other_day'; planned_day: string | undefined }
  /** A ledger that was put back since knows the payment only as an order. */
  | { why: 'paid_before'; out_trade_no: string }
  /** This period was charged, or nobody knows yet. */
  | { why: 'charged' | 'in_doubt'; charge: Charge }
  /** An attempt was sent, and Alipay never said no: nobody may try again by itself. */
  | { why: 'unproven'; charge: Charge }
  /** The number of an attempt before can still be paid, though its period was put off. */
  | { why: 'still_payable'; charge: Charge }
  /** Meanwhile another call has made the attempt of this number, or is setting a later planned day. */
  | { why: 'just_tried' | 'postponing' }
  | { why: 'attempts' | 'payments'; most: number }
  | { why: 'ceiling'; ceiling_fen: number }
  | { why: 'daily_charges'; limit_fen: number; used_fen: number }

/** `yyyy-MM-dd`. */
export interface PostponedDays {
  from: string
  to: string
  /** The period of `from` is paid, and `to` is a day of the next one. */
  isNext: boolean
}

export type ReservedCharge = { outcome: 'prepared'; charge: Charge } | { outcome: 'blocked'; block: ChargeBlock }

export interface ListedSubscriptions {
  subscriptions: readonly Subscription[]
  /** Entries that are damaged, in words; they are not among the subscriptions. */
  damaged: readonly string[]
}

/** The part of the ledger that is about subscriptions; each method one transaction. */
export interface SubscriptionPart {
  reserveSubscription(request: NewSubscription, actor: Actor): Promise<ReservedSubscription>
  subscription(
    name: { external_agreement_no: string } | { token: string } | { agreement_no: string },
  ): Promise<Subscription | undefined>
  /** Newest first; those that ended only where they are asked for. */
  subscriptions(filter: { ended: boolean }): Promise<ListedSubscriptions>
  /** Reveals the sign link, while the offer stands. It does not expire at Alipay. */
  pressSign(token: string, channel: LinkChannel, actor: Actor): Promise<SignPress>
  /**
   * Live ones of the same payer and plan, beside which a signature that is heard of now would not be due: who records it
   * asks Alipay about them first, for an end inside Alipay may not have been heard of. None for one that is known already.
   */
  rivals(external_agreement_no: string, found: FoundAgreement): Promise<readonly Subscription[]>
  /**
   * What Alipay said of it, or that it knows no such agreement. A signature for an offer that is over, or beside a live
   * one of the same payer and plan, becomes a wish to end it in the same transaction; an end that was heard of and that
   * nobody here wanted is taken back where Alipay has the agreement after all.
   */
  recordAgreement(
    external_agreement_no: string,
    found: FoundAgreement | 'none',
    actor: Actor,
  ): Promise<Subscription | undefined>
  /** Committed before anything is sent; no charge leaves after it. @returns also the charges that are on their way */
  requestCancel(
    external_agreement_no: string,
    by: CancelledBy,
    actor: Actor,
  ): Promise<{ subscription: Subscription; on_the_way: readonly Charge[] } | undefined>
  saveAnnouncement(announcement: Announcement, actor: Actor): Promise<void>
  announcements(external_agreement_no: string): Promise<readonly Announcement[]>
  charges(external_agreement_no: string): Promise<readonly Charge[]>
  charge(out_trade_no: string): Promise<Charge | undefined>
  /** All that stands in the way is looked at again, and the order, the charge and the attempt are written at once. */
  reserveCharge(
    request: ChargeRequest,
    rules: { daily_charges_fen?: number | undefined },
    actor: Actor,
  ): Promise<ReservedCharge>
  /**
   * Read after its expiry: absent once, then twice ten minutes past it, or closed.
   * @param askedAt by the clock that is behind, this computer's or Alipay's
   */
  noteChargeAbsent(out_trade_no: string, closed: boolean, askedAt: number, actor: Actor): Promise<void>
  /** Committed before a later day is asked for: for a minute nothing is charged. @returns what stands in the way */
  beginPostpone(external_agreement_no: string, days: PostponedDays, actor: Actor): Promise<ChargeBlock | undefined>
  /** Alipay has answered. @param refused nothing was put off */
  endPostpone(external_agreement_no: string, refused: boolean, actor: Actor): Promise<void>
  /** Somebody said that something changed at Alipay: the watcher asks. */
  requestAgreementQuery(external_agreement_no: string, actor: Actor): Promise<void>
  /** To be asked about: wanted, or to be ended, or opened and not signed yet, and each live one daily; oldest look first. */
  dueAgreements(at: number, most: number): Promise<readonly Subscription[]>
}
