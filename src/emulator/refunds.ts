// The rules of giving money back; T is total_amount, S the sum refunded so far.
import { Refusal, type SubCode } from './answers.ts'
import type { Platform } from './platform.ts'
import { type Refund, refundedFen, statusOf, type Trade } from './trade.ts'

export interface RefundRequest {
  readonly out_request_no: string | undefined
  readonly fen: number
  readonly reason: string | undefined
}

/** At least three seconds between two refunds of one trade (open/02ekfs). */
const LEAST_INTERVAL_MS = 3_000

/** [guess G10] The documents name the rule but not the answer. */
const GUESSED = {
  too_soon: 'ACQ.SYSTEM_ERROR',
  above_total: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  above_rest: 'ACQ.REASON_TRADE_REFUND_FEE_ERR',
  fully_refunded: 'ACQ.TRADE_HAS_CLOSE',
  sandbox_partial: 'ACQ.REASON_TRADE_REFUND_FEE_ERR',
  sandbox_again_after_failure: 'ACQ.TRADE_STATUS_ERROR',
} as const satisfies Record<string, SubCode>

/** Makes the refund, or finds the one already made under this number; `moved` is fund_change. */
export function refundTrade(
  trade: Trade,
  params: RefundRequest,
  platform: Platform,
): { refund: Refund; moved: boolean } {
  if (platform.rules.sandbox) refuseBySandbox(trade, params, platform)
  const out_request_no = params.out_request_no ?? trade.out_trade_no
  const done = trade.refunds.find((refund) => refund.out_request_no === out_request_no)
  if (done) {
    if (done.fen !== params.fen) throw new Refusal('ACQ.DISCORDANT_REPEAT_REQUEST')
    return { refund: done, moved: false }
  }
  refuseByState(trade, platform.clock.now())
  refuseByAmount(trade, params)
  refuseByInterval(trade, platform.clock.now())
  takeFromBalance(params.fen, platform)
  const refund = { ...params, out_request_no, at: platform.clock.now(), by: 'api' } as const
  addRefund(trade, refund, platform)
  return { refund, moved: true }
}

/** A refund by hand in the merchant's console: the API sees its money, not its number. */
export function refundInConsole(trade: Trade, fen: number, platform: Platform): Refund {
  refuseByState(trade, platform.clock.now())
  if (fen > trade.total_fen - refundedFen(trade)) throw new Refusal(GUESSED.above_rest)
  takeFromBalance(fen, platform)
  const out_request_no = `CONSOLE${trade.trade_no}${trade.refunds.length + 1}`
  const refund = { out_request_no, fen, at: platform.clock.now(), reason: undefined, by: 'console' } as const
  addRefund(trade, refund, platform)
  return refund
}

function addRefund(trade: Trade, refund: Refund, platform: Platform): void {
  trade.refunds.push(refund)
  platform.notifications.add(trade, { kind: 'refund', refund }, platform)
}

/** Alipay's sandbox refunds a trade once, in full; a refused try uses that one chance up. */
function refuseBySandbox(trade: Trade, params: RefundRequest, platform: Platform): void {
  refuseByState(trade, platform.clock.now())
  if (trade.refund_tried) throw new Refusal(GUESSED.sandbox_again_after_failure)
  trade.refund_tried = true
  if (params.fen < trade.total_fen) throw new Refusal(GUESSED.sandbox_partial)
}

function refuseByState(trade: Trade, now: number): void {
  const status = statusOf(trade, now)
  if (status === 'WAIT_BUYER_PAY') throw new Refusal('ACQ.TRADE_STATUS_ERROR')
  if (status === 'TRADE_CLOSED') throw new Refusal(GUESSED.fully_refunded)
  if (status === 'TRADE_FINISHED') throw new Refusal('ACQ.TRADE_HAS_FINISHED')
}

function refuseByAmount(trade: Trade, params: RefundRequest): void {
  const partialWithoutNumber = params.out_request_no === undefined && params.fen < trade.total_fen
  if (params.fen > trade.total_fen || partialWithoutNumber) throw new Refusal(GUESSED.above_total)
  if (params.fen > trade.total_fen - refundedFen(trade)) throw new Refusal(GUESSED.above_rest)
}

function refuseByInterval(trade: Trade, now: number): void {
  const previous = trade.refunds.at(-1)
  if (previous && now - previous.at < LEAST_INTERVAL_MS) throw new Refusal(GUESSED.too_soon)
}

function takeFromBalance(fen: number, platform: Platform): void {
  const balance = platform.rules.balance_fen
  if (balance === undefined) return
  if (balance < fen) throw new Refusal('ACQ.SELLER_BALANCE_NOT_ENOUGH')
  platform.rules.balance_fen = balance - fen
}
