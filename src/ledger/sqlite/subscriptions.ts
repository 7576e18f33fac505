// Subscriptions as rows: offered and signed, undone where they are not due, and the wish to end one.
import { fromBeijingTime } from '../../clock.ts'
import { DamagedEntry } from '../../errors.ts'
import type { LinkChannel } from '../../gateway/gateway.ts'
import type {
  Actor,
  CancelledBy,
  Charge,
  FoundAgreement,
  ListedSubscriptions,
  NewSubscription,
  ReservedSubscription,
  SignPress,
  Subscription,
} from '../ledger.ts'
import { nextPlannedDay } from '../periods.ts'
import { charges, chargesOnTheWay } from './charges.ts'
import type { Columns } from './database.ts'
import { frozen, frozenBlock, note, type Partition } from './partition.ts'
import { maybeText } from './rows.ts'
import {
  readSubscriptions,
  selectSubscriptions,
  subscription,
  theSubscription,
  updateSubscription,
} from './subscription-rows.ts'

/** Between a signature and the moment at which Alipay says it was made. */
const LATE_MS = 60_000
/** So long a sign link that was revealed is asked about: it does not expire at Alipay. */
const LOOK_AFTER_MS = 400 * 86_400_000
const OPEN_LOOK_MS = 3_000
const OPENED_FOR_MS = 30 * 60_000
const CANCEL_LOOK_MS = 60_000
const DAILY_MS = 86_400_000

export function reserveSubscription(
  partition: Partition,
  { terms, limits, sign_links, ...rest }: NewSubscription,
  actor: Actor,
): ReservedSubscription {
  const stopped = frozenBlock(partition)
  if (stopped?.why === 'frozen') return { outcome: 'blocked', block: stopped }
  const mine = rest.buyer === undefined ? [] : ofBuyer(partition, rest.buyer)
  const stands = (one: Subscription) => !one.cancel && isStanding(one, actor.at) && !isPaidUp(partition, one)
  const same = mine.find((one) => one.terms.plan === terms.plan && stands(one))
  if (same) return { outcome: 'known', subscription: same }
  const open = mine.filter((one) => one.signed_at === undefined && isStanding(one, actor.at))
  if (limits.open !== undefined && open.length >= limits.open)
    return { outcome: 'blocked', block: { why: 'buyer_open', limit: limits.open } }
  partition.shopKey.require()
  const links = { page_link: sign_links.page, mobile_link: sign_links.mobile }
  const made = { ...links, created_at: actor.at, plan: terms.plan, terms: JSON.stringify(terms) }
  partition.db.insert('subscriptions', { partition: partition.id, ...rest, ...made })
  note(partition, actor, `subscription ${rest.external_agreement_no} offered`)
  return { outcome: 'made', subscription: theSubscription(partition, rest.external_agreement_no) }
}

/** Signed, or still to be signed. */
const isStanding = ({ signed_at, offer_until }: Subscription, at: number) => signed_at !== undefined || offer_until > at

const ofBuyer = (partition: Partition, buyer: string) =>
  selectSubscriptions(partition, 'buyer = ? and ended_at is null', buyer)

export function subscriptions(partition: Partition, { ended }: { ended: boolean }): ListedSubscriptions {
  const { entries, damaged } = readSubscriptions(partition, `${ended ? 'true' : 'ended_at is null'} order by id desc`)
  return { subscriptions: entries, damaged }
}

export function pressSign(partition: Partition, token: string, channel: LinkChannel, actor: Actor): SignPress {
  const found = subscription(partition, { token })
  if (!found || found.cancel || found.ended_at !== undefined) return { outcome: 'over' }
  if (found.signed_at !== undefined) return { outcome: 'signed' }
  if (found.offer_until <= actor.at) return { outcome: 'over' }
  if (frozen(partition)) return { outcome: 'frozen' }
  const sql = `select cast(${channel}_link as blob) as link from subscriptions where partition = ? and token = ?`
  const link = maybeText(partition.db.get(sql, partition.id, token) ?? {}, 'link')
  if (link === undefined) return { outcome: 'over' }
  updateSubscription(partition, found, { opened_at: found.opened_at ?? actor.at, query_wanted_at: actor.at })
  if (found.opened_at === undefined) note(partition, actor, `subscription ${found.external_agreement_no} opened`)
  return { outcome: 'go', link }
}

