// What the ledger lets go of: free text of one order, and old orders that are over.
import { type Books, dayOf, note } from './books.ts'
import { quoted, text } from './database.ts'
import type { Act } from './ledger.ts'
import { OPEN_STATES } from './order.ts'
import { findOrder, STATE_SQL } from './order-rows.ts'

const UNSETTLED = `state in (${quoted(OPEN_STATES)})`
const IN_DOUBT = `(kind = 'refund' and state <> 'done' and (state = 'not_executed' or earlier_try_at is not null))`
// A nonce is worth nothing long before; it only must not be taken twice.
const NONCES_MS = 30 * 86_400_000

const ERASE = [
  'update orders set subject = null, body = null, pay_url = null, qr_content = null, host = null',
  `update intents set reason = null, host = null, answer = iif(${UNSETTLED}, answer, null)`,
  // Nobody can say yes to a question that is gone, and a yes to it is worth nothing; neither is a no.
  `update approvals set question = '', expires_at = iif(state in ('asked', 'approved'), asked_at, expires_at)`,
  `update events set host = '', why = null`,
]

export function forget(books: Books, out_trade_no: string, act: Act): boolean {
  if (!findOrder(books, { out_trade_no })) return false
  for (const erase of ERASE) {
    books.db.run(`${erase} where partition = ? and out_trade_no = ?`, books.id, out_trade_no)
  }
  note(books, act, 'order forgotten', out_trade_no)
  return true
}

export function prune(books: Books, madeBefore: number, act: Act): number {
  const { db, id } = books
  const over = overBefore(books, madeBefore, act.at)
  for (const out_trade_no of over) {
    for (const table of ['orders', 'intents', 'approvals', 'events']) {
      db.run(`delete from ${table} where partition = ? and out_trade_no = ?`, id, out_trade_no)
    }
  }
  db.run('delete from nonces where at < ?', act.at - NONCES_MS)
  if (over.length > 0) note(books, act, `${over.length} orders removed`)
  return over.length
}

/**
 * What counts against a limit of today stays, however old the order is; so does what makes the next refund ask: an
 * attempt that may have come to be, and those made lately.
 */
function overBefore({ db, id }: Books, madeBefore: number, at: number): readonly string[] {
  const rows = db.all(
    `select out_trade_no from orders where partition = ? and made_at < ? and day < ? and ${STATE_SQL} <> 'waiting'
      and not exists (select 1 from intents where intents.partition = orders.partition
        and intents.out_trade_no = orders.out_trade_no
        and (intents.${UNSETTLED} or intents.day >= ? or intents.made_at >= ? or ${IN_DOUBT}))`,
    ...[id, madeBefore, dayOf(at), dayOf(at), madeBefore],
  )
  return rows.map((row) => text(row, 'out_trade_no'))
}
