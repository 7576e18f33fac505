// What a query of an order is told as: the state at Alipay, what the ledger adds, or what no trade means.
import { fromBeijingTime } from '../clock.ts'
import type { Trade } from '../gateway/gateway.ts'
import type { Order } from '../ledger/ledger.ts'
import { NO_TRADE_YET, otherAmount, payable, viewOf } from '../ledger/order.ts'
import { toFen, toYuan } from '../money.ts'
import type { NamedOrder } from './fields.ts'
import { type Known, unfinished } from './known-order.ts'
import type { LookedUp } from './look-up.ts'
import type { Services, ToolResult } from './tool.ts'

/** True once nothing that the buyer does can change the answer to "paid?". */
export function isSettled({ trade }: LookedUp, order: NamedOrder, known: Known, services: Services): boolean {
  if (trade) return trade.trade_status !== 'WAIT_BUYER_PAY'
  return order.out_trade_no === undefined || payableOf(known, services).state === 'expired'
}

export function stateOf(
  { trade }: LookedUp,
  order: NamedOrder,
  known: Known,
  services: Services,
): ToolResult {
  const state = trade ? withTrade(trade, known) : withoutTrade(order, known, services)
  const unsettled = known.unsettled.map((intent) => unfinished(intent, services)).join('; ') || undefined
  return { ...state, unsettled, ...tiesOf(known), ledger: known.problem }
}

/** Named even where there are none, which spares paid-twice.ts the question. */
function tiesOf({ order }: Known): Pick<Order, 'replaces' | 'replaced_by'> {
  return order ? { replaces: order.replaces, replaced_by: order.replaced_by } : {}
}

function withTrade(trade: Trade, { order }: Known): ToolResult {
  const refunded = order?.refunded_fen ?? 0
  const view = viewOf(trade, refunded)
  const subject = trade.subject ?? order?.subject
  const sums = refunded > 0 ? { refunded_amount: toYuan(refunded), left: leftOf(trade, refunded) } : {}
  const wished = trade.trade_status === 'WAIT_BUYER_PAY' && order?.close_wished_at !== undefined
  const next_step = wished ? CLOSE_NOW : view.paid ? undefined : WITH_TRADE[trade.trade_status]
  const told = { ...view, ...trade, subject, ...sums, close_wished: wished || undefined, next_step }
  const alarm = otherAmount(order, trade)
  if (alarm === undefined) return told
  return { ...told, message: `Careful: ${alarm}. ${view.message}`, alarm, next_step: OTHER_ORDER }
}

function leftOf({ total_amount }: Trade, refunded: number): string {
  return toYuan(Math.max(0, toFen(total_amount) - refunded))
}

const OTHER_ORDER =
  'This may be another order of the merchant with the same number: tell the merchant before anything is delivered.'
const CLOSE_NOW =
  'This order was to be closed before Alipay had a trade of it: call close_payment again now, or it can be paid.'

const WITH_TRADE: Readonly<Record<string, string>> = {
  WAIT_BUYER_PAY: 'Ask again in 5 seconds or more, or call close_payment if it shall not be paid any more.',
  TRADE_CLOSED: 'For a new payment call create_payment without out_trade_no.',
}

/** What it means that Alipay knows no trade of that number. */
export function withoutTrade(
  { out_trade_no, trade_no }: NamedOrder,
  known: Known,
  services: Services,
): ToolResult {
  const none = { paid: false, refunded: 'none', out_trade_no, trade_no, sub_code: 'ACQ.TRADE_NOT_EXIST' }
  if (out_trade_no === undefined) {
    const message =
      'Alipay knows no trade of this trade_no: the number is wrong, for an order has none before its trade.'
    return { message, ...none, next_step: 'Check the number, or ask by out_trade_no.' }
  }
  const { state, until } = payableOf(known, services)
  const { order } = known
  const message = state === 'expired' ? 'Expired: nobody paid it, and nobody can any more.' : NO_TRADE_YET
  const asked = order && { subject: order.subject, total_amount: order.total_amount }
  const wished = order?.close_wished_at !== undefined && state !== 'expired'
  const next_step = wished ? CLOSE_LATER : (order ? '' : IF_RIGHT) + WITHOUT_TRADE[state]
  const close_wished = wished || undefined
  return {
    message,
    ...none,
    ...asked,
    payable_until: until,
    ...timeLeft(order, services),
    close_wished,
    next_step,
  }
}

function timeLeft(order: Order | undefined, { clock }: Services): { expires?: string } {
  const left = order?.time_expire === undefined ? 0 : fromBeijingTime(order.time_expire) - clock.now()
  return left > 0 ? { expires: `${Math.ceil(left / 60_000)} minutes left` } : {}
}

const IF_RIGHT = 'Check the number: this server did not make it, or has forgotten it. If it is right: '
const CLOSE_LATER =
  'This order was to be closed, and there is nothing at Alipay to close yet: tell the buyer not to pay, and call ' +
  'close_payment again once query_payment shows WAIT_BUYER_PAY.'

const WITHOUT_TRADE = {
  open: 'The buyer can still open the link or scan the code and pay. Ask again in 5 seconds or more.',
  time_is_up:
    'Its time is up, and a payment of the last moment may still show: ask once more 15 minutes past it.',
  expired: 'For a new payment call create_payment without out_trade_no.',
} as const

export function payableOf({ order }: Known, { environment, clock }: Services) {
  return payable(order?.time_expire, environment, clock.now())
}
