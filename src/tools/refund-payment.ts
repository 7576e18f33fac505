// Gives back all or part of a paid order (alipay.trade.refund).
import * as z from 'zod'
import { InputError } from '../errors.ts'
import type { RefundRequest, Trade } from '../gateway/gateway.ts'
import { requestFor } from '../guard/refund-wish.ts'
import type { RefundMade } from '../ledger/memory.ts'
import { amount, orderInput, orderName, output, shownText } from './fields.ts'
import { lookUpTrade } from './look-up.ts'
import { defineTool, type Services, type ToolResult } from './tool.ts'

// Leaves the refund its own 50 of the 55 seconds that hosts wait.
const QUERY_MS = 5_000

export const refundPayment = defineTool({
  name: 'refund_payment',
  title: 'Refund an Alipay payment 退款',
  description:
    'Gives back the whole of a paid order, or refund_amount of it. Moves money out; only on a clear wish of the' +
    ' merchant. The same wish again is the same refund: nothing moves twice, so after a lost answer ask again with' +
    ' the same words. Not for unpaid orders (close_payment). After an unknown outcome call query_refund first.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: orderInput({
    refund_amount: amount('Yuan; left out: the whole order.').optional(),
    refund_reason: shownText(256, 'Shown on the bill.').optional(),
  }),
  output: output({ moved: z.string().describe('now, or earlier: nothing moved now').optional() }),
  async run(args, services) {
    if (services.environment === 'production') throw new InputError(NOT_SERVED)
    const look = { by: 'refund_payment', order: orderName(args), within: QUERY_MS, readOnly: false }
    const trade = await lookUpTrade(services, look)
    const request = requestFor(trade, args.refund_amount, args.refund_reason)
    demandSandboxWhole(trade, request, services)
    return told(trade, request, await services.refunds.make(trade, request, services.signal))
  },
})

const NOT_ARRIVED =
  'Tell the buyer that it was accepted, not that it has arrived: it goes back the way he paid, to a bank card it can ' +
  'take days.'
const NO_SECOND =
  'There is nothing to do. If a second refund of the same amount was meant, this version cannot make it: the merchant ' +
  'can, by hand in the console (b.alipay.com 商家平台).'

const NOT_SERVED =
  'refund_payment is not served in production yet: this version keeps no record on disk that survives a crash. ' +
  'Nothing was sent. The merchant can refund by hand in the console (b.alipay.com 商家平台, 交易订单, 退款).'

function demandSandboxWhole(trade: Trade, request: RefundRequest, { environment }: Services): void {
  if (environment !== 'sandbox' || request.refund_amount === trade.total_amount) return
  throw new InputError(
    `refund_amount: Alipay's sandbox refunds only whole orders, here ${trade.total_amount} yuan, and each order ` +
      'only once, whether that succeeds or not. Nothing was sent. Leave refund_amount out; parts work in production.',
  )
}

function told(trade: Trade, request: RefundRequest, made: RefundMade): ToolResult {
  const sum = `${request.refund_amount} yuan`
  const when = made.gmt_refund_pay ? ` on ${made.gmt_refund_pay} Beijing time` : ''
  const messages = {
    now: `Refund of ${sum} accepted by Alipay${when}.`,
    earlier: `This refund of ${sum} was already made${when}; nothing moved now.`,
  }
  return {
    message:
      messages[made.moved] + (made.joined ? ' Two identical calls ran at once: it is one refund.' : ''),
    out_trade_no: trade.out_trade_no,
    trade_no: trade.trade_no,
    out_request_no: request.out_request_no,
    refund_amount: request.refund_amount,
    moved: made.moved,
    refund_fee: made.refund_fee,
    gmt_refund_pay: made.gmt_refund_pay,
    next_step: made.moved === 'now' ? NOT_ARRIVED : NO_SECOND,
  }
}
