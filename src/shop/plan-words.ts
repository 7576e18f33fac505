// What a plan says, in both languages.
import type { Both } from '../language.ts'
import type { PlanTerms } from '../ledger/ledger.ts'

export function periodText({ period_type, period }: PlanTerms): Both {
  if (period_type === 'DAY') return { en: `every ${period} days`, zh: `每 ${period} 天` }
  return period === 1 ? { en: 'every month', zh: '每月' } : { en: `every ${period} months`, zh: `每 ${period} 个月` }
}
