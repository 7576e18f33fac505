// A query of an order as a result: the state at Alipay, what the ledger adds, what no trade means, what comes next.
import { beijingTime, fromBeijingTime } from '../clock.ts'
import type { Environment, OrderName, Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import type { Intent, Order } from '../ledger/ledger.ts'
import { latestTrade, longestPayable, otherAmount, payable, viewOf } from '../ledger/order.ts'
import { toYuan } from '../money.ts'
import type { ToolResult } from '../tool-result.ts'
import { ofCharge } from './charge-orders.ts'
import type { KnownOrder, LookedUp } from './find-order.ts'
import { checkNumber, leftOf, nowhereWords, paidAfterCloseWords, tradeWords, unopenedWords } from './order-words.ts'

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
  const { state } = payable(known.order, call.rules.environment, looked.askedAt)
  return 'trade_no' in name || state === 'expired' || state === 'closed'
}

export function orderStatus({ name, looked, known }: CheckedOrder, call: Call): ToolResult {
  const { order, problem } = known
  const state = looked.trade
    ? withTrade(latestTrade(order, looked.trade), order, call)
    : withoutTrade(name, known, call, looked.askedAt)
  const in_doubt = known.in_doubt.map((intent) => stepInDoubt(intent, call)).join('; ') || undefined
  const { replaces, replaced_by } = order ?? {}
  const own = known.charge ? ofCharge(state, known.charge) : state
  return { ...withDoubt(own, known.in_doubt), in_doubt, replaces, replaced_by, ledger: problem }
}

export const DOUBT_FIRST = 'First find out what is in doubt (in_doubt).'

/** Money that may have moved is no small print. */
function withDoubt(state: ToolResult, in_doubt: readonly Intent[]): ToolResult {
  const refunds = in_doubt.filter(({ kind }) => kind === 'refund').map(({ amount_fen }) => toYuan(amount_fen))
  // Where all was given back there is no money left that another one could move.
  if (refunds.length === 0 || state.refunded === 'full') return state
  const sums = refunds.join(' and ')
  const message = `${state.message} A refund of ${sums} yuan is in doubt: its money may have moved.`
  const message_zh = `${state.message_zh}另有退款 ${refunds.join('、')} 元结果未知，钱可能已退。`
  return { ...state, message, message_zh, next_step: state.next_step ?? DOUBT_FIRST }
}

/** One step whose end nobody knows yet, in words. */
export function stepInDoubt(intent: Intent, { clock }: Pick<Call, 'clock'>): string {
  const { kind, amount_fen, state, lease_until, created_at, trade_no, number } = intent
  const amount = kind === 'close' ? '' : ` of ${toYuan(amount_fen)} yuan`
  const ask =
    kind === 'refund' ? `, call query_refund with ${JSON.stringify({ trade_no, out_request_no: number })}` : ''
  const held = lease_until > clock.now()
  const how = held ? 'under way' : state === 'prepared' ? 'prepared' : 'of unknown outcome'
  return `${kind}${amount}, ${how}, since ${beijingTime(created_at)} Beijing time${ask}`
}

function withTrade(trade: Trade, order: Order | undefined, call: Call): ToolResult {
  const refunded = order?.refunded_fen ?? 0
  const view = viewOf(trade, refunded)
  const subject = trade.subject ?? order?.subject
  const sums = refunded > 0 ? { refunded_total: toYuan(refunded), left: leftOf(trade.total_amount, refunded) } : {}
  const toClose = trade.trade_status === 'WAIT_BUYER_PAY' && order?.close_requested_at !== undefined
  // Where another order was made in its place, that is told.
  const isPaidAfterClose = view.paid && order?.close_requested_at !== undefined && order.replaced_by === undefined
  const next_step = toClose ? CLOSE_NOW : view.paid ? paidStep(isPaidAfterClose) : nextStep(trade, order)
  const words = isPaidAfterClose ? paidAfterCloseWords(trade, refunded) : tradeWords(trade, refunded)
  const alarm = otherAmount(order, trade)
  // Another order under the number does not end with the link of this one.
  const isOurs = trade.trade_status === 'WAIT_BUYER_PAY' && alarm === undefined
  const expires = isOurs && order ? timeLeft(order, call) : undefined
  const close_requested = toClose || undefined
  // One after the other spread, so many fields would take a query 4 % longer: V8 turns the object into a dictionary.
  const own = { subject, ...sums, expires, close_requested, next_step }
  const result = { ...Object.assign({}, words, view, trade, own) }
  return alarm === undefined ? result : { ...result, ...notPaidAsOrdered(alarm, trade, refunded) }
}

/** The money of another amount: this order is not paid by it, whatever the trade's state. */
export function notPaidAsOrdered(alarm: string, trade: Trade, refundedFen = 0) {
  const { paid } = viewOf(trade, refundedFen)
  const { total_amount } = trade
  const { message, message_zh } = tradeWords(trade, refundedFen)
  const money = `${total_amount} yuan were paid, not the amount that this order asks for: the order counts as not paid.`
  return {
    message: `Careful: ${alarm}. ${paid ? money : message}`,
    message_zh: `注意：这个号码在支付宝的金额是 ${total_amount} 元，与下单金额不符，本订单不算已付款。${paid ? '' : message_zh}`,
    alarm,
    paid: false,
    next_step: OTHER_ORDER + (paid ? GIVE_BACK : ''),
  }
}

