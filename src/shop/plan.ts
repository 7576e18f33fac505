// A subscription plan of the items file: what one period costs, how long it is, and how the subscriber hears of a renewal.
import * as z from 'zod'
import type { PlanTerms } from '../ledger/ledger.ts'
import { toFen } from '../money.ts'
import { amount, shownText, subject } from '../written-input.ts'
import { entryName, faultLines, isHookAddress, NO_SECRET, whole } from './item-fields.ts'

export interface Plan extends Omit<PlanTerms, 'plan'> {
  id: string
  description?: string | undefined
  /** For so long a sign page can be opened. */
  offer_minutes: number
}

/** So many full days of notice come before the first charge after a trial. */
const LEAST_TRIAL_DAYS = 9
const LEAST_DAYS = 7
const MOST_PLANS = 100

const yuan = amount('').transform(toFen)
const period = z.union([z.strictObject({ days: whole(LEAST_DAYS, 365) }), z.strictObject({ months: whole(1, 12) })], {
  error: `must be {"days": ${LEAST_DAYS} or more} or {"months": 1 to 12}.`,
})
const announce = z.union(
  [z.literal('own'), z.strictObject({ url: z.string().refine(isHookAddress, { error: 'must be an https address.' }) })],
  { error: 'must be {"url": "https://..."}, or "own" where you announce each renewal yourself.' },
)

const plan = z
  .strictObject({
    id: z
      .string({ error: 'must be a text.' })
      .regex(/^[\w-]{1,40}$/, { error: 'must be 1 to 40 letters, digits, _ or -.' }),
    subject: subject('').refine((text) => text.length <= 200, { error: 'is longer than 200 characters.' }),
    description: shownText(128, '').optional(),
    price: yuan,
    period,
    ceiling: yuan.optional(),
    payments: whole(1, 1_000).optional(),
    trial_days: whole(LEAST_TRIAL_DAYS, 180).optional(),
    announce,
    offer_minutes: whole(3, 1_440).optional(),
  })
  .transform((given, ctx): Plan => {
    const { price, ceiling = price, period: every, offer_minutes = 30, ...rest } = given
    if (ceiling < price) ctx.addIssue({ code: 'custom', path: ['ceiling'], message: 'is less than the price.' })
    const [period_type, length] = 'days' in every ? (['DAY', every.days] as const) : (['MONTH', every.months] as const)
    return { ...rest, price_fen: price, ceiling_fen: ceiling, period_type, period: length, offer_minutes }
  })

export const planList = z.array(z.unknown(), { error: 'must be a list.' }).max(MOST_PLANS)

/** All that are sound. @param faults a line is added for each fault */
export function plansIn(list: readonly unknown[], hasSecret: boolean, faults: string[]): readonly Plan[] {
  const plans: Plan[] = []
  for (const [at, given] of list.entries()) {
    const name = entryName('plans', given, at)
    const parsed = plan.safeParse(given)
    if (!parsed.success) {
      faults.push(...faultLines(name, 'a plan', parsed.error))
      continue
    }
    const { id, announce: how } = parsed.data
    if (plans.some((other) => other.id === id)) faults.push(`${name}.id: is used twice.`)
    if (how !== 'own' && !hasSecret) faults.push(`${name}.announce: ${NO_SECRET}.`)
    plans.push(parsed.data)
  }
  return plans
}

/** What a subscription of it says, whatever the file says later. */
export function planTermsOf({ id, description, offer_minutes, ...terms }: Plan): PlanTerms {
  return { plan: id, ...terms }
}
