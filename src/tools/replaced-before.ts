// An order that was replaced before: the same wish again shows what was made then, another one is told what stands now.
import { InputError } from '../errors.ts'
import type { Order } from '../ledger/ledger.ts'
import { payable } from '../ledger/order.ts'
import type { OrderWish } from './make-order.ts'
import { isSame } from './not-made.ts'
import type { Services } from './tool.ts'

export interface Replaced {
  /** The number of the order that the same wish made before: nothing new is to be made. */
  already?: string | undefined
  /** Set while the old link can still be paid. */
  old_payable_until?: string | undefined
}

/** The same wish again, after a lost answer, must not make a third order. */
export async function replacedBefore(
  known: Order,
  replaced_by: string,
  wish: OrderWish,
  services: Services,
): Promise<Replaced> {
  const made = await (await services.ledger()).order({ out_trade_no: replaced_by })
  const given = wish.out_trade_no ?? replaced_by
  const last = await lastOf(replaced_by, services)
  if (
    made &&
    last === given &&
    given === replaced_by &&
    isSame(made, wish) &&
    untilOf(made, services) !== undefined
  ) {
    return { already: replaced_by, old_payable_until: untilOf(known, services) }
  }
  throw new InputError(
    `replaces: ${wish.replaces} was already replaced by ${last}. Nothing was made now. To replace that one, ` +
      `give replaces ${JSON.stringify(last)}.`,
  )
}

async function lastOf(out_trade_no: string, services: Services): Promise<string> {
  const ledger = await services.ledger()
  const next = (await ledger.order({ out_trade_no }))?.replaced_by
  return next === undefined ? out_trade_no : lastOf(next, services)
}

/** Until when its link can be paid, as far as known here; undefined: it cannot. */
export function untilOf(order: Order | undefined, { environment, clock }: Services): string | undefined {
  const { state, until } = payable(order?.time_expire, environment, clock.now())
  return order?.unpaid_for_ever || state !== 'open' ? undefined : until
}
