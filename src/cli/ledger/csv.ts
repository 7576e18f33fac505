// The ledger as CSV that opens right in Excel: a row per order and per refund, `kind` says which.
import { stringify } from 'csv-stringify/sync'
import type { LedgerRecord } from './record.ts'
import type { Row } from './rows.ts'

const COLUMNS = [
  'kind',
  'out_trade_no',
  'trade_no',
  'out_request_no',
  'state',
  'total_amount',
  'refunded_amount',
  'refund_amount',
  'alarm',
  'subject',
  'refund_reason',
  'channel',
  'created_at',
  'payable_until',
  'close_requested_at',
  'paid_at',
  'undelivered',
  'ended_at',
  'approved_by',
  'host',
  'in_doubt',
  'answer',
]
const NUMBERS = ['out_trade_no', 'trade_no', 'out_request_no']
const TEXTS = ['subject', 'refund_reason', 'host', 'answer']
// What Excel would take for an amount, a date or 1.23E+27.
const LIKE_A_NUMBER = /^\s*[\d.][\s\d.,:/%e+-]*$/i
// The library guards the first sign of a cell; Excel also looks past what is blank.
const HIDDEN_FORMULA = /^\s+[=+\-@＝＋－＠]|^\n/

/** UTF-8 with byte order mark and CRLF; no cell is a formula, and no number of an order loses its digits. */
export function formatLedgerCsv({ orders, refunds }: LedgerRecord): string {
  const rows = [...orders.map(of('order')), ...refunds.map(of('refund'))]
  const text = stringify(rows, {
    header: true,
    columns: COLUMNS,
    record_delimiter: '\r\n',
    // With a delimiter of one's own, lone line ends are not quoted unless that is asked for.
    quote_record_delimiter: true,
    escape_formulas: true,
    cast: { string: (value, { column, header }) => (header ? value : cell(value, String(column))) },
  })
  return `\uFEFF${text}`
}

const of = (kind: string) => (row: Row) => ({ kind, ...row })

/**
 * A tab behind it makes Excel keep a text, and nobody sees it: Alipay's own bills are written so. Other programs have
 * to trim. An apostrophe or ="..." would stay in the cell.
 */
function cell(value: string, column: string): string {
  if (NUMBERS.includes(column)) return `${value}\t`
  if (!TEXTS.includes(column)) return value
  if (HIDDEN_FORMULA.test(value)) return `'${value}`
  return LIKE_A_NUMBER.test(value) ? `${value}\t` : value
}
