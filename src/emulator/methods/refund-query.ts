// alipay.trade.fastpay.refund.query: one refund by its number; an unknown one is a success without data.
import { Refusal } from '../answers.ts'
import { asksFor, namedTrade, readField } from '../biz-content.ts'
import { beijingTime } from '../clock.ts'
import { yuanOf } from '../fen.ts'
import type { ApiMethod } from './method.ts'

export const refundQuery: ApiMethod = {
  name: 'alipay.trade.fastpay.refund.query',

  run(biz, platform) {
    const out_request_no = readField(biz, 'out_request_no')
    const trade = namedTrade(biz, platform)
    if (out_request_no === undefined) throw new Refusal('ACQ.INVALID_PARAMETER')
    // Refunds made by hand stay invisible here even to somebody who knows their number.
    const refund = trade?.refunds.find((one) => one.by === 'api' && one.out_request_no === out_request_no)
    if (!trade || !refund) return {}
    const amount = yuanOf(refund.fen)
    const detail = asksFor(biz, 'refund_detail_item_list')
    return {
      ...(asksFor(biz, 'gmt_refund_pay') && { gmt_refund_pay: beijingTime(refund.at) }),
      out_request_no,
      out_trade_no: trade.out_trade_no,
      refund_amount: amount,
      ...(detail && { refund_detail_item_list: [{ amount, fund_channel: 'ALIPAYACCOUNT' }] }),
      ...(refund.reason !== undefined && { refund_reason: refund.reason }),
      refund_status: 'REFUND_SUCCESS',
      ...(detail && { send_back_fee: amount }),
      total_amount: yuanOf(trade.total_fen),
      trade_no: trade.trade_no,
    }
  },
}
