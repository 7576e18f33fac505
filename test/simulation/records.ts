// What happened in a run, for those who judge it.
import type { Spoken } from './agent.ts'
import type { Fields } from './alipay.ts'
import type { Life } from './life.ts'
import type { SaidYes } from './merchant.ts'
import type { Sent } from './network.ts'
import type { PageRecords } from './page-records.ts'
import type { ShopRecords } from './shop-records.ts'
import type { Meanwhile } from './steps.ts'
import type { SubscriptionRecords } from './subscription-records.ts'

/** How a call ended for the agent; `lost` and `cancelled` have no answer, like one that is still running. */
export type How = 'done' | 'refused' | 'no answer' | 'unknown' | 'lost' | 'cancelled' | 'our fault'

export interface Ended extends Spoken {
  life: Life
  meanwhile: readonly Meanwhile[]
  startedAt: number
  /** 0 while it has not ended. */
  endedAt: number
  /** The moments of both. */
  began: number
  ended: number
  answer: Fields
  how: How
  /** Requests that had left before it. */
  sentBefore: number
  /** At Alipay. */
  statusBefore?: string | undefined
  statusAfter?: string | undefined
  refundsBefore: ReadonlySet<string>
}

export interface Records {
  calls: Ended[]
  /** By moments; without an end it lasts. */
  freezes: { from: number; at: number; until?: number }[]
  kills: number
  ourFaults: unknown[]
  readonly sent: readonly Sent[]
  readonly yeses: readonly SaidYes[]
  /** When a person was asked. */
  readonly questions: readonly number[]
  readonly pages: PageRecords
  /** Undefined: there is no shop. */
  readonly shop: ShopRecords | undefined
  /** Undefined: nobody subscribes to anything. */
  readonly subscriptions: SubscriptionRecords | undefined
  /** What was written from one moment to another is lost: an earlier copy of the ledger was put in its place. */
  readonly losses: { from: number; until: number }[]
}

export function howItEnded(answer: Fields | 'lost' | 'cancelled'): How {
  if (typeof answer === 'string') return answer
  if (!answer.isError) return 'done'
  if (answer.error === 'unknown') return 'unknown'
  if (answer.error === 'no_answer') return 'no answer'
  return REFUSALS.includes(String(answer.error)) ? 'refused' : 'our fault'
}

/** The call made nothing, neither then nor later. */
export const madeNothing = (how: How): boolean => how === 'refused' || how === 'no answer'

/** These say that nothing was sent, or that Alipay refused; `internal`, and a kind that nobody knows, is our fault. */
const REFUSALS: readonly string[] = [
  'invalid_input',
  'not_configured',
  'declined',
  'waiting_for_approval',
  'over_limit',
  'frozen',
  'not_sent',
  'refused_by_alipay',
  'ledger_unavailable',
]

/** Whether the ledger does not know any more what was written at that moment. */
export function isLost({ losses }: Pick<Records, 'losses'>, moment: number): boolean {
  return losses.some(({ from, until }) => from < moment && moment < until)
}

/** Something that must not be. */
export class Violation extends Error {
  override name = 'Violation'
  constructor(
    readonly rule: string,
    why: string,
  ) {
    super(`${rule}: ${why}`)
  }
}

/** What judges give: a violation for each rule that does not hold. */
export type Findings = Generator<Violation | undefined, void>

export function must(holds: boolean, rule: string, why: () => string): Violation | undefined {
  return holds ? undefined : new Violation(rule, why())
}
