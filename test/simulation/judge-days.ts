// Holds each Beijing day to its limits, to the fen.
import { beijingTime } from '../../src/clock.ts'
import type { Intent } from '../../src/ledger/ledger.ts'
import { yuanOf } from './agent.ts'
import { type Alipay, ours } from './alipay.ts'
import { NO_YES, refundCallsOf, unaskedOf } from './judge-money.ts'
import { type Ended, type Findings, must, type Records } from './records.ts'
import { asking } from './rules.ts'
import type { Settings } from './steps.ts'

const REFUNDS = 'a day never refunds more than its limit'
const PAYMENTS = 'the orders of a day never come to more than its limit'

/** What can only have been decided on one day counts on that day. */
export function* judgeDays(records: Records, alipay: Alipay, settings: Settings): Findings {
  const { dailyRefundsFen, dailyPaymentsFen, approveAboveFen } = settings
  const refunded = new Map<string, number>()
  const unasked = new Map<string, number>()
  const made = new Map<string, number>()
  for (const trade of alipay.trades()) {
    for (const { fen } of ours(trade)) {
      const calls = refundCallsOf(trade, records).filter(({ request }) => request && (request.fen ?? fen) === fen)
      count(refunded, calls, fen)
    }
    for (const [fen, made] of unaskedOf(trade, records)) {
      const calls = refundCallsOf(trade, records).filter(({ request }) => request && (request.fen ?? fen) === fen)
      count(unasked, calls, fen * made)
    }
    if (trade.paid_at === undefined) continue
    const creates = records.calls.filter(({ tool, args, answer }) => {
      const number = args.out_trade_no ?? answer.out_trade_no
      return tool === 'create_payment' && number === trade.out_trade_no
    })
    count(made, creates, trade.total_fen)
  }
  yield* within(refunded, dailyRefundsFen, REFUNDS)
  yield* within(made, dailyPaymentsFen, PAYMENTS)
  const most = asking(settings) === 'always' && approveAboveFen !== undefined ? approveAboveFen - 1 : undefined
  yield* within(unasked, most, NO_YES)
}

/** The same by the days that the ledger gives to the refunds which Alipay has. */
export function* judgeLedgerDays(intents: readonly Intent[], { dailyRefundsFen }: Settings): Findings {
  const days = new Map<string, number>()
  for (const { day, amount_fen } of intents) days.set(day, (days.get(day) ?? 0) + amount_fen)
  yield* within(days, dailyRefundsFen, REFUNDS)
}

function count(days: Map<string, number>, calls: readonly Ended[], fen: number): void {
  const possible = new Set(calls.flatMap(({ startedAt, endedAt }) => [dayOf(startedAt), dayOf(endedAt || startedAt)]))
  const [day] = possible
  if (day !== undefined && possible.size === 1) days.set(day, (days.get(day) ?? 0) + fen)
}

function* within(days: ReadonlyMap<string, number>, limit: number | undefined, rule: string): Findings {
  for (const [day, fen] of limit === undefined ? [] : days) {
    yield must(fen <= (limit ?? 0), rule, () => `${yuanOf(fen)} on ${day}, and ${yuanOf(limit ?? 0)} is the limit`)
  }
}

const dayOf = (at: number) => beijingTime(at).slice(0, 10)
