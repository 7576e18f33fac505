// What Alipay posts by itself, written once, however often it comes: it moves an order forward, and never back.
import { createHash } from 'node:crypto'
import type { Trade, TradeStatus } from '../../gateway/gateway.ts'
import { toFen, WIRE_YUAN } from '../../money.ts'
import { agreementChecks, isOfAgreement } from '../../notifications/agreement-checks.ts'
import { fourChecks, type Recipient } from '../../notifications/four-checks.ts'
import type { NotificationFields } from '../../notifications/notification.ts'
import type { Actor, NotificationOutcome } from '../ledger.ts'
import { raiseAlert, raiseForRefund, raiseForTrade } from './alerts.ts'
import { endQuestions } from './approvals.ts'
import { findOrder, type OrderRow, theOrder, updateOrder } from './orders.ts'
import { note, type Partition } from './partition.ts'
import { isSaleNumber, recoverSale } from './sales.ts'
import { subscription } from './subscription-rows.ts'
import { requestAgreementQuery } from './subscriptions.ts'
import { writeTrade } from './trade-updates.ts'
import { wantQuery } from './watching.ts'

const STATUSES: readonly TradeStatus[] = ['WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED']

/** @param fields of a genuine notification, exactly as verified */
export function recordNotification(
  partition: Partition,
  fields: NotificationFields,
  recipient: Recipient,
  actor: Actor,
): NotificationOutcome {
  const digest = contentDigest(fields)
  if (isRecorded(partition, digest)) return 'recorded_before'
  const outcome = isOfAgreement(fields)
    ? hearOfAgreement(partition, fields, recipient, actor)
    : hearOfTrade(partition, fields, recipient, actor)
  partition.db.insert('notifications', {
    partition: partition.id,
    notify_id: fields.get('notify_id') ?? '',
    digest,
    received_at: actor.at,
    out_trade_no: fields.get('out_trade_no') ?? '',
    trade_status: fields.get('trade_status'),
    outcome,
  })
  return outcome
}

/** It changes no subscription: only what Alipay answers to a query does. */
function hearOfAgreement(
  partition: Partition,
  fields: NotificationFields,
  recipient: Recipient,
  actor: Actor,
): NotificationOutcome {
  const external_agreement_no = fields.get('external_agreement_no') ?? ''
  const found = subscription(partition, { external_agreement_no })
  const { agreement, app } = agreementChecks(fields, recipient, found !== undefined)
  if (app === 'differs') return writeEvent(partition, 'differs', actor)
  if (agreement === 'differs') return writeEvent(partition, 'of_other_agreement', actor)
  note(partition, actor, `${EVENTS.of_agreement} ${external_agreement_no}`)
  requestAgreementQuery(partition, external_agreement_no, actor)
  return 'of_agreement'
}

function writeEvent<T extends keyof typeof EVENTS>(partition: Partition, outcome: T, actor: Actor): T {
  note(partition, actor, EVENTS[outcome])
  return outcome
}

function hearOfTrade(
  partition: Partition,
  fields: NotificationFields,
  recipient: Recipient,
  actor: Actor,
): NotificationOutcome {
  const trade = tradeIn(fields)
  const order = trade && findOrder(partition, trade)
  const outcome = outcomeOf(trade, order, fields, recipient)
  if (outcome === 'agrees' && trade && order) moveForward(partition, order, trade, fields, actor)
  else if (outcome === 'of_other_order' && trade && isOfThisShop(partition, trade, order))
    recover(partition, trade, fields, actor)
  else note(partition, actor, EVENTS[outcome], trade?.out_trade_no)
  // Of another order it may well be: of another app, or of the merchant's own system.
  if (outcome === 'differs' && trade) {
    const { out_trade_no, total_amount } = trade
    const key = `notification_differs/${out_trade_no}`
    raiseAlert(partition, { kind: 'notification_differs', key, out_trade_no, facts: { total_amount } }, actor)
  }
  // What it was then, and which refund, a query alone proves.
  if (order && (outcome === 'differs' || fields.has('refund_fee'))) wantQuery(partition, order.out_trade_no, actor)
  return outcome
}

