// The table of tools, in the order in which they are listed.
import { closePayment } from './close-payment.ts'
import { createPayment } from './create-payment.ts'
import { listPayments } from './list-payments.ts'
import { queryPayment } from './query-payment.ts'
import { queryRefund } from './query-refund.ts'
import { refundPayment } from './refund-payment.ts'
import type { Tool } from './tool.ts'
import { waitForPayment } from './wait-for-payment.ts'

export const TOOLS: readonly Tool[] = [
  createPayment,
  waitForPayment,
  queryPayment,
  refundPayment,
  queryRefund,
  closePayment,
  listPayments,
]

export const TOOL_NAMES = TOOLS.map(({ name }) => name)
