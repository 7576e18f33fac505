// Periods of subscriptions: which planned days are of one, and which attempt at one is next.
import { beijingTime, DAY_MS, fromBeijingTime } from '../clock.ts'
import type { Charge, PlanTerms, Subscription } from './subscriptions.ts'

/** A period later, where nothing is put off. */
export function nextPlannedDay({ period_type, period }: PlanTerms, day: string): string {
  if (period_type === 'DAY') return beijingTime(fromBeijingTime(`${day} 00:00:00`) + period * DAY_MS).slice(0, 10)
  const months = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + period
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}-${day.slice(8)}`
}

/** Whether two planned days are of one period: a later one to which it was put off, less than a period away. */
export function isSamePeriod({ put_off, terms }: Subscription, one: string, other: string): boolean {
  if (one === other || !put_off) return one === other
  const [earlier, later] = one < other ? [one, other] : [other, one]
  return put_off.from <= earlier && later <= put_off.to && later < nextPlannedDay(terms, earlier)
}

/** Of one period: the first attempt and two retries. */
export const MOST_ATTEMPTS = 3

/** One that never left this computer is no attempt: its number is used again. */
export function nextAttempt(charges: readonly Charge[], planned_day: string): number {
  const sent = charges.filter((one) => one.planned_day === planned_day && one.intent.last_sent_at !== undefined)
  const made = new Set(sent.map(({ attempt }) => attempt))
  let attempt = 1
  while (made.has(attempt)) attempt++
  return attempt
}
