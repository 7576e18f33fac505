// Puts a query of an order into words: the state at Alipay, what the ledger adds, what no trade means.
import { beijingTime, fromBeijingTime } from '../clock.ts'
import type { OrderName, Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import type { Intent, Order } from '../ledger/ledger.ts'
import { latestTrade, NO_TRADE_YET, type OrderView, otherAmount, payable, viewOf } from '../ledger/order.ts'
import { toFen, toYuan } from '../money.ts'
import type { ToolResult } from '../tool-result.ts'
import type { KnownOrder, LookedUp } from './find-order.ts'

/** An order as Alipay and the ledger know it. */
export interface CheckedOrder {
  name: OrderName
  looked: LookedUp
  known: KnownOrder
}

/** True once nothing that the buyer does can change the answer to "paid?". */
export function isFinal({ name, looked, known }: CheckedOrder, call: Call): boolean {
  // Another amount is for the merchant to see, not for the buyer to pay.
  if (looked.trade) {
    const trade = latestTrade(known.order, looked.trade)
    return trade.trade_status !== 'WAIT_BUYER_PAY' || otherAmount(known.order, trade) !== undefined
  }
  return 'trade_no' in name || payable(known.order, call.rules.environment, looked.askedAt).state === 'expired'
}

export function orderStatus({ name, looked, known }: CheckedOrder, call: Call): ToolResult {
  const { order, problem } = known
  const state = looked.trade
    ? withTrade(latestTrade(order, looked.trade), order)
    : withoutTrade(name, order, call, looked.askedAt)
  const in_doubt = known.in_doubt.map((intent) => stepInDoubt(intent, call)).join('; ') || undefined
  const { replaces, replaced_by } = order ?? {}
  return { ...state, in_doubt, replaces, replaced_by, ledger: problem }
}

/** One step whose end nobody knows yet, in words. */
export function stepInDoubt(intent: Intent, { clock }: Pick<Call, 'clock'>): string {
  const { kind, amount_fen, state, lease_until, created_at, trade_no, number } = intent
  const amount = kind === 'close' ? '' : ` of ${toYuan(amount_fen)} yuan`
  const ask =
    kind === 'refund' ? `, call query_refund with ${JSON.stringify({ trade_no, out_request_no: number })}` : ''
  const held = lease_until > clock.now()
  const how = held ? 'in flight' : state === 'prepared' ? 'prepared' : 'of unknown outcome'
  return `${kind}${amount}, ${how}, since ${beijingTime(created_at)} Beijing time${ask}`
}

function withTrade(trade: Trade, order: Order | undefined): ToolResult {
  const refunded = order?.refunded_fen ?? 0
  const view = viewOf(trade, refunded)
  const subject = trade.subject ?? order?.subject
  const sums = refunded > 0 ? { refunded_amount: toYuan(refunded), left: leftOf(trade, refunded) } : {}
  const toClose = trade.trade_status === 'WAIT_BUYER_PAY' && order?.close_requested_at !== undefined
  const next_step = toClose ? CLOSE_NOW : view.paid ? undefined : WITH_TRADE[trade.trade_status]
  const result = { ...view, ...trade, subject, ...sums, close_requested: toClose || undefined, next_step }
  const alarm = otherAmount(order, trade)
  return alarm === undefined ? result : { ...result, ...notPaidAsOrdered(alarm, view, trade) }
}

/** The money of another amount: this order is not paid by it, whatever the trade's state. */
export function notPaidAsOrdered(alarm: string, view: OrderView, { total_amount }: Trade) {
  const money = `${total_amount} yuan were paid, which is not what this order asks for: it counts as not paid.`
  return {
    message: `Careful: ${alarm}. ${view.paid ? money : view.message}`,
    alarm,
    paid: false,
    next_step: OTHER_ORDER + (view.paid ? GIVE_BACK : ''),
  }
}

function leftOf({ total_amount }: Trade, refunded: number): string {
  return toYuan(Math.max(0, toFen(total_amount) - refunded))
}

const OTHER_ORDER =
  'This may be another order of the merchant with the same number: tell the merchant before anything is delivered.'
const GIVE_BACK = " On the merchant's wish refund_payment gives that money back; an operator is asked."
const CLOSE_NOW =
  'This order was to be closed before Alipay had a trade of it: call close_payment again now, or it can be paid.'

const WITH_TRADE: Readonly<Record<string, string>> = {
  WAIT_BUYER_PAY: 'Ask again in 5 seconds or more, or call close_payment if it shall not be paid any more.',
  TRADE_CLOSED: 'For a new payment call create_payment without out_trade_no.',
}

/** What it means that Alipay knew no trade of that number when it was asked. */
export function withoutTrade(name: OrderName, order: Order | undefined, call: Call, askedAt: number): ToolResult {
  const none = { paid: false, refunded: 'none', ...name, sub_code: 'ACQ.TRADE_NOT_EXIST' }
  if ('trade_no' in name) return { message: WRONG_NUMBER, ...none, next_step: BY_OTHER_NUMBER }
  const { state, until } = payable(order, call.rules.environment, askedAt)
  const toClose = order?.close_requested_at !== undefined && state !== 'expired'
  return {
    message: state === 'expired' ? 'Expired: nobody paid it, and nobody can any more.' : NO_TRADE_YET,
    ...none,
    subject: order?.subject,
    total_amount: order?.total_amount,
    payable_until: until,
    expires: timeLeft(order, call),
    close_requested: toClose || undefined,
    next_step: toClose ? CLOSE_LATER : (order ? '' : IF_RIGHT) + WITHOUT_TRADE[state],
  }
}

function timeLeft(order: Order | undefined, { clock }: Call): string | undefined {
  const left = order?.time_expire === undefined ? 0 : fromBeijingTime(order.time_expire) - clock.alipay()
  return left > 0 ? `${Math.ceil(left / 60_000)} minutes left` : undefined
}

const WRONG_NUMBER =
  'Alipay knows no trade of this trade_no: the number is wrong, for an order has none before its trade.'
const BY_OTHER_NUMBER = 'Check the number, or ask by out_trade_no.'
const IF_RIGHT = 'Check the number: this server did not make it, or has forgotten it. If it is right: '
const CLOSE_LATER =
  'This order was to be closed, and there is nothing at Alipay to close yet: tell the buyer not to pay, and call ' +
  'close_payment again once query_payment shows WAIT_BUYER_PAY.'

const WITHOUT_TRADE = {
  open: 'The buyer can still open the link or scan the code and pay. Ask again in 5 seconds or more.',
  time_is_up: 'Its time is up, and a payment of the last moment may still show: ask once more 15 minutes past it.',
  expired: 'For a new payment call create_payment without out_trade_no.',
} as const

export function payableNow(order: Order | undefined, { rules, clock }: Call) {
  return payable(order, rules.environment, clock.behind())
}
