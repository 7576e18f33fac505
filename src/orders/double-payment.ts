// Orders that replaced each other are watched together: once two of them are paid, query, wait and list say so.
import { LedgerError } from '../errors.ts'
import type { Call } from '../guard/call.ts'
import { READ_MS } from '../guard/deadlines.ts'
import { readTrade } from '../guard/read-trade.ts'
import type { Ledger, Order } from '../ledger/ledger.ts'
import { alarmOf, isKept } from '../ledger/order.ts'
import type { ToolResult } from '../tool-result.ts'
import type { CheckedOrder } from './order-status.ts'

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
    return order ? addAlarms(addPaid(result, order, others), others) : result
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

function addPaid(result: ToolResult, order: Order, others: readonly (Order | undefined)[]): ToolResult {
  const paid = others.filter((other) => other !== undefined).filter(isKept)
  const names = paid.map(({ out_trade_no }) => out_trade_no).join(', ')
  if (paid.length === 0) return result
  if (!isKept(order) && paid.length === 1) {
    const message = `${result.message} But ${names}, which belongs to the same wish, was paid.`
    const next_step = mayBePaid(order) ? INSTEAD : result.next_step
    return { ...result, message, paid_instead: names, next_step }
  }
  const all = [...(isKept(order) ? [order] : []), ...paid].map(({ out_trade_no }) => out_trade_no)
  const message = `Paid twice: ${all.join(' and ')} replaced each other, and each was paid. ${result.message}`
  return { ...result, message, paid_twice: all.join(', '), next_step: TWICE }
}

/** Money with another amount pays none of them, and is told all the same. */
function addAlarms(result: ToolResult, others: readonly (Order | undefined)[]): ToolResult {
  const alarms = others.flatMap((other) => {
    const alarm = other && alarmOf(other)
    return alarm
      ? [`${other.out_trade_no}, which belongs to the same wish, was paid with another amount: ${alarm}`]
      : []
  })
  if (alarms.length === 0) return result
  const alarm = [result.alarm, ...alarms].filter(Boolean).join('; ')
  return { ...result, message: `Careful: ${alarms.join('; ')}. ${result.message}`, alarm, next_step: TELL_FIRST }
}

const TELL_FIRST = 'Tell the merchant before anything is delivered, or paid for the same wish.'

function mayBePaid({ can_never_be_paid, trade_status }: Order): boolean {
  return !can_never_be_paid && (trade_status === undefined || trade_status === 'WAIT_BUYER_PAY')
}

const INSTEAD =
  'Tell the merchant: the other link was paid. Close this order with close_payment, so that it is not paid, too.'
const TWICE =
  'Tell the merchant. On the wish to give one back, call refund_payment for that one; the server does nothing by itself.'
