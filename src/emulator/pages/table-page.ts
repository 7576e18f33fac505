// Tables of the overview, and their columns: a list of cards where the screen is narrow.
import { beijingTime } from '../clock.ts'
import { type Markup, markup, type Part } from './escaped-html.ts'
import { type Bilingual, both } from './layout-page.ts'

/** A browser has to draw them all. */
const MOST_ROWS = 200

export interface Column {
  readonly heading: Bilingual
  readonly right?: boolean
}

export const ITEM: Column = { heading: ['商品', 'Item'] }
export const AMOUNT: Column = { heading: ['金额', 'Amount'], right: true }
export const ACTION: Column = { heading: ['操作', 'Action'], right: true }

export function moment(ms: number): Markup {
  return markup`<time class="whole">${beijingTime(ms)}</time>`
}

/** Turns into a list of cards where the screen is narrow; the first cell is each row's heading. */
export function section<T>(
  heading: Bilingual,
  columns: readonly Column[],
  entries: readonly T[],
  cellsOf: (entry: T) => readonly Part[],
): Markup {
  const titled = (content: Markup) => markup`<section class="card"><h2>${both(heading)}</h2>
${content}</section>`
  if (entries.length === 0) return titled(markup`<p>${both(['暂无', 'None yet'])}</p>`)
  const head = columns.map(({ heading, right }) => {
    return markup`<th scope="col" class="${right ? 'right' : ''}">${both(heading)}</th>`
  })
  const rows = entries.slice(0, MOST_ROWS).map((entry) => tableRow(columns, cellsOf(entry)))
  return titled(
    markup`<table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>${moreThan(rows.length, entries.length)}`,
  )
}

function moreThan(listed: number, all: number): Markup | string {
  if (listed === all) return ''
  return markup`<p>${both([`只显示最新 ${listed} 条，共 ${all} 条`, `The newest ${listed} of ${all}; all: /control/trades`])}</p>`
}

function tableRow(columns: readonly Column[], [heading = '', ...cells]: readonly Part[]): Markup {
  const rest = cells.map((cell, at) => {
    const { heading, right } = columns[at + 1] ?? ITEM
    const label = heading === ACTION.heading ? '' : markup`<span class="label">${both(heading)}</span>`
    return markup`<td class="${right ? 'right' : ''}">${label}<span class="value">${cell}</span></td>`
  })
  return markup`<tr><td>${heading}</td>${rest}</tr>
`
}
