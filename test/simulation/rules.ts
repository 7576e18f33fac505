// The operator's settings of a run, as a server has them.
import type { Rules } from '../../src/guard/call.ts'
import type { Settings } from './steps.ts'

export function rulesOf(settings: Settings): Rules {
  const { approval, approveAboveFen, dailyPaymentsFen, dailyRefundsFen, maxRefundFen } = settings
  const dailyChargesFen = settings.subscriptions?.dailyChargesFen
  return {
    environment: 'local',
    readOnly: false,
    channels: ['page', 'mobile', 'qr'],
    limits: { callsPerMinute: 0, dailyPaymentsFen, dailyRefundsFen, maxRefundFen, dailyChargesFen },
    refundApproval: approval,
    approveAboveFen,
  }
}

/** When the merchant has to be asked about a refund: as the issue says it, not as the server reads it. */
export function asking({ approval, forms }: Settings): 'always' | 'exceptions' | 'never' {
  if (approval === 'none') return 'exceptions'
  return approval === 'operator' || forms ? 'always' : 'never'
}
