// What the ledger has of an order, for tools that only read: without the ledger they go on, and say so.
import { beijingTime } from '../clock.ts'
import { LedgerError } from '../errors.ts'
import type { OrderName } from '../gateway/gateway.ts'
import { settleOrder } from '../guard/settling.ts'
import type { Intent, Ledger, Order } from '../ledger/ledger.ts'
import { payable } from '../ledger/order.ts'
import { toYuan } from '../money.ts'
import type { LookedUp } from './look-up.ts'
import type { Services } from './tool.ts'

export interface Known {
  order?: Order | undefined
  /** Sent, and not known how it ended. */
  unsettled: readonly Intent[]
  /** Why the ledger could not be read. */
  problem?: string | undefined
}

/** Writes what Alipay said of the order, settles by reading what is unfinished of it, and tells what is known then. */
export async function knownOrder(services: Services, name: OrderName, looked: LookedUp): Promise<Known> {
  try {
    const ledger = await services.ledger()
    const order = looked.trade
      ? await ledger.saw({ trade: looked.trade }, services.act())
      : await withoutTrade(services, ledger, name)
    return order ? await settled(services, ledger, order) : { unsettled: [] }
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    return { unsettled: [], problem: `The ledger could not be used, so less is known: ${error.message}` }
  }
}

async function withoutTrade(services: Services, ledger: Ledger, name: OrderName): Promise<Order | undefined> {
  const order = await ledger.order(name)
  if (!order || !isExpired(order, services)) return order
  return ledger.saw({ out_trade_no: order.out_trade_no, certainlyUnpaid: true }, services.act())
}

/** After every unfinished step was asked about. */
async function settled(services: Services, ledger: Ledger, order: Order): Promise<Known> {
  const { out_trade_no } = order
  if (!order.unfinished) return { order, unsettled: [] }
  await settleOrder(services, out_trade_no)
  const unsettled = await ledger.unsettled(out_trade_no)
  return { order: await ledger.order({ out_trade_no }), unsettled }
}

function isExpired({ time_expire }: Order, { environment, clock }: Services): boolean {
  return payable(time_expire, environment, clock.now()).state === 'expired'
}

/** One step whose end nobody knows yet, in words. */
export function unfinished(intent: Intent, { clock }: Pick<Services, 'clock'>): string {
  const { kind, amount_fen, state, lease_until, made_at, trade_no, number } = intent
  const amount = kind === 'close' ? '' : ` of ${toYuan(amount_fen)} yuan`
  const ask =
    kind === 'refund'
      ? `, call query_refund with ${JSON.stringify({ trade_no, out_request_no: number })}`
      : ''
  const held = lease_until > clock.now()
  const how = held ? 'in flight' : state === 'prepared' ? 'prepared' : 'of unknown outcome'
  return `${kind}${amount}, ${how}, since ${beijingTime(made_at)} Beijing time${ask}`
}
