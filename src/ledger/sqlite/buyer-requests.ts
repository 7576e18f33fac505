// What buyers ask back: a row that lives until it is answered, blocks delivery meanwhile, and is told to the operator.
import { toYuan } from '../../money.ts'
import type { Actor, AskedRefund, BuyerRequest, Intent } from '../ledger.ts'
import { isKept } from '../order.ts'
import { raiseAlert } from './alerts.ts'
import { refundsOf } from './intents.ts'
import { findOrder } from './orders.ts'
import { note, type Partition } from './partition.ts'
import { fen, maybeMoment, maybeText, moment, oneOf, type Row, readAll, readEntry, text, whole } from './rows.ts'
import { columnsOf } from './schema.ts'

const SELECT = `select ${columnsOf('buyer_requests')} from buyer_requests`

export interface NewRequest {
  out_trade_no: string
  buyer: string
  amount_fen: number
  reason?: string | undefined
}

/** One for each order. */
export function askRefund(partition: Partition, asked: NewRequest, actor: Actor): AskedRefund {
  const { db, id } = partition
  const { out_trade_no, buyer, amount_fen, reason } = asked
  const order = findOrder(partition, asked)
  if (order && order.refunded_fen > 0) return { outcome: 'not_possible', why: 'refunded' }
  const known = buyerRequest(partition, out_trade_no)
  if (known) return { outcome: 'known', request: known }
  const given_at = deliveredAt(partition, out_trade_no)
  if (given_at !== undefined) return { outcome: 'delivered', given_at }
  if (!order) return { outcome: 'not_possible', why: 'not_sold' }
  if (!isKept(order)) return { outcome: 'not_possible', why: 'not_paid' }
  db.run(
    `insert into buyer_requests (partition, out_trade_no, buyer, amount_fen, reason, state, asked_at)
      values (?, ?, ?, ?, ?, 'asked', ?)`,
    ...[id, out_trade_no, buyer, amount_fen, reason ?? null, actor.at],
  )
  note(partition, actor, 'refund asked for by the buyer', out_trade_no)
  return { outcome: 'asked', request: theRequest(partition, out_trade_no) }
}

export function buyerRequest({ db, id }: Partition, out_trade_no: string): BuyerRequest | undefined {
  const row = db.get(`${SELECT} where partition = ? and out_trade_no = ?`, id, out_trade_no)
  return row && requestOf(row)
}

function theRequest(partition: Partition, out_trade_no: string): BuyerRequest {
  const request = buyerRequest(partition, out_trade_no)
  if (!request) throw new Error('a request that was just written is not there')
  return request
}

/** Nobody has answered it. */
export function openRequest(partition: Partition, out_trade_no: string): BuyerRequest | undefined {
  const request = buyerRequest(partition, out_trade_no)
  return request?.state === 'asked' ? request : undefined
}

/** Of orders of which nothing was given back yet. */
export function buyerRequests(partition: Partition): readonly BuyerRequest[] {
  const sql = `${SELECT} where partition = ? and state = 'asked' order by id`
  const open = readAll(partition.db.all(sql, partition.id), requestOf).entries
  return open.filter((request) => (findOrder(partition, request)?.refunded_fen ?? 0) === 0)
}

/** @throws DamagedEntry */
export function requestOf(row: Row): BuyerRequest {
  return readEntry('the request of the buyer of order', row, () => ({
    id: whole(row, 'id'),
    out_trade_no: text(row, 'out_trade_no'),
    buyer: text(row, 'buyer'),
    amount_fen: fen(row, 'amount_fen'),
    reason: maybeText(row, 'reason'),
    state: oneOf(row, 'state', ['asked', 'declined']),
    asked_at: moment(row, 'asked_at'),
    decided_at: maybeMoment(row, 'decided_at'),
  }))
}

function requestById({ db, id }: Partition, request: number): BuyerRequest | undefined {
  const row = db.get(`${SELECT} where partition = ? and id = ?`, id, request)
  return row && requestOf(row)
}

export function handToOperator(partition: Partition, id: number, actor: Actor): void {
  const request = requestById(partition, id)
  if (request?.state !== 'asked') return
  const { out_trade_no, amount_fen, reason = '' } = request
  const subject = findOrder(partition, request)?.subject ?? ''
  const facts = { total_amount: toYuan(amount_fen), subject, reason }
  raiseAlert(partition, { kind: 'refund_asked', key: `refund_asked/${out_trade_no}`, out_trade_no, facts }, actor)
}

/** It ended, and moved nothing. */
export const movedNothing = ({ state }: Intent) => state === 'refused' || state === 'not_executed'

export function declineRequest(partition: Partition, id: number, by: 'page' | 'terminal', actor: Actor): boolean {
  const request = requestById(partition, id)
  if (request?.state !== 'asked') return false
  if (!refundsOf(partition, request.out_trade_no).every(movedNothing)) return false
  partition.db.update('buyer_requests', { id }, { state: 'declined', decided_at: actor.at, decided_by: by })
  note(partition, actor, 'refund declined', request.out_trade_no)
  return true
}

/** Of whatever the ledger knows to have been handed out. */
export function deliveredAt({ db, id }: Partition, out_trade_no: string): number | undefined {
  const sql = 'select given_at, out_trade_no from deliveries where partition = ? and out_trade_no = ?'
  const row = db.get(sql, id, out_trade_no)
  return row && readEntry('the delivery of order', { ...row, out_trade_no }, () => moment(row, 'given_at'))
}
