// The methods that the emulator has, by name.
import type { ApiMethod, PageMethod } from './method.ts'
import { pagePay, wapPay } from './page-and-wap-pay.ts'
import { refundQuery } from './refund-query.ts'
import { tradeClose } from './trade-close.ts'
import { tradePrecreate } from './trade-precreate.ts'
import { tradeQuery } from './trade-query.ts'
import { tradeRefund } from './trade-refund.ts'

export const API_METHODS: ReadonlyMap<string, ApiMethod> = new Map(
  [tradeQuery, tradeRefund, refundQuery, tradeClose, tradePrecreate].map((method) => [method.name, method]),
)

export const PAGE_METHODS: ReadonlyMap<string, PageMethod> = new Map(
  [pagePay, wapPay].map((method) => [method.name, method]),
)
