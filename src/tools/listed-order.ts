// One order of a list: what is known of it, and how a flow that was interrupted goes on with it.
import { beijingTime } from '../clock.ts'
import type { Ledger, Order } from '../ledger/ledger.ts'
import { isKept, payable } from '../ledger/order.ts'
import { toYuan } from '../money.ts'
import { unfinished } from './known-order.ts'
import type { Asked, Listed } from './refresh-orders.ts'
import type { Item, Services } from './tool.ts'

/** Without its link, of 1 kB: query_payment shows that. */
export async function itemOf(
  order: Listed,
  ledger: Ledger,
  { environment, clock }: Services,
  asked: Asked | undefined,
): Promise<Item> {
  const { out_trade_no, trade_no, state, subject, total_amount, refunded_fen, channel, unsettled } = order
  const waits = state === 'waiting'
  const at = beijingTime(order.made_at)
  const paid = await paidOfReplaced(order, ledger)
  return {
    out_trade_no,
    trade_no,
    state,
    subject,
    total_amount,
    refunded_amount: refunded_fen > 0 ? toYuan(refunded_fen) : undefined,
    // Of an order that another program made it is known only when it was first seen here.
    ...(order.made_here ? { made: at } : { made_here: false, noted: at }),
    seen: asked?.at ?? (order.seen_at === undefined ? 'never' : beijingTime(order.seen_at)),
    channel,
    payable_until: waits ? payable(order.time_expire, environment, clock.now()).until : undefined,
    close_wished: (waits && order.close_wished_at !== undefined) || undefined,
    replaces: order.replaces,
    replaced_by: order.replaced_by,
    paid_twice_with: isKept(order) ? paid : undefined,
    paid_instead: waits ? paid : undefined,
    alarm: asked?.alarm,
    unsettled: unsettled.map((intent) => unfinished(intent, { clock })).join('; ') || undefined,
    host: order.host,
  }
}

/** Of the orders that this one replaced or was replaced by, those that the buyer paid. */
async function paidOfReplaced(order: Order, ledger: Ledger): Promise<string | undefined> {
  if (order.replaces === undefined && order.replaced_by === undefined) return undefined
  const numbers = await ledger.replacements(order.out_trade_no)
  const others = await Promise.all(numbers.map((out_trade_no) => ledger.order({ out_trade_no })))
  const paid = others.filter((other) => other && isKept(other))
  return paid.map((other) => other?.out_trade_no).join(', ') || undefined
}

export function nextStep(orders: readonly Item[], next: string | undefined): string | undefined {
  const has = (key: string) => orders.some((item) => item[key] !== undefined)
  const waiting = orders.filter(({ state }) => state === 'waiting')
  const unwanted = waiting.filter((item) => item.close_wished || item.replaced_by || item.paid_instead)
  const steps = [
    has('alarm') && ALARM,
    has('paid_twice_with') && PAID_TWICE,
    has('unsettled') && UNSETTLED,
    waiting.length > unwanted.length && WAITING,
    unwanted.length > 0 && UNWANTED,
    next !== undefined && 'More orders: the same call again with cursor set to next.',
  ]
  return steps.filter(Boolean).join(' ') || undefined
}

const ALARM = 'Alarm: tell the merchant before anything of that order is delivered.'
const PAID_TWICE =
  "Paid twice (paid_twice_with): tell the merchant; refund_payment of one of them only on the merchant's wish."
const UNSETTLED =
  'Unsettled: find out first, for a refund by query_refund, else by query_payment; never make it again under another number.'
const WAITING =
  'Waiting: call wait_for_payment with its out_trade_no. query_payment shows its link again, and so does ' +
  'create_payment with that out_trade_no and the same words; make no second order.'
const UNWANTED =
  'With close_wished, replaced_by or paid_instead a waiting order shall not be paid and still can be: show no link of it, ' +
  'call close_payment.'
