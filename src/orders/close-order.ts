// Closes an order: written down, sent once, and read where the answer does not tell; never a cancel, which may refund.
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { OrderName, Outcome, Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { AFTER_CLOSE_MS, CLOSE_MS } from '../guard/deadlines.ts'
import { requireWritable } from '../guard/limits.ts'
import { refusal, SECOND_TRY } from '../guard/not-sent.ts'
import { readTrade } from '../guard/read-trade.ts'
import { blockedError } from '../guard/refusals.ts'
import { ignoringLedgerErrors, refusedOutcome, saveOutcome, sendPermit } from '../guard/send-permit.ts'
import type { Order, Resolution, Withdrawal } from '../ledger/ledger.ts'
import { isClosedUnopened, isNoTrade, isOurNumber, latestTrade, otherAmount, payable, viewOf } from '../ledger/order.ts'
import type { ToolResult } from '../tool-result.ts'
import { chargeOf, ofCharge } from './charge-orders.ts'
import { lookUp } from './find-order.ts'
import { afterOrder, notPaidAsOrdered, withoutTrade } from './order-status.ts'
import { closedWords, NOT_CLOSED, notClosedWords, nowhereWords, tradeWords, unopenedCloseWords } from './order-words.ts'

type CloseOutcome = Outcome<{ out_trade_no: string; trade_no: string }>
type NotDone = Exclude<CloseOutcome, { outcome: 'done' }>

/** What became of an order that was to be closed. */
export type ClosedOrder =
  /** By this close: nobody paid it, and nobody can any more. */
  | {
      state: 'closed'
      answer: { out_trade_no: string; trade_no: string }
      /** Said to be recorded, and was not. */
      unrecorded: string | undefined
    }
  /** Nothing was sent: no link of Alipay's ever left its page, which opens none any more. */
  | { state: 'closed_unopened' }
  /** The close did not work, or its answer was lost, and Alipay tells how it ended. */
  | { state: 'paid' | 'closed_before'; trade: Trade; order: Order | undefined; close: NotDone }
  /** It waits for payment, or has no trade yet: then reads of it will remind of the close. */
  | { state: 'payable'; trade: Trade | undefined; order: Order | undefined; close: NotDone; askedAt: number }
  | { state: 'unknown'; close: NotDone }

/**
 * Closes an order in the ledger.
 * @throws RefusedError where another server is just doing it, LedgerError; nothing was sent then
 */
export async function closeOrder(call: Call, out_trade_no: string): Promise<ClosedOrder> {
  requireWritable('close_payment', call.rules)
  // Before the close is sent: no cashier is opened from its page meanwhile.
  const withdrawal = await (await call.ledger()).withdraw(out_trade_no, call.actor())
  if (withdrawal === 'closed' && !(await hasTrade(call, out_trade_no))) return { state: 'closed_unopened' }
  const intent = await (await call.ledger()).reserve('close', out_trade_no, call.actor())
  if ('why' in intent) throw notSent(blockedError('close_payment', intent), withdrawal)
  // Whoever asks again looks at the order: it may have been paid before that close, and refunded since.
  if (intent.state === 'done') return afterClose(call, out_trade_no, CLOSED_BEFORE)
  const known = await (await call.ledger()).order({ out_trade_no })
  const permit = await sendPermit(call, intent)
  if (permit.blocked) throw notSent(blockedError('close_payment', permit.blocked), withdrawal)
  const close = ofOrder(known, await call.gateway.close({ out_trade_no }, { within: CLOSE_MS, ...permit.send }))
  const unrecorded = await saveOutcome(call, intent, closeResolution(close))
  if (close.outcome === 'done') return { state: 'closed', answer: close.answer, unrecorded }
  return afterClose(call, out_trade_no, close)
}

/** A ledger that was put back knows of no press since: Alipay is asked before anybody hears that nobody has paid. */
async function hasTrade(call: Call, out_trade_no: string): Promise<boolean> {
  const read = await readTrade(call, { out_trade_no }, { within: AFTER_CLOSE_MS, signal: call.signal })
  if (read.outcome !== 'done') return false
  await (await call.ledger()).recordTrade({ trade: read.answer }, call.actor())
  return true
}

/** Alipay keeps one trade under a number: the close of another one, of whomever, closed nothing of this order. */
function ofOrder(known: Order | undefined, close: CloseOutcome): CloseOutcome {
  const isOther = close.outcome === 'done' && known?.trade_no !== undefined && close.answer.trade_no !== known.trade_no
  return isOther ? { outcome: 'unknown', why: 'the answer is about another trade than the one of this order' } : close
}

const CLOSED_BEFORE: NotDone = { outcome: 'unknown', why: 'it was closed before' }

/** A close moves no money: what blockedError says to do next, and of the money, fits a refund only. */
function notSent(error: RefusedError, withdrawal: Withdrawal): RefusedError {
  const isWithdrawn = withdrawal === 'withdrawn'
  const money = `${NOTHING_SENT}${isWithdrawn ? ' Its page offers the order no more.' : ''}`
  const message_zh = `这次没有发送关单请求${isWithdrawn ? '，付款页已不再提供付款' : ''}；请查询订单，仍未关闭就稍后再试。`
  const next_step = `${SECOND_TRY} Else call query_payment; if the order is still open, call close_payment again in a minute.`
  return error.with({ money, next_step, message_zh })
}

function closeResolution(close: CloseOutcome): Resolution {
  if (close.outcome === 'done') return { state: 'done', trade_no: close.answer.trade_no }
  if (close.outcome === 'unknown') return { state: 'unknown', answer: close.why, empty: false }
  return refusedOutcome(close.refusal)
}

/** The answer of a close that did not work, or got lost, tells less than the order itself. */
async function afterClose(call: Call, out_trade_no: string, close: NotDone): Promise<ClosedOrder> {
  const { signal, clock, rules } = call
  const at = clock.now()
  const read = await readTrade(call, { out_trade_no }, { within: AFTER_CLOSE_MS, signal })
  const askedAt = clock.behind(at)
  const answer = read.outcome === 'done' ? read.answer : undefined
  const order = await ignoringLedgerErrors(call, (ledger) =>
    answer ? ledger.recordTrade({ trade: answer }, call.actor()) : ledger.order({ out_trade_no }),
  )
  const trade = answer && latestTrade(order, answer)
  if (trade) return { state: stateOf(trade), trade, order, close, askedAt }
  // The refusal of the close says the same, where nothing else answers and no trade was seen before.
  const hasNone = isNoTrade(read) || (isNoTrade(close) && order !== undefined && order.trade_status === undefined)
  if (!hasNone) return { state: 'unknown', close }
  if (order && payable(order, rules.environment, askedAt).state === 'open')
    await ignoringLedgerErrors(call, (ledger) => ledger.requestClose(out_trade_no, call.actor()))
  return { state: 'payable', trade: undefined, order, close, askedAt }
}

function stateOf(trade: Trade): 'paid' | 'closed_before' | 'payable' {
  if (trade.trade_status === 'WAIT_BUYER_PAY') return 'payable'
  return viewOf(trade).paid ? 'paid' : 'closed_before'
}

/**
 * For close_payment: an order that was not made here is queried first, and what does not wait for payment is told.
 * @throws RefusedError, OutcomeUnknownError where it can still be paid, or nobody can tell; LedgerError
 */
export async function closeNamedOrder(name: OrderName, call: Call): Promise<ToolResult> {
  const known = await (await call.ledger()).order(name)
  const result = await closeKnown(name, known, call).catch((error: unknown) => {
    const { subject, total_amount } = known ?? {}
    throw error instanceof RefusedError ? error.with({ facts: { ...name, subject, total_amount } }) : error
  })
  const charge = await ignoringLedgerErrors(call, (ledger) => chargeOf(known, ledger))
  return charge ? ofCharge(result, charge, NOT_CLOSED) : result
}

async function closeKnown(name: OrderName, known: Order | undefined, call: Call): Promise<ToolResult> {
  const isOurs = known?.created_here && !known.can_never_be_paid
  if (known && isClosedUnopened(known)) return closedUnopenedBefore(known)
  if (isOurs && isOurNumber(known.out_trade_no)) return closeResult(known.out_trade_no, known, call)
  const looked = await lookUp(call, { by: 'close_payment', order: name, readOnly: false })
  if (!looked.trade)
    return isOurs ? closeResult(known.out_trade_no, known, call) : notClosedYet(name, known, call, looked.askedAt)
  const { trade } = looked
  const order = await (await call.ledger()).recordTrade({ trade }, call.actor(), true)
  const other = otherAmount(order, trade)
  if (other) throw otherOrder(other)
  const { out_trade_no, trade_status } = trade
  return trade_status === 'WAIT_BUYER_PAY' ? closeResult(out_trade_no, order, call) : closedBefore(trade, order, true)
}

async function closeResult(out_trade_no: string, known: Order | undefined, call: Call): Promise<ToolResult> {
  const end = await closeOrder(call, out_trade_no)
  if (end.state === 'closed' || end.state === 'closed_unopened') {
    const unrecorded = end.state === 'closed' ? end.unrecorded : undefined
    const answer = end.state === 'closed' ? end.answer : { out_trade_no }
    const { subject, total_amount = '' } = known ?? {}
    const facts = { ...answer, subject, total_amount }
    return {
      ...closedWords(total_amount),
      ...facts,
      closed: true,
      paid: false,
      ledger: unrecorded,
      next_step: afterOrder(known),
    }
  }
  const { close } = end
  const refused = close.outcome === 'refused' ? close.refusal : undefined
  if (refused?.not_sent) throw new RefusedError('close_payment', refused, { money: NOTHING_SENT })
  if (end.state === 'paid' || end.state === 'closed_before')
    return closedBefore(end.trade, end.order, refused !== undefined)
  if (end.state === 'payable' && !end.trade) return notClosed(out_trade_no, end.order, call, end.askedAt)
  if (close.outcome === 'unknown') throw lost(out_trade_no, known, close.why)
  const money = end.state === 'payable' ? 'Not closed: the order can still be paid.' : 'This call closed nothing.'
  throw new RefusedError('close_payment', close.refusal, { money })
}

const NOTHING_SENT = 'Nothing was sent, nothing was closed.'

function closedUnopenedBefore(order: Order): ToolResult {
  const { out_trade_no, subject, total_amount } = order
  const { message, message_zh } = closedWords(total_amount)
  const facts = { out_trade_no, subject, total_amount, closed: true, paid: false }
  return { message: `Nothing was left to close. ${message}`, message_zh, ...facts, next_step: afterOrder(order) }
}

/** @param refused whether it is certain that this call closed nothing: the answer of one that worked may be lost */
function closedBefore(trade: Trade, order: Order | undefined, refused: boolean): ToolResult {
  const view = viewOf(trade, order?.refunded_fen)
  const { out_trade_no, trade_no, trade_status, total_amount, send_pay_date } = trade
  const subject = trade.subject ?? order?.subject
  const facts = { out_trade_no, trade_no, subject, total_amount, trade_status, send_pay_date }
  const alarm = otherAmount(order, trade)
  if (alarm && view.paid) {
    const alarmed = notPaidAsOrdered(alarm, trade)
    return { ...view, ...alarmed, ...notClosedWords(alarmed), closed: false, ...facts }
  }
  const words = tradeWords(trade, order?.refunded_fen)
  if (view.paid) {
    const next_step = trade_status === 'TRADE_SUCCESS' ? ASK_MERCHANT : undefined
    return { ...notClosedWords(words), ...view, closed: false, ...facts, next_step }
  }
  const message = (refused ? 'Nothing was left to close. ' : '') + words.message
  return { ...words, message, ...view, closed: view.refunded !== 'full', ...facts, next_step: afterOrder(order) }
}

const ASK_MERCHANT =
  'Tell the merchant that the order was paid; call refund_payment only if the merchant asks to give the money back.'

function notClosed(out_trade_no: string, order: Order | undefined, call: Call, askedAt: number): ToolResult {
  const result = notClosedYet({ out_trade_no }, order, call, askedAt)
  const open = payable(order, call.rules.environment, askedAt).state === 'open'
  const watch = order?.cashier_opened_at === undefined ? WATCH : WATCH_CASHIER
  return { ...result, next_step: open ? watch : result.next_step }
}

function notClosedYet(name: OrderName, order: Order | undefined, call: Call, askedAt: number): ToolResult {
  const state = withoutTrade(name, { order }, call, askedAt)
  return {
    ...state,
    ...(order
      ? unopenedCloseWords(order, payable(order, call.rules.environment, askedAt))
      : notClosedWords(nowhereWords(name))),
    closed: false,
  }
}

const WATCH =
  'Tell the buyer not to use the link. The order expires by itself; 15 minutes after that call query_payment once, for a ' +
  'payment of the last minute. Only if query_payment shows WAIT_BUYER_PAY before: call close_payment.'

const WATCH_CASHIER =
  'Tell the buyer not to pay in that cashier. The order expires by itself; 15 minutes after that call query_payment once, for a ' +
  'payment of the last minute. Only if query_payment shows WAIT_BUYER_PAY before: call close_payment.'

function lost(out_trade_no: string, known: Order | undefined, why: string): Error {
  const ask = `Call query_payment with ${JSON.stringify({ out_trade_no })}`
  return new OutcomeUnknownError('close_payment', why, {
    moved: 'no',
    money: 'A close moves no money. The order may be closed, or still be payable.',
    next_step: `${ask}; if the order still waits for payment, call close_payment again.`,
    message_zh: '订单是否已关闭尚不确定（关闭订单不动钱），请查询订单。',
    facts: { out_trade_no, subject: known?.subject, total_amount: known?.total_amount },
  })
}

function otherOrder(alarm: string): RefusedError {
  const why = `${alarm}: this is another order of the merchant`
  return refusal('close_payment', why, 'Tell the merchant.', { alarm }, NOTHING_SENT).with({
    kind: 'invalid_input',
    message_zh: '这个订单号在支付宝是商家的另一笔订单，没有关闭。请告诉商家。',
  })
}
