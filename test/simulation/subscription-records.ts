// What happened to subscriptions, for those who judge it: what somebody wanted ended, what was announced, charged, and visited.
import type { Agreement } from '../../src/emulator/agreements/agreement.ts'
import type { CancelledBy } from '../../src/ledger/ledger.ts'
import type { AnnounceCall } from './announce-hook.ts'
import type { Sent } from './network.ts'
import type { Ended, Records } from './records.ts'
import type { KnownSubscription } from './subscribers.ts'

export interface SubscriptionRecords {
  readonly known: readonly KnownSubscription[]
  /** When the ledger wrote for the first time that one is to be ended. */
  readonly wishes: { external_agreement_no: string; by: CancelledBy; moment: number; at: number }[]
  readonly announced: readonly AnnounceCall[]
  readonly visits: { external_agreement_no: string; step: string; at: number; began: number; status: number }[]
  readonly dailyChargesFen: number | undefined
}

/** What the agreement of a charge was when that reached Alipay, by its books. */
export interface ChargeFacts {
  external_agreement_no: string
  planned_day: string
  at: number
  /** How often it was paid before. */
  paid: number
}

export const PAY = 'alipay.trade.pay'
export const MODIFY = 'alipay.user.agreement.executionplan.modify'

/** Every time that a charge of an agreement left some process, and reached Alipay or was lost on the way. */
export function chargesSent({ sent }: Pick<Records, 'sent'>, { agreement_no }: Agreement): readonly Sent[] {
  return sent.filter(({ method, biz }) => method === PAY && Object(biz.agreement_params).agreement_no === agreement_no)
}

/** Whether all its payments were made by then: nothing more comes of it, and the payer may have another of its plan. */
export function isPaidUp({ trades, terms }: Agreement, by: number): boolean {
  const { total_payments } = terms.rules
  const paid = trades.filter(({ paid_at }) => paid_at !== undefined && paid_at <= by)
  return total_payments !== undefined && paid.length >= total_payments
}

export const numberOf = ({ biz }: Sent) => String(biz.out_trade_no)

const CHARGING = ['charge_subscription', 'charge_due']

export const chargingCalls = ({ calls }: Records): readonly Ended[] =>
  calls.filter(({ tool }) => CHARGING.includes(tool))

/** How often one subscription was charged by two at once. */
export function chargeRaces(records: Records): number {
  const calls = chargingCalls(records)
  const endOf = ({ ended }: Ended) => ended || Number.POSITIVE_INFINITY
  const isSame = (one: Ended, other: Ended) =>
    one.args.external_agreement_no === other.args.external_agreement_no ||
    [one, other].some(({ tool }) => tool === 'charge_due')
  return calls.filter((one, at) =>
    calls.slice(at + 1).some((other) => isSame(one, other) && other.began < endOf(one) && one.began < endOf(other)),
  ).length
}
