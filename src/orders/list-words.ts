// What a list says of the orders together: how many are paid, the sums, and what is in none of them.

import type { Both } from '../language.ts'
import type { ListedPage, ListFilter } from '../ledger/ledger.ts'
import { toFen, toYuan } from '../money.ts'
import { ownCall } from '../pasteable-call.ts'
import type { Item } from '../tool-result.ts'
import type { Listed, Refreshed } from './refresh-orders.ts'

/** @param items the orders of the page, as they are shown */
export function listSums(
  page: ListedPage,
  items: readonly Item[],
  refreshed: Refreshed | undefined,
  { state, created_from, created_before }: ListFilter,
) {
  const { orders, count, paid_count, paid_fen, refunded_fen, next } = page
  const sums = {
    count,
    paid_count,
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
  const unpaid = state === 'waiting' && count === items.length ? unpaidOf(items) : undefined
  // A payment of the last minute may still show.
  const isOver = items.some((item) => item.state === 'waiting' && item.time_is_over)
  const notChecked = uncheckedIn(page, refreshed)
  const isKnown = notChecked === 0 && !isOver
  const message = [
    state && count > 0 && filterWords(state).en,
    unpaid && count > 0 ? unpaidLine(unpaid) : firstLine(sums, isKnown),
    doubt && `Refunds in doubt besides: ${doubt} yuan, which may have moved.`,
    onPage,
    alarm.sentence,
    ...about,
  ]
    .filter(Boolean)
    .join(' ')
  return {
    message,
    message_zh: listZh(sums, { state, unpaid, doubt, notChecked, isKnown, isOfTime }),
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
  paid_count: number
  paid_amount: string
  refunded_total: string
  net_amount: string
}

/** `unknown` is no state of an order, but of a step; `undelivered` is one of an item. */
function filterWords(state: string): Both {
  if (state === 'undelivered')
    return { en: 'Only paid orders of items that are not delivered.', zh: '只统计已付款未交付的商品订单' }
  return state === 'unknown'
    ? { en: 'Only orders with a step in doubt.', zh: '只统计有步骤结果未知的订单' }
    : { en: `Only orders in state ${state}.`, zh: `只统计 ${state} 状态的订单` }
}

interface About {
  state: ListFilter['state']
  unpaid: Unpaid | undefined
  doubt: string | undefined
  notChecked: number
  isKnown: boolean
  isOfTime: boolean
}

function listZh(sums: Sums, { state, unpaid, doubt, notChecked, isKnown, isOfTime }: About): string {
  if (sums.count === 0) return '没有符合条件的订单。'
  const parts = [
    state && filterWords(state).zh,
    unpaid ? unpaidZh(unpaid) : sumsZh(sums, isKnown),
    doubt && `另有退款 ${doubt} 元结果未知`,
    notChecked > 0 && `其中 ${notChecked} 笔这次没有向支付宝核实`,
    isOfTime && '按订单创建时间统计，不是按收款或退款时间',
  ]
  return `${parts.filter(Boolean).join('，')}。`
}

function sumsZh({ count, paid_count, paid_amount, refunded_total, net_amount }: Sums, isKnown: boolean): string {
  if (paid_count === 0) return `共 ${count} 笔，${!isKnown ? '目前未见付款' : count === 1 ? '没有付款' : '都没有付款'}`
  const paid = paid_count === count ? (count === 1 ? '已付款' : '全部已付款') : `其中 ${paid_count} 笔已付款`
  return `共 ${count} 笔，${paid}：收款 ${paid_amount} 元，已退款 ${refunded_total} 元，净额 ${net_amount} 元`
}

/** Those that wait for payment, by whether somebody is still to pay them. */
interface Unpaid {
  open: readonly Item[]
  paidInstead: readonly Item[]
  over: readonly Item[]
}

function unpaidOf(items: readonly Item[]): Unpaid {
  const paidInstead = items.filter((item) => item.paid_instead)
  const others = items.filter((item) => !item.paid_instead)
  return {
    open: others.filter((item) => !item.time_is_over),
    paidInstead,
    over: others.filter((item) => item.time_is_over),
  }
}

const ordersOf = (count: number) => (count === 1 ? '1 order' : `${count} orders`)

function amountOf(items: readonly Item[]): string {
  return toYuan(items.reduce((all, { total_amount = '0.00' }) => all + toFen(String(total_amount)), 0))
}

function unpaidLine({ open, paidInstead, over }: Unpaid): string {
  const lines = [
    `${ordersOf(open.length)}: ${amountOf(open)} yuan not paid.`,
    paidInstead.length > 0 &&
      `Not in this sum: ${ordersOf(paidInstead.length)}, ${amountOf(paidInstead)} yuan, of which another link was paid (paid_instead).`,
    over.length > 0 &&
      `Not in this sum: ${ordersOf(over.length)}, ${amountOf(over)} yuan, whose time to pay is over (time_is_over).`,
  ]
  return lines.filter(Boolean).join(' ')
}

function unpaidZh({ open, paidInstead, over }: Unpaid): string {
  const parts = [
    `共 ${open.length} 笔：未付款 ${amountOf(open)} 元`,
    paidInstead.length > 0 && `另有 ${paidInstead.length} 笔 ${amountOf(paidInstead)} 元，买家付的是另一个链接`,
    over.length > 0 && `另有 ${over.length} 笔 ${amountOf(over)} 元，支付时间已过`,
  ]
  return parts.filter(Boolean).join('，')
}

/** How many orders there are is not how many were paid. @param isKnown whether Alipay told of all, now */
function firstLine({ count, paid_count, paid_amount, refunded_total }: Sums, isKnown: boolean): string {
  if (count === 0) return 'No orders match.'
  const orders = ordersOf(count)
  const known = isKnown ? 'paid' : 'known to be paid'
  if (paid_count === 0) return count === 1 ? `1 order, not ${known}.` : `${orders}, none of them ${known}.`
  const paid = count === 1 ? 'paid' : paid_count === count ? 'all of them paid' : `${paid_count} of them paid`
  return `${orders}, ${paid}: ${paid_amount} yuan, ${refunded_total} refunded.`
}

/** No sum goes out over orders that were not asked about without saying how many. */
function asOf({ orders, count }: ListedPage, refreshed: Refreshed | undefined): string | undefined {
  if (count === 0) return undefined
  if (!refreshed) return 'Alipay was not asked: states and sums are as last seen.'
  const left = uncheckedIn({ orders, count }, refreshed)
  if (left === 0) return undefined
  const [orders_were, are] = left === 1 ? ['1 order was', 'is'] : [`${left} orders were`, 'are']
  const silent = refreshed.unanswered
  const why =
    silent > 0
      ? ` Alipay did not answer for ${silent}: call list_payments again in a minute, one time; if Alipay still does not answer then, tell the user and stop.`
      : ''
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
  const said = [hidden, left].filter(Boolean)
  return said.length > 0 ? `${said.join(' ')} Tell the operator to run "${ownCall('doctor')}".` : ''
}
