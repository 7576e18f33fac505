// Holds subscriptions to their rules by Alipay's books: one charge a period, announced, in its days, and none after a wish.
import { beijingTime, DAY_MS, fromBeijingTime } from '../../src/clock.ts'
import type { Agreement } from '../../src/emulator/agreements/agreement.ts'
import { addDays } from '../../src/subscriptions/charge-window.ts'
import { fenOf } from './agent.ts'
import type { Alipay } from './alipay.ts'
import { dayStart, isTaken } from './announce-hook.ts'
import { judgeChargeCall } from './judge-charge-calls.ts'
import { answerOf, type Sent } from './network.ts'
import { OFFER_MS } from './plans-on-offer.ts'
import { type Ended, type Findings, must, type Records } from './records.ts'
import type { KnownSubscription } from './subscribers.ts'
import { chargesSent, isPaidUp, MODIFY, numberOf, PAY, type SubscriptionRecords } from './subscription-records.ts'
import type { World } from './world.ts'

/** What was decided before may still leave, for five seconds. */
const STALE_MS = 5_000
/** Between what Alipay said of the planned day and the charge. */
const DECIDED_MS = 60_000
const LAST_HOUR_MS = 20 * 3_600_000
/** What was sent in time may take so long to reach Alipay. */
const ON_THE_WAY_MS = 15_000
const NOTICE_DAYS = 5
const MOST_ATTEMPTS = 3
const PAST_MS = 600_000
/** Alipay's clock and ours. */
const LATE_MS = 61_000

const dayOf = (at: number) => beijingTime(at).slice(0, 10)

/** @param from of the requests that left, those that have not been judged yet */
export function* judgeSubscriptions({ records, stage }: World, calls: readonly Ended[], from: number): Findings {
  const { subscriptions } = records
  if (!subscriptions) return
  const { alipay } = stage
  const left = new Set(records.sent.slice(from))
  for (const agreement of alipay.agreements()) {
    const known = subscriptions.known.find((one) => one.external_agreement_no === agreement.terms.external_agreement_no)
    if (!known) continue
    yield* judgePeriods(agreement)
    const sent = chargesSent(records, agreement)
    const postponed = records.sent.filter(
      (one) => one.method === MODIFY && one.biz.agreement_no === agreement.agreement_no,
    )
    const of = { agreement, known, subscriptions, alipay, postponed }
    for (const [at, one] of sent.entries())
      if (left.has(one)) yield* judgeCharge({ one, before: sent.slice(0, at), ...of })
  }
  yield* judgePayers(subscriptions, records, alipay)
  yield* judgeDays(subscriptions, records, alipay)
  for (const call of calls) yield* judgeChargeCall(call, alipay, records)
}

function* judgePeriods({ trades }: Agreement): Findings {
  const paid = trades.filter(({ paid_at }) => paid_at !== undefined)
  const days = paid.map(({ charge }) => charge?.planned_day)
  yield must(new Set(days).size === days.length, 'a period is charged once', () => `paid for ${days.join()}`)
}

export interface JudgedCharge {
  one: Sent
  before: readonly Sent[]
  /** What puts its planned day off. */
  postponed: readonly Sent[]
  agreement: Agreement
  known: KnownSubscription
  subscriptions: SubscriptionRecords
  alipay: Alipay
}

function* judgeCharge(judged: JudgedCharge): Findings {
  yield* judgeWish(judged)
  yield* judgeLate(judged)
  if (!judged.one.charge) return
  yield* judgeNotice(judged)
  yield* judgeWindow(judged)
  yield* judgeSum(judged)
  yield* judgeBefore(judged)
}

const about = ({ one }: JudgedCharge) => `${numberOf(one)}, sent ${beijingTime(one.at)} for ${one.charge?.planned_day}`