export function recordAgreement(
  partition: Partition,
  external_agreement_no: string,
  found: FoundAgreement | 'none',
  actor: Actor,
): Subscription | undefined {
  const before = subscription(partition, { external_agreement_no })
  if (!before) return undefined
  const checked: Columns = { checked_at: actor.at, query_wanted_at: null }
  if (found === 'none') updateSubscription(partition, before, { ...checked, ...endOf(partition, before, actor) })
  else if (!isSigned(before, found)) updateSubscription(partition, before, { ...checked, ...opened(before, actor.at) })
  else updateSubscription(partition, before, { ...checked, ...signed(partition, before, found, actor) })
  return theSubscription(partition, external_agreement_no)
}

/** TEMP is not signed yet; of one that was signed it is no longer in force. */
const isSigned = ({ signed_at }: Subscription, { status }: FoundAgreement) =>
  status !== 'TEMP' || signed_at !== undefined

/** Alipay knows it: its link was revealed, also where the ledger was put back from before that. */
const opened = ({ opened_at }: Subscription, at: number): Columns => ({ opened_at: opened_at ?? at })

/** Alipay forgets an agreement that was ended. One that was never signed may still be, once its link was revealed. */
function endOf(partition: Partition, before: Subscription, actor: Actor): Columns {
  const { external_agreement_no, opened_at, signed_at, cancel, ended_at } = before
  const isWithdrawn = cancel !== undefined && opened_at === undefined
  if (ended_at !== undefined || (signed_at === undefined && !isWithdrawn)) return {}
  note(partition, actor, `subscription ${external_agreement_no} ended`)
  const by: Columns = cancel ? {} : { cancel_at: actor.at, cancel_by: 'wallet' }
  // A second answer is asked for: what somebody wanted ended must not live on.
  return { ended_at: actor.at, planned_day: null, query_wanted_at: actor.at, ...by }
}

function signed(partition: Partition, before: Subscription, found: FoundAgreement, actor: Actor): Columns {
  const { external_agreement_no } = before
  const { agreement_no, buyer_logon_id, next_deduct_time, last_deduct_time } = found
  const payer = payerOf(partition, before, found)
  const signed_at = before.signed_at ?? signTimeOf(found, actor.at)
  if (before.signed_at === undefined) note(partition, actor, `subscription ${external_agreement_no} signed`)
  const begins = beginsToLive(before)
  const undue = begins && isUndue(partition, { ...before, payer, signed_at })
  if (undue) note(partition, actor, `subscription ${external_agreement_no} is not due and is to be ended`)
  return {
    ...{ agreement_no, payer, buyer_logon_id: buyer_logon_id ?? before.buyer_logon_id, signed_at },
    ...opened(before, signed_at),
    paused_at: found.status === 'NORMAL' ? null : (before.paused_at ?? actor.at),
    planned_day: next_deduct_time?.slice(0, 10) ?? before.planned_day,
    last_charged_day: last_deduct_time?.slice(0, 10) ?? before.last_charged_day,
    // It lives again where it was taken for ended: what somebody wanted then is still wanted.
    ended_at: null,
    ...(isOver(partition, before, next_deduct_time) && { put_off_from: null, put_off_to: null }),
    ...(begins && { cancel_at: undue ? actor.at : null, cancel_by: undue ? 'undue' : null }),
  }
}

/**
 * Its planned day was charged, and Alipay plans one a period later: whatever was put off, that is the next period. An
 * earlier one may be the day to which this period was put off, which took effect late.
 */
function isOver(partition: Partition, before: Subscription, next: string | undefined): boolean {
  const { external_agreement_no, planned_day, put_off, terms } = before
  if (!put_off || planned_day === undefined || next === undefined) return false
  if (next.slice(0, 10) <= planned_day || next.slice(0, 10) < nextPlannedDay(terms, put_off.from)) return false
  const all = charges(partition, external_agreement_no)
  return all.some(({ intent, planned_day: day }) => intent.state === 'done' && day === planned_day)
}

/** Signed, and nobody here wanted it ended: heard of for the first time, or again after Alipay seemed to have ended it. */
const beginsToLive = ({ signed_at, cancel }: Subscription) =>
  cancel ? cancel.by === 'wallet' : signed_at === undefined

