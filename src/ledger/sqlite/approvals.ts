// The merchant's yes as rows: asked for, decided outside the chat, and used up by the decision that it allows.

import { ANSWER_HOLDS_MS, isValid, standingAnswer } from '../approval-digest.ts'
import type { Actor, Approval, ApprovalRequest, RefundRequest, Yes } from '../ledger.ts'
import { frozen, note, type Partition } from './partition.ts'
import { fen, maybeMoment, maybeOneOf, moment, oneOf, type Row, readAll, readEntry, text, whole } from './rows.ts'
import { columnsOf } from './schema.ts'

const SELECT = `select ${columnsOf('approvals')} from approvals`

/** The request for this approval digest, a no that stands for it, or a new one; used ones are over. */
export function requestApproval(partition: Partition, request: ApprovalRequest, actor: Actor): Approval {
  const rows = partition.db.all(
    `${SELECT} where partition = ? and out_trade_no = ? and state <> 'used' order by id`,
    ...[partition.id, request.out_trade_no],
  )
  // One that cannot be read was no yes.
  const known = standingAnswer(readAll(rows, approvalOf).entries, request.approvalDigest, actor.at)
  if (known) return known
  note(partition, actor, 'approval asked', request.out_trade_no)
  const id = partition.db.insert('approvals', { ...fresh(partition, request, actor), state: 'asked' })
  return theApproval(partition, id)
}

function fresh(
  partition: Partition,
  { approvalDigest, out_trade_no, amount_fen, question }: ApprovalRequest,
  { at }: Actor,
) {
  const times = { asked_at: at, expires_at: at + ANSWER_HOLDS_MS }
  return {
    partition: partition.id,
    approval_digest: approvalDigest,
    out_trade_no,
    amount_fen,
    question,
    ...times,
  }
}

export function approvalById({ db, id }: Partition, approval: number): Approval | undefined {
  const row = db.get(`${SELECT} where partition = ? and id = ?`, id, approval)
  return row && approvalOf(row)
}

export function openApprovals({ db, id }: Partition, at: number): readonly Approval[] {
  const rows = db.all(`${SELECT} where partition = ? and state = 'asked' order by id`, id)
  return readAll(rows, approvalOf).entries.filter((approval) => isValid(approval, at))
}

export function decide(
  partition: Partition,
  id: number,
  yes: boolean,
  decided_by: 'page' | 'terminal',
  actor: Actor,
): boolean {
  const approval = approvalById(partition, id)
  if (approval?.state !== 'asked' || !isValid(approval, actor.at)) return false
  if (yes && frozen(partition)) return false
  const state = yes ? 'approved' : 'denied'
  partition.db.update('approvals', { id }, { state, decided_at: actor.at, decided_by })
  note(partition, actor, `approval ${state}`, approval.out_trade_no)
  return true
}

/** They told of refunds before, which have changed: no yes to them can be used, and no no holds. */
export function endQuestions({ db, id }: Partition, out_trade_no: string, at: number): void {
  const sql = `update approvals set expires_at = ? where partition = ? and out_trade_no = ?
    and state <> 'used' and expires_at > ?`
  db.run(sql, at, id, out_trade_no, at)
}

/** Uses the yes up; false where it is none, or is for another approval digest, or was used before. */
export function useYes(
  partition: Partition,
  request: RefundRequest,
  approvalDigest: string,
  yes: Yes | undefined,
  actor: Actor,
): boolean {
  if (yes?.approvalDigest !== approvalDigest) return false
  return yes.how === 'chat'
    ? useNonce(partition, request, approvalDigest, yes.nonce, actor)
    : useApproved(partition, yes, actor)
}

function useNonce(
  partition: Partition,
  { out_trade_no, amount_fen }: RefundRequest,
  approvalDigest: string,
  nonce: string,
  actor: Actor,
): boolean {
  const { db } = partition
  if (db.get('select at from nonces where nonce = ?', nonce)) return false
  db.run('insert into nonces (nonce, at) values (?, ?)', nonce, actor.at)
  const request = { approvalDigest, out_trade_no, amount_fen, question: '' }
  const used = { state: 'used', decided_at: actor.at, decided_by: 'chat' }
  db.insert('approvals', { ...fresh(partition, request, actor), ...used })
  return true
}

function useApproved(partition: Partition, yes: Extract<Yes, { how: 'operator' }>, actor: Actor): boolean {
  const approval = approvalById(partition, yes.id)
  if (approval?.state !== 'approved' || approval.approvalDigest !== yes.approvalDigest) return false
  if (!isValid(approval, actor.at)) return false
  partition.db.update('approvals', { id: approval.id }, { state: 'used' })
  return true
}

function theApproval(partition: Partition, id: number): Approval {
  const approval = approvalById(partition, id)
  if (!approval) throw new Error('a request that was just written is not there')
  return approval
}

/** @throws DamagedEntry */
export function approvalOf(row: Row): Approval {
  return readEntry('a question about order', row, () => ({
    id: whole(row, 'id'),
    approvalDigest: text(row, 'approval_digest'),
    out_trade_no: text(row, 'out_trade_no'),
    amount_fen: fen(row, 'amount_fen'),
    question: text(row, 'question'),
    state: oneOf(row, 'state', ['asked', 'approved', 'denied', 'used']),
    asked_at: moment(row, 'asked_at'),
    expires_at: moment(row, 'expires_at'),
    decided_at: maybeMoment(row, 'decided_at'),
    decided_by: maybeOneOf(row, 'decided_by', ['page', 'terminal', 'chat']),
  }))
}
