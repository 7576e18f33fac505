// Checkout pages: whose token it is, what its page may open, and the press that reveals a link of Alipay's.
import { type ClockOffsets, fromBeijingTime } from '../../clock.ts'
import type { LinkChannel } from '../../gateway/gateway.ts'
import type { Actor, Checkout, NewCheckout, Press, ReservedDelivery, Withdrawal } from '../ledger.ts'
import { isClosedUnopened, isUnopened, wasPaid } from '../order.ts'
import { isShownOnPage } from '../shop.ts'
import { WATCHER_LEASE } from '../watching.ts'
import { tookMoney } from './alerts.ts'
import { buyerRequest } from './buyer-requests.ts'
import { findDelivery, reserveDelivery } from './deliveries.ts'
import type { OrderRow } from './orders.ts'
import { findOrder, replacements, toOrder, updateOrder } from './orders.ts'
import { frozenBlock, note, type Partition } from './partition.ts'
import { maybeMoment, maybeText, type Row, readEntry, text, whole } from './rows.ts'
import { findSale } from './sales.ts'
import { columnsOf } from './schema.ts'
import { leaseOwner } from './watching.ts'

export const LINK_CHANNELS: readonly LinkChannel[] = ['page', 'mobile']

/** Less is no time to pay in. */
const LEAST_LEFT_MS = 60_000
/** So long an answer of Alipay holds, that no trade waits elsewhere. */
const ANSWER_HOLDS_MS = 10_000

interface CheckoutRow {
  out_trade_no: string
  links: PerProduct<string>
  pressed: PerProduct<number>
}

type PerProduct<T> = Readonly<Record<LinkChannel, T | undefined>>

export function insertCheckout({ db, id }: Partition, out_trade_no: string, { token, links }: NewCheckout): void {
  const { page, mobile } = links
  db.run(
    'insert into checkouts (partition, token, out_trade_no, page_link, mobile_link) values (?, ?, ?, ?, ?)',
    ...[id, token, out_trade_no, page ?? null, mobile ?? null],
  )
}

export function checkout(partition: Partition, token: string, at: number): Checkout | undefined {
  const found = find(partition, token)
  if (!found) return undefined
  const { row, order } = found
  return {
    order: toOrder(order),
    offered: LINK_CHANNELS.filter((channel) => row.links[channel] !== undefined),
    pressed: row.pressed,
    ...queryOf(partition, order.out_trade_no),
    watched: leaseOwner(partition, WATCHER_LEASE, at) !== undefined,
    frozen: frozenBlock(partition) !== undefined,
    paid_instead: isPaidInstead(partition, order),
    ...saleOn(partition, order.out_trade_no),
  }
}

function saleOn(partition: Partition, out_trade_no: string): Pick<Checkout, 'sale'> {
  const of = findSale(partition, out_trade_no)
  if (!of) return {}
  const [delivery, request] = [findDelivery(partition, out_trade_no), buyerRequest(partition, out_trade_no)]
  return { sale: { of, delivery, request } }
}

export function press(partition: Partition, token: string, channel: LinkChannel, now: number, actor: Actor): Press {
  const found = find(partition, token)
  if (!found || frozenBlock(partition) || !isPayable(found.order, now)) return NOT_OFFERED
  if (isPaidInstead(partition, found.order)) return NOT_OFFERED
  const { row, order } = found
  const link = row.links[channel]
  if (link === undefined) return NOT_OFFERED
  const elsewhere = otherProduct(partition, found, channel, actor.at)
  if (elsewhere) return elsewhere
  const { db, id } = partition
  const column = channel === 'page' ? 'page_pressed_at' : 'mobile_pressed_at'
  db.run(`update checkouts set ${column} = ? where partition = ? and token = ?`, actor.at, id, token)
  if (order.cashier_opened_at === undefined) updateOrder(partition, order, { cashier_opened_at: actor.at })
  if (row.pressed[channel] === undefined) note(partition, actor, `cashier opened, ${channel}`, order.out_trade_no)
  return { outcome: 'go', link }
}

const NOT_OFFERED: Press = { outcome: 'not_offered' }

function isPayable(order: OrderRow, now: number): boolean {
  const { trade_status, time_expire = '', replaced_by, close_requested_at, can_never_be_paid, other_fen } = order
  const isOver = other_fen !== undefined || can_never_be_paid || wasPaid(order) || trade_status === 'TRADE_CLOSED'
  const isUnwanted = close_requested_at !== undefined || replaced_by !== undefined
  return !isOver && !isUnwanted && fromBeijingTime(time_expire) - now >= LEAST_LEFT_MS
}

/** One that it replaced was paid all the same: nobody is to pay twice. */
function isPaidInstead(partition: Partition, { out_trade_no, replaces }: OrderRow): boolean {
  if (replaces === undefined) return false
  return replacements(partition, out_trade_no).some((number) => tookMoney(partition, number))
}

