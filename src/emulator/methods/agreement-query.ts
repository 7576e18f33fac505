// alipay.user.agreement.query: one agreement in force; one that was unsigned, or is over, does not exist.
import {
  type Agreement,
  agreementLogonId,
  deductTime,
  invalidTime,
  isInForce,
  skipMissedDays,
} from '../agreements/agreement.ts'
import { findAgreement } from '../agreements/named-agreement.ts'
import { type Fields, Refusal } from '../answers.ts'
import { readField } from '../biz-content.ts'
import { beijingDay, beijingTime } from '../clock.ts'
import type { Platform } from '../platform.ts'
import type { ApiMethod } from './method.ts'

export const agreementQuery: ApiMethod = {
  name: 'alipay.user.agreement.query',

  run(biz, platform) {
    const agreement = findAgreement(biz, platform, {
      by_external_no: platform.rules.query_by_external_no,
      repeats: false,
    })
    if (!agreement || !isInForce(agreement, platform.clock.now())) throw new Refusal('USER_AGREEMENT_NOT_EXIST')
    // The merchant's own number comes back only where it was asked by.
    const { external_agreement_no } = agreement.terms
    const asked = readField(biz, 'external_agreement_no') !== undefined && external_agreement_no !== undefined
    return { ...numbersOf(agreement, asked), ...stateOf(agreement, platform) }
  },
}

function numbersOf(agreement: Agreement, withExternalNo: boolean): Fields {
  const { agreement_no, terms } = agreement
  const number = withExternalNo ? { external_agreement_no: terms.external_agreement_no } : {}
  return { agreement_no, alipay_logon_id: agreementLogonId(agreement), ...number }
}

function stateOf(agreement: Agreement, { clock, rules }: Platform): Fields {
  skipMissedDays(agreement, clock.now(), rules.missed_window)
  const { terms, buyer, status, signed_at, last_charged_at, planned_day } = agreement
  const form = rules.deduct_time_form
  return {
    invalid_time: invalidTime(agreement),
    ...(last_charged_at !== undefined && { last_deduct_time: deductTime(beijingDay(last_charged_at), form) }),
    next_deduct_time: deductTime(planned_day, form),
    personal_product_code: terms.personal_product_code,
    pricipal_type: 'CARD',
    principal_id: buyer.buyer_user_id,
    sign_scene: terms.sign_scene,
    sign_time: beijingTime(signed_at),
    status,
    third_party_type: 'PARTNER',
    valid_time: beijingTime(signed_at),
  }
}
