// An order's number, and its states in words: what is known of the money, and what is not.
import { randomBytes } from 'node:crypto'
import { beijingTime, fromBeijingTime } from '../clock.ts'
import type { Environment, Outcome, Trade, TradeStatus } from '../gateway/gateway.ts'
import { toFen } from '../money.ts'
import type { Intent, IntentState, Order } from './ledger.ts'

/** In which the merchant has been paid, and not everything was given back. */
export const PAID_STATUSES: readonly TradeStatus[] = ['TRADE_SUCCESS', 'TRADE_FINISHED']

export function isPaid(trade_status: TradeStatus | undefined): boolean {
  return trade_status !== undefined && PAID_STATUSES.includes(trade_status)
}

/** It was, whatever became of the money since. */
export function wasPaid({ trade_status, send_pay_date, refunded_fen }: TradeState): boolean {
  return isPaid(trade_status) || send_pay_date !== undefined || refunded_fen > 0
}

type TradeState = Pick<Order, 'trade_status' | 'send_pay_date' | 'refunded_fen'>

const RANK: Readonly<Record<TradeStatus, number>> = {
  WAIT_BUYER_PAY: 1,
  TRADE_SUCCESS: 2,
  TRADE_FINISHED: 3,
  TRADE_CLOSED: 3,
}

/**
 * Answers may overtake each other, and somebody may give an earlier one again: a trade only goes forward, and one that
 * is paid back stays so.
 */
export function isStale(order: TradeState, { trade_status }: Pick<Trade, 'trade_status'>): boolean {
  const { trade_status: before } = order
  if (before === undefined || RANK[trade_status] >= RANK[before]) return false
  const closedUnpaid = before === 'TRADE_CLOSED' && !wasPaid(order)
  // Paid after all: that counts more than what was known of the order before.
  return !(closedUnpaid && trade_status === 'TRADE_SUCCESS')
}

/** The trade as an answer tells it, or the later state in which it was seen before. */
export function latestTrade(order: TradeState | undefined, trade: Trade): Trade {
  if (!order?.trade_status || !isStale(order, trade)) return trade
  const { trade_status, send_pay_date = trade.send_pay_date } = order
  return { ...trade, trade_status, send_pay_date }
}

/** In which an attempt has not come to its end: it may be sent yet, or what came of it is not known. */
export const OPEN_STATES: readonly IntentState[] = ['prepared', 'sent', 'unknown']

/** In which it has: whatever else a ledger may say counts as open, or as more than that. */
export const ENDED_STATES: readonly IntentState[] = ['done', 'refused', 'not_executed']

/** In which an attempt may have moved money, or will. */
export const MOVING_STATES: readonly IntentState[] = [...OPEN_STATES, 'done']

export function isOpenIntent({ state }: Pick<Intent, 'state'>): boolean {
  return OPEN_STATES.includes(state)
}

/** `none_known`: none made through this ledger; those made by hand in the console are not seen. `part`: at least that much. */
export type Refunded = 'none_known' | 'part' | 'full'

export interface OrderView {
  /** True only while the merchant is paid: TRADE_SUCCESS and TRADE_FINISHED. */
  paid: boolean
  refunded: Refunded
}

/** @param refundedFen what this server knows to have been refunded, in fen */
export function viewOf(trade: Trade, refundedFen = 0): OrderView {
  const { trade_status, send_pay_date } = trade
  const part = refundedFen > 0 ? 'part' : 'none_known'
  // After a refund of all of it Alipay may just not have said so yet.
  if (trade_status === 'TRADE_SUCCESS' && isAllRefunded(trade, refundedFen)) return { paid: false, refunded: 'full' }
  if (isPaid(trade_status)) return { paid: true, refunded: part }
  // [guess G4] Only a trade that was paid has a send_pay_date.
  const wasGivenBack = trade_status === 'TRADE_CLOSED' && (send_pay_date !== undefined || refundedFen > 0)
  return { paid: false, refunded: wasGivenBack ? 'full' : 'none_known' }
}

const isAllRefunded = ({ total_amount }: Trade, refundedFen: number) => refundedFen >= toFen(total_amount)

/**
 * What is odd where Alipay has another amount under the number of an order that was made here. Identity is the merchant
 * and the number: it may be an order of his web shop.
 */
