// alipay.trade.precreate: a QR code for an order; no trade exists until somebody scans it.
import { Refusal } from '../answers.ts'
import { readField } from '../biz-content.ts'
import { codeText, issueCode } from '../codes.ts'
import type { ApiMethod } from './method.ts'

/** The order-code product, and the older face-to-face contract. */
const PRODUCT_CODES = ['QR_CODE_OFFLINE', 'FACE_TO_FACE_PAYMENT']

export const tradePrecreate: ApiMethod = {
  name: 'alipay.trade.precreate',

  run(biz, platform) {
    const product_code = readField(biz, 'product_code')
    if (product_code === undefined) throw new Refusal('ACQ.INVALID_PARAMETER')
    if (!PRODUCT_CODES.includes(product_code)) throw new Refusal('ACQ.ACCESS_FORBIDDEN')
    const code = issueCode(biz, platform)
    // No trade_no: there is no trade yet.
    return { out_trade_no: code.out_trade_no, qr_code: codeText(code, platform) }
  },
}
