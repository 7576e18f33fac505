// What is looked at before an old order is closed for a new one: that none for the request is paid, and that a new one may be made.
import { RefusedError } from '../errors.ts'
import type { Call } from '../guard/call.ts'
import { NOTHING_SENT } from '../guard/not-sent.ts'
import { blockedError } from '../guard/refusals.ts'
import type { Ledger, Order } from '../ledger/ledger.ts'
import { alarmOf, isKept, isUnopened, payableUntil } from '../ledger/order.ts'
import { toFen } from '../money.ts'
import type { Predecessor } from './find-order.ts'
import { oldOrderAlarm, oldOrderPaidSince } from './order-errors.ts'
import type { OrderRequest } from './order-request.ts'

/**
 * Of all orders for one request.
 * @throws RefusedError where one that this one replaced, at once or by way of others, was paid
 */
export async function requireEarlierUnpaid(
  out_trade_no: string,
  by: Pick<Order, 'out_trade_no'> & Partial<Pick<Order, 'total_amount'>>,
  call: Call,
): Promise<void> {
  for (const old of await earlierOrders(out_trade_no, await call.ledger())) {
    if (isKept(old)) throw oldOrderPaidSince(old, by)
    const alarm = alarmOf(old)
    if (alarm) throw oldOrderAlarm(old.out_trade_no, out_trade_no, alarm)
  }
}

/** As far as can be told before: what the old one takes of the day's limit is free once it is closed. */
export async function requireNewOrderPossible(
  { total_amount }: OrderRequest,
  { out_trade_no, known, looked }: Predecessor,
  call: Call,
): Promise<void> {
  await requireLinksTaken(call)
  const [ledger, at] = [await call.ledger(), call.clock.now()]
  const { dailyPaymentsFen } = call.rules.limits
  const canBeClosed = known && (isUnopened(known) || looked.trade !== undefined)
  const freed = canBeClosed ? out_trade_no : undefined
  const inTheWay = await ledger.paymentsBlock(toFen(total_amount), dailyPaymentsFen, at, freed)
  if (!inTheWay) return
  const money = `${NOTHING_SENT} The old order ${out_trade_no} was not closed.`
  throw blockedError('create_payment', inTheWay).with({ money })
}

export async function requireLinksTaken({ gateway }: Call): Promise<void> {
  const refused = await gateway.checkIn()
  if (refused) throw new RefusedError('create_payment', refused, { money: NOTHING_SENT })
}

/** Those that the old one had replaced, and that can be paid all the same. */
export async function earlierPayable(out_trade_no: string, call: Call): Promise<readonly string[]> {
  const { clock, rules } = call
  const earlier = await earlierOrders(out_trade_no, await call.ledger())
  const open = earlier.filter((order) => {
    const waits = order.trade_status === undefined || order.trade_status === 'WAIT_BUYER_PAY'
    return waits && payableUntil(order, rules.environment, clock.behind()) !== undefined
  })
  return open.map((order) => order.out_trade_no)
}

/** What an order replaced, and what that one replaced, nearest first; not what came in its own place. */
async function earlierOrders(out_trade_no: string, ledger: Ledger): Promise<readonly Order[]> {
  const found = new Map<string, Order>()
  let next = (await ledger.order({ out_trade_no }))?.replaces
  while (next !== undefined && next !== out_trade_no && !found.has(next)) {
    const order = await ledger.order({ out_trade_no: next })
    if (!order) break
    found.set(next, order)
    next = order.replaces
  }
  return [...found.values()]
}
