// What became of an order, in one sentence of each language; the first line of every result about one.
import { beijingTime } from '../clock.ts'
import type { OrderName, Trade } from '../gateway/gateway.ts'
import type { Order } from '../ledger/ledger.ts'
import { type Payable, viewOf } from '../ledger/order.ts'
import { toFen, toYuan } from '../money.ts'
import type { OldOrder } from './order-request.ts'

/** The same in both languages: for the model, and to be passed on to a Chinese reader. */
export interface Words {
  message: string
  message_zh: string
}

/** To the minute, as people say it. */
export const minuteOf = (time: string) => time.slice(0, 16)

/** @param refundedFen what this server knows to have been refunded, in fen */
export function tradeWords(trade: Trade, refundedFen = 0): Words {
  const { paid, refunded } = viewOf(trade, refundedFen)
  const { total_amount, trade_status } = trade
  if (refunded === 'full')
    return { message: `Fully refunded: ${total_amount} yuan.`, message_zh: `已全额退款 ${total_amount} 元。` }
  if (paid) return paidWords(trade, refundedFen)
  if (trade_status === 'WAIT_BUYER_PAY')
    return {
      message: `Not paid yet: ${total_amount} yuan. The buyer has opened the order at Alipay.`,
      message_zh: `尚未付款 ${total_amount} 元：买家已打开订单，还没有支付。`,
    }
  return {
    message: `Closed without payment: nobody can pay the ${total_amount} yuan any more.`,
    message_zh: `订单已关闭，${total_amount} 元没有付款，也不能再付款。`,
  }
}

/** It was paid after somebody wanted it closed. */
export function paidAfterCloseWords(trade: Trade, refundedFen: number): Words {
  const { message, message_zh } = tradeWords(trade, refundedFen)
  return {
    message: `Careful: this order was to be closed. ${message}`,
    message_zh: `注意：这笔订单本来要关闭。${message_zh}`,
  }
}

function paidWords({ total_amount, trade_status, send_pay_date }: Trade, refundedFen: number): Words {
  const at = send_pay_date && minuteOf(send_pay_date)
  const part = refundedFen > 0 ? toYuan(refundedFen) : undefined
  const isFinished = trade_status === 'TRADE_FINISHED'
  const message = [
    `Paid: ${total_amount} yuan${at ? ` on ${at} Beijing time` : ''}.`,
    part && `${part} yuan of it refunded, at most ${leftOf(total_amount, refundedFen)} left.`,
    isFinished && "Alipay's time for refunds is over.",
  ]
  const message_zh = [
    `已付款 ${total_amount} 元${at ? `（${at}）` : ''}`,
    part && `，其中已退款 ${part} 元`,
    isFinished && '，已过可退款期限',
  ]
  return { message: message.filter(Boolean).join(' '), message_zh: `${message_zh.filter(Boolean).join('')}。` }
}

/** Yuan that are left of an order, as far as known here. */
export function leftOf(total_amount: string, refundedFen: number): string {
  return toYuan(Math.max(0, toFen(total_amount) - refundedFen))
}

/** When a page first opened a cashier of an order: Beijing time, to the minute. */
export const openedAt = (at: number) => minuteOf(beijingTime(at))

/**
 * @param again whether it was made before, and this call made nothing new
 * @param old the order in whose place it was made, while that can still be paid
 */
