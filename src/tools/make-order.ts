// Makes orders: with a new number, or with the merchant's own once it is known to be free; each is written first.
import { beijingTime } from '../clock.ts'
import type { Channel } from '../gateway/gateway.ts'
import { blockedError } from '../guard/blocked.ts'
import type { Order } from '../ledger/ledger.ts'
import { afterReplacing, elsewhere, notMade, replacedNothing } from './not-made.ts'
import { type Coded, fetchCode } from './order-code.ts'
import { newOrderNumber } from './order-number.ts'
import { ownOrder } from './own-order.ts'
import { replaceOrder } from './replace-order.ts'
import { shownAgain } from './shown-again.ts'
import type { Services } from './tool.ts'

export interface OrderWish {
  subject: string
  /** Yuan, two decimals. */
  total_amount: string
  out_trade_no?: string | undefined
  body?: string | undefined
  expires_in_minutes: number
  channel: Channel
  /** The order in whose place this one is made. */
  replaces?: string | undefined
}

export interface MadeOrder extends Coded {
  /** Open orders alike, made in the last minutes: perhaps the same wish. */
  twins: readonly string[]
  /** It was made before, and this call made nothing new. */
  again: boolean
  /** Set while the link of the order that it replaces can still be paid. */
  old_payable_until?: string | undefined
}

/**
 * A number given is looked for in the ledger and queried at Alipay first.
 * @throws InputError where it is taken, RefusedError where nobody can tell or a limit is in the way, LedgerError
 */
export async function makeOrder(wish: OrderWish, services: Services): Promise<MadeOrder> {
  // Looked at before an old order is closed, or an old link shown, in vain; making one looks again.
  const freeze = await (await services.ledger()).frozen()
  if (freeze) throw blockedError('create_payment', { why: 'frozen', since: freeze.at, because: freeze.why })
  const known =
    wish.out_trade_no === undefined ? undefined : await ownOrder(wish.out_trade_no, wish, services)
  if (known && wish.replaces === undefined) return shownAgain(known, services)
  if (known && known.replaces !== wish.replaces) throw replacedNothing(known, wish)
  const { already, old_payable_until } =
    wish.replaces === undefined ? {} : await replaceOrder(wish.replaces, wish, services)
  const again = already === undefined ? undefined : await ownOrder(already, wish, services)
  const made = again ? shownAgain(again, services) : newOrder(wish, services)
  return {
    ...(await made.catch((error) => Promise.reject(afterReplacing(error, wish)))),
    old_payable_until,
  }
}

async function newOrder(wish: OrderWish, services: Services): Promise<MadeOrder> {
  const { gateway, clock } = services
  const ledger = await services.ledger()
  await gateway.seeClock()
  const content = {
    out_trade_no: wish.out_trade_no ?? newOrderNumber(clock.now()),
    total_amount: wish.total_amount,
    subject: wish.subject,
    body: wish.body,
    // Absolute: a link with timeout_express alone would not age until somebody opens it.
    time_expire: beijingTime(clock.now() + wish.expires_in_minutes * 60_000),
  }
  const { channel, replaces } = wish
  const pay_url = channel === 'qr' ? undefined : await gateway.payLink(channel, content)
  const rules = { daily_payments_fen: services.rules.limits.dailyPaymentsFen }
  const order = { ...content, channel, pay_url, replaces }
  const reserved = await ledger.reserveOrder(order, rules, services.act())
  if (reserved.outcome === 'blocked') throw notMade(reserved.block, wish)
  if (reserved.outcome === 'known') return takenUp(reserved.order, wish, services)
  const { intent, twins } = reserved
  const made = intent ? await fetchCode(services, reserved.order, intent) : { order: reserved.order }
  return { ...made, twins, again: false }
}

/** Made by another call just now. */
async function takenUp({ out_trade_no }: Order, wish: OrderWish, services: Services): Promise<MadeOrder> {
  const ours = await ownOrder(out_trade_no, wish, services)
  if (!ours) throw elsewhere(out_trade_no)
  return shownAgain(ours, services)
}
