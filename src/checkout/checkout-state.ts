// What the page of an order shows, from what the ledger knows of it.
import { beijingTime, fromBeijingTime } from '../clock.ts'
import type { LinkChannel } from '../gateway/gateway.ts'
import type { Checkout, Order } from '../ledger/ledger.ts'
import { alarmOf, isPaid, LAST_MOMENT_MS, wasPaid } from '../ledger/order.ts'
import { toFen, toYuan } from '../money.ts'
import type { CheckoutState, CheckoutView, PressNotice } from './checkout-view.ts'

const LEAST_LEFT_MS = 60_000
const WHILE_OPEN_S = 10
const WHILE_ASKING_S = 2

type OfOrder = Pick<
  CheckoutView,
  | 'state'
  | 'subject'
  | 'body'
  | 'total_amount'
  | 'refunded_total'
  | 'out_trade_no'
  | 'paid_at'
  | 'time_expire'
  | 'seconds_left'
  | 'cashier_opened_at'
  | 'state_key'
  | 'refresh_in'
>

/** @param now Alipay's time */
export function stateOf({ order, frozen }: Checkout, now: number): CheckoutState {
  const { trade_status, replaced_by, close_requested_at, can_never_be_paid } = order
  if (alarmOf(order) !== undefined) return 'other_amount'
  if (wasPaid(order)) return paidState(order)
  const left = leftOf(order, now)
  const cannotBePaid = trade_status === 'TRADE_CLOSED' || can_never_be_paid
  if (replaced_by !== undefined) return 'replaced'
  if (cannotBePaid) return left > 0 ? 'closed' : 'expired'
  if (left <= 0) return isCertainlyOver(order, left) ? 'expired' : 'time_is_up'
  if (close_requested_at !== undefined) return 'withdrawn'
  if (frozen) return 'paused'
  return left < LEAST_LEFT_MS ? 'too_late' : 'open'
}

function paidState({ refunded_fen, trade_status, total_amount, other_amount }: Order): CheckoutState {
  const isAll = refunded_fen >= toFen(other_amount ?? total_amount) || !(isPaid(trade_status) || refunded_fen > 0)
  if (isAll) return 'refunded'
  return refunded_fen > 0 ? 'part_refunded' : 'paid'
}

function isCertainlyOver({ cashier_opened_at }: Order, left: number): boolean {
  return cashier_opened_at === undefined || -left >= LAST_MOMENT_MS
}

const leftOf = ({ time_expire = '' }: Order, now: number) => fromBeijingTime(time_expire) - now

/** @param now Alipay's time */
export function viewOfOrder(checkout: Checkout, now: number, notice?: PressNotice): OfOrder {
  const { order } = checkout
  const state = stateOf(checkout, now)
  const { subject, body, total_amount, out_trade_no, send_pay_date, time_expire = '', refunded_fen } = order
  const canBePaid = !isOver(state)
  const { cashier_opened_at } = order
  return {
    state,
    subject,
    body,
    total_amount,
    refunded_total: refunded_fen > 0 ? toYuan(refunded_fen) : undefined,
    out_trade_no,
    paid_at: send_pay_date,
    time_expire,
    seconds_left: Math.max(0, Math.floor(leftOf(order, now) / 1000)),
    cashier_opened_at:
      canBePaid && state !== 'time_is_up' && cashier_opened_at !== undefined
        ? beijingTime(cashier_opened_at)
        : undefined,
    state_key: [state, order.trade_status ?? '-', cashier_opened_at === undefined ? '-' : 'opened', refunded_fen].join(
      '/',
    ),
    refresh_in: notice === 'asking' ? WHILE_ASKING_S : canBePaid ? WHILE_OPEN_S : undefined,
  }
}

/** Of which the buyer waits for nothing more. */
function isOver(state: CheckoutState): boolean {
  return ['paid', 'part_refunded', 'refunded', 'closed', 'expired', 'other_amount'].includes(state)
}

/** Which cashier was opened last. */
export function lastPressed({ pressed: { page = 0, mobile = 0 } }: Checkout): LinkChannel | undefined {
  if (page === 0 && mobile === 0) return undefined
  return mobile > page ? 'mobile' : 'page'
}

const SOON_MS = 5_000
const UNTIL_MS = 30 * 60_000

/**
 * After how many milliseconds Alipay may be asked again for who looks at the page: often right after a press, ever more
 * rarely after that. Undefined: it is not asked for him.
 */
export function askApart({ order, pressed: { page = 0, mobile = 0 } }: Checkout, at: number): number | undefined {
  const since = at - Math.max(page, mobile, 0)
  const isWaiting = order.trade_status === undefined || order.trade_status === 'WAIT_BUYER_PAY'
  if ((page === 0 && mobile === 0) || !isWaiting || order.can_never_be_paid || since > UNTIL_MS) return undefined
  return Math.max(SOON_MS, since / 4)
}
