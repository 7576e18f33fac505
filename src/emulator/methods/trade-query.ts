// alipay.trade.query: the state of one trade; it never tells how much was refunded.
import type { Fields } from '../answers.ts'
import { asksFor, type BizContent, echoedNumber, existingTrade } from '../biz-content.ts'
import { beijingTime } from '../clock.ts'
import { yuanOf } from '../fen.ts'
import type { Platform } from '../platform.ts'
import { statusOf, type Trade } from '../trade.ts'
import type { ApiMethod } from './method.ts'

export const tradeQuery: ApiMethod = {
  name: 'alipay.trade.query',

  run(biz, platform) {
    return tradeFields(existingTrade(biz, platform), biz, platform)
  },

  refusalFields(biz) {
    return {
      buyer_pay_amount: '0.00',
      invoice_amount: '0.00',
      ...echoedNumber(biz),
      point_amount: '0.00',
      receipt_amount: '0.00',
    }
  },
}

/** Recorded: without funds detail the paid amounts stay 0.00; with it they are real and the user type is gone. */
function tradeFields(trade: Trade, biz: BizContent, platform: Platform): Fields {
  const total_amount = yuanOf(trade.total_fen)
  const funds = trade.paid_at !== undefined && asksFor(biz, 'fund_bill_list')
  const amount = funds ? total_amount : '0.00'
  return {
    buyer_logon_id: trade.buyer.buyer_logon_id,
    buyer_pay_amount: amount,
    buyer_user_id: trade.buyer.buyer_user_id,
    ...(funds
      ? { fund_bill_list: [{ amount: total_amount, fund_channel: 'ALIPAYACCOUNT' }] }
      : { buyer_user_type: 'PRIVATE' }),
    invoice_amount: amount,
    out_trade_no: trade.out_trade_no,
    point_amount: '0.00',
    receipt_amount: amount,
    ...(trade.paid_at !== undefined && { send_pay_date: beijingTime(trade.paid_at) }),
    total_amount,
    trade_no: trade.trade_no,
    trade_status: statusOf(trade, platform.clock.now()),
  }
}
