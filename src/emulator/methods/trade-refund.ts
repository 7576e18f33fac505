// alipay.trade.refund: gives back all or part of a paid trade; the number makes a repeat harmless.
import { Refusal } from '../answers.ts'
import { asksFor, type BizContent, existingTrade, readField } from '../biz-content.ts'
import { beijingTime } from '../clock.ts'
import { fenOf, yuanOf } from '../fen.ts'
import { type RefundRequest, refundTrade } from '../refunds.ts'
import { refundedFen } from '../trade.ts'
import type { ApiMethod } from './method.ts'

export const tradeRefund: ApiMethod = {
  name: 'alipay.trade.refund',

  run(biz, platform) {
    const params = readRefundRequest(biz)
    const trade = existingTrade(biz, platform)
    const { refund, moved } = refundTrade(trade, params, platform)
    const amount = yuanOf(refund.fen)
    const detail = asksFor(biz, 'refund_detail_item_list')
    return {
      buyer_logon_id: trade.buyer.buyer_logon_id,
      buyer_user_id: trade.buyer.buyer_user_id,
      fund_change: moved ? 'Y' : 'N',
      gmt_refund_pay: beijingTime(refund.at),
      out_trade_no: trade.out_trade_no,
      ...(detail && { refund_detail_item_list: [{ amount, fund_channel: 'ALIPAYACCOUNT' }] }),
      // Everything refunded so far, not this refund alone.
      refund_fee: yuanOf(refundedFen(trade)),
      send_back_fee: detail ? amount : '0.00',
      trade_no: trade.trade_no,
    }
  },

  refusalFields: () => ({ refund_fee: '0.00', send_back_fee: '0.00' }),
}

function readRefundRequest(biz: BizContent): RefundRequest {
  const fen = fenOf(readField(biz, 'refund_amount'))
  const out_request_no = readField(biz, 'out_request_no')
  const reason = readField(biz, 'refund_reason')
  const tooLong = (out_request_no?.length ?? 0) > 64 || (reason?.length ?? 0) > 256
  if (fen === undefined || fen === 0 || tooLong) throw new Refusal('ACQ.INVALID_PARAMETER')
  return { fen, out_request_no, reason }
}
