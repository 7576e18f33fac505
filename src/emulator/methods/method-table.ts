// The methods that the emulator has, by name.
import { agreementPageSign } from './agreement-page-sign.ts'
import { agreementQuery } from './agreement-query.ts'
import { agreementUnsign } from './agreement-unsign.ts'
import { executionPlanModify } from './execution-plan-modify.ts'
import type { ApiMethod, PageMethod, PaymentMethod, SignMethod } from './method.ts'
import { pagePay, wapPay } from './page-and-wap-pay.ts'
import { refundQuery } from './refund-query.ts'
import { tradeClose } from './trade-close.ts'
import { tradePay } from './trade-pay.ts'
import { tradePrecreate } from './trade-precreate.ts'
import { tradeQuery } from './trade-query.ts'
import { tradeRefund } from './trade-refund.ts'

const TRADE_METHODS = [tradeQuery, tradeRefund, refundQuery, tradeClose, tradePrecreate, tradePay]
const AGREEMENT_METHODS = [agreementQuery, agreementUnsign, executionPlanModify]

export const API_METHODS: ReadonlyMap<string, ApiMethod> = new Map(
  [...TRADE_METHODS, ...AGREEMENT_METHODS].map((method) => [method.name, method]),
)

export const PAYMENT_METHODS: ReadonlyMap<string, PaymentMethod> = new Map(
  [pagePay, wapPay].map((method) => [method.name, method]),
)

export const SIGN_METHODS: ReadonlyMap<string, SignMethod> = new Map([[agreementPageSign.name, agreementPageSign]])

export const PAGE_METHODS: ReadonlyMap<string, PageMethod> = new Map<string, PageMethod>([
  ...PAYMENT_METHODS,
  ...SIGN_METHODS,
])