/** The ledger was restored since: the order is not known here, and was made by this shop. */
function isOfThisShop(partition: Partition, { out_trade_no }: Trade, order: OrderRow | undefined): boolean {
  return !order && partition.shopKey.isThere && isSaleNumber(partition, out_trade_no)
}

/** With what it says was given back, which no query of the trade tells. */
function recover(partition: Partition, trade: Trade, fields: NotificationFields, actor: Actor): void {
  recoverSale(partition, trade, undefined, actor)
  const order = findOrder(partition, trade)
  if (order) moveForward(partition, order, trade, fields, actor)
  wantQuery(partition, trade.out_trade_no, actor)
}

/** What the record says where it changed nothing. */
const EVENTS: Readonly<Record<Exclude<NotificationOutcome, 'recorded_before'>, string>> = {
  agrees: 'notification',
  differs: 'notification that differs',
  of_other_order: 'notification of an unknown order',
  of_agreement: 'notification of subscription',
  of_other_agreement: 'notification of an unknown subscription',
  of_other_kind: 'notification of another kind',
}

/** [guess G25] What it says, with its notify_id: a re-delivery has the same, and may be signed anew at another time. */
function contentDigest(fields: NotificationFields): string {
  const said = [...fields].filter(([name]) => !['notify_time', 'sign', 'sign_type'].includes(name)).sort()
  return createHash('sha256').update(JSON.stringify(said)).digest('base64')
}

function isRecorded({ db, id }: Partition, digest: string): boolean {
  return db.get('select id from notifications where partition = ? and digest = ?', id, digest) !== undefined
}

function outcomeOf(
  trade: Trade | undefined,
  order: OrderRow | undefined,
  fields: NotificationFields,
  recipient: Recipient,
): Exclude<NotificationOutcome, 'recorded_before'> {
  if (!trade) return 'of_other_kind'
  const { order: known, ...others } = fourChecks(fields, recipient, order)
  if (Object.values(others).includes('differs')) return 'differs'
  return known === 'agrees' ? 'agrees' : 'of_other_order'
}

/** Undefined where it is about something else than a trade. */
function tradeIn(fields: NotificationFields): Trade | undefined {
  const [out_trade_no, trade_no] = [fields.get('out_trade_no'), fields.get('trade_no')]
  const trade_status = STATUSES.find((status) => status === fields.get('trade_status'))
  const total_amount = amountIn(fields, 'total_amount')
  if (!out_trade_no || !trade_no || !trade_status || total_amount === undefined) return undefined
  return { out_trade_no, trade_no, trade_status, total_amount, send_pay_date: fields.get('gmt_payment') || undefined }
}

function amountIn(fields: NotificationFields, name: string): string | undefined {
  const amount = fields.get(name) ?? ''
  return WIRE_YUAN.test(amount) ? amount : undefined
}

/** Of refunds the greatest sum stays, for that is of all of them; it comes first, since it proves a payment. */
function moveForward(
  partition: Partition,
  order: OrderRow,
  trade: Trade,
  fields: NotificationFields,
  actor: Actor,
): void {
  const refund_fee = amountIn(fields, 'refund_fee')
  const refunded_fen = refund_fee === undefined ? 0 : toFen(refund_fee)
  const isMore = refunded_fen > order.refunded_fen
  if (isMore) {
    note(partition, actor, `${refund_fee} refunded in all`, order.out_trade_no)
    updateOrder(partition, order, { refunded_fen, checked_at: actor.at })
    endQuestions(partition, order.out_trade_no, actor.at)
  }
  // Whatever sum was known already: a later refund, of this server, may have been heard of first.
  const number = fields.get('out_biz_no')
  const isElsewhere = number ? !isOurs(partition, order, number) : isMore
  if (refunded_fen > 0 && isElsewhere) raiseForRefund(partition, order, refunded_fen, actor)
  writeTrade(partition, { trade }, actor, false)
  // A refund that proved the payment does not make the payment old news.
  if (refunded_fen > 0) raiseForTrade(partition, order, theOrder(partition, order.out_trade_no), actor)
}

/** Not read as an entry: one that is damaged must not keep the notification from being written. */
function isOurs({ db, id }: Partition, { out_trade_no }: OrderRow, number: string): boolean {
  const sql = 'select id from intents where partition = ? and out_trade_no = ? and number = ?'
  return db.get(sql, id, out_trade_no, number) !== undefined
}
