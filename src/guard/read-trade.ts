// Asks Alipay for an order, and holds the answer to what is known of it: a genuine one may be old, or of another order.
import type { OrderName, Outcome, ReadOptions, Trade } from '../gateway/gateway.ts'
import type { Order } from '../ledger/ledger.ts'
import { isNoTrade, latestTrade } from '../ledger/order.ts'
import type { Call } from './call.ts'
import { READ_AGAIN_MS } from './deadlines.ts'
import { ignoringLedgerErrors } from './send-permit.ts'

/**
 * The trade goes forward only: of an answer that is behind what was seen before, the later state is told.
 * @returns unknown where the answer cannot be about this order as it is known
 */
export async function readTrade(call: ReadingCall, name: OrderName, options?: ReadOptions): Promise<Outcome<Trade>> {
  const askedAt = call.clock.now()
  const { outcome, order } = await readOnce(call, name, options)
  // A notification may have come in between: then the answer was true when it was given.
  const isOvertaken = outcome.outcome === 'unknown' && (order?.checked_at ?? 0) >= askedAt
  return isOvertaken ? (await readOnce(call, name, { ...options, within: READ_AGAIN_MS })).outcome : outcome
}

type ReadingCall = Pick<Call, 'gateway' | 'ledger' | 'clock'>

async function readOnce(
  call: ReadingCall,
  name: OrderName,
  options: ReadOptions | undefined,
): Promise<{ outcome: Outcome<Trade>; order?: Order | undefined }> {
  const read = await call.gateway.query(name, options)
  const answered = read.outcome === 'done' || isNoTrade(read)
  const order = answered ? await ignoringLedgerErrors(call, (ledger) => ledger.order(name)) : undefined
  if (!order) return { outcome: read }
  const why = contradiction(order, read)
  if (why) return { outcome: { outcome: 'unknown', why }, order }
  return { outcome: read.outcome === 'done' ? { outcome: 'done', answer: latestTrade(order, read.answer) } : read }
}

function contradiction(order: Order, read: Outcome<Trade>): string | undefined {
  const { out_trade_no, trade_no } = order
  if (read.outcome !== 'done') {
    return order.trade_status && `Alipay answered that it has no such trade, and had it before: ${MAYBE_OLD}`
  }
  const isOther =
    read.answer.out_trade_no !== out_trade_no || read.answer.trade_no !== (trade_no ?? read.answer.trade_no)
  return isOther ? `the answer is about another trade than the one of this order: ${MAYBE_OLD}` : undefined
}

const MAYBE_OLD = 'the answer may be an old one, or of somebody between here and Alipay'

/** Whether Alipay answered, and the answer cannot be about the order as it is known. */
export const isContradiction = (why: string) => why.endsWith(MAYBE_OLD)
