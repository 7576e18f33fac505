// Orders that replaced each other are watched together: once two of them are paid, query, wait and list say so.
import { LedgerError } from '../errors.ts'
import type { Call } from '../guard/call.ts'
import { READ_MS } from '../guard/deadlines.ts'
import { readTrade } from '../guard/read-trade.ts'
import type { Ledger, Order } from '../ledger/ledger.ts'
import { alarmOf, isKept, payableUntil } from '../ledger/order.ts'
import type { ToolResult } from '../tool-result.ts'
import { oldPrice } from './old-price.ts'
import { type CheckedOrder, DOUBT_FIRST } from './order-status.ts'

/** Adds to a result about an order what happened to those that it replaced, or that replaced it. */
export async function withDoublePayment(
  result: ToolResult,
  { name, looked, known }: CheckedOrder,
  call: Call,
): Promise<ToolResult> {
  const named = 'out_trade_no' in name ? name.out_trade_no : undefined
  const out_trade_no = looked.trade?.out_trade_no ?? named
  const isUntied = known.order && known.order.replaces === undefined && known.order.replaced_by === undefined
  if (out_trade_no === undefined || isUntied) return result
  try {
    const ledger = await call.ledger()
    const numbers = await ledger.replacements(out_trade_no)
    if (numbers.length === 0) return result
    const others = await Promise.all(numbers.map((number) => currentOrder(number, ledger, call)))
    // Another one may have been made in the place of an order that this ledger does not have.
    const order = known.order ?? (await currentOrder(out_trade_no, ledger, call))
    if (!order) return result
    const found = addAlarms(addPaid(result, order, others, call), others)
    const isNewStep = found.next_step !== result.next_step
    return found.in_doubt && isNewStep ? { ...found, next_step: `${DOUBT_FIRST} ${found.next_step}` } : found
  } catch (error) {
    if (error instanceof LedgerError) return result
    throw error
  }
}

/** As Alipay tells it now, unless it cannot change any more. */
async function currentOrder(out_trade_no: string, ledger: Ledger, call: Call): Promise<Order | undefined> {
  const other = await ledger.order({ out_trade_no })
  if (other?.can_never_be_paid) return other
  const read = await readTrade(call, { out_trade_no }, { within: READ_MS })
  return read.outcome === 'done' ? await ledger.recordTrade({ trade: read.answer }, call.actor(), true) : other
}

function addPaid(result: ToolResult, order: Order, others: readonly (Order | undefined)[], call: Call): ToolResult {
  const paid = others.filter((other) => other !== undefined).filter(isKept)
  const names = paid.map(({ out_trade_no }) => out_trade_no).join(', ')
  if (paid.length === 0 && !isKept(order)) return result
  if (!isKept(order) && paid.length === 1) {
    const message = `${result.message} But ${names}, another order for the same request, was paid.`
    const message_zh = `${result.message_zh ?? ''}但同一笔请求的另一个订单 ${names} 已付款。`
    const next_step = mayBePaid(order)
      ? order.trade_status || order.token
        ? INSTEAD
        : INSTEAD_UNOPENED
      : result.next_step
    return addOldPrice({ ...result, message, message_zh, paid_instead: names, next_step }, paid[0], [order, ...others])
  }
  if (isKept(order) && paid.length === 0) return addOldPrice(addOpen(result, others, call), order, [order, ...others])
  const all = [...(isKept(order) ? [order] : []), ...paid].map(({ out_trade_no }) => out_trade_no)
  const message = `Paid twice: ${all.join(' and ')} replaced each other, and each was paid. ${result.message}`
  const message_zh = `重复付款：${all.join('、')} 互相替换，却都已付款。${result.message_zh ?? ''}`
  return { ...result, message, message_zh, paid_twice: all.join(', '), next_step: TWICE }
}

/** Of the one order that was paid, where another price was asked since: the last one in the row has it. */
function addOldPrice(result: ToolResult, paid: Order | undefined, all: readonly (Order | undefined)[]): ToolResult {
  const last = all.find((one) => one !== undefined && one.replaced_by === undefined)
  const price = paid && last && last.out_trade_no !== paid.out_trade_no && oldPrice(paid, last.total_amount)
  if (!price) return result
  const message = `${result.message} ${price.message}`
  const message_zh = `${result.message_zh ?? ''}${price.message_zh}`
  const next_step = [result.next_step, price.step].filter(Boolean).join(' ') || undefined
  return { ...result, message, message_zh, next_step }
}

/** Money with another amount pays none of them, and is told all the same. */
function addAlarms(result: ToolResult, others: readonly (Order | undefined)[]): ToolResult {
  const alarms = others.flatMap((other) => {
    const alarm = other && alarmOf(other)
    return alarm
      ? [`${other.out_trade_no}, another order for the same request, was paid with another amount: ${alarm}`]
      : []
  })
  if (alarms.length === 0) return result
  const alarm = [result.alarm, ...alarms].filter(Boolean).join('; ')
  const message = `Careful: ${alarms.join('; ')}. ${result.message}`
  const message_zh = `注意：同一笔请求的另一个订单收到了金额不符的付款。${result.message_zh ?? ''}`
  return { ...result, message, message_zh, alarm, next_step: TELL_FIRST }
}

const TELL_FIRST = 'Tell the merchant before anything is delivered or paid for the same request.'

/** Whoever has paid one of them can still pay the other. */
function addOpen(result: ToolResult, others: readonly (Order | undefined)[], { rules, clock }: Call): ToolResult {
  const isPayable = (other: Order) => payableUntil(other, rules.environment, clock.behind()) !== undefined
  const open = others.filter((other) => other !== undefined).filter((other) => mayBePaid(other) && isPayable(other))
  if (open.length === 0) return result
  const names = open.map(({ out_trade_no }) => out_trade_no).join(', ')
  const message = `${result.message} Careful: ${names}, another order for the same request, can still be paid.`
  const message_zh = `${result.message_zh ?? ''}注意：同一笔请求的另一个订单 ${names} 仍可付款。`
  const isUnopened = open.every(({ trade_status, token }) => trade_status === undefined && token === undefined)
  const then = isUnopened
    ? 'It cannot be closed before a buyer opens it, and expires by itself.'
    : 'Call close_payment for it.'
  return { ...result, message, message_zh, next_step: `Tell the buyer not to pay ${names}. ${then}` }
}

function mayBePaid({ can_never_be_paid, trade_status }: Order): boolean {
  return !can_never_be_paid && (trade_status === undefined || trade_status === 'WAIT_BUYER_PAY')
}

const INSTEAD =
  'Tell the merchant that the other link was paid. Call close_payment for this order, so that nobody pays both.'
const INSTEAD_UNOPENED =
  'Tell the merchant that the other link was paid, and the buyer not to use this one: it cannot be closed before a buyer ' +
  'opens it, and expires by itself.'
const TWICE =
  'Tell the merchant. If the merchant wants one of the two refunded, call refund_payment for that order; the server does ' +
  'nothing by itself.'
