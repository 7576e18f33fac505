// One asynchronous notification 异步通知: its fields as Alipay names and orders them, signed (open/00f7nu, common/02mse7).
import { randomInt } from 'node:crypto'
import { beijingTime, type EmulatorClock } from '../clock.ts'
import { yuanOf } from '../fen.ts'
import { type Keys, signBytes, textToSign } from '../signature.ts'
import { type Refund, refundedFen, statusOf, type Trade } from '../trade.ts'

export type Event = { kind: 'payment' } | { kind: 'close' } | { kind: 'refund'; refund: Refund }

/** Of the platform, what a notification is made with. */
export interface Sender {
  readonly clock: EmulatorClock
  readonly keys: Keys
  readonly seller_id: string
}

export type NotificationFields = ReadonlyMap<string, string>

/** Neither is signed. */
export const UNSIGNED = ['sign', 'sign_type'] as const

export function notificationFields(trade: Trade, app_id: string, event: Event, sender: Sender): NotificationFields {
  const now = sender.clock.now()
  const fields: Record<string, string | undefined> = {
    gmt_create: beijingTime(trade.created_at),
    charset: 'utf-8',
    subject: trade.subject,
    body: trade.body,
    buyer_id: trade.buyer.buyer_user_id,
    buyer_logon_id: trade.buyer.buyer_logon_id,
    version: '1.0',
    notify_id: newNotifyId(now),
    notify_type: 'trade_status_sync',
    notify_time: beijingTime(now),
    out_trade_no: trade.out_trade_no,
    trade_no: trade.trade_no,
    trade_status: statusOf(trade, now),
    total_amount: yuanOf(trade.total_fen),
    auth_app_id: app_id,
    app_id,
    seller_id: sender.seller_id,
    sign_type: 'RSA2',
    ...fieldsOf(event, trade, now),
  }
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined)
  return signed(new Map(given), sender)
}

/** Refund notifications have none of the payment's sums (recorded 2018 to 2025). */
function fieldsOf(event: Event, trade: Trade, now: number): Record<string, string> {
  const gmt_payment = trade.paid_at === undefined ? {} : { gmt_payment: beijingTime(trade.paid_at) }
  if (event.kind === 'close') return { gmt_close: beijingTime(trade.closed_at ?? now) }
  if (event.kind === 'refund') {
    const { out_request_no, at } = event.refund
    // The sum of all refunds so far; gmt_refund alone has milliseconds.
    const refund_fee = yuanOf(refundedFen(trade))
    return { ...gmt_payment, refund_fee, gmt_refund: `${beijingTime(at)}.000`, out_biz_no: out_request_no }
  }
  const amount = yuanOf(trade.total_fen)
  const fund_bill_list = JSON.stringify([{ amount, fundChannel: 'ALIPAYACCOUNT' }])
  const sums = { receipt_amount: amount, buyer_pay_amount: amount, invoice_amount: amount, point_amount: '0.00' }
  return { ...gmt_payment, ...sums, fund_bill_list }
}

export function signed(fields: NotificationFields, { keys }: Sender): NotificationFields {
  const text = textToSign(fields, UNSIGNED)
  return new Map([...fields, ['sign', signBytes(Buffer.from(text), keys.alipay.privateKey)]])
}

export function encoded(fields: NotificationFields): string {
  return new URLSearchParams([...fields]).toString()
}

/** 34 digits that begin with the day. */
export function newNotifyId(now: number): string {
  const digits = () => String(randomInt(10 ** 13)).padStart(13, '0')
  return `${beijingTime(now).slice(0, 10).replaceAll('-', '')}${digits()}${digits()}`
}
