// Orders that replaced each other are watched together: once two of them are paid, every answer about either says so.
import { LedgerError } from '../errors.ts'
import type { Ledger, Order } from '../ledger/ledger.ts'
import { isKept } from '../ledger/order.ts'
import type { Services, ToolResult } from './tool.ts'

const READ_MS = 3_000

/** Adds to a result about an order what happened to those that it replaced, or that replaced it. */
export async function withReplaced(result: ToolResult, services: Services): Promise<ToolResult> {
  const { out_trade_no } = result
  if (typeof out_trade_no !== 'string' || isUntied(result)) return result
  try {
    const ledger = await services.ledger()
    const tied = await ledger.replacements(out_trade_no)
    if (tied.length === 0) return result
    const others = await Promise.all(tied.map((other) => fresh(services, ledger, other)))
    const order = (await ledger.order({ out_trade_no })) ?? (await fresh(services, ledger, out_trade_no))
    return order
      ? told(
          result,
          order,
          others.filter((other) => other !== undefined),
        )
      : result
  } catch (error) {
    if (error instanceof LedgerError) return result
    throw error
  }
}

/** The tool has looked already, and there is nothing. */
function isUntied(result: ToolResult): boolean {
  return 'replaced_by' in result && result.replaced_by === undefined && result.replaces === undefined
}

/** As Alipay tells it now, unless it cannot change any more. */
async function fresh(
  { gateway, act }: Services,
  ledger: Ledger,
  out_trade_no: string,
): Promise<Order | undefined> {
  const other = await ledger.order({ out_trade_no })
  if (other?.unpaid_for_ever) return other
  const read = await gateway.query({ out_trade_no }, { within: READ_MS })
  return read.outcome === 'done' ? await ledger.saw({ trade: read.answer }, act(), true) : other
}

function told(result: ToolResult, order: Order, others: readonly Order[]): ToolResult {
  const paid = others.filter(isKept)
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

function mayBePaid({ unpaid_for_ever, trade_status }: Order): boolean {
  return !unpaid_for_ever && (trade_status === undefined || trade_status === 'WAIT_BUYER_PAY')
}

const INSTEAD =
  'Tell the merchant: the other link was paid. Close this order with close_payment, so that it is not paid, too.'
const TWICE =
  'Tell the merchant. On the wish to give one back, call refund_payment for that one; the server does nothing by itself.'
