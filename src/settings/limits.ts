// How much money, how often and with whose yes: the operator's limits, which no model can change.
import { MOST, toFen } from '../money.ts'
import { quoteValue } from './placeholder.ts'
import type { SettingsReader } from './settings-reader.ts'
import type { Name } from './variables.ts'

/** Absent: no such limit. Amounts are fen. */
export interface Limits {
  readonly maxPaymentFen?: number | undefined
  readonly maxRefundFen?: number | undefined
  /** Of one Beijing day. */
  readonly dailyPaymentsFen?: number | undefined
  readonly dailyRefundsFen?: number | undefined
  /** Of subscriptions. */
  readonly dailyChargesFen?: number | undefined
  /** Days after the payment in which it may be refunded. */
  readonly refundWindowDays?: number | undefined
  /** 0: not limited. */
  readonly callsPerMinute: number
}

const REFUND_APPROVALS = ['chat', 'operator', 'none'] as const
type RefundApproval = (typeof REFUND_APPROVALS)[number]

export interface ApprovalSettings {
  /** Absent: not set. */
  readonly refundApproval: RefundApproval | undefined
  /** Nobody is asked about refunds as long as their sum stays under it. */
  readonly approveAboveFen: number | undefined
}

export function limitsOf(read: SettingsReader): Limits {
  const limits = {
    maxPaymentFen: limitIn(read, 'ALIPAY_MAX_PAYMENT', 'payment'),
    maxRefundFen: limitIn(read, 'ALIPAY_MAX_REFUND', 'refund'),
    dailyPaymentsFen: limitIn(read, 'ALIPAY_DAILY_PAYMENTS', 'payment'),
    dailyRefundsFen: limitIn(read, 'ALIPAY_DAILY_REFUNDS', 'refund'),
    dailyChargesFen: limitIn(read, 'ALIPAY_DAILY_CHARGES', 'charge'),
    refundWindowDays: read.integer('ALIPAY_REFUND_WINDOW_DAYS', 1, 365),
    callsPerMinute: read.integer('ALIPAY_MAX_CALLS_PER_MINUTE', 0, 10_000) ?? 120,
  }
  noticeIdle(read, ['ALIPAY_MAX_PAYMENT', limits.maxPaymentFen], ['ALIPAY_DAILY_PAYMENTS', limits.dailyPaymentsFen])
  noticeIdle(read, ['ALIPAY_MAX_REFUND', limits.maxRefundFen], ['ALIPAY_DAILY_REFUNDS', limits.dailyRefundsFen])
  return Object.freeze(limits)
}

export function approvalSettings(read: SettingsReader, { dailyRefundsFen }: Limits): ApprovalSettings {
  const refundApproval = read.oneOf('ALIPAY_REFUND_APPROVAL', REFUND_APPROVALS)
  const approveAboveFen = amountIn(read, 'ALIPAY_APPROVE_ABOVE')
  if (approveAboveFen !== undefined && refundApproval === 'none') {
    const problem = `has no effect: with ${read.written('ALIPAY_REFUND_APPROVAL')} none nobody is asked about any refund.`
    read.notice('ALIPAY_APPROVE_ABOVE', problem, 'remove it, or set ALIPAY_REFUND_APPROVAL to chat or operator.')
  } else if (approveAboveFen !== undefined && approveAboveFen > (dailyRefundsFen ?? approveAboveFen)) {
    const problem = `is more than ${read.written('ALIPAY_DAILY_REFUNDS')}, so that nobody is asked but about repeats.`
    read.notice('ALIPAY_APPROVE_ABOVE', problem, 'set it lower, if refunds are to be asked about.')
  }
  return { refundApproval, approveAboveFen }
}

function noticeIdle(
  read: SettingsReader,
  [single, singleFen]: readonly [Name, number | undefined],
  [daily, dailyFen]: readonly [Name, number | undefined],
): void {
  if (singleFen === undefined || dailyFen === undefined || singleFen <= dailyFen) return
  read.notice(single, `is more than ${read.written(daily)}, which holds first.`, 'set it lower, or remove it.')
}

/** Zero would read like "none" to one operator and like "no limit" to another. */
function limitIn(read: SettingsReader, name: Name, what: string): number | undefined {
  const fen = amountIn(read, name)
  if (fen !== 0) return fen
  const fix = `to allow no ${what} at all, name the other tools in ALIPAY_TOOLS or set ALIPAY_READ_ONLY=true.`
  return read.problem(name, 'is 0, which is no limit that can be kept.', fix)
}

function amountIn(read: SettingsReader, name: Name): number | undefined {
  const text = read.text(name)
  if (text === undefined) return undefined
  const fen = parseFen(text)
  if (fen !== undefined && fen <= toFen(MOST)) return fen
  const fix = `give an amount in yuan with at most two decimals and without a sign, such as 99.50, at most ${MOST}.`
  return read.problem(name, `is ${quoteValue(text)}.`, fix)
}

function parseFen(text: string): number | undefined {
  try {
    return toFen(text)
  } catch {
    return undefined
  }
}
