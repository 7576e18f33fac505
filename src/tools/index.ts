// The tables of tools, in the order in which they are listed: one for each role, which never meet in one list.
import type { ToolNames } from '../settings/config.ts'
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

const namesOf = (tools: readonly Tool[]) => tools.map(({ name }) => name)

/** Those of tools/subscriptions/, which are loaded where they are wanted only. */
const OF_BOTH = ['create_subscription', 'query_subscription', 'cancel_subscription']
const OF_MERCHANT = ['list_subscriptions', 'announce_renewal', 'charge_subscription', 'postpone_subscription']

/** What ALIPAY_TOOLS may name. */
export const TOOL_NAMES: ToolNames = {
  merchant: { payments: namesOf([...MERCHANT_TOOLS, ...ITEM_TOOLS]), subscriptions: [...OF_BOTH, ...OF_MERCHANT] },
  buyer: { payments: namesOf(BUYER_TOOLS), subscriptions: OF_BOTH },
}
