// Gives back all or part of a paid order (alipay.trade.refund).
import * as z from 'zod'
import type { Trade } from '../gateway/gateway.ts'
import { LOOK_UP_MS } from '../guard/deadlines.ts'
import type { RefundRequest } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'
import { lookUpTrade } from '../orders/find-order.ts'
import { furtherNumber, refundRequestFor } from '../refunds/refund-number.ts'
import { requireSettings } from '../refunds/refund-rules.ts'
import type { RefundMade } from '../refunds/send-refund.ts'
import type { ToolResult } from '../tool-result.ts'
import { amount, orderInput, orderName, output, refundNumber, shownText } from './fields.ts'
import { defineTool } from './tool.ts'

const EMPTY =
  'is empty: give the amount in yuan, such as "9.90", or leave the field out for a refund of all that is left.'

export const refundPayment = defineTool({
  name: 'refund_payment',
  title: 'Refund an Alipay payment 退款',
  description:
    'Gives back what is left of a paid order, or refund_amount of it. Moves money out; only on a clear wish of the' +
    ' merchant, who is asked to confirm. The same wish again is the same refund: after a lost answer ask again with' +
    ' the same words. Not for unpaid orders (close_payment). After an unknown outcome call query_refund first.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: orderInput({
    refund_amount: amount('Yuan; left out: all that is left.', EMPTY).optional(),
    refund_reason: shownText(256, 'Shown on the bill.').optional(),
    out_request_no: refundNumber('Only as an earlier answer offered it.').optional(),
  }),
  refusedEmpty: () => ['refund_amount'],
  output: output({ moved: z.string().describe('now, or earlier: nothing moved now').optional() }),
  async run(args, services) {
    requireSettings(services.rules)
    const look = { by: 'refund_payment', order: orderName(args), within: LOOK_UP_MS, readOnly: false }
    return services.approver.restartOnAnswer(async () => {
      const trade = await lookUpTrade(services, look)
      const request = await refundRequestFor(services, trade, args)
      return refundResult(trade, request, await services.refunds.make(services, trade, request))
    })
  },
})

// [guess G6] That it takes days is no more than said.
const NOT_ARRIVED =
  'Tell the buyer that it was accepted, not that it has arrived: it goes back the way he paid, to a bank card it can ' +
  'take days.'
const NOTHING_TO_DO = 'There is nothing to do.'
const OTHER_BY_HAND = ' A refund of the whole is made once.'
const further = (call: Readonly<Record<string, string>>) =>
  ` Only if the merchant wants a further refund of the same amount: call refund_payment with ${JSON.stringify(call)}; the merchant will be asked.`
const UNASKED =
  ' Nobody was asked to approve it, because this client shows no forms and no real money moves; elsewhere the merchant would be.'

function refundResult(trade: Trade, request: RefundRequest, made: RefundMade): ToolResult {
  const refund_amount = toYuan(request.amount_fen)
  const when = made.gmt_refund_pay ? ` on ${made.gmt_refund_pay} Beijing time` : ''
  const messages = {
    now: `Refund of ${refund_amount} yuan accepted by Alipay${when}.`,
    earlier: `This refund of ${refund_amount} yuan was already made${when}; nothing moved now.`,
  }
  const joined = made.joined ? ' Two identical calls ran at once: it is one refund.' : ''
  const { trade_no } = trade
  const next = furtherNumber(trade, request)
  const offered = next === undefined ? OTHER_BY_HAND : further({ trade_no, refund_amount, out_request_no: next })
  return {
    message: messages[made.moved] + joined + (made.unasked ? UNASKED : ''),
    out_trade_no: trade.out_trade_no,
    trade_no,
    out_request_no: request.out_request_no,
    refund_amount,
    moved: made.moved,
    alarm: made.alarm,
    refund_fee: made.refund_fee,
    gmt_refund_pay: made.gmt_refund_pay,
    ledger: made.unrecorded,
    next_step: made.moved === 'now' ? NOT_ARRIVED : NOTHING_TO_DO + offered,
  }
}
