// What a query of an order is told as: the state at Alipay, or what it means that Alipay knows no trade.
import type { Trade } from '../gateway/gateway.ts'
import { NO_TRADE_YET, payable, viewOf } from '../ledger/order.ts'
import type { NamedOrder } from './fields.ts'
import type { LookedUp } from './look-up.ts'
import type { Services, ToolResult } from './tool.ts'

/** True once nothing that the buyer does can change the answer to "paid?". */
export function isSettled({ trade }: LookedUp, order: NamedOrder, services: Services): boolean {
  if (trade) return trade.trade_status !== 'WAIT_BUYER_PAY'
  return order.out_trade_no === undefined || payableOf(order.out_trade_no, services).state === 'expired'
}

export function stateOf({ trade }: LookedUp, order: NamedOrder, services: Services): ToolResult {
  return trade ? withTrade(trade, services) : withoutTrade(order, services)
}

function withTrade(trade: Trade, { memory }: Services): ToolResult {
  const view = viewOf(trade, memory.refundedFen(trade.trade_no))
  const subject = trade.subject ?? memory.order(trade.out_trade_no)?.subject
  const asked = memory.order(trade.out_trade_no)?.total_amount
  const other = asked !== undefined && asked !== trade.total_amount
  const next_step = view.paid ? undefined : WITH_TRADE[trade.trade_status]
  if (!other) return { ...view, ...trade, subject, next_step }
  const message = `Careful: Alipay has ${trade.total_amount} yuan under this number, and ${asked} was asked here. ${view.message}`
  return { ...view, message, ...trade, subject, next_step: OTHER_ORDER }
}

const OTHER_ORDER =
  'This may be another order of the merchant with the same number: tell the merchant before anything is delivered.'

const WITH_TRADE: Readonly<Record<string, string>> = {
  WAIT_BUYER_PAY: 'Ask again in 5 seconds or more, or call close_payment if it shall not be paid any more.',
  TRADE_CLOSED: 'For a new payment call create_payment without out_trade_no.',
}

/** What it means that Alipay knows no trade of that number. */
export function withoutTrade({ out_trade_no, trade_no }: NamedOrder, services: Services): ToolResult {
  const none = { paid: false, refunded: 'none', out_trade_no, trade_no, sub_code: 'ACQ.TRADE_NOT_EXIST' }
  if (out_trade_no === undefined) {
    const message =
      'Alipay knows no trade of this trade_no: the number is wrong, for an order has none before its trade.'
    return { message, ...none, next_step: 'Check the number, or ask by out_trade_no.' }
  }
  const { state, until } = payableOf(out_trade_no, services)
  const known = services.memory.order(out_trade_no) !== undefined
  const message = state === 'expired' ? 'Expired: nobody paid it, and nobody can any more.' : NO_TRADE_YET
  return { message, ...none, payable_until: until, next_step: (known ? '' : IF_RIGHT) + WITHOUT_TRADE[state] }
}

const IF_RIGHT = 'Check the number: this server did not make it, or has forgotten it. If it is right: '

const WITHOUT_TRADE = {
  open: 'The buyer can still open the link or scan the code and pay. Ask again in 5 seconds or more.',
  time_is_up:
    'Its time is up, and a payment of the last moment may still show: ask once more 15 minutes past it.',
  expired: 'For a new payment call create_payment without out_trade_no.',
} as const

export function payableOf(out_trade_no: string, { memory, environment, clock }: Services) {
  return payable(memory.order(out_trade_no)?.time_expire, environment, clock.now())
}
