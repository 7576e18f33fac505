// What a story offers as subscriptions: the items file with its plans, which never changes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ANNOUNCE_ADDRESS } from './announce-hook.ts'

const hook = { url: ANNOUNCE_ADDRESS }

/** Monthly and every week, announced by a hook and by the merchant himself, with a trial, and for a few times only. */
export const PLANS = [
  { id: 'letter', price: '15.00', period: { months: 1 }, announce: hook, ceiling: '20.00' },
  { id: 'weekly', price: '6.00', period: { days: 7 }, announce: 'own' },
  { id: 'week', price: '7.00', period: { days: 7 }, announce: hook },
  { id: 'trial', price: '9.00', period: { days: 10 }, announce: hook, trial_days: 9 },
  { id: 'twice', price: '5.00', period: { days: 8 }, announce: 'own', payments: 2 },
] as const
export type PlanOnOffer = (typeof PLANS)[number] & { ceiling?: string; trial_days?: number; payments?: number }

export const planAt = (at: number): PlanOnOffer => PLANS[at % PLANS.length] ?? PLANS[0]
export const planNamed = (id: unknown): PlanOnOffer | undefined => PLANS.find((plan) => plan.id === id)

/** Of the file: the product's own. */
export const OFFER_MS = 30 * 60_000

export class PlansOnOffer {
  readonly folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-simulation-'))
  readonly path = join(this.folder, 'items.json')

  constructor() {
    const plans = PLANS.map((plan) => ({ ...plan, subject: `Some ${plan.id}` }))
    writeFileSync(this.path, JSON.stringify({ items: [], plans }), { mode: 0o600 })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
