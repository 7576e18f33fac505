// A new order in the place of an old one: the old one is queried and closed first, and both stay tied together.
import { InputError } from '../errors.ts'
import type { Trade } from '../gateway/gateway.ts'
import { NOTHING_SENT, refusal } from '../guard/blocked.ts'
import { sendClose } from '../guard/closing.ts'
import { afterwards } from '../guard/sending.ts'
import { isNoTrade } from '../guard/settling.ts'
import type { Order } from '../ledger/ledger.ts'
import { otherAmount, viewOf } from '../ledger/order.ts'
import { lookUp } from './look-up.ts'
import type { OrderWish } from './make-order.ts'
import { type Replaced, replacedBefore, untilOf } from './replaced-before.ts'
import type { Services } from './tool.ts'

const QUERY_MS = 5_000

/** @throws RefusedError where the old order was paid or may still be: no new one is made then */
export async function replaceOrder(old: string, wish: OrderWish, services: Services): Promise<Replaced> {
  if (old === wish.out_trade_no) throw new InputError('replaces: an order cannot replace itself.')
  const ledger = await services.ledger()
  const known = await ledger.order({ out_trade_no: old })
  if (known?.replaced_by !== undefined) return replacedBefore(known, known.replaced_by, wish, services)
  const look = { by: 'create_payment', order: { out_trade_no: old }, within: QUERY_MS, readOnly: false }
  const { trade } = await lookUp(services, look)
  if (!trade) return withoutTrade(old, known, services)
  await ledger.saw({ trade }, services.act(), true)
  const other = otherAmount(known, trade)
  if (other) throw otherOrder(old, other)
  if (!isOpen(old, trade, known)) return {}
  const closed = await sendClose(services, old)
  return closed.outcome === 'done' ? {} : afterClose(old, services)
}

/** Whether it still has to be closed. @throws RefusedError where it was paid */
function isOpen(old: string, trade: Trade, known: Order | undefined, money = NOTHING_SENT): boolean {
  const { paid, message } = viewOf(trade, known?.refunded_fen)
  const why = `${old}, which was to be replaced, is paid`
  if (paid) throw stop(why, `${message} Tell the merchant; ${REFUND}`, money)
  return trade.trade_status === 'WAIT_BUYER_PAY'
}

/** The close is sent all the same: a buyer may have come just now, and some codes are blocked by it. */
async function withoutTrade(old: string, known: Order | undefined, services: Services): Promise<Replaced> {
  const old_payable_until = untilOf(known, services)
  if (old_payable_until === undefined) return {}
  if (!known) return { old_payable_until: `${old_payable_until}${CHECK}` }
  const closed = await sendClose(services, old)
  if (closed.outcome === 'done') return {}
  return isNoTrade(closed) ? wished(known, services) : afterClose(old, services)
}

/** A close that did not work, or whose answer was lost, tells less than the order itself. */
async function afterClose(old: string, services: Services): Promise<Replaced> {
  const { gateway, signal, act } = services
  const asked = await gateway.query({ out_trade_no: old }, { within: QUERY_MS, signal })
  const trade = asked.outcome === 'done' ? asked.answer : undefined
  const known = await afterwards(services, (ledger) =>
    trade ? ledger.saw({ trade }, act()) : ledger.order({ out_trade_no: old }),
  )
  if (trade && !isOpen(old, trade, known, CLOSE_SENT)) return {}
  if (isNoTrade(asked) && known) return wished(known, services)
  const now = trade ? 'it still waits for payment' : 'Alipay does not tell its state'
  throw stop(
    `${old}, which was to be replaced, could not be closed (${now}), so both could be paid`,
    `Call query_payment for ${old}; once it is closed, ask again with the same words. If it was paid, ${REFUND}`,
    CLOSE_SENT,
  )
}

/** There is nothing at Alipay to close yet: reads of the old order will remind of it. */
async function wished(known: Order, services: Services): Promise<Replaced> {
  await afterwards(services, (ledger) => ledger.wishClose(known.out_trade_no, services.act()))
  return { old_payable_until: untilOf(known, services) }
}

function otherOrder(old: string, other: string): Error {
  const why = `${old}: ${other}: it is another order`
  return stop(
    why,
    'Tell the merchant; leave replaces out for an order that has nothing to do with it.',
    NOTHING_SENT,
  )
}

// A wrong number would leave the true old order open beside the new one, and nothing would tie the two.
const CHECK = '; check that number, which neither this ledger nor Alipay knows'
const REFUND = "refund_payment gives money back, only on the merchant's wish."
const CLOSE_SENT = 'This call moved nothing; at most it closed the old order.'

function stop(why: string, next_step: string, money: string): Error {
  return refusal('create_payment', `${why}; no new order was made`, next_step, {}, money)
}
