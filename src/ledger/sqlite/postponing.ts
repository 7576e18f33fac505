// Setting a later planned day: nothing is charged meanwhile, and the later day stays a day of the same period.
import type { Actor, ChargeBlock, PostponedDays } from '../ledger.ts'
import { isOpenIntent } from '../order.ts'
import { isSamePeriod } from '../periods.ts'
import { isPostponing, POSTPONING_MS } from '../subscriptions.ts'
import { charges } from './charges.ts'
import type { Columns } from './database.ts'
import { frozenBlock, note, type Partition } from './partition.ts'
import { subscription, updateSubscription } from './subscription-rows.ts'

export function beginPostpone(
  partition: Partition,
  external_agreement_no: string,
  days: PostponedDays,
  actor: Actor,
): ChargeBlock | undefined {
  const stopped = frozenBlock(partition)
  if (stopped?.why === 'frozen') return stopped
  const found = subscription(partition, { external_agreement_no })
  if (!found || found.ended_at !== undefined) return { why: 'not_live' }
  if (found.planned_day !== days.from) return { why: 'other_day', planned_day: found.planned_day }
  if (isPostponing(found, actor.at)) return { why: 'postponing' }
  const all = charges(partition, external_agreement_no)
  const inDoubt = all.find(({ intent }) => isOpenIntent(intent))
  if (inDoubt) return { why: 'in_doubt', charge: inDoubt }
  const done = all.filter(({ intent }) => intent.state === 'done')
  const charged = done.find(({ planned_day }) => isSamePeriod(found, days.from, planned_day))
  if (charged && !days.isNext) return { why: 'charged', charge: charged }
  const { put_off } = found
  const first = put_off && isSamePeriod(found, days.from, put_off.from) ? put_off.from : days.from
  // A day of the next period lies behind the days of this one, which stay what they are: Alipay may refuse.
  const range: Columns = days.isNext ? {} : { put_off_from: first, put_off_to: days.to }
  updateSubscription(partition, found, { postponing_until: actor.at + POSTPONING_MS, ...range })
  note(partition, actor, `subscription ${external_agreement_no} is to be postponed to ${days.to}`)
  return undefined
}

/** @param refused nothing was put off */
export function endPostpone(partition: Partition, external_agreement_no: string, refused: boolean): void {
  const found = subscription(partition, { external_agreement_no })
  if (!found) return
  const { planned_day, put_off } = found
  const back: Columns = refused && put_off ? { put_off_to: planned_day ?? put_off.from } : {}
  updateSubscription(partition, found, { postponing_until: null, ...back })
}
