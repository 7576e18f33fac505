// An order that was made before, shown again: the stored link and expiry, or its code asked for once more.
import { blockedError } from '../guard/blocked.ts'
import { settleOrder } from '../guard/settling.ts'
import type { Order } from '../ledger/ledger.ts'
import { payable } from '../ledger/order.ts'
import type { MadeOrder } from './make-order.ts'
import { expired, replacedAlready, withoutItsCode } from './not-made.ts'
import { fetchCode } from './order-code.ts'
import type { Services } from './tool.ts'

/** @throws InputError where its time is over or another order stands in its place */
export async function shownAgain(known: Order, services: Services): Promise<MadeOrder> {
  const { state, until } = payable(known.time_expire, services.environment, services.clock.now())
  if (state !== 'open') throw expired(known, until)
  if (known.replaced_by !== undefined) throw replacedAlready(known, known.replaced_by)
  const ledger = await services.ledger()
  if (known.pay_url === undefined && known.qr_content === undefined) {
    const { dailyPaymentsFen } = services.rules.limits
    const intent = await ledger.reserve('create', known.out_trade_no, services.act(), dailyPaymentsFen)
    if ('why' in intent) throw blockedError('create_payment', intent)
    if (intent.state === 'done') throw withoutItsCode(known)
    const coded = await fetchCode(services, known, intent)
    await ledger.withdrawCloseWish(known.out_trade_no, services.act())
    return { ...coded, twins: [], again: true }
  }
  // A close whose answer was lost would else be found to have closed nothing later, and be wished again.
  await settleOrder(services, known.out_trade_no)
  await ledger.withdrawCloseWish(known.out_trade_no, services.act())
  return { order: known, twins: [], again: true }
}
