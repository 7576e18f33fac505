// The doctor's findings as people read them, as programs read them, and in one line: what to fix first.
import { oneLine } from '../text.ts'
import { type Checked, isFailed } from './examine.ts'
import type { Item, Status } from './finding.ts'

export interface Report {
  ok: boolean
  verdict: string
  checks: readonly {
    title: string
    status: Status
    found: string
    fix: string | null
    fix_zh: string | null
  }[]
}

export function buildReport(all: readonly Checked[]): Report {
  return {
    ok: !all.some(isFailed),
    verdict: buildVerdict(all),
    checks: all.map(({ title, status, items }) => ({
      title,
      status,
      found: oneLine(items.map(({ found }) => found).join(' ')),
      fix: joinTexts(items.map(({ fix }) => fix)),
      fix_zh: joinTexts(items.map(({ fix_zh }) => fix_zh)),
    })),
  }
}

function joinTexts(texts: readonly (string | undefined)[]): string | null {
  const given = new Set(texts.filter((text) => text !== undefined))
  return given.size > 0 ? oneLine([...given].join(' ')) : null
}

/** The first thing to fix, or to look at; otherwise that all is well. */
export function buildVerdict(all: readonly Checked[]): string {
  const first = all.find(isFailed)
  if (first) return `Fix this first 请先修复: ${quoteCheck(first)}`
  const odd = all.find(({ status }) => status === 'warning')
  if (odd) return `It works; look at this first 可以使用，请先看: ${quoteCheck(odd)}`
  const untold = all.filter(({ status }) => status === 'skipped').map(({ title }) => title)
  const rest = untold.length > 0 ? ` Not told: ${untold.join(', ')}.` : ''
  return `All is well 一切正常: nothing to fix.${rest}`
}

function quoteCheck({ title, items: [item] }: Checked): string {
  const { found, fix, fix_zh }: Item = item ?? { found: '' }
  return oneLine([`${title}: ${found}`, fix && `Fix: ${fix}`, fix_zh && `修复：${fix_zh}`].filter(Boolean).join(' '))
}

const MARKS: Readonly<Record<Status, string>> = {
  ok: '[ok]      ',
  warning: '[warning] ',
  failed: '[FAILED]  ',
  skipped: '[skipped] ',
}
const INDENT = ' '.repeat(MARKS.ok.length)

export function renderCheck({ title, status, items }: Checked): string {
  const lines = items.flatMap(({ found, fix, fix_zh }, index) => [
    index === 0 ? `${MARKS[status]}${title}: ${oneLine(found)}` : `${INDENT}${oneLine(found)}`,
    ...(fix === undefined ? [] : [`${INDENT}Fix: ${oneLine(fix)}`]),
    ...(fix_zh === undefined ? [] : [`${INDENT}修复：${oneLine(fix_zh)}`]),
  ])
  return `${lines.join('\n')}\n`
}
