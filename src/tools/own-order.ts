// The order behind a number that was given: made here, the same as is wished now, and not another order's at Alipay.
import type { Order } from '../ledger/ledger.ts'
import { lookUp } from './look-up.ts'
import type { OrderWish } from './make-order.ts'
import { demandSame, replacedAlready, taken } from './not-made.ts'
import type { Services } from './tool.ts'

// Leaves a code that has to be asked for twice the rest of the 60 s after which hosts cut a call.
const LOOK_MS = 8_000

/** The order that was made here under the given number; undefined where the number is free. */
export async function ownOrder(
  out_trade_no: string,
  wish: OrderWish,
  services: Services,
): Promise<Order | undefined> {
  const ledger = await services.ledger()
  const known = await ledger.order({ out_trade_no })
  if (known?.made_here) demandSame(known, wish)
  const look = { by: 'create_payment', order: { out_trade_no }, within: LOOK_MS, readOnly: false }
  const { trade } = await lookUp(services, look)
  if (trade) await ledger.saw({ trade }, services.act())
  const ours = known?.made_here && known.total_amount === trade?.total_amount
  if (trade && !(ours && trade.trade_status === 'WAIT_BUYER_PAY')) throw taken(trade)
  if (known?.made_here) return known
  const [by] = await ledger.replacements(out_trade_no)
  if (by !== undefined) throw replacedAlready({ out_trade_no }, by)
  return undefined
}
