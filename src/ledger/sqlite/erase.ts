// What the ledger lets go of: free text of one order, and old orders that are over.

import type { Act, Intent } from '../ledger.ts'
import { isOpenIntent, OPEN_STATES } from '../order.ts'
import { quoted, text } from './database.ts'
import { intentsOf } from './intents.ts'
import { findOrder, STATE_SQL } from './orders.ts'
import { type Books, dayOf, note } from './partition.ts'

// A nonce is worth nothing long before; it only must not be taken twice.
const NONCES_MS = 30 * 86_400_000

const OF_ORDER = 'partition = ? and out_trade_no = ?'
const OF_ITS_INTENTS = `intent in (select id from intents where ${OF_ORDER})`

const ERASE = [
  `update orders set subject = null, body = null, pay_url = null, qr_content = null, host = null where ${OF_ORDER}`,
  // What is open is told with what is known of it.
  `update attempts set answer = null where ${OF_ITS_INTENTS} and (state not in (${quoted(OPEN_STATES)})
    or attempt < (select max(attempt) from attempts as others where others.intent = attempts.intent))`,
  `update attempts set reason = null, host = null where ${OF_ITS_INTENTS}`,
  // Nobody can say yes to a question that is gone, and a yes to it is worth nothing; neither is a no.
  `update approvals set question = '', expires_at = iif(state in ('asked', 'approved'), asked_at, expires_at)
    where ${OF_ORDER}`,
  `update events set host = '', why = null where ${OF_ORDER}`,
]

const REMOVE = [
  `delete from attempts where ${OF_ITS_INTENTS}`,
  ...['intents', 'orders', 'approvals', 'events'].map((table) => `delete from ${table} where ${OF_ORDER}`),
]

export function forget(books: Books, out_trade_no: string, act: Act): boolean {
  if (!findOrder(books, { out_trade_no })) return false
  for (const erase of ERASE) books.db.run(erase, books.id, out_trade_no)
  note(books, act, 'order forgotten', out_trade_no)
  return true
}

export function prune(books: Books, madeBefore: number, act: Act): number {
  const over = overBefore(books, madeBefore, act.at)
  for (const out_trade_no of over) {
    for (const remove of REMOVE) books.db.run(remove, books.id, out_trade_no)
  }
  books.db.run('delete from nonces where at < ?', act.at - NONCES_MS)
  if (over.length > 0) note(books, act, `${over.length} orders removed`)
  return over.length
}

/** What counts against a limit of today stays, however old the order is. */
function overBefore(books: Books, madeBefore: number, at: number): readonly string[] {
  const rows = books.db.all(
    `select out_trade_no from orders where partition = ? and made_at < ? and day < ? and ${STATE_SQL} <> 'waiting'`,
    ...[books.id, madeBefore, dayOf(at)],
  )
  const isOver = (intent: Intent) => !isOpenIntent(intent) && !counts(intent, madeBefore, at)
  return rows
    .map((row) => text(row, 'out_trade_no'))
    .filter((out_trade_no) => intentsOf(books, out_trade_no).every(isOver))
}

/** Of today or made lately, or the next refund is to ask because of it. */
function counts({ kind, day, made_at, uncertain_since }: Intent, madeBefore: number, at: number): boolean {
  const asks = kind === 'refund' && uncertain_since !== undefined
  return asks || day >= dayOf(at) || made_at >= madeBefore
}
