// The tables of tools, in the order in which they are listed: one for each role, which never meet in one list.
import { closeBuyerPayment } from './buyer/close-payment.ts'
import { createBuyerPayment } from './buyer/create-payment.ts'
import { queryBuyerPayment } from './buyer/query-payment.ts'
import { requestBuyerRefund } from './buyer/request-refund.ts'
import { waitForBuyerPayment } from './buyer/wait-for-payment.ts'
import { closePayment } from './close-payment.ts'
import { createPayment } from './create-payment.ts'
import { deliverShopOrder } from './deliver-order.ts'
import { listShopItems } from './list-items.ts'
import { listPayments } from './list-payments.ts'
import { queryPayment } from './query-payment.ts'
import { queryRefund } from './query-refund.ts'
import { refundPayment } from './refund-payment.ts'
import { sellShopItem } from './sell-item.ts'
import type { Tool } from './tool.ts'
import { waitForPayment } from './wait-for-payment.ts'

export const MERCHANT_TOOLS: readonly Tool[] = [
  createPayment,
  waitForPayment,
  queryPayment,
  refundPayment,
  queryRefund,
  closePayment,
  listPayments,
]

/** Beside those of the merchant, where the shop has an items file. */
export const ITEM_TOOLS: readonly Tool[] = [listShopItems, sellShopItem, deliverShopOrder]

export const BUYER_TOOLS: readonly Tool[] = [
  listShopItems,
  createBuyerPayment,
  waitForBuyerPayment,
  queryBuyerPayment,
  requestBuyerRefund,
  deliverShopOrder,
  closeBuyerPayment,
]
