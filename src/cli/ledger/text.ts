// The ledger as people read it at a terminal: tables that fit, sums under them, all in one language.
import type { Language } from '../../language.ts'
import type { PartitionKey } from '../../ledger/ledger.ts'
import { ownCall } from '../../pasteable-call.ts'
import { oneLine, unbroken } from '../../text.ts'
import type { CommandLine } from '../command-line.ts'
import { type Column, formatTable, grouped, type View } from '../table.ts'
import { wrapped } from '../terminal.ts'
import { cellIn, withMarks, withTimes, withWho } from './cells.ts'
import { decisionLines, formatBlocks, orderLines, refundLines } from './one-order.ts'
import { type LedgerRecord, newestFirst } from './record.ts'
import type { Cell, Row } from './rows.ts'
import { LEDGER, type LedgerText, meaningIn } from './words.ts'

export interface Whose {
  folder: string
  partition: PartitionKey
  config: { seller_id?: string | undefined }
}

export interface LedgerView extends View {
  language: Language
  only?: Only
}

/** Of which days or state it is, as was typed. */
type Only = Partial<Pick<CommandLine, 'month' | 'since' | 'until' | 'state' | 'order'>>

export function formatLedger(record: LedgerRecord, { folder, partition, config }: Whose, view: LedgerView): string {
  const { environment, gateway, merchant } = partition
  const { frozen, orders_elsewhere: elsewhere = 0 } = record
  const say = LEDGER(view.language)
  const whose = config.seller_id === undefined ? say.app(merchant) : say.merchant(merchant)
  const why = frozen?.why === undefined ? '' : oneLine(frozen.why)
  const tables = tablesOf(record, say, view)
  const waiting = record.decisions.filter(({ what }) => what === 'asked').length
  const blocks = [
    wrapped(
      [say.heading(environment, gateway, whose, folder), onlyText(view)].filter(Boolean).join('\n'),
      view.columns,
    ),
    frozen && view.paint.red(wrapped(say.frozen(frozen.at, why), view.columns)),
    ...tables.map(({ text }, at) => (at === 0 ? `${text}${totals(record.totals, say, view)}` : text)),
    record.orders.some(({ in_doubt }) => in_doubt !== undefined) &&
      wrapped(say.whatIsDoubted(unbroken(ownCall('resolve'))), view.columns),
    record.orders.some(({ undelivered }) => undelivered !== undefined) &&
      wrapped(say.whatIsUndelivered(unbroken(ownCall('delivered', '--order', 'N'))), view.columns),
    waiting > 0 && wrapped(say.waitsForYes(waiting, unbroken(ownCall('approvals'))), view.columns),
    record.orders.some(({ state }) => state === 'waiting') && wrapped(say.asLastKnown, view.columns),
    elsewhere > 0 && wrapped(say.elsewhere(elsewhere), view.columns),
    tables.some(({ omitted }) => omitted > 0) && say.omitted,
  ]
  return blocks.filter(Boolean).join('\n\n')
}

function onlyText({ only = {}, language }: LedgerView): string {
  const say = LEDGER(language)
  const { month, since, until, state } = only
  const what = [
    month && say.inMonth(month),
    since && say.sinceDay(since),
    until && say.untilDay(until),
    state && say.inState(say.meanings(state)),
  ].filter(Boolean)
  return what.length === 0 ? '' : say.only(what.join(language === 'zh' ? '，' : ', '))
}

/** An order number looks the same in all of them, so that it can be found again. */
function tablesOf(record: LedgerRecord, say: LedgerText, view: LedgerView) {
  const orders = record.orders.map((row) => withMarks(row, say))
  const decisions = newestFirst(record.decisions.map(withWho).map(withTimes), 'happened_at')
  if (view.only?.order !== undefined) {
    return [
      formatBlocks(say.orders, orders, orderLines(say), view),
      formatBlocks(say.refunds, record.refunds, refundLines(say), view),
      formatBlocks(say.decisions, decisions, decisionLines(say), view),
    ].map((text) => ({ text, omitted: 0 }))
  }
  const drawn = (oneView: LedgerView) => [
    table(say.orders, orders, orderColumns(say, oneView), oneView),
    table(say.refunds, record.refunds, refundColumns(say, oneView), oneView),
    table(say.decisions, decisions, decisionColumns(say, oneView), oneView),
    ...(record.days.length > 0 ? [table(say.days, record.days, dayColumns(say), oneView)] : []),
  ]
  const tables = drawn(view)
  const longestNumber = Math.min(...tables.map(({ numberWidth }) => numberWidth))
  return longestNumber < Number.POSITIVE_INFINITY ? drawn({ ...view, longestNumber }) : tables
}

function orderColumns(say: LedgerText, view: LedgerView): Column[] {
  const isWaiting = view.only?.state === 'waiting'
  const refunded: Column = { key: 'refunded_amount', title: say.refunded, kind: 'amount', leaves: 1 }
  const payable: Column = { key: 'payable_until', title: say.payableUntil, kind: 'time' }
  return [
    { key: 'created_at', title: say.made, kind: 'time', leaves: 2 },
    { key: 'out_trade_no', title: say.order, kind: 'number' },
    { key: 'total_amount', title: say.yuan, kind: 'amount' },
    ...(isWaiting ? [] : [refunded]),
    { key: 'state', title: say.state, kind: 'state', paint: painted(view) },
    ...(isWaiting ? [payable] : []),
    { key: 'other_amount', title: say.atAlipay, kind: 'amount', paint: view.paint.red },
    { key: 'subject', title: say.item, kind: 'text' },
  ]
}

