// Closes an order: written down, sent once, and read where the answer does not tell; never a cancel, which may refund.
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { OrderName, Outcome, Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { AFTER_CLOSE_MS, CLOSE_MS } from '../guard/deadlines.ts'
import { requireWritable } from '../guard/limits.ts'
import { readTrade } from '../guard/read-trade.ts'
import { blockedError, refusal } from '../guard/refusals.ts'
import { ignoringLedgerErrors, refusedOutcome, saveOutcome, sendPermit } from '../guard/send-permit.ts'
import type { Order, Resolution } from '../ledger/ledger.ts'
import { isNoTrade, isOurNumber, latestTrade, otherAmount, payable, viewOf } from '../ledger/order.ts'
import type { ToolResult } from '../tool-result.ts'
import { lookUp } from './find-order.ts'
import { notPaidAsOrdered, withoutTrade } from './order-status.ts'

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
  const intent = await (await call.ledger()).reserve('close', out_trade_no, call.actor())
  if ('why' in intent) throw notSent(blockedError('close_payment', intent))
  // Whoever asks again looks at the order: it may have been paid before that close, and refunded since.
  if (intent.state === 'done') return afterClose(call, out_trade_no, CLOSED_BEFORE)
  const known = await (await call.ledger()).order({ out_trade_no })
  const permit = await sendPermit(call, intent)
  if (permit.blocked) throw notSent(blockedError('close_payment', permit.blocked))
  const close = ofOrder(known, await call.gateway.close({ out_trade_no }, { within: CLOSE_MS, ...permit.send }))
  const unrecorded = await saveOutcome(call, intent, closeResolution(close))
  if (close.outcome === 'done') return { state: 'closed', answer: close.answer, unrecorded }
  return afterClose(call, out_trade_no, close)
}

/** Alipay keeps one trade under a number: the close of another one, of whomever, closed nothing of this order. */
function ofOrder(known: Order | undefined, close: CloseOutcome): CloseOutcome {
  const isOther = close.outcome === 'done' && known?.trade_no !== undefined && close.answer.trade_no !== known.trade_no
  return isOther ? { outcome: 'unknown', why: 'the answer is about another trade than the one of this order' } : close
}

const CLOSED_BEFORE: NotDone = { outcome: 'unknown', why: 'it was closed before' }

/** A close moves no money: what blockedError says to do next, and of the money, fits a refund only. */
function notSent({ refusal }: RefusedError): RefusedError {
  const again = 'Call query_payment, and close_payment again in a minute if it is still open.'
  return new RefusedError('close_payment', refusal, NOTHING_SENT, again)
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
  if (!isNoTrade(read)) return { state: 'unknown', close }
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
  const ledger = await call.ledger()
  const known = await ledger.order(name)
  const isOurs = known?.created_here && !known.can_never_be_paid
  if (isOurs && isOurNumber(known.out_trade_no)) return closeResult(known.out_trade_no, call)
  const looked = await lookUp(call, { by: 'close_payment', order: name, readOnly: false })
  if (!looked.trade)
    return isOurs ? closeResult(known.out_trade_no, call) : notClosedYet(name, known, call, looked.askedAt)
  const { trade } = looked
  const order = await ledger.recordTrade({ trade }, call.actor(), true)
  const other = otherAmount(order, trade)
  if (other) throw otherOrder(other)
  const { out_trade_no, trade_status } = trade
  return trade_status === 'WAIT_BUYER_PAY' ? closeResult(out_trade_no, call) : closedBefore(trade, order, true)
}

async function closeResult(out_trade_no: string, call: Call): Promise<ToolResult> {
  const end = await closeOrder(call, out_trade_no)
  if (end.state === 'closed') {
    const message = 'Closed: it was not paid, and nobody can pay it any more.'
    const { answer, unrecorded } = end
    return { message, ...answer, closed: true, paid: false, ledger: unrecorded, next_step: NEW_ORDER }
  }
  const { close } = end
  const refused = close.outcome === 'refused' ? close.refusal : undefined
  if (refused?.not_sent) throw new RefusedError('close_payment', refused, NOTHING_SENT)
  if (end.state === 'paid' || end.state === 'closed_before')
    return closedBefore(end.trade, end.order, refused !== undefined)
  if (end.state === 'payable' && !end.trade) return notClosed(out_trade_no, end.order, call, end.askedAt)
  if (close.outcome === 'unknown') throw lost(out_trade_no, close.why)
  const money = end.state === 'payable' ? 'Not closed: it can still be paid.' : 'Nothing was closed by this call.'
  throw new RefusedError('close_payment', close.refusal, money)
}

const NOTHING_SENT = 'Nothing was sent, nothing was closed.'
const NEW_ORDER = 'For a new payment call create_payment without out_trade_no.'

/** @param refused whether it is certain that this call closed nothing: the answer of one that worked may be lost */
function closedBefore(trade: Trade, order: Order | undefined, refused: boolean): ToolResult {
  const view = viewOf(trade, order?.refunded_fen)
  const { out_trade_no, trade_no, trade_status } = trade
  const facts = { out_trade_no, trade_no, trade_status }
  const alarm = otherAmount(order, trade)
  if (alarm && view.paid) {
    const alarmed = notPaidAsOrdered(alarm, view, trade)
    return { ...view, ...alarmed, message: `Not closed. ${alarmed.message}`, closed: false, ...facts }
  }
  if (view.paid) {
    const next_step = trade_status === 'TRADE_SUCCESS' ? ASK_MERCHANT : undefined
    return { ...view, message: `Not closed. ${view.message}`, closed: false, ...facts, next_step }
  }
  const message = (refused ? 'Nothing was left to close. ' : '') + view.message
  return { ...view, message, closed: view.refunded !== 'full', ...facts, next_step: NEW_ORDER }
}

const ASK_MERCHANT = 'Tell the merchant that it was paid; only on the wish to give it back call refund_payment.'

function notClosed(out_trade_no: string, order: Order | undefined, call: Call, askedAt: number): ToolResult {
  const result = notClosedYet({ out_trade_no }, order, call, askedAt)
  const open = payable(order, call.rules.environment, askedAt).state === 'open'
  return { ...result, next_step: open ? WATCH : result.next_step }
}

function notClosedYet(name: OrderName, order: Order | undefined, call: Call, askedAt: number): ToolResult {
  const state = withoutTrade(name, order, call, askedAt)
  const { state: time } = payable(order, call.rules.environment, askedAt)
  const can =
    state.payable_until !== undefined && time === 'open' ? ` It can still be paid until ${state.payable_until}.` : ''
  return { ...state, message: `Not closed. ${state.message}${can}`, closed: false }
}

const WATCH =
  'Tell the buyer not to use the link. Call query_payment until 15 minutes past that time; if it was paid ' +
  'meanwhile, tell the merchant. Calling close_payment again works once the buyer has opened it.'

function lost(out_trade_no: string, why: string): Error {
  return new OutcomeUnknownError(
    'close_payment',
    why,
    'It may be closed, or still be payable; a close moves no money.',
    `call query_payment with ${JSON.stringify({ out_trade_no })}; if it still waits, call close_payment again.`,
  )
}

function otherOrder(other: string): RefusedError {
  return refusal(
    'close_payment',
    `${other}: it is another order of the merchant`,
    'Tell the merchant.',
    { alarm: other },
    NOTHING_SENT,
  )
}
