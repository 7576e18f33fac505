// What became of a close that was not plainly done: the state of the order tells more than the answer.
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { OrderName, Outcome, Trade } from '../gateway/gateway.ts'
import type { Order } from '../ledger/ledger.ts'
import { viewOf } from '../ledger/order.ts'
import type { ToolResult } from './tool.ts'

export type NotDone = Exclude<Outcome<unknown>, { outcome: 'done' }>

export const NEW_ORDER = 'For a new payment call create_payment without out_trade_no.'

/** @throws RefusedError, OutcomeUnknownError where the order still waits for payment */
export function byStatus(trade: Trade, close: NotDone, order: Order | undefined): ToolResult {
  const view = viewOf(trade, order?.refunded_fen)
  const { out_trade_no, trade_no, trade_status } = trade
  if (trade_status === 'WAIT_BUYER_PAY') {
    if (close.outcome === 'refused') {
      throw new RefusedError('close_payment', close.refusal, 'Not closed: it can still be paid.')
    }
    throw lost({ out_trade_no }, close.why)
  }
  const facts = { out_trade_no, trade_no, trade_status }
  if (view.paid) {
    const next_step = trade_status === 'TRADE_SUCCESS' ? ASK_MERCHANT : undefined
    return { ...view, message: `Not closed. ${view.message}`, closed: false, ...facts, next_step }
  }
  // The answer of a close that worked may have been lost.
  const first = close.outcome === 'refused' ? 'Nothing was left to close. ' : ''
  return {
    ...view,
    message: first + view.message,
    closed: view.refunded !== 'full',
    ...facts,
    next_step: NEW_ORDER,
  }
}

const ASK_MERCHANT =
  'Tell the merchant that it was paid; only on the wish to give it back call refund_payment.'

export function lost(order: OrderName, why: string): Error {
  return new OutcomeUnknownError(
    'close_payment',
    why,
    'It may be closed, or still be payable; a close moves no money.',
    `call query_payment with ${JSON.stringify(order)}; if it still waits, call close_payment again.`,
  )
}

export function otherOrder(other: string): RefusedError {
  const refusal = { verified: false, not_sent: `${other}: it is another order of the merchant` }
  const money = 'Nothing was sent, nothing was closed.'
  return new RefusedError('close_payment', refusal, money, 'Tell the merchant.')
}
