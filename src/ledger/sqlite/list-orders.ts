// Lists orders: filtered, newest first, in pages that stay right while new orders come in, with sums of all that fit.
import { InputError } from '../../errors.ts'
import type { ListedPage, ListFilter } from '../ledger.ts'
import { isOpenIntent } from '../order.ts'
import { UNDELIVERED } from './deliveries.ts'
import type { SqlValue } from './engines.ts'
import { intentsOf } from './intents.ts'
import { listedOrder, STATE_SQL, UNFINISHED } from './orders.ts'
import type { Partition } from './partition.ts'
import { isFenSql, type Row, readAll, whole } from './rows.ts'
import { columnsOf } from './schema.ts'

interface Where {
  sql: string
  values: readonly SqlValue[]
}

const COLUMNS = `${columnsOf('orders')}, state, unfinished`
const LISTED = `(select *, ${STATE_SQL} as state, ${UNFINISHED} as unfinished from orders)`

export function list(partition: Partition, filter: ListFilter): ListedPage {
  const fitting = allOf([{ sql: 'partition = ?', values: [partition.id] }, ...wanted(filter)])
  const page = allOf([fitting, ...after(filter.cursor)])
  const sql = `select ${COLUMNS} from ${LISTED} where ${page.sql} order by created_at desc, id desc limit ?`
  const rows = partition.db.all(sql, ...page.values, filter.limit + 1)
  const onPage = rows.slice(0, filter.limit)
  const last = rows.length > onPage.length ? onPage.at(-1) : undefined
  const { entries, damaged } = readAll(onPage, (row) => listed(partition, row))
  return { orders: entries, damaged, next: last && cursor(last), ...sums(partition, fitting) }
}

function listed(partition: Partition, row: Row) {
  const order = listedOrder(row)
  const intents = order.unfinished ? intentsOf(partition, order.out_trade_no) : []
  return { ...order, in_doubt: intents.filter(isOpenIntent) }
}

const SOUND = `(${['total_fen', 'refunded_fen', 'coalesce(other_fen, 0)'].map(isFenSql).join(' and ')})`
const IS_PAID = `state in ('paid', 'part_refunded', 'refunded', 'alarm')`
const SUMS = {
  paid_count: `iif(${IS_PAID} and other_fen is null, 1, 0)`,
  paid_fen: `iif(${IS_PAID} and other_fen is null, total_fen, 0)`,
  refunded_fen: 'iif(other_fen is null, refunded_fen, 0)',
  alarm_fen: `iif(${IS_PAID}, coalesce(other_fen, 0), 0)`,
  alarm_refunded_fen: 'iif(other_fen is null, 0, refunded_fen)',
} as const

function sums({ db }: Partition, { sql, values }: Where): Pick<ListedPage, Sum> {
  const columns = Object.entries(SUMS).map(([name, fen]) => `coalesce(sum(iif(${SOUND}, ${fen}, 0)), 0) as ${name}`)
  const counts = `count(*) as count, count(*) filter (where not ${SOUND}) as not_summed`
  const row = db.get(`select ${counts}, ${columns.join(', ')} from ${LISTED} where ${sql}`, ...values)
  const of = (column: Sum) => whole(row ?? {}, column)
  return {
    ...{ count: of('count'), not_summed: of('not_summed') },
    ...{ paid_count: of('paid_count'), paid_fen: of('paid_fen'), refunded_fen: of('refunded_fen') },
    ...{ alarm_fen: of('alarm_fen'), alarm_refunded_fen: of('alarm_refunded_fen') },
  }
}

type Sum = 'count' | 'not_summed' | keyof typeof SUMS

const IS_UNDELIVERED = `id in (select orders.id from orders where ${UNDELIVERED})`

function wanted({ state, created_from, created_before, text }: ListFilter): readonly Where[] {
  const found: Where[] = []
  if (state === 'unknown') found.push({ sql: 'unfinished', values: [] })
  else if (state === 'undelivered') found.push({ sql: IS_UNDELIVERED, values: [] })
  else if (state) found.push({ sql: 'state = ?', values: [state] })
  if (created_from !== undefined) found.push({ sql: 'created_at >= ?', values: [created_from] })
  if (created_before !== undefined) found.push({ sql: 'created_at < ?', values: [created_before] })
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

const CURSOR = /^(-?\d{1,16}):(\d{1,16})$/

function cursor(row: Row): string {
  return Buffer.from(`${whole(row, 'created_at')}:${whole(row, 'id')}`).toString('base64url')
}

/** @throws InputError */
function after(cursor: string | undefined): readonly Where[] {
  if (cursor === undefined) return []
  const [, created_at, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (created_at === undefined || id === undefined) {
    throw new InputError(
      'cursor: is not one of an earlier answer. Leave it out to start with the newest.',
      'cursor 不是之前的结果给出的。不填 cursor，就从最新的订单开始。',
    )
  }
  return [{ sql: '(created_at, id) < (?, ?)', values: [Number(created_at), Number(id)] }]
}
