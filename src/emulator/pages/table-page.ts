// A table that turns into a list of cards where the screen is narrow; the first cell is each row's heading.
import { type Markup, markup } from './escaped-html.ts'

export type Row = readonly [heading: string, ...cells: (string | Markup)[]]

export function table(columns: readonly string[], rows: readonly Row[]): Markup {
  if (rows.length === 0) return markup`<p>暂无<span class="en">None yet</span></p>`
  const head = columns.map((column) => markup`<th>${column}</th>`)
  return markup`<table><thead><tr>${head}</tr></thead><tbody>${rows.map((row) => line(columns, row))}</tbody></table>`
}

function line(columns: readonly string[], [heading, ...cells]: Row): Markup {
  const rest = cells.map(
    (cell, at) => markup`<td data-label="${columns[at + 1] ?? ''}"><span>${cell}</span></td>`,
  )
  return markup`<tr><td>${heading}</td>${rest}</tr>
`
}
