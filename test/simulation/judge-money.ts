// Holds the money itself to the rules: one request is one refund at most, with a yes where one is due.
import { yuanOf } from './agent.ts'
import { type Alipay, ours, refundedFen, type Trade } from './alipay.ts'
import { tradeText } from './judge-answers.ts'
import { type Ended, type Findings, isLost, madeNothing, must, type Records } from './records.ts'
import { asking } from './rules.ts'
import { isForBuyer, refundsSent } from './shop-records.ts'
import type { Settings } from './steps.ts'

export const NO_YES = 'no money goes out without the yes that is due'

export function* judgeMoney(records: Records, alipay: Alipay, settings: Settings): Findings {
  for (const trade of alipay.trades()) {
    const paid = trade.paid_at === undefined ? 0 : trade.total_fen
    yield must(refundedFen(trade) <= paid, 'no more is refunded than was paid', () => tradeText(trade))
    if (ours(trade).length === 0) continue
    const calls = refundCallsOf(trade, records)
    yield* judgeRequests(trade, calls)
    yield* judgeYeses(trade, calls, records, settings)
  }
}

/** By the merchant, by a buyer, or by the operator for a buyer. */
const REFUNDING: readonly string[] = ['refund_payment', 'request_refund', 'answer_request']

export function refundCallsOf(trade: Trade, { calls }: Records): readonly Ended[] {
  return calls.filter(({ tool, order }) => REFUNDING.includes(tool) && order?.out_trade_no === trade.out_trade_no)
}

/** A call that was refused made nothing, then and later: only what is asked for otherwise may be at Alipay. */
function* judgeRequests(trade: Trade, calls: readonly Ended[]): Findings {
  const requested = new Map<string, number | undefined>()
  for (const { how, request } of calls) if (!madeNothing(how) && request) requested.set(request.key, request.fen)
  const fens = [...requested.values()]
  const rests = fens.filter((fen) => fen === undefined).length
  let others = 0
  for (const [fen, made] of countBy(ours(trade).map((refund) => refund.fen))) {
    others += Math.max(0, made - fens.filter((one) => one === fen).length)
  }
  const why = () => `requested: ${[...requested.keys()].join(', ') || 'nothing'}; Alipay has ${tradeText(trade)}`
  yield must(others <= rests, 'one request is one refund at most', why)
}

function* judgeYeses(trade: Trade, calls: readonly Ended[], records: Records, settings: Settings): Findings {
  const asks = asking(settings)
  if (asks === 'never') return
  const said = yesesTo(trade, records)
  let sum = 0
  for (const [fen, made] of unaskedOf(trade, records)) {
    const free = asks === 'exceptions' ? firstOnes(trade, calls, fen) : 0
    sum += fen * Math.max(0, made - free)
  }
  // What stays under it may go without a yes.
  const most = asks === 'always' ? (settings.approveAboveFen ?? 1) - 1 : 0
  const why = () => `${yuanOf(sum)} without a yes (${JSON.stringify(said)}); Alipay has ${tradeText(trade)}`
  yield must(sum <= most, NO_YES, why)
  const remembered = calls.filter(({ ended }) => !isLost(records, ended))
  for (const call of calls) yield* judgeAfterDoubt(call, remembered, said, trade)
}

const yesesTo = (trade: Trade, { yeses }: Records) =>
  yeses.filter(({ out_trade_no }) => out_trade_no === trade.out_trade_no)

/** How many refunds of each amount must have been made without a yes; what buyers asked for has rules of its own. */
export function unaskedOf(trade: Trade, records: Records): ReadonlyMap<number, number> {
  const said = yesesTo(trade, records)
  const forBuyers = refundsSent(records, trade.trade_no).filter(({ life }) => isForBuyer(life))
  const others = ours(trade).filter(({ out_request_no }) =>
    forBuyers.every(({ biz }) => biz.out_request_no !== out_request_no),
  )
  const made = countBy(others.map(({ fen }) => fen))
  return new Map(
    [...made].map(([fen, count]) => [fen, Math.max(0, count - said.filter((yes) => yes.fen === fen).length)]),
  )
}

/** Where nobody is asked about the first refund of an amount: that one, and the rest. */
function firstOnes(trade: Trade, calls: readonly Ended[], fen: number): number {
  const keys = new Set(calls.map(({ request }) => request?.key))
  const free = [`${trade.out_trade_no}|${yuanOf(fen)}`, `${trade.out_trade_no}|rest`]
  return free.filter((key) => keys.has(key)).length
}

/** After an answer "unknown", and until that refund is found made, each refund of the order wants its own yes. */
function* judgeAfterDoubt(call: Ended, calls: readonly Ended[], yeses: Records['yeses'], trade: Trade): Findings {
  const { answer, startedAt, endedAt, began, refundsBefore } = call
  if (call.how !== 'done' || answer.moved !== 'now') return
  const made = new Set([...refundsBefore, ...numbersOf(trade)])
  const doubt = calls.find(
    (earlier) => earlier.how === 'unknown' && earlier.ended < began && !made.has(String(earlier.answer.out_request_no)),
  )
  const yes = yeses.some(
    ({ at, fen }) => at <= endedAt && at >= startedAt - VALID_MS && yuanOf(fen) === answer.refund_amount,
  )
  yield must(
    !doubt || yes,
    NO_YES,
    () => `${answer.out_request_no} after the doubt about ${doubt?.answer.out_request_no}`,
  )
}

// A request outside the chat may be answered before the call that uses the answer.
const VALID_MS = 900_000

const numbersOf = (trade: Trade) => ours(trade).map(({ out_request_no }) => out_request_no)

export function countBy(fens: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const fen of fens) counts.set(fen, (counts.get(fen) ?? 0) + 1)
  return counts
}
