// alipay.trade.page.pay and wap.pay: links. On a computer the buyer scans or logs in; on a phone the password is enough.
import type { PageMethod } from './method.ts'

export const pagePay: PageMethod = {
  name: 'alipay.trade.page.pay',
  channel: 'page',
  product_code: 'FAST_INSTANT_TRADE_PAY',
}

export const wapPay: PageMethod = {
  name: 'alipay.trade.wap.pay',
  channel: 'mobile',
  product_code: 'QUICK_WAP_WAY',
}
