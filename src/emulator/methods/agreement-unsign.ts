// alipay.user.agreement.unsign: ends an agreement at once, without the buyer.
import { type Agreement, isInForce } from '../agreements/agreement.ts'
import { findAgreement } from '../agreements/named-agreement.ts'
import { unsignAgreement } from '../agreements/sign-agreement.ts'
import { Refusal } from '../answers.ts'
import { notifyTo } from '../notify-url.ts'
import type { Platform } from '../platform.ts'
import type { ApiMethod } from './method.ts'

export const agreementUnsign: ApiMethod = {
  name: 'alipay.user.agreement.unsign',

  run(biz, platform, common) {
    const notify_to = notifyTo(common)
    const agreement = findAgreement(biz, platform, { by_external_no: 'needs_scene', repeats: true })
    if (!agreement || !isInForce(agreement, platform.clock.now())) throw notInForce(agreement, platform)
    unsignAgreement(agreement, 'merchant', platform, notify_to)
    return {}
  },
}

/** [guess G32] Both codes are documented, not which is whose. */
function notInForce(agreement: Agreement | undefined, { rules }: Platform): Refusal {
  const asUnsigned =
    rules.unsign_unknown === 'has_unsigned' || (rules.unsign_unknown === 'by_history' && agreement !== undefined)
  return new Refusal(asUnsigned ? 'AGREEMENT_HAS_UNSIGNED' : 'USER_AGREEMENT_NOT_EXIST')
}
