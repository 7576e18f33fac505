// Creates an order: shows again what the same request made before, else closes the order in whose place it comes,
// writes the new one down, and fetches its code where it is to have one.

import { type CheckoutPages, newToken, returnAddress } from '../checkout/short-link.ts'
import { beijingTime } from '../clock.ts'
import type { Channel, LinkChannel, PayContent } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { resolveOrder } from '../guard/in-doubt.ts'
import { requirePaymentAllowed } from '../guard/limits.ts'
import { blockedError } from '../guard/refusals.ts'
import type { NewOrder, Order } from '../ledger/ledger.ts'
import { newOrderNumber, otherAmount, payable, payableUntil, viewOf } from '../ledger/order.ts'
import { toFen } from '../money.ts'
import { closeOrder } from './close-order.ts'
import { findForCreating, type Predecessor } from './find-order.ts'
import {
  afterReplacing,
  elsewhere,
  expired,
  oldOrderOfAnother,
  oldOrderOpen,
  oldOrderPaid,
  wasClosed,
  wasReplaced,
  withoutItsCode,
} from './order-errors.ts'
import type { CreatedOrder, OldOrder, OrderRequest } from './order-request.ts'
import { fetchCode } from './precreate.ts'
import { earlierPayable, requireEarlierUnpaid, requireLinksTaken, requireNewOrderPossible } from './replaceable.ts'
import { NONE_SIMILAR, type OwnOrders } from './similar-orders.ts'

/** Whoever makes an order that no buyer gets, keeps no account of them, and has no pages. */
export type CreatingCall = Call & { ownOrders?: OwnOrders; pages?: CheckoutPages | undefined }

/** @throws InputError where the number is taken, RefusedError where nobody can tell or a limit is in the way, LedgerError */
export async function createOrder(request: OrderRequest, call: CreatingCall): Promise<CreatedOrder> {
  requirePaymentAllowed(toFen(request.total_amount), call.rules)
  // Looked at before an old order is closed, or an old link shown, in vain; making one looks again.
  const freeze = await (await call.ledger()).frozen()
  if (freeze) throw blockedError('create_payment', { why: 'frozen', since: freeze.at, because: freeze.why })
  const { existing, predecessor } = await findForCreating(request, call)
  if (existing) {
    const old = await oldLink(existing, call)
    return { ...(await showAgain(existing, call)), old }
  }
  // Before the old one is closed for it.
  if (predecessor) {
    await requireEarlierUnpaid(predecessor.out_trade_no, predecessor.known ?? predecessor, call)
    await requireNewOrderPossible(request, predecessor, call)
  }
  const old = predecessor && (await closeReplaced(predecessor, request.total_amount, call))
  try {
    const earlier = predecessor && (await earlierPayable(predecessor.out_trade_no, call))
    return { ...(await newOrder(request, call)), old, earlier }
  } catch (error) {
    throw afterReplacing(error, request, old)
  }
}

/** @throws InputError where its time is over or another order stands in its place */
async function showAgain(known: Order, call: Call): Promise<CreatedOrder> {
  const { out_trade_no, replaced_by } = known
  const { state, until } = payable(known, call.rules.environment, call.clock.behind())
  if (state === 'closed') throw wasClosed(out_trade_no)
  if (state !== 'open') throw expired(known, until)
  if (replaced_by !== undefined) throw wasReplaced(out_trade_no, replaced_by)
  const ledger = await call.ledger()
  const isLost = known.channel === 'qr' && known.qr_content === undefined
  const coded = isLost ? await codeAgain(known, call) : { order: known }
  // A close whose answer was lost would else be found to have closed nothing later, and be asked for again.
  if (!isLost) await resolveOrder(call, out_trade_no)
  const { close_requested_at } = known
  if (close_requested_at !== undefined)
    await ledger.withdrawCloseRequest(out_trade_no, call.actor(), close_requested_at)
  return { ...coded, similar_orders: NONE_SIMILAR, again: true }
}

async function codeAgain(known: Order, call: Call) {
  const { dailyPaymentsFen } = call.rules.limits
  const intent = await (await call.ledger()).reserve('create', known.out_trade_no, call.actor(), dailyPaymentsFen)
  if ('why' in intent) throw blockedError('create_payment', intent)
  if (intent.state === 'done') throw withoutItsCode(known)
  return fetchCode(call, known, intent)
}

async function newOrder(request: OrderRequest, call: CreatingCall): Promise<CreatedOrder> {
  const { clock, rules } = call
  const { replaces, subject, total_amount, body } = request
  await requireLinksTaken(call)
  const content = {
    out_trade_no: request.out_trade_no ?? (await newNumber(request, call)),
    total_amount,
    subject,
    body,
    // Absolute: a link with timeout_express alone would not age until somebody opens it.
    time_expire: beijingTime(clock.alipay() + request.expires_in_minutes * 60_000),
  }
  const { no_page, ...way } = await wayToPay(request.channel, content, call)
  const daily_payments_fen = rules.limits.dailyPaymentsFen
  const reserved = await (await call.ledger()).reserveOrder(
    { ...content, ...way, replaces, sale: request.sale },
    { daily_payments_fen },
    call.actor(),
  )
  if (reserved.outcome === 'blocked') throw blockedError('create_payment', reserved.block)
  if (reserved.outcome === 'known') {
    const { created_here, out_trade_no } = reserved.order
    if (!created_here) throw elsewhere(out_trade_no)
    // By another call, just now: all begins again.
    return createOrder({ ...request, out_trade_no }, call)
  }
  const { intent, order } = reserved
  call.ownOrders?.add(order.out_trade_no)
  const similar_orders = call.ownOrders?.among(reserved.similar_orders) ?? NONE_SIMILAR
  const coded = intent ? await fetchCode(call, order, intent) : { order }
  return { ...coded, similar_orders, again: false, no_page }
}

