// The parts of a page of documentation that tests compare: headings, code, tables, links, lists, and both languages.
import { readFileSync } from 'node:fs'

export const ROOT = new URL('../../', import.meta.url)
export const read = (file: string) => readFileSync(new URL(file, ROOT), 'utf8')

/** Each page and the same in Chinese. */
export const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...[
    'settings',
    'keys',
    'production',
    'approval-and-limits',
    'ledger',
    'listen',
    'shop',
    'subscriptions',
    'emulator',
    'tools',
    'errors',
    'architecture',
  ].map((name) => `docs/${name}.md`),
]
export const inChinese = (page: string) => page.replace(/\.md$/, '.zh-CN.md')

export const BLOCK = /^```(\w*)\n([\s\S]*?)^```$/gm
const outsideBlocks = (page: string) => page.replace(BLOCK, '')
export const all = (page: string, pattern: RegExp) => [...page.matchAll(pattern)].map(([, found = '']) => found)

/** Of a command or a settings file its words, of the tree of files its names, of anything else everything: without comments. */
export const blocks = (page: string) => [...page.matchAll(BLOCK)].map(([, language, text = '']) => bare(language, text))

function bare(language: string | undefined, text: string): string {
  const lines = text.split('\n')
  if (language === 'sh' || language === 'dotenv') return lines.map((line) => line.replace(/\s+#\s.*$/, '')).join('\n')
  if (language) return text
  const names = lines.flatMap((line) => /^ {0,4}(\S+( \S+\.ts)*)/.exec(line)?.[1] ?? [])
  return names.join('\n')
}

export const levels = (page: string) => all(outsideBlocks(page), /^(#+) /gm)
export const items = (page: string) => all(outsideBlocks(page), /^(-|\d\.) /gm)
export const inlineCode = (page: string) => [...new Set(all(outsideBlocks(page), /`([^`]+)`/g))].sort()
export const links = (page: string) => all(page, /\]\(([^)]+)\)/g)

const anyRow = /^\|(.*)\|$/gm

/** For each row its number of cells, and what is code in the first one, or its name where that is an id. */
export function rows(page: string): readonly string[] {
  return all(outsideBlocks(page), anyRow).map((row) => {
    const cells = row.split('|')
    const [first = ''] = cells
    const names = all(first, /`([^`]+)`/g).concat(all(first, /^ (G\d+) $/g))
    return `${cells.length} ${names.join()}`
  })
}
