// alipay.trade.precreate: a QR code for an order; no trade exists until somebody scans it.
import { refuseOtherProducts } from '../biz-content.ts'
import { codeText, issueCode } from '../codes.ts'
import { notifyTo } from '../notify-url.ts'
import type { ApiMethod } from './method.ts'

// The order-code product, and the older face-to-face contract, which is meant where none is named.
const PRODUCT_CODES = ['QR_CODE_OFFLINE', 'FACE_TO_FACE_PAYMENT', undefined]

export const tradePrecreate: ApiMethod = {
  name: 'alipay.trade.precreate',

  run(biz, platform, common) {
    refuseOtherProducts(biz, PRODUCT_CODES)
    const code = issueCode(biz, notifyTo(common), platform)
    // No trade_no: there is no trade yet.
    return { out_trade_no: code.out_trade_no, qr_code: codeText(code, platform) }
  },
}
