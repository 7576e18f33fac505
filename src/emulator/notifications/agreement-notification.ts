// A notification of an agreement that was signed or unsigned: dut_user_sign, dut_user_unsign (recorded 2019 to 2024).
import { type Agreement, agreementLogonId, deductTime, invalidTime } from '../agreements/agreement.ts'
import { beijingTime } from '../clock.ts'
import { type NotificationFields, newNotifyId, type Sender, signed } from './notification.ts'

export type AgreementEvent = 'sign' | 'unsign'

export interface AgreementSender extends Sender {
  readonly rules: { readonly deduct_time_form: 'date' | 'date_time' }
}

export function agreementNotification(
  agreement: Agreement,
  event: AgreementEvent,
  app_id: string,
  sender: AgreementSender,
): NotificationFields {
  const now = sender.clock.now()
  const fields: Record<string, string | undefined> = {
    charset: 'utf-8',
    notify_time: beijingTime(now),
    alipay_user_id: agreement.buyer.buyer_user_id,
    version: '1.0',
    notify_id: newNotifyId(now),
    notify_type: event === 'sign' ? 'dut_user_sign' : 'dut_user_unsign',
    auth_app_id: app_id,
    app_id,
    sign_type: 'RSA2',
    ...(event === 'sign' ? signedFields(agreement, sender) : unsignedFields(agreement, now)),
  }
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined)
  return signed(new Map(given), sender)
}

/** What both say of the agreement; its return to the merchant's page says the same. */
export function signedFields(
  agreement: Agreement,
  { rules }: Pick<AgreementSender, 'rules'>,
): Record<string, string | undefined> {
  const signed_at = beijingTime(agreement.signed_at)
  return {
    ...termsOf(agreement),
    sign_time: signed_at,
    valid_time: signed_at,
    invalid_time: invalidTime(agreement),
    next_deduct_time: deductTime(agreement.planned_day, rules.deduct_time_form),
    status: 'NORMAL',
  }
}

function unsignedFields(agreement: Agreement, now: number): Record<string, string | undefined> {
  return { ...termsOf(agreement), unsign_time: beijingTime(agreement.unsigned?.at ?? now), status: 'UNSIGN' }
}

function termsOf(agreement: Agreement): Record<string, string | undefined> {
  const { agreement_no, terms } = agreement
  return {
    agreement_no,
    external_agreement_no: terms.external_agreement_no,
    personal_product_code: terms.personal_product_code,
    sign_scene: terms.sign_scene,
    external_logon_id: terms.external_logon_id,
    alipay_logon_id: agreementLogonId(agreement),
  }
}
