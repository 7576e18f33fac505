// Lists orders: filtered, newest first, in pages that stay right while new orders come in, with sums of all that fit.
import { InputError } from '../../errors.ts'
import type { ListedPage, ListFilter } from '../ledger.ts'
import { isOpenIntent } from '../order.ts'
import { type Row, whole } from './database.ts'
import type { SqlValue } from './engines.ts'
import { intentsOf } from './intents.ts'
import { orderOf, STATE_SQL, stateOf, UNFINISHED } from './orders.ts'
import type { Books } from './partition.ts'

interface Where {
  sql: string
  values: readonly SqlValue[]
}

const LISTED = `(select *, ${STATE_SQL} as state, ${UNFINISHED} as unfinished from orders)`

export function list(books: Books, filter: ListFilter): ListedPage {
  const fitting = allOf([{ sql: 'partition = ?', values: [books.id] }, ...wanted(filter)])
  const page = allOf([fitting, ...after(filter.cursor)])
  const sql = `select * from ${LISTED} where ${page.sql} order by made_at desc, id desc limit ?`
  const rows = books.db.all(sql, ...page.values, filter.limit + 1)
  const shown = rows.slice(0, filter.limit)
  const last = rows.length > shown.length ? shown.at(-1) : undefined
  return {
    orders: shown.map((row) => listed(books, row)),
    ...(last && { next: cursor(last) }),
    ...sums(books, fitting),
  }
}

function listed(books: Books, row: Row) {
  const order = orderOf(row)
  const intents = order.unfinished ? intentsOf(books, order.out_trade_no) : []
  const unsettled = intents.filter(isOpenIntent)
  return { ...order, state: stateOf(row), unsettled }
}

function sums({ db }: Books, { sql, values }: Where): Omit<ListedPage, 'orders' | 'next'> {
  const paid = `iif(state in ('paid', 'part_refunded', 'refunded'), total_fen, 0)`
  const row = db.get(
    `select count(*) as count, coalesce(sum(${paid}), 0) as paid_fen,
      coalesce(sum(refunded_fen), 0) as refunded_fen from ${LISTED} where ${sql}`,
    ...values,
  )
  const of = (column: string) => whole(row ?? {}, column)
  return { count: of('count'), paid_fen: of('paid_fen'), refunded_fen: of('refunded_fen') }
}

function wanted({ state, made_from, made_before, text }: ListFilter): readonly Where[] {
  const found: Where[] = []
  if (state === 'unknown') found.push({ sql: 'unfinished', values: [] })
  else if (state) found.push({ sql: 'state = ?', values: [state] })
  if (made_from !== undefined) found.push({ sql: 'made_at >= ?', values: [made_from] })
  if (made_before !== undefined) found.push({ sql: 'made_at < ?', values: [made_before] })
  if (text) found.push(holding(text))
  return found
}

function holding(text: string): Where {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  const columns = ['subject', 'out_trade_no', 'trade_no']
  const sql = columns.map((column) => `${column} like ? escape '\\'`).join(' or ')
  return { sql: `(${sql})`, values: columns.map(() => pattern) }
}

function allOf(parts: readonly Where[]): Where {
  return {
    sql: parts.map(({ sql }) => sql).join(' and '),
    values: parts.flatMap(({ values }) => values),
  }
}

const CURSOR = /^(\d{1,16}):(\d{1,16})$/

function cursor(row: Row): string {
  return Buffer.from(`${whole(row, 'made_at')}:${whole(row, 'id')}`).toString('base64url')
}

/** @throws InputError */
function after(cursor: string | undefined): readonly Where[] {
  if (cursor === undefined) return []
  const [, made_at, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (made_at === undefined || id === undefined) {
    throw new InputError('cursor: is not one of an earlier answer. Leave it out to start with the newest.')
  }
  return [{ sql: '(made_at, id) < (?, ?)', values: [Number(made_at), Number(id)] }]
}