function payerOf({ shopKey }: Partition, before: Subscription, { principal_id }: FoundAgreement): string | undefined {
  return principal_id === undefined ? before.payer : shopKey.hash('payer', principal_id).toString('base64url')
}

function signTimeOf({ sign_time }: FoundAgreement, now: number): number {
  const at = sign_time === undefined ? Number.NaN : fromBeijingTime(sign_time)
  return Number.isNaN(at) ? now : at
}

/** Signed after its offer, or beside a live one of the same payer and plan. */
function isUndue(partition: Partition, one: Subscription): boolean {
  const { offer_until, signed_at = 0 } = one
  return signed_at > offer_until + LATE_MS || liveBeside(partition, one).length > 0
}

export function rivals(
  partition: Partition,
  external_agreement_no: string,
  found: FoundAgreement,
): readonly Subscription[] {
  const before = subscription(partition, { external_agreement_no })
  if (!before || !beginsToLive(before) || !isSigned(before, found)) return []
  return liveBeside(partition, { ...before, payer: payerOf(partition, before, found) })
}

function liveBeside(
  partition: Partition,
  { external_agreement_no, payer, terms }: Subscription,
): readonly Subscription[] {
  if (payer === undefined) return []
  const where = 'payer = ? and plan = ? and ended_at is null and cancel_at is null and signed_at is not null'
  const live = selectSubscriptions(partition, where, payer, terms.plan)
  return live.filter((one) => one.external_agreement_no !== external_agreement_no && !isPaidUp(partition, one))
}

/** Nothing more is charged of it, whether or not Alipay still has the agreement. */
function isPaidUp(partition: Partition, { external_agreement_no, terms: { payments } }: Subscription): boolean {
  if (payments === undefined) return false
  const paid = charges(partition, external_agreement_no).filter(({ intent }) => intent.state === 'done')
  return paid.length >= payments
}

export function requestCancel(
  partition: Partition,
  external_agreement_no: string,
  by: CancelledBy,
  actor: Actor,
): { subscription: Subscription; on_the_way: readonly Charge[] } | undefined {
  const found = subscription(partition, { external_agreement_no })
  if (!found) return undefined
  // What seems ended inside Alipay may live again, and is wanted ended then.
  if (!found.cancel || found.cancel.by === 'wallet') {
    updateSubscription(partition, found, { cancel_at: actor.at, cancel_by: by, query_wanted_at: actor.at })
    note(partition, actor, `subscription ${external_agreement_no} is to be ended`, undefined, by)
  }
  const on_the_way = onTheWay(partition, external_agreement_no, actor)
  return { subscription: theSubscription(partition, external_agreement_no), on_the_way }
}

/** The wish stands, though nobody can read the charges. */
function onTheWay(partition: Partition, external_agreement_no: string, actor: Actor): readonly Charge[] {
  try {
    return chargesOnTheWay(partition, external_agreement_no, actor)
  } catch (error) {
    if (error instanceof DamagedEntry) return []
    throw error
  }
}

export function requestAgreementQuery(partition: Partition, external_agreement_no: string, actor: Actor): void {
  const found = subscription(partition, { external_agreement_no })
  if (found) updateSubscription(partition, found, { query_wanted_at: actor.at })
}

/** Asked for first, ended or not; then those to be ended, opened a while ago, and once a day live ones and links that are out. */
export function dueAgreements(partition: Partition, at: number, most: number): readonly Subscription[] {
  // What seems looked at in the future was looked at while the clock was ahead.
  const looked = `case when checked_at <= ${at} then checked_at else 0 end`
  const canBeSigned = `signed_at is not null or opened_at > ${at - LOOK_AFTER_MS}`
  const where = `(ended_at is null or query_wanted_at is not null) and (
    (query_wanted_at is not null and ${looked} <= ${at - OPEN_LOOK_MS})
    or (ended_at is null and (${canBeSigned}) and (
      (cancel_at <= ${at} and ${looked} <= cancel_at)
      or (cancel_at is not null and signed_at is not null and ${looked} <= ${at - CANCEL_LOOK_MS})
      or (signed_at is null and opened_at between ${at - OPENED_FOR_MS} and ${at} and ${looked} <= ${at - OPEN_LOOK_MS})
      or ${looked} <= ${at - DAILY_MS})))
    order by query_wanted_at is null, ${looked}, id limit ?`
  return selectSubscriptions(partition, where, most)
}
