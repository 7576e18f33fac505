// The plan of an agreement (period_rule_params): its planned days, and when around one of them money can be charged.
import { addDays, addMonths, beijingDay, dayStart, isDay } from '../clock.ts'

export interface PeriodRules {
  readonly period_type: 'DAY' | 'MONTH'
  readonly period: number
  /** `yyyy-MM-dd`, the first planned day. */
  readonly execute_time: string
  readonly single_fen: number
  readonly total_fen: number | undefined
  readonly total_payments: number | undefined
}

/** Days after the 28th are not in every month (open/00a05b). */
const LAST_DAY_OF_MONTH = 28
const WINDOW_DAYS = { five_days: 5, three_days: 3 } as const

/** Whether money can be planned for that day. */
export function isPlannable(period_type: PeriodRules['period_type'], day: string): boolean {
  return isDay(day) && (period_type === 'DAY' || Number(day.slice(8)) <= LAST_DAY_OF_MONTH)
}

/** One period later; of months the same day. */
export function nextPlannedDay({ period_type, period }: PeriodRules, day: string): string {
  return period_type === 'DAY' ? addDays(day, period) : beijingDay(addMonths(dayStart(day), period))
}

/** From five days before the planned day to its end: of the 6th, the 1st to the 6th. */
export function isInWindow(planned_day: string, now: number, window: keyof typeof WINDOW_DAYS): boolean {
  const today = beijingDay(now)
  return today >= addDays(planned_day, -WINDOW_DAYS[window]) && today <= planned_day
}
