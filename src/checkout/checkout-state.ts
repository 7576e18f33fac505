// What the page of an order shows, from what the ledger knows of it.
import { beijingTime, fromBeijingTime } from '../clock.ts'
import type { LinkChannel } from '../gateway/gateway.ts'
import type { Checkout, Order } from '../ledger/ledger.ts'
import { alarmOf, isPaid, isUnopened, LAST_MOMENT_MS, otherAmount, wasPaid } from '../ledger/order.ts'
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
  | 'watched'
  | 'state_key'
  | 'refresh_in'
>

/** What time it is: a press goes by Alipay's, "over" by the clock that is behind. */
export interface Times {
  alipay: number
  behind: number
}

export function stateOf({ order, frozen, paid_instead }: Checkout, times: Times): CheckoutState {
  const { replaced_by, close_requested_at } = order
  if (alarmOf(order) !== undefined) return 'other_amount'
  if (wasPaid(order)) return paidState(order)
  const [left, leftForSure] = [leftOf(order, times.alipay), leftOf(order, times.behind)]
  if (replaced_by !== undefined) return 'replaced'
  if (cannotBePaid(order)) return leftForSure > 0 ? 'closed' : 'expired'
  if (isUnopened(order) && leftForSure <= 0) return 'expired'
  // Whether it was paid in the end, only Alipay's answer tells.
  if (left <= 0) return 'time_is_up'
  if (close_requested_at !== undefined) return 'withdrawn'
  if (paid_instead) return 'paid_before'
  if (otherAmount(order) !== undefined) return 'other_amount'
  if (frozen) return 'paused'
  return left < LEAST_LEFT_MS ? 'too_late' : 'open'
}

const cannotBePaid = ({ trade_status, can_never_be_paid }: Order) =>
  trade_status === 'TRADE_CLOSED' || can_never_be_paid

function paidState({ refunded_fen, trade_status, total_amount, other_amount }: Order): CheckoutState {
  const isAll = refunded_fen >= toFen(other_amount ?? total_amount) || !(isPaid(trade_status) || refunded_fen > 0)
  if (isAll) return 'refunded'
  return refunded_fen > 0 ? 'part_refunded' : 'paid'
}

const leftOf = ({ time_expire = '' }: Order, at: number) => fromBeijingTime(time_expire) - at

export function viewOfOrder(checkout: Checkout, times: Times, notice?: PressNotice): OfOrder {
  const { order } = checkout
  const state = stateOf(checkout, times)
  const { subject, body, total_amount, out_trade_no, send_pay_date, time_expire = '', refunded_fen } = order
  const { cashier_opened_at } = order
  const isLive = !isOver(state) && !cannotBePaid(order) && leftOf(order, times.behind) > -LAST_MOMENT_MS
  const left = leftOf(order, times.alipay)
  return {
    state,
    subject,
    body,
    total_amount,
    refunded_total: refunded_fen > 0 ? toYuan(refunded_fen) : undefined,
    out_trade_no,
    paid_at: send_pay_date,
    time_expire,
    seconds_left: Math.max(0, Math.floor(left / 1000)),
    cashier_opened_at:
      isLive && left > 0 && cashier_opened_at !== undefined ? beijingTime(cashier_opened_at) : undefined,
    watched: checkout.watched,
    state_key: [
      ...[state, order.trade_status ?? '-', cashier_opened_at === undefined ? '-' : 'opened', refunded_fen],
      ...saleKey(checkout),
    ].join('/'),
    refresh_in:
      state === 'open' && (notice === 'asking' || notice === 'back')
        ? WHILE_ASKING_S
        : isLive
          ? WHILE_OPEN_S
          : undefined,
  }
}

/** So that what the chat has handed out shows here by itself, too. */
function saleKey({ sale }: Checkout): readonly string[] {
  if (!sale) return []
  const { delivery, request } = sale
  return [delivery ? (delivery.confirmed ? 'delivered' : 'delivering') : '-', request?.state ?? '-']
}

/** Of which the buyer waits for nothing more. */
function isOver(state: CheckoutState): boolean {
  return ['paid', 'part_refunded', 'refunded', 'closed', 'expired', 'other_amount'].includes(state)
}

/** Those whose cashier was opened, the last one first. */
export function revealed({ pressed }: Checkout): LinkChannel[] {
  const channels = (['page', 'mobile'] as const).filter((channel) => pressed[channel] !== undefined)
  return channels.sort((one, other) => (pressed[other] ?? 0) - (pressed[one] ?? 0))
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
