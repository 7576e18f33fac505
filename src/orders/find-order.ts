// Finds an order: at Alipay, before anything else is said or done about it, and in the ledger.
import { InputError, LedgerError, NoAnswerError, RefusedError } from '../errors.ts'
import type { OrderName, Refusal, Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { LOOK_UP_MS, READ_MS } from '../guard/deadlines.ts'
import { resolveOrder } from '../guard/in-doubt.ts'
import { NOTHING_CHANGED, refusal } from '../guard/not-sent.ts'
import { readTrade } from '../guard/read-trade.ts'
import { ignoringLedgerErrors } from '../guard/send-permit.ts'
import type { Charge, Intent, Ledger, Order } from '../ledger/ledger.ts'
import { isNoTrade, otherAmount, payable, payableUntil } from '../ledger/order.ts'
import { chargeOf, requireNoCharge } from './charge-orders.ts'
import { otherOrder, replacedBefore, replacedNothing, taken, wasReplaced } from './order-errors.ts'
import type { OrderRequest } from './order-request.ts'
import { checkNumber, lastKnown, nowhereWords } from './order-words.ts'

/** Either the verified trade, or Alipay's refusal that it knows no such trade (yet), as of when by the clock that is behind. */
export type LookedUp = { trade: Trade } | { trade?: never; notExist: Refusal; askedAt: number }

export interface LookUp {
  /** The tool that asks, for the words of an error. */
  by: string
  order: OrderName
  /** Milliseconds, repeats included. */
  within?: number
  /** Whether reading is all that the tool does: without an answer it then knows nothing, else it did nothing. */
  readOnly: boolean
  /** Asked for several calls at once, so that the cancellation of one must not end it. */
  shared?: boolean
}

/** @throws RefusedError, or NoAnswerError where Alipay gave no answer that can be trusted: with what was last known */
export async function lookUp(call: Call, look: LookUp): Promise<LookedUp> {
  const { by, order, within, readOnly, shared } = look
  const at = call.clock.now()
  const outcome = await readTrade(call, order, { within, signal: shared ? undefined : call.signal })
  if (outcome.outcome === 'done') return { trade: outcome.answer }
  if (outcome.outcome === 'refused') {
    if (isNoTrade(outcome)) return { notExist: outcome.refusal, askedAt: call.clock.behind(at) }
    const facts = outcome.refusal.not_sent === undefined ? {} : await knownBefore(call, order)
    throw new RefusedError(by, outcome.refusal, { money: NOTHING_CHANGED, facts })
  }
  const why = readOnly ? outcome.why : `the order had to be queried first: ${outcome.why}`
  throw new NoAnswerError(by, why, await knownBefore(call, order))
}

async function knownBefore(call: Call, name: OrderName) {
  const order = await ignoringLedgerErrors(call, (ledger) => ledger.order(name))
  const isOpen = order && (order.trade_status === undefined || order.trade_status === 'WAIT_BUYER_PAY')
  const payable_until = isOpen ? payableUntil(order, call.rules.environment, call.clock.behind()) : undefined
  return { ...name, ...lastKnown(order), payable_until }
}

/** Under the other kind of number, where nobody knows an order by the kind that was given. */
export async function underOtherKind(
  call: Call,
  look: LookUp,
  looked: LookedUp,
): Promise<{ name: OrderName; looked: LookedUp }> {
  const { order: name } = look
  const number = 'trade_no' in name ? name.trade_no : name.out_trade_no
  const same = { name, looked }
  if (looked.trade || !TRADE_NO.test(number)) return same
  if (await ignoringLedgerErrors(call, (ledger) => ledger.order(name))) return same
  const other = 'trade_no' in name ? { out_trade_no: number } : { trade_no: number }
  const found = await lookUp(call, { ...look, order: other, within: READ_MS }).catch(() => undefined)
  const isKnown = found?.trade ?? (await ignoringLedgerErrors(call, (ledger) => ledger.order(other)))
  return found && isKnown ? { name: other, looked: found } : same
}

const TRADE_NO = /^\d{16,64}$/

/** @throws RefusedError also where Alipay knows no such trade */
export async function lookUpTrade(call: Call, look: LookUp): Promise<Trade> {
  const looked = await lookUp(call, look)
  const found = look.readOnly ? await underOtherKind(call, look, looked) : { name: look.order, looked }
  if (found.looked.trade) return found.looked.trade
  const order = await ignoringLedgerErrors(call, (ledger) => ledger.order(found.name))
  const payable_until = payableUntil(order, call.rules.environment, call.clock.behind())
  throw noTrade(look.by, found.name, order && { ...order, payable_until }, found.looked.notExist)
}

function noTrade(
  by: string,
  name: OrderName,
  order: (Order & { payable_until: string | undefined }) | undefined,
  { sub_code, trace_id }: Refusal,
): Error {
  const nowhere = nowhereWords(name)
  const what = order ? UNPAID : nowhere.message.replace(/\.$/, '')
  const next_step = order ? TELL : checkNumber(false)
  const { subject, total_amount, payable_until } = order ?? {}
  const facts = { ...name, subject, total_amount, payable_until, sub_code, trace_id }
  return refusal(by, what, next_step, facts, NOTHING_CHANGED).with({
    kind: 'invalid_input',
    message_zh: order ? '没有可退的款：这笔订单没有付款。' : nowhere.message_zh,
  })
}

const UNPAID = 'nothing to refund: this order has not been paid'
const TELL = 'Tell the user; there is nothing to refund as long as nobody has paid.'

/** What the ledger has of an order, for tools that only read: without the ledger they go on, and say so. */
export interface KnownOrder {
  order?: Order | undefined
  /** Sent, and not known how it ended. */
  in_doubt: readonly Intent[]
  /** Where the order is one of a subscription. */
  charge?: Charge | undefined
  /** It holds no order at all. */
  isEmpty?: boolean
  /** Why the ledger could not be read. */
  problem?: string | undefined
}

/** Writes what Alipay said of the order, reads for what is in doubt of it, and tells what is known then. */
export async function knownOrder(call: Call, name: OrderName, looked: LookedUp): Promise<KnownOrder> {
  try {
    const ledger = await call.ledger()
    const order = looked.trade
      ? await ledger.recordTrade({ trade: looked.trade }, call.actor())
      : await orderWithoutTrade(call, ledger, name, looked.askedAt)
    if (order) return await resolved(call, ledger, order)
    return { in_doubt: [], isEmpty: !(await ledger.holdsOrders()) }
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    return { in_doubt: [], problem: `The ledger could not be used, so less is known: ${error.message}` }
  }
}

/** A payment may have come since it was asked about, if this computer slept meanwhile. */
async function orderWithoutTrade(
  call: Call,
  ledger: Ledger,
  name: OrderName,
  askedAt: number,
): Promise<Order | undefined> {
  const order = await ledger.order(name)
  const { state } = payable(order, call.rules.environment, askedAt)
  if (!order || state !== 'expired') return order
  return ledger.recordTrade({ out_trade_no: order.out_trade_no, certainlyUnpaid: true }, call.actor())
}

/** After every unfinished step was asked about. */
async function resolved(call: Call, ledger: Ledger, order: Order): Promise<KnownOrder> {
  const { out_trade_no } = order
  if (!order.unfinished) return { order, in_doubt: [], charge: await chargeOf(order, ledger) }
  await resolveOrder(call, out_trade_no)
  const in_doubt = await ledger.inDoubt(out_trade_no)
  return { order: await ledger.order({ out_trade_no }), in_doubt, charge: await chargeOf(order, ledger) }
}

/** The order in whose place a new one is to be made. */
export interface Predecessor {
  out_trade_no: string
  known: Order | undefined
  looked: LookedUp
}

/**
 * The order that the same request made before, or else the one in whose place it is to make a new one, if any.
 * @throws InputError where another order has the number or the place, RefusedError where Alipay does not tell
 */
export async function findForCreating(
  request: OrderRequest,
  call: Call,
): Promise<{ existing?: Order | undefined; predecessor?: Predecessor }> {
  const { replaces, out_trade_no } = request
  const existing = await existingOrder(request, call)
  if (existing || replaces === undefined) return { existing }
  if (replaces === out_trade_no)
    throw new InputError(
      'replaces: an order cannot replace itself.',
      'replaces 不能填这笔订单自己的订单号，没有创建订单。请填要替换的订单号，或不填。',
    )
  const order = { out_trade_no: replaces }
  const ledger = await call.ledger()
  const known = await ledger.order(order)
  await requireNoCharge('replaces', known, ledger)
  const looked = await lookUp(call, { by: 'create_payment', order, within: LOOK_UP_MS, readOnly: false })
  return { predecessor: { ...order, known, looked } }
}

/**
 * Under its number, or in the place of the order that it replaces. It is queried at Alipay first, for it may be another
 * order of the merchant.
 * @returns undefined where a new one may be made
 */
async function existingOrder(request: OrderRequest, call: Call): Promise<Order | undefined> {
  const { replaces } = request
  const successor = replaces === undefined ? undefined : await successorOf(replaces, call)
  const out_trade_no = request.out_trade_no ?? successor
  if (out_trade_no === undefined) return undefined
  const ledger = await call.ledger()
  const known = await ledger.order({ out_trade_no })
  if (replaces !== undefined && successor !== undefined) {
    const isIt = out_trade_no === successor && known && isSameOrder(known, request)
    if (!isIt || !payableUntil(known, call.rules.environment, call.clock.behind()))
      throw replacedBefore(replaces, successor)
  }
  await requireNoCharge('out_trade_no', known, ledger)
  if (known?.created_here) requireSame(known, request)
  const look = { by: 'create_payment', order: { out_trade_no }, within: LOOK_UP_MS, readOnly: false }
  const { trade } = await lookUp(call, look)
  if (trade) await ledger.recordTrade({ trade }, call.actor())
  const isOurs = known?.created_here && known.total_amount === trade?.total_amount
  if (trade && !(isOurs && trade.trade_status === 'WAIT_BUYER_PAY')) throw taken(trade, otherAmount(known, trade))
  // As it is now: another server may have replaced it while Alipay was asked.
  if (known?.created_here) return ledger.order({ out_trade_no })
  const by = await successorOf(out_trade_no, call)
  if (by !== undefined) throw wasReplaced(out_trade_no, by)
  return undefined
}

function requireSame(known: Order, request: OrderRequest): void {
  const { replaces } = request
  if (!isSameOrder(known, request)) throw otherOrder(known)
  if (replaces !== undefined && known.replaces !== replaces) throw replacedNothing(known, replaces)
}

/** The order that was made in the place of this one, which itself need not be in the ledger. */
async function successorOf(out_trade_no: string, call: Call): Promise<string | undefined> {
  const ledger = await call.ledger()
  const known = await ledger.order({ out_trade_no })
  return known ? known.replaced_by : (await ledger.replacements(out_trade_no))[0]
}

function isSameOrder(known: Order, request: OrderRequest): boolean {
  // A page has no channel of its own: which cashier it opens is decided at the press.
  const hasSameWay = known.token === undefined ? known.channel === request.channel : request.channel !== 'qr'
  return hasSameWay && (['total_amount', 'subject', 'body'] as const).every((key) => known[key] === request[key])
}
