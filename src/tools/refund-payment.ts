// Gives back all or part of a paid order (alipay.trade.refund).
import * as z from 'zod'
import type { Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { LOOK_UP_MS } from '../guard/deadlines.ts'
import { ignoringLedgerErrors } from '../guard/send-permit.ts'
import type { RefundRequest } from '../ledger/ledger.ts'
import { toFen, toYuan } from '../money.ts'
import { lookUpTrade } from '../orders/find-order.ts'
import { stepInDoubt } from '../orders/order-status.ts'
import { furtherNumber, refundRequestFor } from '../refunds/refund-number.ts'
import { requireSettings } from '../refunds/refund-rules.ts'
import { refundWords } from '../refunds/refund-words.ts'
import type { RefundMade } from '../refunds/send-refund.ts'
import type { ToolResult } from '../tool-result.ts'
import { amount, shownText } from '../written-input.ts'
import { orderInput, orderName, output, refundNumber } from './fields.ts'
import { defineTool } from './tool.ts'

const EMPTY =
  'is empty: give the amount in yuan, such as "9.90", or leave the field out for a refund of all that is left.'

export const refundPayment = defineTool({
  name: 'refund_payment',
  title: 'Refund an Alipay payment 退款',
  description:
    'Gives back what is left of a paid order, or refund_amount of it. Moves money out; only if the merchant clearly' +
    ' asks for it, and a person is asked to approve. The same request again is the same refund, so a lost answer is' +
    ' safe to repeat. Not for unpaid orders (close_payment). After an unknown outcome call query_refund first.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: orderInput({
    refund_amount: amount('Yuan, at most two decimals. Default: all that is left.', EMPTY).optional(),
    refund_reason: shownText(256, 'Reason, shown on the bill.').optional(),
    out_request_no: refundNumber('Only if a result offered it.').optional(),
  }),
  refusedEmpty: () => ['refund_amount'],
  output: output({ moved: z.string().describe('now, earlier, no or unknown').optional() }),
  async run(args, services) {
    requireSettings(services.rules)
    const look = { by: 'refund_payment', order: orderName(args), within: LOOK_UP_MS, readOnly: false }
    return services.approver.restartOnAnswer(async () => {
      const trade = await lookUpTrade(services, look)
      const request = await refundRequestFor(services, trade, args)
      const made = await services.refunds.make(services, trade, request)
      const same = made.moved === 'earlier' ? await sameAmount(request, services) : []
      const leftFen = await leftOf(trade, services)
      return refundResult(trade, request, { ...made, leftFen }, same, services)
    })
  },
})

// [guess G6] That it takes days is no more than said.
const NOT_ARRIVED =
  'Say that the refund was accepted, not that the money has arrived: the money goes back the way the buyer ' +
  'paid, to a bank card within days.'
const FIRST = 'Find out first how the refund in "in_doubt" ended; it is another refund than this.'
const NOTHING_TO_DO = 'Nothing more to do.'
const MADE_TOO = 'that one was made, too, and its result offers the next number'
const further = (call: Readonly<Record<string, string | undefined>>, then: string) =>
  ` Only if the merchant wants another refund of the same amount: call refund_payment with ${JSON.stringify(call)}; ${then}.`

/** The numbers of the order's refunds of this amount that are known to have been made. */
async function sameAmount({ out_trade_no, amount_fen }: RefundRequest, call: Call): Promise<readonly string[]> {
  const intents = (await ignoringLedgerErrors(call, (ledger) => ledger.intents(out_trade_no))) ?? []
  const made = intents.filter((one) => one.kind === 'refund' && one.state === 'done' && one.amount_fen === amount_fen)
  return made.map(({ number }) => number)
}

/** In fen, at most: as far as known here. */
async function leftOf({ out_trade_no, total_amount }: Trade, call: Call): Promise<number> {
  const order = await ignoringLedgerErrors(call, (ledger) => ledger.order({ out_trade_no }))
  return Math.max(0, toFen(total_amount) - (order?.refunded_fen ?? 0))
}

function refundResult(
  trade: Trade,
  request: RefundRequest,
  made: RefundMade & { leftFen: number },
  same: readonly string[],
  call: Call,
): ToolResult {
  const { out_trade_no, trade_no, total_amount } = trade
  const { moved, subject, alarm, in_doubt = [], refund_fee, gmt_refund_pay, unrecorded } = made
  const refund_amount = toYuan(request.amount_fen)
  // The next number, made or not: whoever asks for a second refund twice, through two programs, means one.
  const next = furtherNumber(trade, request)
  const refund_reason = request.reason
  const isMade = next !== undefined && same.includes(next)
  const args = { trade_no, refund_amount, out_request_no: next, refund_reason }
  const isLess = made.leftFen < request.amount_fen
  const left = ` At most ${toYuan(made.leftFen)} yuan are left of this order.`
  const more = isLess ? left : further(args, isMade ? MADE_TOO : 'the merchant is asked again')
  const offered = next === undefined ? '' : more
  const known = same.length > 1 ? ` ${same.length} refunds of ${refund_amount} yuan of this order were made.` : ''
  return {
    ...refundWords(refund_amount, made),
    out_trade_no,
    trade_no,
    subject,
    total_amount,
    out_request_no: request.out_request_no,
    refund_amount,
    moved,
    alarm,
    refunded_total: refund_fee,
    gmt_refund_pay,
    in_doubt: in_doubt.map((intent) => stepInDoubt(intent, call)).join('; ') || undefined,
    ledger: unrecorded,
    next_step: moved === 'now' ? NOT_ARRIVED : in_doubt.length > 0 ? FIRST : NOTHING_TO_DO + known + offered,
  }
}
