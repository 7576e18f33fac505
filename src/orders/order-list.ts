// Lists the orders that the ledger knows, with their sums, and says how to go on.
import { beijingTime } from '../clock.ts'
import { LedgerError } from '../errors.ts'
import type { Call } from '../guard/call.ts'
import type { Both } from '../language.ts'
import type { Ledger, ListFilter, Order } from '../ledger/ledger.ts'
import { isKept, otherAmount } from '../ledger/order.ts'
import { toYuan } from '../money.ts'
import type { Item, ToolResult } from '../tool-result.ts'
import { listSums } from './list-words.ts'
import { payableNow, stepInDoubt } from './order-status.ts'
import { lastChangeSeen } from './order-words.ts'
import { type Asked, type Listed, refresh } from './refresh-orders.ts'

/** @param asks whether Alipay is asked about the open orders of the page first */
export async function listOrders(filter: ListFilter, asks: boolean, call: Call): Promise<ToolResult> {
  const ledger = await call.ledger()
  const before = await ledger.list(filter)
  const refreshed = asks ? await refresh(before.orders, call) : undefined
  const page = asks ? await ledger.list(filter) : before
  const orders = await Promise.all(
    page.orders.map((order) => listedOrder(order, ledger, call, refreshed?.asked.get(order.out_trade_no))),
  )
  const { message, message_zh, ...sums } = listSums(page, orders, refreshed, filter)
  return {
    message: ledger.inMemory ? `${message} ${IN_MEMORY.en}` : message,
    message_zh: ledger.inMemory ? `${message_zh}${IN_MEMORY.zh}` : message_zh,
    orders,
    ...sums,
    now: `${beijingTime(call.clock.now())} Beijing time`,
    damaged: page.damaged.join('; ') || undefined,
    next_step: nextStep(orders, page.next),
  }
}

const IN_MEMORY: Both = {
  en: 'The ledger is in memory: the list begins with this process, and nothing earlier is known here.',
  zh: '账本在内存里，服务器这次启动之前的订单这里没有记录。',
}

/** Without its link, of 1 kB: query_payment shows that. */
async function listedOrder(order: Listed, ledger: Ledger, call: Call, asked: Asked | undefined): Promise<Item> {
  const { out_trade_no, trade_no, state, subject, total_amount, send_pay_date, refunded_fen, channel, in_doubt } = order
  const waits = state === 'waiting'
  const payable = waits ? payableNow(order, call) : undefined
  const at = beijingTime(order.created_at)
  const paid = await paidOfReplaced(order, ledger)
  return {
    out_trade_no,
    trade_no,
    state,
    subject,
    total_amount,
    paid_at: send_pay_date,
    refunded_total: refunded_fen > 0 ? toYuan(refunded_fen) : undefined,
    // Of an order that another program made it is known only when it was first seen here.
    ...(order.created_here ? { created_at: at } : { created_here: false, first_seen: at }),
    checked: asked && 'now',
    last_change_seen: asked ? undefined : lastChangeSeen(order),
    channel,
    trade_status: waits ? order.trade_status : undefined,
    cashier_opened: waits ? cashierOpened(order) : undefined,
    payable_until: payable?.until,
    time_is_over: (payable && payable.state !== 'open') || undefined,
    close_requested: (waits && order.close_requested_at !== undefined) || undefined,
    replaces: order.replaces,
    replaced_by: order.replaced_by,
    paid_twice_with: isKept(order) ? paid : undefined,
    paid_instead: waits ? paid : undefined,
    alarm: state === 'refunded' || state === 'closed' ? undefined : otherAmount(order),
    in_doubt: in_doubt.map((intent) => stepInDoubt(intent, call)).join('; ') || undefined,
  }
}

/** From its page; undefined of an order without one. */
function cashierOpened({ token, cashier_opened_at }: Order): string | undefined {
  if (token === undefined) return undefined
  return cashier_opened_at === undefined ? 'no' : beijingTime(cashier_opened_at)
}

/** Of the orders that this one replaced or was replaced by, those that the buyer paid. */
async function paidOfReplaced(order: Order, ledger: Ledger): Promise<string | undefined> {
  if (order.replaces === undefined && order.replaced_by === undefined) return undefined
  const numbers = await ledger.replacements(order.out_trade_no)
  const others = await Promise.all(numbers.map((out_trade_no) => readableOrder(out_trade_no, ledger)))
  const paid = others.filter((other) => other && isKept(other))
  return paid.map((other) => other?.out_trade_no).join(', ') || undefined
}

/** One that is damaged must not hide the list. */
async function readableOrder(out_trade_no: string, ledger: Ledger): Promise<Order | undefined> {
  return ledger.order({ out_trade_no }).catch((error) => {
    if (error instanceof LedgerError) return undefined
    throw error
  })
}

function nextStep(orders: readonly Item[], next: string | undefined): string | undefined {
  const has = (key: string) => orders.some((item) => item[key] !== undefined)
  const unpaid = orders.filter((item) => item.state === 'waiting' && item.alarm === undefined && !isCharge(item))
  const waiting = unpaid.filter((item) => !item.time_is_over)
  const unwanted = waiting.filter((item) => item.close_requested || item.replaced_by || item.paid_instead)
  const steps = [
    has('alarm') && ALARM,
    has('paid_twice_with') && PAID_TWICE,
    has('in_doubt') && IN_DOUBT,
    waiting.length > unwanted.length && WAITING,
    unwanted.length > 0 && UNWANTED + (unwanted.some(isClosable) ? CLOSE_NOW : CLOSE_LATER),
    unpaid.length > waiting.length && OVER,
    next !== undefined && 'More orders: the same call again with cursor set to next.',
  ]
  return steps.filter(Boolean).join(' ') || undefined
}

/** Made here, and no buyer has any way to pay it: a charge of a subscription. */
const isCharge = (item: Item) =>
  item.created_here === undefined && item.channel === undefined && item.cashier_opened === undefined

const ALARM =
  'Alarm: tell the merchant before anything of that order is delivered: another amount was paid than the order asks for. ' +
  'refund_payment gives that money back, only if the merchant asks for it.'
const PAID_TWICE =
  'Paid twice (paid_twice_with): tell the merchant; call refund_payment for one of the two only if the merchant asks.'
const IN_DOUBT =
  'In doubt: find out first, for a refund with query_refund, for a code with create_payment and the same out_trade_no, ' +
  'else with query_payment; never repeat the step under another number.'
const WAITING =
  'Waiting: query_payment shows the link again; make no second order. Only if a buyer is paying now: call wait_for_payment.'
const UNWANTED =
  'A waiting order with close_requested, replaced_by or paid_instead must not be paid and still can be: show no link of ' +
  'the order.'
const CLOSE_NOW =
  ' Of these orders call close_payment now for one with cashier_opened no or trade_status WAIT_BUYER_PAY; for another, once ' +
  'query_payment shows WAIT_BUYER_PAY.'
const CLOSE_LATER = ' Once query_payment shows WAIT_BUYER_PAY, call close_payment.'
const isClosable = (item: Item) => item.cashier_opened === 'no' || item.trade_status === 'WAIT_BUYER_PAY'
const OVER =
  'Time is over (time_is_over): the link takes no payment any more; query_payment tells whether the order was paid in time.'
