// alipay.trade.precreate: a QR code for an order; no trade exists until somebody scans it.
import { refuseOtherProducts } from '../biz-content.ts'
import { codeText, issueCode } from '../codes.ts'
import type { ApiMethod } from './method.ts'

export const tradePrecreate: ApiMethod = {
  name: 'alipay.trade.precreate',

  run(biz, platform) {
    // The order-code product, and the older face-to-face contract.
    refuseOtherProducts(biz, 'QR_CODE_OFFLINE', 'FACE_TO_FACE_PAYMENT')
    const code = issueCode(biz, platform)
    // No trade_no: there is no trade yet.
    return { out_trade_no: code.out_trade_no, qr_code: codeText(code, platform) }
  },
}
