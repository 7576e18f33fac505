// alipay.trade.page.pay: payment on a computer; the buyer scans or logs in, then pays.
import type { PageMethod } from './method.ts'

export const pagePay: PageMethod = {
  name: 'alipay.trade.page.pay',
  channel: 'page',
  product_code: 'FAST_INSTANT_TRADE_PAY',
}