function* judgeWish(judged: JudgedCharge): Findings {
  const { one, known, subscriptions } = judged
  const { external_agreement_no } = known
  const wish = subscriptions.wishes.find((wanted) => wanted.external_agreement_no === external_agreement_no)
  if (!wish || wish.moment > one.moment) return
  const hasBegun = one.life.asked.some(({ moment, at }) => moment < wish.moment && one.at - at <= STALE_MS)
  const why = () => `${about(judged)}; ended by ${wish.by} at ${beijingTime(wish.at)}`
  yield must(hasBegun, 'nothing is charged after a wish to end it', why)
}

const isLate = ({ signed_at }: Agreement, { offeredAt }: KnownSubscription) =>
  signed_at > offeredAt + OFFER_MS + LATE_MS

function* judgeLate(judged: JudgedCharge): Findings {
  const { agreement, known } = judged
  yield must(!isLate(agreement, known), 'a signature that is not due is never charged', () => about(judged))
}

/** The first one without a trial. */
const isFirst = ({ one, known }: JudgedCharge) => one.charge?.paid === 0 && known.plan.trial_days === undefined

/** Alipay's planned day when it came; and the one before, where somebody put that off while it was decided. */
function plannedDays({ one, postponed }: JudgedCharge): readonly string[] {
  const meanwhile = postponed.filter(({ at }) => one.at - at < DECIDED_MS)
  return [one, ...meanwhile.filter(({ at }) => at <= (one.charge?.at ?? one.at))].flatMap(
    ({ charge }) => charge?.planned_day ?? [],
  )
}

function* judgeNotice(judged: JudgedCharge): Findings {
  const { one, known, subscriptions } = judged
  const { plan, external_agreement_no } = known
  if (plan.announce === 'own' || isFirst(judged)) return
  const days = plannedDays(judged)
  const taken = subscriptions.announced.filter(
    (call) => isTaken(call) && call.external_agreement_no === external_agreement_no && call.amount === plan.price,
  )
  const noticed = taken.some(
    ({ planned_day, at }) => days.includes(planned_day) && addDays(dayOf(at), NOTICE_DAYS + 1) <= dayOf(one.at),
  )
  const all = () => taken.map(({ planned_day, at }) => `${planned_day} at ${beijingTime(at)}`).join()
  const why = () => `${about(judged)}; announced: ${all() || 'nothing'}`
  yield must(noticed, 'a renewal is announced five full days before', why)
}

function* judgeWindow(judged: JudgedCharge): Findings {
  const { one } = judged
  const early = (isFirst(judged) ? 3 : 2) * DAY_MS
  const isIn = plannedDays(judged).some((day) => {
    const from = dayStart(day)
    return (one.charge?.at ?? 0) >= from - early && one.at < from + LAST_HOUR_MS + ON_THE_WAY_MS
  })
  yield must(isIn, 'a period is charged in its days', () => about(judged))
}

function* judgeSum(judged: JudgedCharge): Findings {
  const { one, known, agreement } = judged
  const fen = fenOf(String(one.biz.total_amount))
  const why = () => `${one.biz.total_amount} yuan, after ${one.charge?.paid} payments`
  const { single_fen, total_payments } = agreement.terms.rules
  yield must(fen <= single_fen && fen === fenOf(known.plan.price), 'what is charged is what was agreed', why)
  const isLeft = total_payments === undefined || (one.charge?.paid ?? 0) < total_payments
  yield must(isLeft, 'what is charged is what was agreed', why)
}