const OTHER_ORDER =
  'Tell the merchant before anything is delivered: this may be another order of the merchant with the same number.'
const GIVE_BACK =
  ' If the merchant asks for it, refund_payment gives that money back; a person is asked outside the chat.'
const CLOSE_NOW =
  'Call close_payment again now: this order was to be closed before Alipay had a trade of it, and can still be paid.'

const paidStep = (isPaidAfterClose: boolean) => (isPaidAfterClose ? PAID_AFTER_CLOSE : undefined)
const PAID_AFTER_CLOSE =
  'Tell the merchant before anything is delivered; refund_payment gives the money back only if the merchant asks for it.'

const NEW_ORDER = 'Only if the merchant wants a new payment: call create_payment without out_trade_no.'

function nextStep({ trade_status }: Trade, order: Order | undefined): string | undefined {
  if (trade_status === 'WAIT_BUYER_PAY')
    return 'If the buyer is paying now, call wait_for_payment; to stop the payment call close_payment.'
  return trade_status === 'TRADE_CLOSED' ? afterOrder(order) : undefined
}

/** Where nobody can pay the order any more. */
export function afterOrder(order: Order | undefined): string {
  const by = order?.replaced_by
  return by === undefined ? NEW_ORDER : `The order ${by} was made in its place: for that one call query_payment.`
}

/** What it means that Alipay knew no trade of that number when it was asked. */
export function withoutTrade(
  name: OrderName,
  { order, isEmpty = false }: Pick<KnownOrder, 'order' | 'isEmpty'>,
  call: Call,
  askedAt: number,
): ToolResult {
  const none = { ...name, sub_code: 'ACQ.TRADE_NOT_EXIST' }
  if (!order) {
    // Neither paid nor unpaid.
    const words = { ...nowhereWords(name), ...none }
    // A link has no number of Alipay's before its trade.
    if ('trade_no' in name) return { ...words, next_step: checkNumber(isEmpty) }
    // Nobody knows of an order: no field says until when it can be paid.
    return { ...words, next_step: otherProgram(call.rules.environment, isEmpty) }
  }
  const time = payable(order, call.rules.environment, askedAt)
  const { state, until } = time
  const isOver = state === 'expired' || state === 'closed'
  const toClose = order.close_requested_at !== undefined && !isOver
  return {
    ...unopenedWords(order, time),
    paid: false,
    refunded: 'none_known',
    ...none,
    out_trade_no: order.out_trade_no,
    subject: order.subject,
    total_amount: order.total_amount,
    payable_until: state === 'closed' ? undefined : until,
    expires: state === 'closed' ? undefined : timeLeft(order, call),
    close_requested: toClose || undefined,
    next_step: isOver ? afterOrder(order) : toClose ? toCloseStep(order, state) : WITHOUT_TRADE[state],
  }
}

/** Rounded down: nobody is promised a minute that is not there. */
export function timeLeft(
  { time_expire }: Pick<Order, 'time_expire'>,
  { clock }: Pick<Call, 'clock'>,
): string | undefined {
  const left = time_expire === undefined ? 0 : fromBeijingTime(time_expire) - clock.alipay()
  const minutes = Math.floor(left / 60_000)
  const words = minutes === 0 ? 'less than 1 minute' : minutes === 1 ? '1 minute' : `${minutes} minutes`
  return left > 0 ? `${words} left, until ${time_expire} Beijing time` : undefined
}

const otherProgram = (environment: Environment, isEmpty: boolean) =>
  `${checkNumber(isEmpty)} An order of another program that no buyer has opened looks the same and can still be paid, ` +
  `${longestPayable(environment)}: if the number is right, ask again once the buyer has opened it.`
const WITHOUT_TRADE = {
  open: 'The buyer can still pay. Only if they are paying now: call wait_for_payment.',
  time_is_up: 'Call query_payment once more 15 minutes after the end of that time.',
} as const
const TO_CLOSE = {
  open:
    'Tell the buyer not to pay: this order was to be closed, and Alipay has nothing to close yet. Call close_payment again ' +
    'once query_payment shows WAIT_BUYER_PAY.',
  time_is_up: `Tell the buyer not to pay: this order was to be closed. ${WITHOUT_TRADE.time_is_up}`,
} as const

function toCloseStep({ replaced_by }: Order, state: keyof typeof TO_CLOSE): string {
  if (replaced_by === undefined) return TO_CLOSE[state]
  const then =
    state === 'open' ? 'Call close_payment again once query_payment shows WAIT_BUYER_PAY.' : WITHOUT_TRADE[state]
  return `Tell the buyer to pay order ${replaced_by}, which was made in its place, and not this one. ${then}`
}

export function payableNow(order: Order | undefined, { rules, clock }: Call) {
  return payable(order, rules.environment, clock.behind())
}
