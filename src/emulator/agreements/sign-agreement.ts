// What begins and ends an agreement: the buyer's consent, and the merchant's or the buyer's unsigning.
import { Refusal } from '../answers.ts'
import type { Buyer } from '../buyers.ts'
import type { Platform } from '../platform.ts'
import type { NotifyTo } from '../trade.ts'
import { type Agreement, endOf, isInForce, type Signing } from './agreement.ts'

/** Of one user with one merchant (open/00a05b). */
const MOST_AGREEMENTS = 10
/** Once signed, a number is used up. */
export function refuseUsedNumber(external_agreement_no: string | undefined, { agreements }: Platform): void {
  if (external_agreement_no === undefined || !agreements.findByExternalNo(external_agreement_no)) return
  throw new Refusal('INVALID_PARAMETER', '该商家签约号已经签约过，不能重复使用')
}

/** The buyer agrees: the link may be weeks old, and what the merchant wants by now is not asked. */
export function signAgreement(terms: Signing, buyer: Buyer, platform: Platform): Agreement {
  const { agreements, clock } = platform
  const now = clock.now()
  refuseUsedNumber(terms.external_agreement_no, platform)
  const own = agreements.all().filter((one) => one.buyer === buyer && isInForce(one, now))
  if (own.length >= MOST_AGREEMENTS) {
    throw new Refusal('INVALID_PARAMETER', `该用户在此商家的签约已达上限 ${MOST_AGREEMENTS} 个`)
  }
  const agreement: Agreement = {
    agreement_no: agreements.newAgreementNo(now),
    terms,
    buyer,
    signed_at: now,
    ends_at: endOf(terms.sign_validity_period, now),
    status: 'NORMAL',
    planned_day: terms.rules.execute_time,
    last_charged_at: undefined,
    unsigned: undefined,
    attempts: [],
    trades: [],
  }
  agreements.add(agreement)
  notify(agreement, 'sign', terms.notify_to, platform)
  return agreement
}

/** Ends it at once; charges that are under way go on. */
export function unsignAgreement(
  agreement: Agreement,
  by: 'merchant' | 'buyer',
  platform: Platform,
  notify_to?: NotifyTo,
): void {
  agreement.unsigned = { at: platform.clock.now(), by }
  notify(agreement, 'unsign', notify_to, platform)
}

/** [guess G31] The app's gateway address; an address of the request counts only by the switch. */
function notify(
  agreement: Agreement,
  event: 'sign' | 'unsign',
  notify_to: NotifyTo | undefined,
  platform: Platform,
): void {
  const { console, rules, notifications } = platform
  const { app_id } = agreement.terms
  const own = rules.agreement_notification === 'notify_url_first' ? notify_to : undefined
  const to = own ?? (console.gateway_url === undefined ? undefined : { url: console.gateway_url, app_id })
  if (to) notifications.addAgreement(agreement, event, to, platform)
}
