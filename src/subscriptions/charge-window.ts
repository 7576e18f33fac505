// When a period may be charged: between its announcement and the planned day that Alipay tells, in Beijing days.
import { beijingTime, DAY_MS, fromBeijingTime } from '../clock.ts'
import type { PlanTerms } from '../ledger/ledger.ts'

/** Full Beijing days between the announcement and the first attempt (网络交易监督管理办法 article 18). */
export const NOTICE_DAYS = 5
/** Where nothing stands in the way, the first attempt is made so many days before the planned day. */
export const EARLY_DAYS = 2
/** [guess G38] Alipay charges so many days before the planned day at the earliest; an older copy of its page says 3. */
const ALIPAY_EARLY_DAYS = 3
/** Of the planned day, Beijing time: a charge that is in process needs time to end on it. */
const LAST_HOUR = 20
/** An announcement is due so many days before the planned day. */
const ANNOUNCE_DAYS = 10

/** `yyyy-MM-dd`, Beijing. */
export const beijingDay = (at: number): string => beijingTime(at).slice(0, 10)
export const startOf = (day: string): number => fromBeijingTime(`${day} 00:00:00`)
export const addDays = (day: string, days: number): string => beijingDay(startOf(day) + days * DAY_MS)

const LAST_DAY_OF_MONTH = 28

/** Of months the day is at most the 28th: one that is later becomes the first of the next month. */
export function firstPlannedDay(period_type: PlanTerms['period_type'], day: string): string {
  const ofMonth = Number(day.slice(8))
  if (period_type === 'DAY' || ofMonth <= LAST_DAY_OF_MONTH) return day
  return firstPlannedDay(period_type, addDays(day, 1))
}

/** The first planned day of what is offered until then: who signs in the last minute has a day to be charged on, too. */
export const firstDayOf = ({ period_type, trial_days = 1 }: PlanTerms, offer_until: number): string =>
  firstPlannedDay(period_type, addDays(beijingDay(offer_until), trial_days))

/** How the subscriber hears of a renewal. `none`: the first charge after a signature without a trial. */
export type Notice =
  | { kind: 'hook'; announced_at: number | undefined }
  /** The merchant announces by himself, as the plan says. */
  | { kind: 'own' }
  | { kind: 'none' }

export type ChargeWindow =
  | { state: 'open'; from: number; until: number }
  /** Before `from`. */
  | { state: 'early'; from: number; until: number }
  /** Nobody has announced it; until `last` an announcement is in time. */
  | { state: 'unannounced'; last: number }
  /** Nothing may be charged for this planned day any more: it has to be postponed. */
  | { state: 'missed' }

/** So many days before the planned day it may be charged at the earliest. */
export const daysEarly = ({ kind }: Pick<Notice, 'kind'>): number => (kind === 'none' ? ALIPAY_EARLY_DAYS : EARLY_DAYS)

/** @param planned the planned day, as Alipay tells it */
export function chargeWindow(planned: string, notice: Notice, now: number): ChargeWindow {
  const until = startOf(planned) + LAST_HOUR * 3_600_000
  if (now >= until) return { state: 'missed' }
  const announced = notice.kind === 'hook' ? notice.announced_at : undefined
  if (notice.kind === 'hook' && announced === undefined) {
    const last = startOf(addDays(planned, -NOTICE_DAYS))
    return now < last ? { state: 'unannounced', last } : { state: 'missed' }
  }
  const earliest = addDays(planned, -daysEarly(notice))
  const noticed = announced === undefined ? earliest : addDays(beijingDay(announced), NOTICE_DAYS + 1)
  const from = startOf(noticed > earliest ? noticed : earliest)
  if (from >= until) return { state: 'missed' }
  return { state: now < from ? 'early' : 'open', from, until }
}

/** The first day on which the renewal of that planned day is announced: earlier the subscriber forgets it again. */
export const announceDay = (planned: string): string => addDays(planned, -ANNOUNCE_DAYS)

/** Whether somebody should announce the renewal now. */
export function isToAnnounce(planned: string, notice: Notice, now: number): boolean {
  const window = chargeWindow(planned, notice, now)
  return window.state === 'unannounced' && now >= startOf(announceDay(planned))
}
