// A subscriber of the story: what the plan says of charges, worked out apart from the product, and what was charged so far.
import { dayAfter } from './stage.ts'

/** What happens to one charge on its way. */
export type Trouble = 'refused' | 'lost' | 'late' | 'in_process' | 'missed'

export interface Subscriber {
  number: string
  sign_url: string
  /** Undefined: it was made in the merchant's chat. */
  who: string | undefined
  plan: string
  price: string
  months?: number
  days?: number
  /** Whether each renewal is announced by the hook; the first one without a trial never is. */
  hooked: boolean
  trial: boolean
  /** The day for which it is charged next. */
  planned: string
  paid: [day: string, amount: string][]
  /** On which day it was announced, by the planned day. */
  announced: Map<string, string>
  /** By how many charges were made before. */
  troubles: ReadonlyMap<number, Trouble>
  /** What Alipay closed unpaid. */
  failed: number
  /** Of what it is no longer charged. */
  ended: boolean
}

interface Period {
  months?: number
  days?: number
  trial_days?: number
}

export function firstDay(offered: string, { months, trial_days = 1 }: Period): string {
  const day = dayAfter(offered, trial_days)
  if (months === undefined || Number(day.slice(8)) <= 28) return day
  const [year = 0, month = 0] = day.split('-').map(Number)
  const next = month === 12 ? [year + 1, 1] : [year, month + 1]
  return `${next[0]}-${String(next[1]).padStart(2, '0')}-01`
}

export function nextDay({ planned, months = 0, days = 0 }: Subscriber): string {
  if (days > 0) return dayAfter(planned, days)
  const [year = 0, month = 0] = planned.split('-').map(Number)
  const at = year * 12 + month - 1 + months
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}-${planned.slice(8)}`
}

const isFirst = ({ paid, trial }: Subscriber) => paid.length === 0 && !trial

export const needsAnnouncement = (one: Subscriber) => one.hooked && !isFirst(one) && !one.announced.has(one.planned)

export const troubleOf = ({ troubles, paid }: Subscriber) => troubles.get(paid.length)

/** The day on which somebody has to do something about it. */
export function lookDay(one: Subscriber): string {
  if (needsAnnouncement(one)) return dayAfter(one.planned, -9)
  if (troubleOf(one) === 'missed') return dayAfter(one.planned, 1)
  return dayAfter(one.planned, isFirst(one) ? -3 : -2)
}

export const isDue = (one: Subscriber, today: string) =>
  !one.ended &&
  !needsAnnouncement(one) &&
  today >= dayAfter(one.planned, isFirst(one) ? -3 : -2) &&
  today <= one.planned