export function createdWords(order: Order, again: boolean, old?: OldOrder): Words {
  const { message, message_zh } = madeWords(order, again)
  const { replaces } = order
  const oldUntil = old?.payable_until
  if (replaces === undefined || (again && oldUntil === undefined)) return { message, message_zh }
  if (oldUntil === undefined)
    return {
      message: `${message} The old order ${replaces} can no longer be paid.`,
      message_zh: `${message_zh}旧订单 ${replaces} 已不能付款。`,
    }
  // Neither this ledger nor Alipay knows the old one.
  if (!/^\d{4}-/.test(oldUntil))
    return {
      message:
        `${message} Careful: no old order ${replaces} was found, so nothing was replaced. The order that was ` +
        `meant may still be paid, and one of that number until ${oldUntil}.`,
      message_zh: `${message_zh}注意：查不到旧订单 ${replaces}，没有替换任何订单，请核对号码；原来要替换的订单可能仍可付款。`,
    }
  if (old?.isPast)
    return {
      message:
        `${message} Careful: the time to pay the old order ${replaces} is over, and a payment of the last minute may still ` +
        'show: call query_payment for it before the buyer pays this one.',
      message_zh: `${message_zh}注意：旧订单 ${replaces} 的支付时间已过，最后时刻的付款可能稍后才显示；请先查询旧订单，再让买家付款。`,
    }
  if (old?.cashier_opened_at !== undefined) {
    const at = openedAt(old.cashier_opened_at)
    return {
      message:
        `${message} Careful: the page of the old order ${replaces} offers it no more, but a cashier opened at ${at} ` +
        `can be paid in until ${oldUntil}. Tell the buyer not to pay there.`,
      message_zh: `${message_zh}注意：旧订单 ${replaces} 的付款页已不再提供付款，但 ${at} 打开的收银台在 ${minuteOf(oldUntil)} 前仍可付款，请不要在那里付款。`,
    }
  }
  return {
    message:
      `${message} Careful: the old order ${replaces} cannot be closed before a buyer opens it, and can be paid until ` +
      `${oldUntil}. Tell the buyer not to use the old link.`,
    message_zh: `${message_zh}注意：旧订单 ${replaces} 还没有买家打开，无法关闭，在 ${minuteOf(oldUntil)} 前仍可付款，请不要再用旧链接。`,
  }
}

/** Of a chain of orders for one request those before the last are told, too. */
export function withEarlier({ message, message_zh }: Words, earlier: readonly string[] = []): Words {
  if (earlier.length === 0) return { message, message_zh }
  return {
    message: `${message} ${earlier.join(', ')}, replaced before that, can still be paid, too: tell the buyer not to pay there.`,
    message_zh: `${message_zh}更早被替换的订单 ${earlier.join('、')} 也仍可付款，请不要在那里付款。`,
  }
}

function madeWords({ total_amount = '', subject, out_trade_no }: Order, again: boolean): Words {
  const what = `${total_amount} yuan for ${JSON.stringify(subject)}`
  return again
    ? {
        message: `Order ${out_trade_no} was made before: ${what}. Nothing new was made.`,
        message_zh: `订单此前已创建，金额 ${total_amount} 元，本次没有新建。`,
      }
    : { message: `Order made: ${what}. Not paid yet.`, message_zh: `订单已创建，金额 ${total_amount} 元，等待付款。` }
}

/** Alipay knows no trade of an order of this ledger: no buyer has come so far. */
export function unopenedWords(order: Order, { state }: Payable): Words {
  const { total_amount = '', time_expire, token } = order
  const amount = `${total_amount} yuan`
  if (state === 'closed') return closedWords(total_amount)
  if (state === 'expired')
    return {
      message: `Expired unpaid: nobody can pay the ${amount} any more.`,
      message_zh: `订单已过期，${total_amount} 元没有付款，也不能再付款。`,
    }
  if (state === 'time_is_up')
    return {
      message: `Not paid: ${amount}. The time to pay is over; a payment of the last minute may still show.`,
      message_zh: `未付款 ${total_amount} 元，支付时间已过；最后时刻的付款可能稍后才显示。`,
    }
  const until = time_expire && minuteOf(time_expire)
  if (token !== undefined) return onPageWords(order, until ?? '')
  return {
    message: `Not paid yet: ${amount}. No buyer has scanned, logged in or confirmed${until ? `; payable until ${until} Beijing time` : ''}.`,
    message_zh: `尚未付款 ${total_amount} 元：还没有买家扫码、登录或确认${until ? `，可支付至 ${until}` : ''}。`,
  }
}

/** Of an order with a page, on which a press alone opens a cashier. */
function onPageWords(order: Order, until: string): Words {
  const { total_amount, cashier_opened_at, close_requested_at, replaced_by } = order
  const isUnwanted = close_requested_at !== undefined || replaced_by !== undefined
  if (cashier_opened_at === undefined && isUnwanted)
    return {
      message: `Not paid: ${total_amount} yuan. The page offers it no more; a link of this number that another program made can be paid until ${until} Beijing time.`,
      message_zh: `未付款 ${total_amount} 元：付款页已不再提供付款；其他程序用同一订单号创建的链接在 ${until} 前仍可付款。`,
    }
  if (cashier_opened_at === undefined)
    return {
      message: `Not paid yet: ${total_amount} yuan. No buyer has opened the cashier from the page; payable until ${until} Beijing time.`,
      message_zh: `尚未付款 ${total_amount} 元：还没有买家从付款页打开收银台，可支付至 ${until}。`,
    }
  const at = openedAt(cashier_opened_at)
  if (isUnwanted)
    return {
      message: `Not paid: ${total_amount} yuan. The page offers it no more; a cashier opened at ${at} can be paid in until ${until} Beijing time.`,
      message_zh: `未付款 ${total_amount} 元：付款页已不再提供付款；${at} 打开的收银台在 ${until} 前仍可付款。`,
    }
  return {
    message: `Not paid yet: ${total_amount} yuan. The buyer opened the cashier at ${at}, and has not scanned, logged in or confirmed; payable until ${until} Beijing time.`,
    message_zh: `尚未付款 ${total_amount} 元：买家 ${at} 打开了收银台，还没有扫码、登录或确认，可支付至 ${until}。`,
  }
}

