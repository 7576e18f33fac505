// What a genuine notification must agree with before it may change anything: order, amount, seller, app (open/00f7nu).
import { toFen } from '../money.ts'
import type { NotificationFields } from './notification.ts'

/** Of the merchant who is to be paid. */
export interface Recipient {
  app_ids: readonly string[]
  /** Undefined where the settings do not say. */
  seller_id: string | undefined
}

/** `unknown`: there is nothing to compare it with. */
export type CheckResult = 'agrees' | 'differs' | 'unknown'

export interface FourChecks {
  order: CheckResult
  amount: CheckResult
  seller: CheckResult
  app: CheckResult
}

/** @param order as the ledger has it, undefined if it has none of that number */
export function fourChecks(
  fields: NotificationFields,
  recipient: Recipient,
  order: { total_amount: string } | undefined,
): FourChecks {
  const seller_id = fields.get('seller_id')
  return {
    order: order ? 'agrees' : 'differs',
    amount: order ? agrees(sameAmount(fields.get('total_amount'), order.total_amount)) : 'unknown',
    seller: seller_id && recipient.seller_id ? agrees(seller_id === recipient.seller_id) : 'unknown',
    app: isOfApp(fields, recipient),
  }
}

export function isOfApp(fields: NotificationFields, { app_ids }: Recipient): CheckResult {
  const app_id = fields.get('app_id')
  return agrees(app_id !== undefined && app_ids.includes(app_id))
}

const agrees = (same: boolean): CheckResult => (same ? 'agrees' : 'differs')

/** As amounts: 9.9 is 9.90. */
function sameAmount(said: string | undefined, total_amount: string): boolean {
  return said !== undefined && /^(0|[1-9]\d{0,8})(\.\d{1,2})?$/.test(said) && toFen(said) === toFen(total_amount)
}
