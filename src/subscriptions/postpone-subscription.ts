// Sets a later planned day for a period that was missed or is not to be charged yet (executionplan.modify).
import { InputError, OutcomeUnknownError, RefusedError } from '../errors.ts'
import { CLOSE_MS } from '../guard/deadlines.ts'
import { requireWritable } from '../guard/limits.ts'
import { MOVED_NOTHING } from '../guard/not-sent.ts'
import { ignoringLedgerErrors, soonAfter } from '../guard/send-permit.ts'
import type { Both } from '../language.ts'
import type { Subscription } from '../ledger/ledger.ts'
import { nextPlannedDay } from '../ledger/periods.ts'
import type { ShopCall } from '../shop/buyer.ts'
import { lookUpAfterSending } from './after-sending.ts'
import { chargeBlocked, notDue } from './charge-refusals.ts'
import { addDays, beijingDay, firstPlannedDay, NOTICE_DAYS } from './charge-window.ts'
import { ownSubscription, recordsOf, requireAgreements, requireHeard } from './find-subscription.ts'
import { paidIn, renewalOf } from './renewal.ts'

const OPERATION = 'postpone_subscription'
/** An announcement made today, its five full days, and two days before the planned day. */
const AHEAD_DAYS = NOTICE_DAYS + 3

/** @param wanted `yyyy-MM-dd`; absent: the first day for which the renewal can still be announced */
export async function postponeSubscription(
  external_agreement_no: string,
  wanted: string | undefined,
  call: ShopCall,
): Promise<Subscription> {
  const agreements = requireAgreements(OPERATION, call)
  requireWritable(OPERATION, call.rules)
  const known = await ownSubscription(OPERATION, external_agreement_no, call)
  const subscription = await requireHeard(OPERATION, known, call)
  const { charges, announcements } = await recordsOf(subscription, call)
  const now = call.clock.now()
  const renewal = renewalOf(subscription, charges, announcements, now)
  // What nobody knows may be of the day that would be moved.
  if (!renewal || renewal.state === 'in_doubt' || renewal.state === 'ending') throw notDue(subscription, renewal, now)
  const paid = paidIn(subscription, renewal.planned_day, charges)
  if (paid && wanted === undefined) throw chargeBlocked({ why: 'charged', charge: paid }, subscription)
  const day = wanted ?? firstPlannedDay(subscription.terms.period_type, addDays(beijingDay(now), AHEAD_DAYS))
  requireLater(day, renewal.planned_day, subscription, paid?.planned_day)
  const actor = call.actor()
  const days = { from: renewal.planned_day, to: day, isNext: paid !== undefined }
  const block = await (await call.ledger()).beginPostpone(external_agreement_no, days, actor)
  if (block) throw chargeBlocked(block, subscription)
  const memo = 'postponed by the merchant'
  // This computer may have slept since: what was allowed then is not any more.
  const options = { within: CLOSE_MS, mayStillSend: soonAfter(actor.at, call.clock) }
  const answer = await agreements.postpone(subscription.agreement_no ?? '', day, memo, options)
  // What was lost on the way may still take effect: then it ends by itself.
  if (answer.outcome !== 'unknown') {
    const refused = answer.outcome === 'refused'
    await ignoringLedgerErrors(call, (ledger) => ledger.endPostpone(external_agreement_no, refused, call.actor()))
  }
  const facts = { external_agreement_no, planned_day: day }
  if (answer.outcome === 'refused') throw new RefusedError(OPERATION, answer.refusal, { money: MOVED_NOTHING, facts })
  const looked = await lookUpAfterSending(subscription, call)
  const { planned_day = '' } = looked.subscription
  // Later still: it was charged as soon as it was put off.
  const isPutOff = planned_day === day || (answer.outcome === 'done' && planned_day > day)
  if (looked.unread === undefined && isPutOff) return looked.subscription
  throw new OutcomeUnknownError(
    OPERATION,
    answer.outcome === 'unknown' ? answer.why : (looked.unread ?? 'Alipay still tells the day before'),
    {
      money: 'Nothing was charged.',
      moved: 'no',
      next_step: `Find out with query_subscription {"external_agreement_no":"${external_agreement_no}"}.`,
      message_zh: '改期的结果还不确定，没有扣款。请用 query_subscription 查询。',
      facts,
    },
  )
}

/** @param paid the planned day of a period that is paid: the later day is of the next one, and no sooner */
function requireLater(day: string, planned: string, { terms }: Subscription, paid?: string): void {
  const next = paid && nextPlannedDay(terms, paid)
  const why: Both | undefined =
    addDays(day, 0) !== day
      ? { en: 'is no day of the calendar', zh: '日历上没有这一天' }
      : day <= planned
        ? { en: `is not after ${planned}; Alipay takes a later day only`, zh: `支付宝只接受 ${planned} 之后的日期` }
        : firstPlannedDay(terms.period_type, day) !== day
          ? { en: 'is after the 28th; a monthly plan needs a day from 1 to 28', zh: '按月的方案须是 1 日到 28 日' }
          : next !== undefined && day < next
            ? { en: `is before ${next}: the period of ${paid} is paid`, zh: `${paid} 这期已扣款，最早是 ${next}` }
            : undefined
  if (!why) return
  const message = `planned_day: ${day} ${why.en}. Nothing was changed.`
  throw new InputError(message, `planned_day 不能是 ${day}：${why.zh}。没有改动。`)
}
