// The orders that one order replaced, or that replaced it, however often.
import type { Books } from './books.ts'
import { maybeText, text } from './row.ts'

/** Also of an order that is not in the ledger itself, but was replaced by one that is. */
export function replacements(books: Books, out_trade_no: string): readonly string[] {
  return [...chain(books, out_trade_no, replacedBy), ...chain(books, out_trade_no, replaces)]
}

type Way = (books: Books, out_trade_no: string) => string | undefined

function chain(books: Books, from: string, way: Way): string[] {
  const found: string[] = []
  let next = way(books, from)
  while (next !== undefined && next !== from && !found.includes(next)) {
    found.push(next)
    next = way(books, next)
  }
  return found
}

function replaces({ db, id }: Books, out_trade_no: string): string | undefined {
  const row = db.get('select replaces from orders where partition = ? and out_trade_no = ?', id, out_trade_no)
  return row && maybeText(row, 'replaces')
}

export function replacedBy({ db, id }: Books, out_trade_no: string): string | undefined {
  const row = db.get(
    'select out_trade_no from orders where partition = ? and replaces = ? order by id limit 1',
    id,
    out_trade_no,
  )
  return row && text(row, 'out_trade_no')
}