/** Another number only after Alipay's own no, and once the one before can be paid no more; of other periods once it is over. */
function* judgeBefore(judged: JudgedCharge): Findings {
  const { one, before, alipay } = judged
  const others = new Map(before.filter((other) => numberOf(other) !== numberOf(one)).map((o) => [numberOf(o), o]))
  let same = 0
  for (const [number, last] of others) {
    // One that was sent for the day before, while that was put off, is no attempt at this one.
    const isSame = plannedDays({ ...judged, one: last }).every((day) => day === one.charge?.planned_day)
    if (isSame) same++
    const isRefused = before.some((other) => numberOf(other) === number && saysNo(other))
    const why = () => `${about(judged)}, after ${number} of ${last.charge?.planned_day}: ${last.trouble ?? last.answer}`
    if (isSame) yield must(isRefused, 'nothing is tried again after an unknown end', why)
    yield must(isOver(number, last, one, alipay), 'a retry waits until the number before is over', why)
  }
  yield must(same < MOST_ATTEMPTS, 'a period is tried three times at most', () => about(judged))
}

/** Alipay's own answer, which came. */
function saysNo({ trouble, answer, ...sent }: Sent): boolean {
  if (trouble !== undefined || answer === undefined) return false
  const { code, sub_code } = answerOf({ ...sent, answer })
  return String(code).startsWith('4') && !/SYSTEM_ERROR|unknow/.test(String(sub_code))
}

/** Whether that number was paid, closed, or nothing that anybody could pay any more when this one left. */
function isOver(number: string, { biz }: Sent, one: Sent, alipay: Alipay): boolean {
  const trade = alipay.trade(number)
  const expired = fromBeijingTime(String(biz.time_expire))
  if (!trade) return one.at >= expired + PAST_MS
  const { paid_at, closed_at, expires_at } = trade
  return [paid_at, closed_at, expires_at].some((at) => at !== undefined && at <= (one.charge?.at ?? one.at))
}

/** By the days on which they left; what left around midnight is of either. */
function* judgeDays({ dailyChargesFen }: SubscriptionRecords, records: Records, alipay: Alipay): Findings {
  if (dailyChargesFen === undefined) return
  const days = new Map<string, number>()
  for (const { paid_at, charge, out_trade_no, total_fen } of alipay.trades()) {
    const left = charge && records.sent.find((one) => one.method === PAY && numberOf(one) === out_trade_no)
    if (paid_at === undefined || !left) continue
    const [day, before] = [dayOf(left.at), dayOf(left.at - MIDNIGHT_MS)]
    if (day === before) days.set(day, (days.get(day) ?? 0) + total_fen)
  }
  for (const [day, fen] of days)
    yield must(fen <= dailyChargesFen, 'a day never charges more than its limit', () => `${fen} fen on ${day}`)
}

const MIDNIGHT_MS = 3_660_000

/** One payer has one of each plan: two of them are never both charged while nobody wanted one ended. */
function* judgePayers({ known, wishes }: SubscriptionRecords, records: Records, alipay: Alipay): Findings {
  const charged = alipay.agreements().flatMap((agreement) => {
    const one = known.find(
      ({ external_agreement_no }) => external_agreement_no === agreement.terms.external_agreement_no,
    )
    const sent = chargesSent(records, agreement).filter(({ charge }) => charge !== undefined)
    return one && sent.length > 0 ? [{ agreement, known: one, sent }] : []
  })
  for (const [at, one] of charged.entries()) {
    for (const other of charged.slice(at + 1)) {
      if (one.agreement.buyer !== other.agreement.buyer || one.known.plan.id !== other.known.plan.id) continue
      const [first, last] = [one, other].sort((a, b) => (a.sent[0]?.moment ?? 0) - (b.sent[0]?.moment ?? 0))
      const begins = last?.sent[0]
      if (!first || !last || !begins) continue
      const { agreement } = first
      const isWished = wishes.some(
        (w) => w.external_agreement_no === first.known.external_agreement_no && w.moment < begins.moment,
      )
      const isUnsigned = agreement.unsigned !== undefined && agreement.unsigned.at <= begins.at
      const isOver = isUnsigned || isPaidUp(agreement, begins.at)
      const why = () => `${first.known.external_agreement_no} and ${last.known.external_agreement_no}`
      yield must(isWished || isOver, 'a payer is charged for one of each plan', why)
    }
  }
}
