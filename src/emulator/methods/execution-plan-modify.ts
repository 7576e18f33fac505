// alipay.user.agreement.executionplan.modify: puts the next planned day off; the ones after it follow from the new day.
import { isInForce, skipMissedDays } from '../agreements/agreement.ts'
import { isPlannable } from '../agreements/plan.ts'
import { Refusal } from '../answers.ts'
import { readField } from '../biz-content.ts'
import type { ApiMethod } from './method.ts'

export const executionPlanModify: ApiMethod = {
  name: 'alipay.user.agreement.executionplan.modify',

  run(biz, platform) {
    const agreement_no = readField(biz, 'agreement_no')
    const deduct_time = readField(biz, 'deduct_time')
    if (agreement_no === undefined || deduct_time === undefined) throw new Refusal('INVALID_PARAMETER')
    const now = platform.clock.now()
    const agreement = platform.agreements.find(agreement_no)
    if (!agreement || !isInForce(agreement, now)) throw new Refusal('USER_AGREEMENT_NOT_EXIST')
    skipMissedDays(agreement, now, platform.rules.missed_window)
    // A date, or a date and a time, of which the date counts.
    const [day = '', ...time] = deduct_time.split(' ')
    const isWritten = time.length === 0 || /^\d{2}:\d{2}:\d{2}$/.test(time.join(' '))
    const isLater = isPlannable(agreement.terms.rules.period_type, day) && day > agreement.planned_day
    if (!isWritten || !isLater) throw new Refusal('INVALID_PARAMETER')
    agreement.planned_day = day
    return { agreement_no, deduct_time }
  },
}
