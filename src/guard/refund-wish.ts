// One wish, one refund: the number that Alipay counts a refund by follows from the order and the amount.
import { createHash } from 'node:crypto'
import type { RefundRequest, Trade } from '../gateway/gateway.ts'

/**
 * The request for a wish. The same wish gives the same number on any machine, so that Alipay itself refuses to do it
 * twice. "The whole" has a number space of its own: refunding 50 and then the rest, which is 50, are two wishes.
 * @param refund_amount yuan with two decimals; absent means the whole order
 */
export function requestFor(
  trade: Trade,
  refund_amount: string | undefined,
  refund_reason?: string,
): RefundRequest {
  const whole = refund_amount === undefined || refund_amount === trade.total_amount
  const amount = refund_amount ?? trade.total_amount
  const wish = whole ? `rest:${amount}` : `amount:${amount}:1`
  return {
    out_request_no: `RF${digest(`alipay-mcp refund 1|${trade.trade_no}|${wish}`)}`,
    refund_amount: amount,
    refund_reason,
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 30)
}
