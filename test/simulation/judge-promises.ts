// Holds what was said for all time to what came of it: what nobody can pay is never paid, a number is of one order.
import { type KnownOrder, yuanOf } from './agent.ts'
import type { Alipay } from './alipay.ts'
import { type Findings, isLost, must, type Records } from './records.ts'

const NEVER = 'what nobody can pay any more is never paid'

export function* judgePromises(records: Records, alipay: Alipay, orders: readonly KnownOrder[]): Findings {
  for (const call of records.calls) {
    // A ledger that was put back keeps no promise that was given since.
    if (call.how !== 'done' || isLost(records, call.ended)) continue
    // What was paid there is no payment of ours.
    const isElsewhere = (number: unknown) => orders.some((one) => one.isElsewhere && one.out_trade_no === number)
    if (call.order?.isElsewhere || isElsewhere(call.args.replaces)) continue
    const { tool, answer, order, args, startedAt } = call
    const paidAt = (number: unknown) => alipay.trade(String(number))?.paid_at
    const why = () => `${tool} ${JSON.stringify(args)}: ${answer.message}, and it is paid`
    if (/nobody can pay .*any more/.test(String(answer.message)) || answer.closed === true) {
      yield must(paidAt(order?.out_trade_no) === undefined, NEVER, why)
    }
    if (tool === 'create_payment') {
      const trade = alipay.trade(String(answer.out_trade_no))
      const same = !trade || isElsewhere(answer.out_trade_no) || yuanOf(trade.total_fen) === answer.total_amount
      yield must(same, 'a number belongs to one order', () => `${answer.message}, and it is ${trade?.total_fen} fen`)
    }
    // Replaced, and not said to be payable still; one that was refunded may have been paid before.
    const replaced = tool === 'create_payment' && /^Order made/.test(String(answer.message))
    if (!replaced || args.replaces === undefined || answer.old_payable_until !== undefined) continue
    yield must((paidAt(args.replaces) ?? 0) < startedAt, NEVER, why)
  }
}