/** By this call. */
export function closedWords(total_amount: string): Words {
  return {
    message: `Closed: nobody has paid the ${total_amount} yuan, and nobody can pay it any more.`,
    message_zh: `订单已关闭：${total_amount} 元没有付款，也不能再付款。`,
  }
}

export const NOT_CLOSED: Words = { message: 'Not closed. ', message_zh: '没有关闭。' }

export function notClosedWords({ message, message_zh }: Words): Words {
  return { message: NOT_CLOSED.message + message, message_zh: NOT_CLOSED.message_zh + message_zh }
}

/** What a close comes to where Alipay has nothing to close. */
export function unopenedCloseWords(order: Order, time: Payable): Words {
  if (time.state !== 'open') return notClosedWords(unopenedWords(order, time))
  const { total_amount, time_expire, cashier_opened_at, token } = order
  const until = time_expire && minuteOf(time_expire)
  if (token !== undefined && cashier_opened_at === undefined)
    return {
      message: `Withdrawn, not closed: the page offers the ${total_amount} yuan no more. The number is the merchant's own: a link of it that another program made can be paid until ${until} Beijing time.`,
      message_zh: `已撤回，没有关闭：付款页已不再提供付款 ${total_amount} 元。订单号是商家自己的：其他程序用它创建的链接在 ${until} 前仍可付款。`,
    }
  if (cashier_opened_at !== undefined) {
    const at = openedAt(cashier_opened_at)
    return {
      message: `Withdrawn, not closed: the page offers the ${total_amount} yuan no more, but a cashier opened at ${at} can be paid in until ${until} Beijing time.`,
      message_zh: `已撤回，没有关闭：付款页已不再提供付款，但 ${at} 打开的收银台在 ${until} 前仍可付款 ${total_amount} 元。`,
    }
  }
  return {
    message: `Not closed: no buyer has scanned, logged in or confirmed, so Alipay has nothing to close. The ${total_amount} yuan can be paid${until ? ` until ${until} Beijing time` : ''}.`,
    message_zh: `没有关闭：还没有买家扫码、登录或确认，支付宝没有可关闭的交易；${total_amount} 元${until ? `在 ${until} 前` : ''}仍可付款。`,
  }
}

/** @param isEmpty whether the ledger holds nothing that a list could show */
export const checkNumber = (isEmpty: boolean): string =>
  `Check the number with the user${isEmpty ? '' : ', or find the order with list_payments (text: part of number or subject)'}.`

/** Neither this ledger nor Alipay has it; an order of another program that nobody has opened looks the same. */
export function nowhereWords(name: OrderName): Words {
  const number = 'trade_no' in name ? name.trade_no : name.out_trade_no
  return {
    message: `No order ${number} here or at Alipay; check the number. Not found does not mean not paid.`,
    message_zh: `这里和支付宝都查不到订单 ${number}，请核对号码；查不到不等于没付。`,
  }
}

/** A line for errors about an order: what was last seen, and when. */
export function lastKnown(order: Order | undefined) {
  if (!order) return {}
  const { trade_status, refunded_fen, subject, total_amount } = order
  const last_known = trade_status ?? (order.can_never_be_paid ? 'never paid' : 'no trade seen')
  const refunded_total = refunded_fen > 0 ? toYuan(refunded_fen) : undefined
  return { subject, total_amount, last_known, refunded_total, last_change_seen: lastChangeSeen(order) }
}

/** A look that tells nothing new is not written down: it is no time at which somebody asked. */
export function lastChangeSeen({ checked_at }: Order): string | undefined {
  return checked_at === undefined ? undefined : `${beijingTime(checked_at)} Beijing time`
}
