// One agreement as the platform keeps it, the sign link it came from, and what follows from it and the clock.
import type { Buyer } from '../buyers.ts'
import { addMonths, beijingDay, beijingTime, DAY_MS } from '../clock.ts'
import { type NotifyTo, statusOf, type Trade } from '../trade.ts'
import type { ReturnTo } from '../trade-store.ts'
import { nextPlannedDay, type PeriodRules } from './plan.ts'

/** A signed link of page.sign that somebody opened; no agreement yet. It never expires. */
export interface Signing {
  readonly id: string
  readonly app_id: string
  readonly external_agreement_no: string | undefined
  readonly product_code: string | undefined
  readonly personal_product_code: string
  readonly sign_scene: string
  readonly external_logon_id: string | undefined
  readonly rules: PeriodRules
  /** `2m`, `30d`; without one it is for good. */
  readonly sign_validity_period: string | undefined
  readonly return_to: ReturnTo | undefined
  readonly notify_to: NotifyTo | undefined
}

/** TEMP: not in force yet. STOP: paused. */
export const AGREEMENT_STATUSES = ['NORMAL', 'TEMP', 'STOP'] as const

/** A call of trade.pay, whether it took effect or not. */
export interface Attempt {
  readonly out_trade_no: string
  readonly total_amount: string
  readonly at: number
  readonly planned_day: string
  /** 10000, 10003, or the sub_code. */
  readonly answer: string
}

export interface Agreement {
  /** 20 digits. */
  readonly agreement_no: string
  readonly terms: Signing
  readonly buyer: Buyer
  readonly signed_at: number
  /** undefined: for good. */
  readonly ends_at: number | undefined
  status: (typeof AGREEMENT_STATUSES)[number]
  planned_day: string
  last_charged_at: number | undefined
  unsigned: { readonly at: number; readonly by: 'merchant' | 'buyer' } | undefined
  readonly attempts: Attempt[]
  /** Every trade that a charge of it made, paid or not. */
  readonly trades: Trade[]
}

/** What Alipay says of an agreement that lasts for good. */
const FOR_GOOD = '2115-02-01 00:00:00'

export function invalidTime({ ends_at }: Agreement): string {
  return ends_at === undefined ? FOR_GOOD : beijingTime(ends_at)
}

/** When an agreement with that sign_validity_period ends. */
export function endOf(sign_validity_period: string | undefined, signed_at: number): number | undefined {
  if (sign_validity_period === undefined) return undefined
  const count = Number.parseInt(sign_validity_period, 10)
  return sign_validity_period.endsWith('m') ? addMonths(signed_at, count) : signed_at + count * DAY_MS
}

/** Whether it is still in force for Alipay's calls: neither unsigned nor over. */
export function isInForce({ unsigned, ends_at }: Agreement, now: number): boolean {
  return unsigned === undefined && (ends_at === undefined || now < ends_at)
}

/** Other digits than in a trade are hidden (recorded). */
export function agreementLogonId({ buyer }: Agreement): string {
  return buyer.buyer_logon_id.replace(/^(\d{3})\*{4}\d{2}(\d{2})$/, '$1******$2')
}

export function paidTrades({ trades }: Agreement): Trade[] {
  return trades.filter(({ paid_at }) => paid_at !== undefined)
}

/** Charges of which nobody knows yet how they end. */
export function openTrades({ trades }: Agreement, now: number): Trade[] {
  return trades.filter((trade) => statusOf(trade, now) === 'WAIT_BUYER_PAY')
}

/** [guess G30] By the switch, planned days that passed without a charge are left behind. */
export function skipMissedDays(agreement: Agreement, now: number, missed_window: 'stays' | 'skips'): void {
  const today = beijingDay(now)
  while (missed_window === 'skips' && agreement.planned_day < today) {
    agreement.planned_day = nextPlannedDay(agreement.terms.rules, agreement.planned_day)
  }
}

export function deductTime(day: string, form: 'date' | 'date_time'): string {
  return form === 'date' ? day : `${day} 00:00:00`
}
