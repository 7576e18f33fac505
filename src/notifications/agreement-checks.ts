// What a genuine notification of an agreement must agree with before Alipay is asked about it: external_agreement_no and app.
import { type CheckResult, isOfApp, type Recipient } from './four-checks.ts'
import type { NotificationFields } from './notification.ts'

export interface AgreementChecks {
  agreement: CheckResult
  app: CheckResult
}

/** Signed by a buyer, or ended, also inside Alipay: sent to the app's gateway address 应用网关 alone. */
export const isOfAgreement = (fields: NotificationFields) =>
  /^dut_user_(un)?sign$/.test(fields.get('notify_type') ?? '')

/** @param isKnown whether the ledger has a subscription of its external_agreement_no */
export function agreementChecks(fields: NotificationFields, recipient: Recipient, isKnown: boolean): AgreementChecks {
  return { agreement: isKnown ? 'agrees' : 'differs', app: isOfApp(fields, recipient) }
}