function refundColumns(say: LedgerText, view: LedgerView): Column[] {
  return [
    { key: 'created_at', title: say.called, kind: 'time', leaves: 3 },
    { key: 'out_trade_no', title: say.order, kind: 'number' },
    { key: 'refund_amount', title: say.yuan, kind: 'amount' },
    { key: 'state', title: say.state, kind: 'state', paint: painted(view) },
    { key: 'approved_by', title: say.approvedBy, kind: 'state' },
    { key: 'refund_reason', title: say.reason, kind: 'text', leaves: 4 },
    { key: 'host', title: say.host, kind: 'text', leaves: 2 },
    { key: 'out_request_no', title: say.refund, kind: 'number', leaves: 1 },
  ]
}

function decisionColumns(say: LedgerText, view: LedgerView): Column[] {
  return [
    { key: 'happened_at', title: say.time, kind: 'time', leaves: 4 },
    { key: 'what', title: say.what, kind: 'state', paint: painted(view) },
    { key: 'out_trade_no', title: say.order, kind: 'number' },
    { key: 'refund_amount', title: say.yuan, kind: 'amount' },
    { key: 'by', title: say.by, kind: 'state' },
    { key: 'via', title: say.via, kind: 'state', leaves: 1 },
    { key: 'asked_at', title: say.asked, kind: 'time', leaves: 2 },
    { key: 'host', title: say.host, kind: 'text', leaves: 3 },
    { key: 'why', title: say.why, kind: 'text' },
  ]
}

function dayColumns(say: LedgerText): Column[] {
  return [
    { key: 'day', title: say.day, kind: 'state' },
    { key: 'orders', title: say.ordersMade, kind: 'count', leaves: 3 },
    { key: 'created_amount', title: say.ordered, kind: 'amount', leaves: 1 },
    { key: 'paid_amount', title: say.paid, kind: 'amount' },
    { key: 'refunds', title: say.refundsMade, kind: 'count', leaves: 2 },
    { key: 'refunded_amount', title: say.refunded, kind: 'amount' },
    { key: 'net_amount', title: say.net, kind: 'amount' },
    { key: 'alarm_amount', title: say.alarm, kind: 'amount' },
    { key: 'unknown_amount', title: say.unknown, kind: 'amount' },
  ]
}

const TONES: readonly (readonly [tone: 'green' | 'yellow' | 'red' | 'cyan', of: RegExp])[] = [
  ['red', /^(alarm|unknown|freeze|refused|denied)$/],
  ['yellow', /^(waiting|asked|prepared|sent|part_refunded|expired|lapsed)$/],
  ['green', /^(paid|done|approved|used|unfreeze)$/],
  ['cyan', /^(refunded)$/],
]

/** By the state behind the words, whichever language they are in. */
function painted({ paint, language }: LedgerView): (cut: string, whole: string) => string {
  return (text, whole) => {
    if (/[?？](, |，|$)/.test(whole)) return paint.red(text)
    const known = meaningIn(language, whole)
    const meaning = known === whole ? meaningIn(language, whole.split(/, |，/, 1).join('')) : known
    const [tone] = TONES.find(([, of]) => of.test(meaning)) ?? []
    return tone === undefined ? text : paint[tone](text)
  }
}

function table(title: string, rows: readonly Row[], columns: readonly Column[], view: LedgerView) {
  const say = LEDGER(view.language)
  if (rows.length === 0) return { text: say.none(title), omitted: 0, numberWidth: Number.POSITIVE_INFINITY }
  // A column that is empty all the way down tells nothing, and one of zeros hardly more.
  const isEmpty = (value: Cell) => value === undefined || value === '0.00'
  const isOdd = (key: string) => /^(alarm|unknown)_amount$/.test(key)
  const used = columns.filter(({ key }) =>
    rows.some((row) => (isOdd(key) ? !isEmpty(row[key]) : row[key] !== undefined)),
  )
  const cells = rows.map((row) =>
    Object.fromEntries(used.map(({ key }) => [key, cellIn(view.language, key, row[key] ?? '')])),
  )
  const { text, omitted, numberWidth } = formatTable(used, cells, view)
  return { text: `${view.paint.bold(say.count(title, rows.length))}\n${text}`, omitted, numberWidth }
}

function totals(
  { orders, paid_amount, refunded_amount, net_amount, unknown_amount, alarms }: Row,
  say: LedgerText,
  view: LedgerView,
): string {
  if (orders === '0') return ''
  const sums = [paid_amount, refunded_amount, net_amount].map((yuan) => grouped(String(yuan)))
  const [paid = '', refunded = '', net = ''] = sums
  const unknown = unknown_amount === '0.00' ? '' : grouped(String(unknown_amount))
  const odd = alarms === '0' ? '' : `\n  ${say.alarms(String(alarms))}`
  return `\n\n${wrapped(`  ${say.totals(paid, refunded, net, unknown)}${odd}`, view.columns)}`
}
