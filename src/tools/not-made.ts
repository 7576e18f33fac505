// Why an order is not made: its number is another order's, its time is over, or a limit is in the way.
import { InputError, LedgerError, RefusedError } from '../errors.ts'
import type { Trade } from '../gateway/gateway.ts'
import { blockedError, MOVED_NOTHING } from '../guard/blocked.ts'
import type { Block, Order } from '../ledger/ledger.ts'
import { viewOf } from '../ledger/order.ts'
import type { OrderWish } from './make-order.ts'

export function isSame(made: Order, wish: OrderWish): boolean {
  return (['total_amount', 'subject', 'body', 'channel'] as const).every((key) => made[key] === wish[key])
}

/** A second link with another price would let the buyer choose which one he pays. */
export function demandSame(made: Order, wish: OrderWish): void {
  if (isSame(made, wish)) return
  throw new InputError(
    `out_trade_no: ${made.out_trade_no} was already made here for ${made.total_amount} yuan, channel ` +
      `${made.channel}, subject ${JSON.stringify(made.subject)}. Nothing was made now. ${LEAVE_OUT} ` +
      'To change an order make a new one with replaces.',
  )
}

export function taken(trade: Trade): Error {
  return new InputError(
    `out_trade_no: ${trade.out_trade_no} already belongs to an order of this merchant (${trade.trade_status}, ` +
      `${trade.total_amount} yuan). ${viewOf(trade).message} No link was made. ${LEAVE_OUT} ` +
      'To see that one call query_payment.',
  )
}

export function elsewhere(out_trade_no: string): Error {
  return new InputError(
    `out_trade_no: ${out_trade_no} belongs to an order that was not made here. No link was made. ${LEAVE_OUT}`,
  )
}

export function expired({ out_trade_no }: Order, until: string): Error {
  return new InputError(`out_trade_no: the link of ${out_trade_no} expired: ${until}. ${LEAVE_OUT}`)
}

/** Also where the order itself was not made here: the new one was all the same made in its place. */
export function replacedAlready({ out_trade_no }: Pick<Order, 'out_trade_no'>, by: string): Error {
  return new InputError(
    `out_trade_no: ${out_trade_no} was replaced by ${by}, and only one of them shall be paid. Nothing was made now. ` +
      'Show that one: query_payment gives its link.',
  )
}

export function replacedNothing({ out_trade_no }: Order, { replaces }: OrderWish): Error {
  return new InputError(
    `replaces: ${out_trade_no} was made before, and not in the place of ${replaces}. Nothing was made or closed now. ` +
      'Leave out_trade_no out for a new order in its place, or replaces to show this one again.',
  )
}

/** A buyer came to it by a code whose answer never came home. */
export function withoutItsCode({ out_trade_no }: Order): Error {
  return new InputError(
    `out_trade_no: the code of ${out_trade_no} is not known any more, and a buyer has it. Nothing was made now. Call ` +
      'query_payment to see whether it is paid; for a new code make an order with replaces.',
  )
}

/** The old order may be closed by now: then "nothing was sent" is not so. */
export function afterReplacing(error: unknown, { replaces }: OrderWish): unknown {
  if (replaces === undefined || !(error instanceof LedgerError)) return error
  const not_sent = `the ledger cannot be used, so no new order was made: ${error.message}`
  const money = `${MOVED_NOTHING} At most it closed ${replaces}.`
  return new RefusedError('create_payment', { verified: false, not_sent }, money, 'Tell the operator.')
}

const LEAVE_OUT = 'For a new order leave out_trade_no out.'

/** The order to be replaced was closed before: what is in the way now was not there then, or is a limit. */
export function notMade(block: Block, { replaces }: OrderWish): Error {
  const { did, refusal, money, next_step, facts } = blockedError('create_payment', block)
  const said = replaces === undefined ? money : `${MOVED_NOTHING} At most it closed ${replaces}.`
  return new RefusedError(did, refusal, said, next_step, facts)
}