/** Of a sale one that the shop knows again. */
async function newNumber({ sale }: OrderRequest, { clock, ledger }: Call): Promise<string> {
  return sale ? (await ledger()).newSaleNumber(clock.now()) : newOrderNumber(clock.now())
}

type WayToPay = Pick<NewOrder, 'channel' | 'pay_url' | 'checkout'> & Pick<CreatedOrder, 'no_page'>

/** Its page with a link for each product, where buyers can reach one; else one link of Alipay's, or a code. */
async function wayToPay(channel: Channel, content: PayContent, call: CreatingCall): Promise<WayToPay> {
  const { gateway, pages, rules } = call
  if (channel === 'qr') return { channel }
  const proven = await pages?.proven(call)
  // What is kept is not what is shown: the link holds the merchant's token.
  const linkOf = async (product: LinkChannel, return_url?: string) =>
    gateway.keepableLink(await gateway.payLink(product, content, return_url))
  if (!proven || 'why' in proven) return { channel, pay_url: await linkOf(channel), no_page: proven?.why }
  const token = newToken()
  const return_url = returnAddress(proven.at, token)
  const products = rules.channels.filter((product) => product !== 'qr')
  const links = await Promise.all(
    products.map(async (product) => [product, await linkOf(product, return_url)] as const),
  )
  return { checkout: { token, links: Object.fromEntries(links) } }
}

/**
 * Until when the order in whose place this one was made can still be paid, as far as known here.
 * @throws RefusedError where it was paid since: nobody is to pay this one, too
 */
async function oldLink(order: Order, call: Call): Promise<OldOrder | undefined> {
  const { out_trade_no, replaces } = order
  if (replaces === undefined) return undefined
  await requireEarlierUnpaid(out_trade_no, order, call)
  const old = await (await call.ledger()).order({ out_trade_no: replaces })
  const isWaiting = old?.trade_status === undefined || old.trade_status === 'WAIT_BUYER_PAY'
  return isWaiting ? stillPayable(old, call, call.clock.behind()) : undefined
}

/** @param at a moment of `now()`, by the clock that is behind */
function stillPayable(order: Order | undefined, { rules }: Call, at: number): OldOrder | undefined {
  const { state, until } = payable(order, rules.environment, at)
  if (order && state === 'time_is_up' && !order.can_never_be_paid) return { payable_until: until, isPast: true }
  const payable_until = payableUntil(order, rules.environment, at)
  const { cashier_opened_at } = order ?? {}
  return payable_until === undefined ? undefined : { payable_until, cashier_opened_at }
}

/**
 * Closes the order in whose place a new one is to be made.
 * @param asked the new price
 * @returns until when it can be paid all the same
 * @throws RefusedError where it was paid or may still be: no new one is made then
 */
async function closeReplaced(
  { out_trade_no, known, looked }: Predecessor,
  asked: string,
  call: Call,
): Promise<OldOrder | undefined> {
  if (looked.trade) {
    const { trade } = looked
    await (await call.ledger()).recordTrade({ trade }, call.actor(), true)
    const other = otherAmount(known, trade)
    if (other) throw oldOrderOfAnother(out_trade_no, other, false)
    if (viewOf(trade).paid) throw oldOrderPaid(trade, known, asked, false)
    if (trade.trade_status !== 'WAIT_BUYER_PAY') return undefined
    return closeOld(out_trade_no, asked, call)
  }
  const old = stillPayable(known, call, looked.askedAt)
  if (old === undefined && known) await noteIfOver(known, call, looked.askedAt)
  if (old === undefined || old.isPast) return old
  // The close is sent all the same: a buyer may have come just now, and some codes are blocked by it.
  return known ? closeOld(out_trade_no, asked, call) : { payable_until: `${old.payable_until}${CHECK}` }
}

/** What certainly nobody paid takes nothing of the day's limit. */
async function noteIfOver(known: Order, call: Call, askedAt: number): Promise<void> {
  const { out_trade_no } = known
  if (payable(known, call.rules.environment, askedAt).state !== 'expired') return
  await (await call.ledger()).recordTrade({ out_trade_no, certainlyUnpaid: true }, call.actor())
}

// A wrong number would leave the true old order open beside the new one, and nothing would tie the two.
const CHECK = '; check that number, which neither this ledger nor Alipay knows'

async function closeOld(old: string, asked: string, call: Call): Promise<OldOrder | undefined> {
  const closed = await closeOrder(call, old)
  const other = closed.state === 'paid' && otherAmount(closed.order, closed.trade)
  if (other) throw oldOrderOfAnother(old, other, true)
  if (closed.state === 'paid') throw oldOrderPaid(closed.trade, closed.order, asked, true)
  if (closed.state === 'unknown') throw oldOrderOpen(old, false, closed.close)
  if (closed.state !== 'payable') return undefined
  if (closed.trade) throw oldOrderOpen(old, true, closed.close)
  if (!closed.order) throw oldOrderOpen(old, false, closed.close)
  return stillPayable(closed.order, call, closed.askedAt)
}