export function otherAmount(
  order: Pick<Order, 'created_here' | 'total_amount' | 'other_amount'> | undefined,
  trade?: Pick<Trade, 'total_amount'>,
): string | undefined {
  const total_amount = trade?.total_amount ?? order?.other_amount ?? order?.total_amount
  if (!order?.created_here || order.total_amount === total_amount) return undefined
  return `Alipay has ${total_amount} yuan under this number, and ${order.total_amount} was asked here`
}

// [guess G1] A payment of the last moment may still show so long after the expiry.
export const LAST_MOMENT_MS = 15 * 60_000

/** Paid as it was made, and not given back as far as known. */
export function isKept({ trade_status, refunded_fen, total_amount, other_amount }: Order): boolean {
  return isPaid(trade_status) && other_amount === undefined && refunded_fen < toFen(total_amount)
}

/** Another amount was paid than the one asked: the alarm, until all of it is given back. */
export function alarmOf(order: Order): string | undefined {
  const { trade_status, refunded_fen, other_amount } = order
  const isOwed = isPaid(trade_status) && refunded_fen < toFen(other_amount ?? '0.00')
  return isOwed ? otherAmount(order) : undefined
}

/** Whether and until when an order without a trade can be paid; silence promises nothing. */
export interface Payable {
  /**
   * `closed`: before any link of Alipay's left its page. `time_is_up`: its expiry is past, and a payment of the last
   * moment may still show.
   */
  state: 'open' | 'closed' | 'time_is_up' | 'expired'
  until: string
}

type PayableOrder = Pick<
  Order,
  'out_trade_no' | 'time_expire' | 'can_never_be_paid' | 'trade_status' | 'token' | 'cashier_opened_at'
>

/** @param order as this ledger has it */
export function payable(order: PayableOrder | undefined, environment: Environment, now: number): Payable {
  const { time_expire } = order ?? {}
  if (order === undefined || time_expire === undefined) {
    return { state: 'open', until: `${longestPayable(environment)} (when that was is not remembered here)` }
  }
  const past = now - fromBeijingTime(time_expire)
  if (past < 0) return { state: isClosedUnopened(order) ? 'closed' : 'open', until: `${time_expire} Beijing time` }
  return {
    state: past < LAST_MOMENT_MS && !isUnopened(order) ? 'time_is_up' : 'expired',
    until: `${time_expire} Beijing time, which is past`,
  }
}

/**
 * Nobody ever got a link of Alipay's: nobody can have paid, and once its page opens none nobody will. Of a number that is
 * not ours another program may have given one out.
 */
export function isUnopened(order: Pick<Order, 'out_trade_no' | 'token' | 'cashier_opened_at'>): boolean {
  return order.token !== undefined && order.cashier_opened_at === undefined && isOurNumber(order.out_trade_no)
}

/** Closed here, before any link of Alipay's was given out. */
export function isClosedUnopened(order: PayableOrder): boolean {
  return isUnopened(order) && order.can_never_be_paid && order.trade_status === undefined
}

/** Of any link, whoever made it. */
export function longestPayable(environment: Environment): string {
  return `at most ${environment === 'sandbox' ? '15 hours' : '15 days'} after its link was made`
}

/** Until when a link or code of it can be paid, as far as known here; undefined: nobody can pay it any more. */
export function payableUntil(order: Order | undefined, environment: Environment, now: number): string | undefined {
  const { state, until } = payable(order, environment, now)
  return order?.can_never_be_paid || state !== 'open' ? undefined : until
}

/** Alipay has no such trade: nobody has opened the order, or its number is wrong. */
export function isNoTrade(read: Outcome<unknown>): boolean {
  return read.outcome === 'refused' && read.refusal.sub_code === 'ACQ.TRADE_NOT_EXIST'
}

/** Nobody else's order has it; one that the merchant gave may be in use elsewhere. */
export function isOurNumber(out_trade_no: string): boolean {
  return /^\d{17}[0-9a-f]{16}$/.test(out_trade_no)
}

/** Sortable by time, not to be guessed, unique across processes: 17 digits of Beijing time, 64 random bits. */
export function newOrderNumber(now: number): string {
  const time = `${beijingTime(now)}${String(now % 1000).padStart(3, '0')}`.replace(/\D/g, '')
  return `${time}${randomBytes(8).toString('hex')}`
}