/** [guess G26] Whether Alipay takes both products on one number is unproven, so a trade is looked for before the second. */
function otherProduct(
  partition: Partition,
  { row, order }: { row: CheckoutRow; order: OrderRow },
  channel: LinkChannel,
  at: number,
): Press | undefined {
  const other = row.pressed[channel === 'page' ? 'mobile' : 'page']
  // A link that is out reveals nothing new.
  if (other === undefined || row.pressed[channel] !== undefined) return undefined
  if (order.trade_status !== undefined) return { outcome: 'waits_elsewhere' }
  const { answered_at = 0 } = queryOf(partition, order.out_trade_no)
  const isKnown = answered_at >= other && Math.abs(at - answered_at) <= ANSWER_HOLDS_MS
  return isKnown ? undefined : { outcome: 'ask_first' }
}

/** What Alipay said a moment ago is what "paid" means: the front cannot ask it. */
export function giveOnPage(
  partition: Partition,
  token: string,
  actor: Actor,
): ReservedDelivery | { outcome: 'ask_first' } {
  const found = find(partition, token)
  if (!found) return { outcome: 'blocked', why: 'not_sold' }
  const { out_trade_no } = found.order
  const sale = findSale(partition, out_trade_no)
  if (sale && !isShownOnPage(sale.terms)) return { outcome: 'blocked', why: 'nothing_due' }
  const isGiven = findDelivery(partition, out_trade_no) !== undefined
  const { answered_at = 0 } = queryOf(partition, out_trade_no)
  if (!isGiven && Math.abs(actor.at - answered_at) > ANSWER_HOLDS_MS) return { outcome: 'ask_first' }
  return reserveDelivery(partition, out_trade_no, 'page', actor)
}

export function withdraw(partition: Partition, out_trade_no: string, actor: Actor): Withdrawal {
  const order = findOrder(partition, { out_trade_no })
  if (order && isClosedUnopened(order)) return 'closed'
  const isOver = !order || order.trade_status === 'TRADE_CLOSED' || order.can_never_be_paid || wasPaid(order)
  if (isOver || order.token === undefined) return 'not_on_page'
  if (isUnopened(order) && order.trade_status === undefined) {
    // The request stays written down: somebody else may make an order under this number yet.
    updateOrder(partition, order, { can_never_be_paid: 1, close_requested_at: actor.at })
    note(partition, actor, 'closed before its cashier was opened', out_trade_no)
    return 'closed'
  }
  if (order.close_requested_at === undefined) {
    updateOrder(partition, order, { close_requested_at: actor.at })
    note(partition, actor, 'withdrawn from its page', out_trade_no)
  }
  return 'withdrawn'
}

function find(partition: Partition, token: string): { row: CheckoutRow; order: OrderRow } | undefined {
  const { db, id } = partition
  const found = db.get(`select ${columnsOf('checkouts')} from checkouts where partition = ? and token = ?`, id, token)
  const row = found && readCheckout(found)
  const order = row && findOrder(partition, row)
  return order ? { row, order } : undefined
}

/** @throws DamagedEntry */
export function readCheckout(row: Row): CheckoutRow {
  return readEntry('the page of order', row, () => ({
    out_trade_no: text(row, 'out_trade_no'),
    links: { page: maybeText(row, 'page_link'), mobile: maybeText(row, 'mobile_link') },
    pressed: { page: maybeMoment(row, 'page_pressed_at'), mobile: maybeMoment(row, 'mobile_pressed_at') },
  }))
}

/** Of the latest one that was asked for: when the last answered one was, and when the one that is not yet. */
function queryOf({ db, id }: Partition, out_trade_no: string): Pick<Checkout, 'asked_at' | 'answered_at'> {
  const sql = 'select asked_at, answered from query_requests where partition = ? and out_trade_no = ?'
  const row = db.get(sql, id, out_trade_no)
  if (!row) return {}
  return readEntry('a request about order', { ...row, out_trade_no }, () => {
    const [asked_at, answered] = [whole(row, 'asked_at'), whole(row, 'answered')]
    return { asked_at: asked_at > answered ? asked_at : undefined, answered_at: answered || undefined }
  })
}

/** Of the partition: its gateway is what tells the time. */
export function clockOffsets({ db, id }: Partition): ClockOffsets {
  const row = db.get('select corrected, alipay_ahead from clocks where partition = ?', id)
  if (!row) return { corrected: 0, alipay_ahead: 0 }
  return readEntry('the clock', row, () => ({
    corrected: whole(row, 'corrected'),
    alipay_ahead: whole(row, 'alipay_ahead'),
  }))
}

export function saveClockOffsets({ db, id }: Partition, { corrected, alipay_ahead }: ClockOffsets): void {
  const sql = `insert into clocks (partition, corrected, alipay_ahead) values (?, ?, ?)
    on conflict do update set corrected = excluded.corrected, alipay_ahead = excluded.alipay_ahead`
  db.run(sql, id, corrected, alipay_ahead)
}
