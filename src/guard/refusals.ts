// What stands in the way of a request, in words: which limit or other operation it is, how much is used and left, what to do.
import { beijingTime } from '../clock.ts'
import { RefusedError } from '../errors.ts'
import type { Block, Intent } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'

export const MOVED_NOTHING = 'This call moved nothing.'
export const NOTHING_SENT = `Nothing was sent. ${MOVED_NOTHING}`
/** Not even by what was asked of Alipay. */
export const NOTHING_CHANGED = 'This call changed nothing.'
/** "Nothing moved" is not to be said alone while nobody knows how an earlier attempt ended. */
export const EARLIER_UNKNOWN = 'An earlier try of the same refund is still unknown.'

/** A refusal of our own, before anything was sent. */
export function refusal(
  operation: string,
  not_sent: string,
  next_step?: string,
  facts: Readonly<Record<string, string>> = {},
  money = NOTHING_SENT,
): RefusedError {
  return new RefusedError(operation, { verified: false, not_sent }, money, next_step, facts)
}

/** A limit that only the operator can change. */
export function overLimit(
  operation: string,
  variable: string,
  limit: string,
  used: string,
  left: string,
): RefusedError {
  return refusal(
    operation,
    `it would go over ${variable}: limit ${limit}, used ${used}, left ${left}`,
    `Only the operator can change ${variable}; do not split the amount to get under it. Tell that and stop.`,
    { variable, limit, used, left },
  )
}

export function blockedError(operation: string, block: Block): RefusedError {
  switch (block.why) {
    case 'frozen':
      return frozen(operation, block)
    case 'daily_payments':
      return daily(operation, 'ALIPAY_DAILY_PAYMENTS', block)
    case 'daily_refunds':
      return daily(operation, 'ALIPAY_DAILY_REFUNDS', block)
    case 'over_what_is_left':
      return overWhatIsLeft(operation, block)
    case 'in_flight':
    case 'unknown':
      return otherFirst(operation, block.intent, block.why)
    case 'too_soon':
      return refusal(
        operation,
        'another refund of this order was just made, and Alipay wants 3 seconds between two',
        AGAIN,
      )
    case 'lease_lost':
      return refusal(operation, 'this process was stopped or slow for so long that another one took it over', AGAIN)
  }
}

const AGAIN = 'Ask again with the same words in a few seconds; the same wish moves money once only.'

function frozen(operation: string, { since, because }: Extract<Block, { why: 'frozen' }>): RefusedError {
  const reason = because === undefined ? '' : `, reason: ${JSON.stringify(because)}`
  return refusal(
    operation,
    `everything that takes or gives money is frozen since ${beijingTime(since)} Beijing time${reason}`,
    'Reads and close_payment still work; links that are already out stay payable. Only a person at a terminal can ' +
      'end it, with "alipay-mcp unfreeze". Tell that and stop.',
  )
}

function daily(operation: string, variable: string, block: { limit_fen: number; used_fen: number }): RefusedError {
  const left = Math.max(0, block.limit_fen - block.used_fen)
  return overLimit(operation, variable, toYuan(block.limit_fen), toYuan(block.used_fen), toYuan(left))
}

function overWhatIsLeft(
  operation: string,
  { total_fen, refunded_fen }: { total_fen: number; refunded_fen: number },
): RefusedError {
  const left = toYuan(Math.max(0, total_fen - refunded_fen))
  return refusal(
    operation,
    `it is more than what is left of the order: ${toYuan(total_fen)} yuan paid, at least ${toYuan(refunded_fen)} ` +
      `refunded, at most ${left} left`,
    'Ask the merchant which amount is meant; query_refund without an amount lists the refunds of the order.',
    { total_amount: toYuan(total_fen), refunded_amount: toYuan(refunded_fen), left },
  )
}

/** While one refund of an order is in flight or unknown, no other is sent, and this one not by another server. */
export function otherFirst(operation: string, other: Intent, why: 'in_flight' | 'unknown'): RefusedError {
  const { kind, number: out_request_no, amount_fen } = other
  if (kind !== 'refund') return refusal(operation, `another call to ${kind} this order is under way`, AGAIN)
  const state = why === 'in_flight' ? 'in flight' : 'of unknown outcome'
  return refusal(
    operation,
    `a refund of this order, ${toYuan(amount_fen)} yuan, is ${state} and comes first`,
    refundNextStep(other.trade_no, toYuan(amount_fen), out_request_no),
    { out_request_no },
    `Nothing was sent. ${MOVED_NOTHING} That refund may have moved money.`,
  )
}

export function queryRefundCall(trade_no: string | undefined, out_request_no: string): string {
  return `call query_refund with ${JSON.stringify({ trade_no, out_request_no })}, now and again in 10 minutes`
}

/** The exact call that finds out what became of a refund. */
export function refundNextStep(trade_no: string | undefined, refund_amount: string, out_request_no: string): string {
  return (
    `${queryRefundCall(trade_no, out_request_no)}. Do not refund by hand or under ` +
    `another number meanwhile; asking for the same refund (${refund_amount} yuan) again is safe.`
  )
}
