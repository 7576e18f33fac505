// alipay.trade.page.pay and wap.pay: links. On a computer the buyer scans or logs in; on a phone the password is enough.
import type { PaymentMethod } from './method.ts'

export const pagePay: PaymentMethod = {
  name: 'alipay.trade.page.pay',
  channel: 'page',
  product_codes: ['FAST_INSTANT_TRADE_PAY'],
}

export const wapPay: PaymentMethod = {
  name: 'alipay.trade.wap.pay',
  channel: 'mobile',
  // SDKs in use send the second, or none.
  product_codes: ['QUICK_WAP_WAY', 'QUICK_WAP_PAY', undefined],
}
