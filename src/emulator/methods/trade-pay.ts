// alipay.trade.pay, as far as it charges an agreement: no buyer takes part, so the trade is paid at once or soon.
import { chargeAgreement, readCharge } from '../agreements/charge.ts'
import { IN_PROCESS } from '../answers.ts'
import { echoedNumber } from '../biz-content.ts'
import { beijingTime } from '../clock.ts'
import { yuanOf } from '../fen.ts'
import { notifyTo } from '../notify-url.ts'
import type { ApiMethod } from './method.ts'

export const tradePay: ApiMethod = {
  name: 'alipay.trade.pay',

  run(biz, platform, common) {
    const trade = chargeAgreement(readCharge(biz, notifyTo(common), platform), platform)
    const { paid_at } = trade
    const total_amount = yuanOf(trade.total_fen)
    const amount = paid_at === undefined ? '0.00' : total_amount
    return {
      ...(paid_at === undefined && IN_PROCESS),
      buyer_logon_id: trade.buyer.buyer_logon_id,
      buyer_pay_amount: amount,
      buyer_user_id: trade.buyer.buyer_user_id,
      ...(paid_at !== undefined && {
        fund_bill_list: [{ amount, fund_channel: 'ALIPAYACCOUNT' }],
        gmt_payment: beijingTime(paid_at),
      }),
      invoice_amount: amount,
      out_trade_no: trade.out_trade_no,
      point_amount: '0.00',
      receipt_amount: amount,
      total_amount,
      trade_no: trade.trade_no,
    }
  },

  refusalFields: echoedNumber,
}
