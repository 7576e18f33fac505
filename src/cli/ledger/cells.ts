// Rows of the ledger as people read them: states with what is odd about them, who decided where, in one language.
import type { Language } from '../../language.ts'
import type { Cell, Row } from './rows.ts'
import { LEDGER, type LedgerText } from './words.ts'

const TRANSLATED = ['state', 'what', 'approved_by', 'by', 'via']

export function cellIn(language: Language, key: string, value: NonNullable<Cell>): string {
  const text = String(value)
  return TRANSLATED.includes(key) ? LEDGER(language).meanings(text) : text
}

/** An order whose state says what is in doubt, that a close is wanted, or that its time is up. */
export function withMarks(row: Row, say: LedgerText): Row {
  const { state, in_doubt, time_expire, payable_until, close_requested_at } = row
  const doubted = in_doubt === undefined ? [] : [...new Set(String(in_doubt).split(' '))]
  const marks = doubted.map((step) => say.doubted(say.meanings(step)))
  if (state === 'waiting' && time_expire !== undefined && payable_until === undefined) marks.push(say.timeIsUp)
  else if (state === 'waiting' && close_requested_at !== undefined) marks.push(say.closeWanted)
  if (row.undelivered !== undefined) marks.push(say.notDelivered)
  return marks.length === 0 ? row : { ...row, state: say.marked(say.meanings(String(state)), marks) }
}

/** A decision: who made it in the word that refunds have for them, which program was at it, and one column for reasons. */
export function withWho(row: Row): Row {
  const { decided_by, host, why, refund_reason } = row
  const isOperator = decided_by === 'page' || decided_by === 'terminal'
  const isPerson = isOperator || decided_by === 'chat'
  return {
    ...row,
    by: isOperator ? 'operator' : isPerson ? decided_by : undefined,
    via: isOperator ? decided_by : undefined,
    host: host ?? (isPerson ? undefined : decided_by),
    why: why ?? refund_reason,
  }
}

/** A decision with the moment that counts: when it was made or, while a request waits or has expired, when it was asked. */
export function withTimes(row: Row): Row {
  const isRequest = row.refund_amount !== undefined
  return {
    ...row,
    at: isRequest ? undefined : row.at,
    asked_at: isRequest ? row.at : undefined,
    happened_at: row.decided_at ?? row.at,
  }
}
