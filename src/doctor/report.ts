// The doctor's findings as people read them, as programs read them, and in one line: where to begin.

import { type Both, inLanguages, type Language } from '../language.ts'
import { oneLine } from '../text.ts'
import { type Checked, isFailed } from './examine.ts'
import type { Item, Status } from './finding.ts'

/** For programs: always both languages, so that no setting of a terminal changes it. */
export interface Report {
  ok: boolean
  verdict: string
  verdict_zh: string
  checks: readonly {
    title: string
    title_zh: string
    status: Status
    found: string
    found_zh: string
    fix: string | null
    fix_zh: string | null
  }[]
}

export function buildReport(all: readonly Checked[]): Report {
  return {
    ok: !all.some(isFailed),
    verdict: buildVerdict(all, 'en'),
    verdict_zh: buildVerdict(all, 'zh'),
    checks: all.map(({ title, status, items }) => ({
      title: title.en,
      title_zh: title.zh,
      status,
      found: oneLine(items.map(({ found }) => found.en).join(' ')),
      found_zh: oneLine(items.map(({ found }) => found.zh).join('')),
      fix: joinTexts(items.map(({ fix }) => fix?.en)),
      fix_zh: joinTexts(items.map(({ fix }) => fix?.zh)),
    })),
  }
}

function joinTexts(texts: readonly (string | undefined)[]): string | null {
  const given = new Set(texts.filter((text) => text !== undefined))
  return given.size > 0 ? oneLine([...given].join(' ')) : null
}

const TEXT = inLanguages({
  failed: {
    en: (count: number, first: string) => `${count} to fix. Begin with: ${first}.`,
    zh: (count: number, first: string) => `有 ${count} 项要修复，先修「${first}」。`,
  },
  odd: {
    en: (count: number, first: string) => `${count} to look at: ${first}.`,
    zh: (count: number, first: string) => `有 ${count} 项要留意：${first}。`,
  },
  works: { en: 'It works. ', zh: '可以使用。' },
  frozen: { en: 'Frozen: no new orders, no refunds. ', zh: '已冻结：不创建订单，不退款。' },
  well: { en: 'All is well: nothing to fix.', zh: '一切正常，没有要修复的。' },
  skipped: {
    en: (titles: string, why: string) => `Skipped, because of ${why}: ${titles}.`,
    zh: (titles: string, why: string) => `因「${why}」跳过：${titles}。`,
  },
  fix: { en: (fix: string) => `Fix: ${fix}`, zh: (fix: string) => `修复：${fix}` },
  howToKnow: { en: (fix: string) => `To find out: ${fix}`, zh: (fix: string) => `确认方法：${fix}` },
  and: { en: ', ', zh: '、' },
  colon: { en: ': ', zh: '：' },
})

/** Where to begin; what was found there stands above it. */
export function buildVerdict(all: readonly Checked[], language: Language): string {
  const say = TEXT(language)
  const titles = (status: Status) => all.filter((one) => one.status === status).map(({ title }) => title[language])
  // A check may find several faults; what has no fix is only told.
  const count = (status: Status) =>
    all.filter((one) => one.status === status).flatMap(({ items }) => items.filter(({ fix }) => fix)).length
  const [bad, odd] = [titles('failed'), titles('warning')]
  const frozen = all.some(({ isFrozen }) => isFrozen) ? say.frozen : ''
  if (bad[0] !== undefined) return frozen + say.failed(count('failed'), bad[0])
  if (odd.length > 0) return (frozen || say.works) + say.odd(count('warning'), odd.join(say.and))
  return say.well
}

/** One line for all that an earlier failure made meaningless. */
export function renderSkipped(titles: readonly Both[], cause: Both, language: Language): string {
  const say = TEXT(language)
  return say.skipped(titles.map((title) => title[language]).join(say.and), cause[language])
}

/** Each thing that was found under its title: the finding, and the one fix. */
export function renderCheck({ title, status, items }: Checked, language: Language): string {
  const say = TEXT(language)
  const lines = items.flatMap(({ found, fix }: Item, index) => [
    `${index === 0 ? `${MARKS[language][status]} ${title[language]}${say.colon}` : INDENT}${oneLine(found[language])}`,
    ...(fix === undefined ? [] : [INDENT + (status === 'skipped' ? say.howToKnow : say.fix)(oneLine(fix[language]))]),
  ])
  return lines.join('\n')
}

/** All equally wide: a sign of Chinese takes two columns. */
const MARKS: Readonly<Record<Language, Readonly<Record<Status, string>>>> = {
  en: { ok: '[ok]     ', warning: '[warning]', failed: '[FAILED] ', skipped: '[skipped]' },
  zh: { ok: '[正常]   ', warning: '[警告]   ', failed: '[失败]   ', skipped: '[跳过]   ' },
}
const INDENT = ' '.repeat(10)
