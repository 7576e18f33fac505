// POST /notify: what Alipay gets to hear, and what the ledger remembers. `success` means that it is in the ledger.
import type { KeyObject } from 'node:crypto'
import type { Actor, Ledger, NotificationOutcome } from '../ledger/ledger.ts'
import type { Recipient } from '../notifications/four-checks.ts'
import { type Fault, judgeNotification, type NotificationFields } from '../notifications/notification.ts'
import { shortLine } from '../text.ts'

export interface Receiving {
  /** Alipay's public key for each app of the merchant. */
  alipayPublicKeys: ReadonlyMap<string, KeyObject>
  /** Whose key is tried where no app of the merchant is named. */
  app_id: string
  recipient: Recipient
  ledger: Ledger
  actor(): Actor
}

export interface NotificationAnswer {
  status: number
  body: 'success' | 'fail'
  /** For the operator, on standard error. */
  line: string
}

/** @throws LedgerError where it could not be written: Alipay then sends it again */
export async function receiveNotification(body: Buffer, receiving: Receiving): Promise<NotificationAnswer> {
  const { alipayPublicKeys, app_id, ledger, recipient } = receiving
  const own = alipayPublicKeys.get(app_id)
  if (!own) throw new TypeError('the front has no key for its own app')
  const judged = judgeNotification(body, (named) => alipayPublicKeys.get(named) ?? own)
  if (!judged.genuine) {
    await wantQuery(judged.unverified, receiving)
    return { status: 400, body: 'fail', line: describeFault(judged.fault, judged.unverified) }
  }
  const outcome = await ledger.recordNotification(judged.fields, recipient, receiving.actor())
  // Which refund it was, a query alone proves.
  if (outcome === 'agrees' && judged.fields.has('refund_fee')) await wantQuery(judged.fields, receiving)
  return { status: 200, body: 'success', line: describeOutcome(outcome, judged.fields) }
}

/** Of an order in the ledger; whatever is claimed, the watcher asks Alipay, once a minute at most. */
async function wantQuery(fields: NotificationFields, { ledger, actor }: Receiving): Promise<void> {
  const out_trade_no = fields.get('out_trade_no') ?? ''
  if (/^\w{1,64}$/.test(out_trade_no)) await ledger.requestQuery(out_trade_no, actor())
}

function describeFault(fault: Fault, unverified: NotificationFields): string {
  const claims = unverified.has('out_trade_no') ? ` It names order ${named(unverified, 'out_trade_no')}.` : ''
  return `A notification that is not genuine changed nothing (${fault}).${claims}${fault === 'wrong_signature' ? KEY : ''}`
}

const KEY =
  ' If it was Alipay, its public key for this app was renewed, or it is for another app: see doctor --notification.'

const OUTCOMES: Readonly<Record<NotificationOutcome, string>> = {
  agrees: 'is in the ledger',
  recorded_before: 'was in the ledger already',
  differs: 'differs in amount, seller or app, and changed nothing: look at the order in the console',
  of_other_order: 'is of an order that this ledger does not have, and changed nothing',
  of_other_kind: 'is of another kind, and changed nothing',
}

function describeOutcome(outcome: NotificationOutcome, fields: NotificationFields): string {
  const refund = fields.has('refund_fee') ? `, ${named(fields, 'refund_fee')} refunded in all` : ''
  const what = `${named(fields, 'trade_status')}, ${named(fields, 'total_amount')} yuan${refund}`
  return `Notification of order ${named(fields, 'out_trade_no')} (${what}) ${OUTCOMES[outcome]}.`
}

const named = (fields: NotificationFields, name: string) => shortLine(fields.get(name) ?? '-', 64)
