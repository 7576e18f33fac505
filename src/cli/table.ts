// Tables that fit the terminal: times and order numbers are shortened before words are cut; --wide shows everything.
import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'
import { oneLine } from '../text.ts'
import type { Paint } from './terminal.ts'

export interface Column {
  key: string
  title: string
  /**
   * `amount` and `count` stand on the right. `number` is of an order, a trade or a refund: cut in its middle. `state` is
   * never cut, and no title is.
   */
  kind: 'text' | 'state' | 'amount' | 'count' | 'number' | 'time'
  /** How a cell is coloured, by its whole text. */
  paint?: (cut: string, whole: string) => string
  /** Left out where the terminal is too narrow for all; the lowest first. */
  leaves?: number
}

export interface View {
  /** Undefined: not a terminal, or everything is to be shown. */
  columns: number | undefined
  paint: Paint
  /** To which each number is cut: the form of another table beside this one. */
  longestNumber?: number
}

type Cells = Readonly<Record<string, string>>

const INDENT = 2
const GAP = 2
const LEAST_TEXT = [8, 4] as const
const YEAR = ' 2026'
const NUMBER_WIDTHS = [17, 13]

/** `12,345.60` of `12345.60`: for people only. */
export const grouped = (yuan: string) => yuan.replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** @returns the lines, how many columns were left out, and to which length numbers were cut (Infinity: they are whole) */
export function formatTable(
  columns: readonly Column[],
  rows: readonly Cells[],
  view: View,
): { text: string; omitted: number; numberWidth: number } {
  const { longestNumber = Number.POSITIVE_INFINITY } = view
  let table =
    longestNumber < Number.POSITIVE_INFINITY
      ? withNumbersOf(longestNumber)(layOut(columns, rows))
      : layOut(columns, rows)
  for (const shorten of STEPS) if (!fits(table, view)) table = shorten(table, view)
  const { used } = table
  const heading = used.map(({ title, kind }, at) =>
    renderCell(title, { kind, paint: view.paint.dim }, table.widths[at] ?? 0),
  )
  const lines = table.lines.map((line) => line.map((text, at) => renderCell(text, used[at], table.widths[at] ?? 0)))
  const text = [heading, ...lines].map((line) => `${' '.repeat(INDENT)}${line.join(' '.repeat(GAP)).trimEnd()}`)
  return { text: text.join('\n'), omitted: columns.length - used.length, numberWidth: cutNumberWidth(table) }
}

interface Table {
  used: readonly Column[]
  lines: readonly (readonly string[])[]
  widths: readonly number[]
}

function layOut(columns: readonly Column[], rows: readonly Cells[]): Table {
  const lines = rows.map((row) => columns.map(({ key, kind }) => cell(row[key] ?? '', kind)))
  return measured(columns, lines)
}

const cell = (text: string, kind: Column['kind']) => (kind === 'amount' ? grouped(text) : oneLine(text))

function measured(used: readonly Column[], lines: Table['lines']): Table {
  const widths = used.map(({ title }, at) =>
    lines.reduce((most, line) => Math.max(most, stringWidth(line[at] ?? '')), stringWidth(title)),
  )
  return { used, lines, widths }
}

const widthOf = ({ widths }: Table) => INDENT + widths.reduce((all, width) => all + width + GAP, -GAP)
const fits = (table: Table, { columns }: View) => columns === undefined || widthOf(table) <= columns

/** Each makes the table narrower, and costs more than the one before it. */
const STEPS: readonly ((table: Table, view: View) => Table)[] = [
  (table) => changed(table, 'time', (text) => text.slice(0, 16)),
  withoutYear,
  ...NUMBER_WIDTHS.map(withNumbersOf),
  withoutExtras,
  (table, view) => cutTexts(table, view, LEAST_TEXT[1]),
]

function withNumbersOf(width: number): (table: Table) => Table {
  return (table) => changed(table, 'number', (text) => cliTruncate(text, width, { position: 'middle' }))
}

function cutNumberWidth({ used, lines }: Table): number {
  const cut = lines.flatMap((line) => line.filter((text, at) => used[at]?.kind === 'number' && text.includes('…')))
  return Math.min(...cut.map((text) => stringWidth(text)))
}

function changed(table: Table, kind: Column['kind'], change: (text: string) => string): Table {
  const lines = table.lines.map((line) => line.map((text, at) => (table.used[at]?.kind === kind ? change(text) : text)))
  return measured(table.used, lines)
}

/** Where all times of a column are of one year, its title says which. */
function withoutYear(table: Table): Table {
  const years = table.used.map(({ kind }, at) =>
    kind === 'time' ? new Set(table.lines.map((line) => line[at]?.slice(0, 4)).filter(Boolean)) : new Set(),
  )
  const isShort = (at: number) =>
    years[at]?.size === 1 && stringWidth(table.used[at]?.title ?? '') + YEAR.length <= (table.widths[at] ?? 0)
  const used = table.used.map((column, at) =>
    isShort(at) ? { ...column, title: `${column.title} ${[...(years[at] ?? [])].join('')}` } : column,
  )
  const lines = table.lines.map((line) => line.map((text, at) => (isShort(at) ? text.slice(5) : text)))
  return measured(used, lines)
}

/** The widest gives way first. */
function cutTexts(table: Table, view: View, least: number): Table {
  const widths = [...table.widths]
  const isLong = (at: number) => {
    const { kind, title = '' } = table.used[at] ?? {}
    return kind === 'text' && (widths[at] ?? 0) > Math.max(least, stringWidth(title))
  }
  for (let over = widthOf(table) - (view.columns ?? 0); over > 0; over--) {
    const long = widths.map((_, at) => at).filter(isLong)
    if (long.length === 0) break
    const widest = long.reduce((a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a))
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return { ...table, widths }
}

function withoutExtras(table: Table, view: View): Table {
  const cut = cutTexts(table, view, LEAST_TEXT[0])
  const first = Math.min(...table.used.map(({ leaves = Number.POSITIVE_INFINITY }) => leaves))
  if (fits(cut, view) || first === Number.POSITIVE_INFINITY) return cut
  const keep = (_: unknown, at: number) => table.used[at]?.leaves !== first
  const lines = table.lines.map((line) => line.filter(keep))
  return withoutExtras(measured(table.used.filter(keep), lines), view)
}

const isRight = (kind: Column['kind'] | undefined) => kind === 'amount' || kind === 'count'

/** The library takes a sign of two columns whole where only one is left. */
function cutTo(text: string, width: number): string {
  const cut = cliTruncate(text, width)
  return stringWidth(cut) > width ? cliTruncate(text, width - 1) : cut
}

function renderCell(text: string, column: Pick<Column, 'kind' | 'paint'> | undefined, width: number): string {
  const cut = cutTo(text, width)
  const space = ' '.repeat(Math.max(0, width - stringWidth(cut)))
  const painted = cut === '' ? cut : (column?.paint?.(cut, text) ?? cut)
  return isRight(column?.kind) ? space + painted : painted + space
}
