// The merchant's yes as rows: asked for, decided outside the chat, and used up by the decision that it allows.

import type { Act, Approval, ApprovalRequest, RefundWish, Yes } from '../ledger.ts'
import { maybeOneOf, maybeWhole, oneOf, type Row, text, whole } from './database.ts'
import { type Books, frozen, note } from './partition.ts'

const VALID_MS = 15 * 60_000

/** The request for this effect, or a new one; used ones are over. */
export function requestApproval(books: Books, request: ApprovalRequest, act: Act): Approval {
  const row = books.db.get(
    `select * from approvals where partition = ? and effect = ? and state <> 'used' order by id desc limit 1`,
    ...[books.id, request.effect],
  )
  const known = row && approvalOf(row)
  if (known && isValid(known, act.at)) return known
  note(books, act, 'approval asked', request.out_trade_no)
  const id = books.db.insert('approvals', { ...fresh(books, request, act), state: 'asked' })
  return theApproval(books, id)
}

function fresh(books: Books, { effect, out_trade_no, amount_fen, question }: ApprovalRequest, { at }: Act) {
  const times = { asked_at: at, expires_at: at + VALID_MS }
  return { partition: books.id, effect, out_trade_no, amount_fen, question, ...times }
}

/** A clock that was set back makes nothing valid for longer. */
function isValid({ asked_at, expires_at }: Approval, at: number): boolean {
  return at < expires_at && at > asked_at - VALID_MS
}

export function approvalById({ db, id }: Books, approval: number): Approval | undefined {
  const row = db.get('select * from approvals where partition = ? and id = ?', id, approval)
  return row && approvalOf(row)
}

export function openApprovals({ db, id }: Books, at: number): readonly Approval[] {
  const rows = db.all(`select * from approvals where partition = ? and state = 'asked' order by id`, id)
  return rows.map(approvalOf).filter((approval) => isValid(approval, at))
}

export function decide(
  books: Books,
  id: number,
  yes: boolean,
  decided_by: 'page' | 'terminal',
  act: Act,
): boolean {
  const approval = approvalById(books, id)
  if (approval?.state !== 'asked' || !isValid(approval, act.at)) return false
  if (yes && frozen(books)) return false
  const state = yes ? 'approved' : 'denied'
  books.db.update('approvals', { id }, { state, decided_at: act.at, decided_by })
  note(books, act, `approval ${state}`, approval.out_trade_no)
  return true
}

/** Uses the yes up; false where it is none, or is for another effect, or was used before. */
export function useYes(
  books: Books,
  wish: RefundWish,
  effect: string,
  yes: Yes | undefined,
  act: Act,
): boolean {
  if (yes?.effect !== effect) return false
  return yes.how === 'chat' ? useNonce(books, wish, effect, yes.nonce, act) : useApproved(books, yes, act)
}

function useNonce(
  books: Books,
  { out_trade_no, amount_fen }: RefundWish,
  effect: string,
  nonce: string,
  act: Act,
): boolean {
  const { db } = books
  if (db.get('select at from nonces where nonce = ?', nonce)) return false
  db.run('insert into nonces (nonce, at) values (?, ?)', nonce, act.at)
  const request = { effect, out_trade_no, amount_fen, question: '' }
  const used = { state: 'used', decided_at: act.at, decided_by: 'chat' }
  db.insert('approvals', { ...fresh(books, request, act), ...used })
  return true
}

function useApproved(books: Books, yes: Extract<Yes, { how: 'operator' }>, act: Act): boolean {
  const approval = approvalById(books, yes.id)
  if (approval?.state !== 'approved' || approval.effect !== yes.effect) return false
  if (!isValid(approval, act.at)) return false
  books.db.update('approvals', { id: approval.id }, { state: 'used' })
  return true
}

function theApproval(books: Books, id: number): Approval {
  const approval = approvalById(books, id)
  if (!approval) throw new Error('a request that was just written is not there')
  return approval
}

export function approvalOf(row: Row): Approval {
  return {
    id: whole(row, 'id'),
    effect: text(row, 'effect'),
    out_trade_no: text(row, 'out_trade_no'),
    amount_fen: whole(row, 'amount_fen'),
    question: text(row, 'question'),
    state: oneOf(row, 'state', ['asked', 'approved', 'denied', 'used']),
    asked_at: whole(row, 'asked_at'),
    expires_at: whole(row, 'expires_at'),
    decided_at: maybeWhole(row, 'decided_at'),
    decided_by: maybeOneOf(row, 'decided_by', ['page', 'terminal', 'chat']),
  }
}
