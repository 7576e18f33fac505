// Subscriptions as rows: what a row says, the finding of one, and the writing.
import * as z from 'zod'
import type { CancelledBy, PlanTerms, Subscription } from '../ledger.ts'
import type { Columns } from './database.ts'
import type { SqlValue } from './engines.ts'
import type { Partition } from './partition.ts'
import {
  damagedEntry,
  maybeMoment,
  maybeOneOf,
  maybeText,
  moment,
  type Readable,
  type Row,
  readAll,
  readEntry,
  text,
} from './rows.ts'
import { columnsOf } from './schema.ts'

const CANCELLED_BY: readonly CancelledBy[] = ['chat', 'page', 'operator', 'wallet', 'undue']
const SELECT = `select ${columnsOf('subscriptions')} from subscriptions where partition = ?`

export function subscription(
  partition: Partition,
  name: { external_agreement_no: string } | { token: string } | { agreement_no: string },
): Subscription | undefined {
  const [[column = '', value = ''] = []] = Object.entries(name)
  const row = partition.db.get(`${SELECT} and ${column} = ?`, partition.id, value)
  return row && subscriptionOf(row)
}

const terms = z.object({
  plan: z.string(),
  subject: z.string(),
  price_fen: z.int().positive(),
  period_type: z.enum(['DAY', 'MONTH']),
  period: z.int().positive(),
  ceiling_fen: z.int().positive(),
  payments: z.int().positive().optional(),
  trial_days: z.int().positive().optional(),
  announce: z.union([z.literal('own'), z.object({ url: z.string() })]),
})

/** @throws DamagedEntry */
export function subscriptionOf(row: Row): Subscription {
  return readEntry('the subscription', row, () => {
    const [from, to] = [maybeText(row, 'put_off_from'), maybeText(row, 'put_off_to')]
    const [at, by] = [maybeMoment(row, 'cancel_at'), maybeOneOf(row, 'cancel_by', CANCELLED_BY)]
    return {
      external_agreement_no: text(row, 'external_agreement_no'),
      terms: termsIn(row),
      items_hash: text(row, 'items_hash'),
      buyer: maybeText(row, 'buyer'),
      token: text(row, 'token'),
      created_at: moment(row, 'created_at'),
      offer_until: moment(row, 'offer_until'),
      opened_at: maybeMoment(row, 'opened_at'),
      agreement_no: maybeText(row, 'agreement_no'),
      payer: maybeText(row, 'payer'),
      buyer_logon_id: maybeText(row, 'buyer_logon_id'),
      signed_at: maybeMoment(row, 'signed_at'),
      paused_at: maybeMoment(row, 'paused_at'),
      planned_day: maybeText(row, 'planned_day'),
      last_charged_day: maybeText(row, 'last_charged_day'),
      checked_at: maybeMoment(row, 'checked_at'),
      postponing_until: maybeMoment(row, 'postponing_until'),
      put_off: from === undefined || to === undefined ? undefined : { from, to },
      cancel: at === undefined || by === undefined ? undefined : { at, by },
      ended_at: maybeMoment(row, 'ended_at'),
    }
  })
}

function termsIn(row: Row): PlanTerms {
  try {
    return terms.parse(JSON.parse(text(row, 'terms')))
  } catch {
    throw damagedEntry('the subscription', row, 'terms')
  }
}

export function updateSubscription(
  { db, id }: Partition,
  { external_agreement_no }: Subscription,
  columns: Columns,
): void {
  db.update('subscriptions', { partition: id, external_agreement_no }, columns)
}

export function theSubscription(partition: Partition, external_agreement_no: string): Subscription {
  const found = subscription(partition, { external_agreement_no })
  if (!found) throw new Error('a subscription that was just written is not there')
  return found
}

export function readSubscriptions({ db, id }: Partition, where: string, ...values: SqlValue[]): Readable<Subscription> {
  return readAll(db.all(`${SELECT} and ${where}`, id, ...values), subscriptionOf)
}

/** Without those whose entry is damaged. */
export const selectSubscriptions = (...those: Parameters<typeof readSubscriptions>): readonly Subscription[] =>
  readSubscriptions(...those).entries
