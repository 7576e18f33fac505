// Lists the orders that the ledger knows, with their sums, and says how to go on.
import { beijingTime } from '../clock.ts'
import { LedgerError } from '../errors.ts'
import type { Call } from '../guard/call.ts'
import type { Both } from '../language.ts'
import type { Ledger, ListedPage, ListFilter, Order } from '../ledger/ledger.ts'
import { isKept, otherAmount } from '../ledger/order.ts'
import { toFen, toYuan } from '../money.ts'
import type { Item, ToolResult } from '../tool-result.ts'
import { payableNow, stepInDoubt } from './order-status.ts'
import { type Asked, type Listed, type Refreshed, refresh } from './refresh-orders.ts'

/** @param asks whether Alipay is asked about the open orders of the page first */
export async function listOrders(filter: ListFilter, asks: boolean, call: Call): Promise<ToolResult> {
  const ledger = await call.ledger()
  const before = await ledger.list(filter)
  const refreshed = asks ? await refresh(before.orders, call) : undefined
  const page = asks ? await ledger.list(filter) : before
  const orders = await Promise.all(
    page.orders.map((order) => listedOrder(order, ledger, call, refreshed?.asked.get(order.out_trade_no))),
  )
  const { message, message_zh, ...sums } = sumsOf(page, refreshed, filter)
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

function sumsOf(
  page: ListedPage,
  refreshed: Refreshed | undefined,
  { state, created_from, created_before }: ListFilter,
) {
  const { orders, count, paid_fen, refunded_fen, next } = page
  const sums = {
    count,
    paid_amount: toYuan(paid_fen),
    refunded_total: toYuan(refunded_fen),
    net_amount: toYuan(Math.max(0, paid_fen - refunded_fen)),
  }
  const changed = refreshed?.gone(orders)
  const unchecked = refreshed?.silent ?? []
  const alarm = alarmSums(page)
  const onPage = count > orders.length && `Shown: ${orders.length}.`
  const isOfTime = count > 0 && (created_from !== undefined || created_before !== undefined)
  const about = [isOfTime && BY_CREATION, asOf(page, refreshed), changed && CHANGED, damageIn(page)]
  const doubt = refundsInDoubt(orders)
  const open = state === 'waiting' ? openAmount(page) : undefined
  const message = [
    state && count > 0 && filterWords(state).en,
    firstLine(sums, open),
    doubt && `Refunds in doubt besides: ${doubt} yuan, which may have moved.`,
    onPage,
    alarm.sentence,
    ...about,
  ]
    .filter(Boolean)
    .join(' ')
  return {
    message,
    message_zh: listZh(sums, { state, open, doubt, unchecked: uncheckedIn(page, refreshed), isOfTime }),
    ...sums,
    ...alarm.sums,
    next,
    changed,
    not_checked: unchecked.join(', ') || undefined,
  }
}

/** Of the orders shown: yuan whose refund nobody knows the end of. */
function refundsInDoubt(orders: readonly Listed[]): string | undefined {
  const refunds = orders.flatMap(({ in_doubt }) => in_doubt).filter(({ kind }) => kind === 'refund')
  const fen = refunds.reduce((all, { amount_fen }) => all + amount_fen, 0)
  return fen > 0 ? toYuan(fen) : undefined
}

interface Sums {
  count: number
  paid_amount: string
  refunded_total: string
  net_amount: string
}

/** `unknown` is no state of an order, but of a step. */
function filterWords(state: string): Both {
  return state === 'unknown'
    ? { en: 'Only orders with a step in doubt.', zh: '只统计有步骤结果未知的订单' }
    : { en: `Only orders in state ${state}.`, zh: `只统计 ${state} 状态的订单` }
}

interface About {
  state: ListFilter['state']
  open: string | undefined
  doubt: string | undefined
  unchecked: number
  isOfTime: boolean
}

function listZh({ count, paid_amount, refunded_total, net_amount }: Sums, about: About): string {
  if (count === 0) return '没有符合条件的订单。'
  const { state, open, doubt, unchecked, isOfTime } = about
  const sums = `已付款 ${paid_amount} 元，已退款 ${refunded_total} 元，净额 ${net_amount} 元`
  const parts = [
    state && filterWords(state).zh,
    `共 ${count} 笔：${open === undefined ? sums : `未付款 ${open} 元`}`,
    doubt && `另有退款 ${doubt} 元结果未知`,
    unchecked > 0 && `其中 ${unchecked} 笔这次没有向支付宝核实`,
    isOfTime && '按订单创建时间统计，不是按收款或退款时间',
  ]
  return `${parts.filter(Boolean).join('，')}。`
}

/** Yuan of the orders that wait, where all of them are shown. */
function openAmount({ orders, count }: ListedPage): string | undefined {
  if (count > orders.length) return undefined
  return toYuan(orders.reduce((all, { total_amount = '0.00' }) => all + toFen(total_amount), 0))
}

function firstLine({ count, paid_amount, refunded_total }: Sums, open: string | undefined) {
  if (count === 0) return 'No orders match.'
  const orders = count === 1 ? '1 order' : `${count} orders`
  if (open !== undefined) return `${orders}: ${open} yuan not paid.`
  return `${orders}: ${paid_amount} yuan paid, ${refunded_total} refunded.`
}

/** No sum goes out over orders that were not asked about without saying how many. */
function asOf({ orders, count }: ListedPage, refreshed: Refreshed | undefined): string | undefined {
  if (count === 0) return undefined
  if (!refreshed) return 'Alipay was not asked: states and sums are as last seen.'
  const left = uncheckedIn({ orders, count }, refreshed)
  if (left === 0) return undefined
  const [orders_were, are] = left === 1 ? ['1 order was', 'is'] : [`${left} orders were`, 'are']
  const silent = refreshed.unanswered
  const why = silent > 0 ? ` Alipay did not answer for ${silent}: call list_payments again in a minute.` : ''
  return `${orders_were} not checked at Alipay now and ${are} as last seen.${why}`
}

/** How many of the orders that count Alipay was not asked about now, or said nothing of. */
function uncheckedIn(
  { orders, count }: Pick<ListedPage, 'orders' | 'count'>,
  refreshed: Refreshed | undefined,
): number {
  return refreshed ? count - orders.length + refreshed.silent.length : count
}

const BY_CREATION = 'Counted by when the orders were created, not by when the money came or went.'
const CHANGED = 'Some orders have just changed and do not match any more (changed).'

/** What was paid with other amounts than asked is nobody's payment: it is told by itself. */
function alarmSums({ alarm_fen, alarm_refunded_fen }: ListedPage) {
  if (alarm_fen === 0) return { sentence: '', sums: {} }
  const [alarm_amount, alarm_refunded] = [toYuan(alarm_fen), toYuan(alarm_refunded_fen)]
  const sentence =
    `Not in these sums: ${alarm_amount} yuan paid with other amounts than the orders ask for, ${alarm_refunded} of it ` +
    'refunded (alarm).'
  return { sentence, sums: { alarm_amount, alarm_refunded } }
}

function damageIn({ damaged, not_summed }: Pick<ListedPage, 'damaged' | 'not_summed'>): string {
  const hidden = damaged.length > 0 && `Not shown, because the ledger is damaged there: ${damaged.length} (damaged).`
  const left = not_summed > 0 && `The sums leave out what has damaged amounts: ${not_summed}.`
  const doctor = (hidden || left) && 'Tell the operator to run "alipay-mcp doctor".'
  return [hidden, left, doctor].filter(Boolean).join(' ')
}

/** Without its link, of 1 kB: query_payment shows that. */
async function listedOrder(order: Listed, ledger: Ledger, call: Call, asked: Asked | undefined): Promise<Item> {
  const { out_trade_no, trade_no, state, subject, total_amount, send_pay_date, refunded_fen, channel, in_doubt } = order
  const waits = state === 'waiting'
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
    checked_at: asked?.at ?? (order.checked_at && beijingTime(order.checked_at)),
    channel,
    payable_until: waits ? payableNow(order, call).until : undefined,
    close_requested: (waits && order.close_requested_at !== undefined) || undefined,
    replaces: order.replaces,
    replaced_by: order.replaced_by,
    paid_twice_with: isKept(order) ? paid : undefined,
    paid_instead: waits ? paid : undefined,
    alarm: state === 'refunded' || state === 'closed' ? undefined : otherAmount(order),
    in_doubt: in_doubt.map((intent) => stepInDoubt(intent, call)).join('; ') || undefined,
  }
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
  const waiting = orders.filter(({ state, alarm }) => state === 'waiting' && alarm === undefined)
  const unwanted = waiting.filter((item) => item.close_requested || item.replaced_by || item.paid_instead)
  const steps = [
    has('alarm') && ALARM,
    has('paid_twice_with') && PAID_TWICE,
    has('in_doubt') && IN_DOUBT,
    waiting.length > unwanted.length && WAITING,
    unwanted.length > 0 && UNWANTED,
    next !== undefined && 'More orders: the same call again with cursor set to next.',
  ]
  return steps.filter(Boolean).join(' ') || undefined
}

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
  'the order. Once query_payment shows WAIT_BUYER_PAY, call close_payment.'
