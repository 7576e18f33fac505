// Compares what Alipay's emulator booked with what the ledger knows, once everything in doubt was resolved by reading.
import { toFen } from '../../src/money.ts'
import type { World } from '../crash/world.ts'

export interface Comparison {
  orders: number
  refunds: number
  /** Orders that were answered as made and are not in the ledger, or refunds of which it knows nothing. */
  lost: readonly string[]
  /** Orders of which more than the one refund that was asked for was made. */
  double: readonly string[]
  /** Orders of which ledger and Alipay know different sums. */
  different: readonly string[]
}

// Past the leases of the killed, and past the time after which Alipay's silence counts.
const MINUTES = [3, 15, 15]

/** @param numbers the orders that were answered as made */
export async function compareBooks(world: World, numbers: readonly string[]): Promise<Comparison> {
  for (const minutes of MINUTES) {
    await world.pass(minutes)
    await world.command(['resolve'])
  }
  const { trades } = await world.trades()
  const ledger = await world.ledger()
  const [lost, double, different]: [string[], string[], string[]] = [[], [], []]
  for (const out_trade_no of numbers) if (!(await ledger.order({ out_trade_no }))) lost.push(out_trade_no)
  for (const { out_trade_no, refunds, refunded } of trades) {
    if (refunds.length > 1) double.push(out_trade_no)
    const order = await ledger.order({ out_trade_no })
    const known = (await ledger.intents(out_trade_no)).filter(({ kind }) => kind === 'refund')
    const unheardOf = refunds.filter(({ out_request_no }) => !known.some(({ number }) => number === out_request_no))
    if (unheardOf.length > 0) lost.push(out_trade_no)
    const done = known.filter(({ state }) => state === 'done').reduce((sum, { amount_fen }) => sum + amount_fen, 0)
    if (order && (order.refunded_fen !== toFen(refunded) || done !== toFen(refunded))) different.push(out_trade_no)
  }
  const refunds = trades.reduce((sum, trade) => sum + trade.refunds.length, 0)
  return { orders: numbers.length, refunds, lost, double, different }
}
