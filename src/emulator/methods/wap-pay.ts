// alipay.trade.wap.pay: payment in a phone's browser; the buyer confirms with the password.
import type { PageMethod } from './method.ts'

export const wapPay: PageMethod = {
  name: 'alipay.trade.wap.pay',
  channel: 'mobile',
  product_code: 'QUICK_WAP_WAY',
}
