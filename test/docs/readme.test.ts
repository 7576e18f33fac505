// Holds README.md and README.zh-CN.md together, and both to what is there: files, commands, flags, scripts.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/command-line.ts'
import { helpText } from '../../src/cli/help.ts'

const ROOT = new URL('../../', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, ROOT), 'utf8')
const english = read('README.md')
const chinese = read('README.zh-CN.md')
const both = [
  ['README.md', english],
  ['README.zh-CN.md', chinese],
] as const

const BLOCK = /^```(\w*)\n([\s\S]*?)^```$/gm
const outsideBlocks = (page: string) => page.replace(BLOCK, '')
const all = (page: string, pattern: RegExp) => [...page.matchAll(pattern)].map(([, found = '']) => found)

/** Of a command its words, of the tree of files its names, of anything else everything: without comments. */
const blocks = (page: string) =>
  [...page.matchAll(BLOCK)].map(([, language, text = '']) => bare(language, text))

function bare(language: string | undefined, text: string): string {
  const lines = text.split('\n')
  if (language === 'sh') return lines.map((line) => line.replace(/\s+#\s.*$/, '')).join('\n')
  if (language) return text
  const names = lines.flatMap((line) => /^ {0,2}(\S+( \S+\.ts)*)/.exec(line)?.[1] ?? [])
  return names.join('\n')
}

const levels = (page: string) => all(outsideBlocks(page), /^(#+) /gm)
const inlineCode = (page: string) => [...new Set(all(outsideBlocks(page), /`([^`]+)`/g))].sort()
/** Links without the ending that marks a page as Chinese. */
const links = (page: string) => all(page, /\]\(([^)]+)\)/g).map((link) => link.replace('.zh-CN', ''))
const anyRow = /^\|(.*)\|$/gm

/** For each row its number of cells, and what is code in the first one. */
function rows(page: string): readonly string[] {
  return all(outsideBlocks(page), anyRow).map((row) => {
    const cells = row.split('|')
    return `${cells.length} ${all(cells[0] ?? '', /`([^`]+)`/g).join()}`
  })
}

describe('the two languages have the same', () => {
  it('sections, in their order', () => {
    expect(levels(chinese)).toStrictEqual(levels(english))
    expect(levels(english).length).toBeGreaterThan(6)
  })

  it('blocks of code, comments aside', () => {
    expect(blocks(chinese)).toStrictEqual(blocks(english))
    expect(blocks(english).length).toBeGreaterThan(6)
  })

  it('tables, with the same variables, tools, channels and environments in them', () => {
    expect(rows(chinese)).toStrictEqual(rows(english))
    expect(rows(english)).toContain('3 ALIPAY_ENV')
  })

  it('names of things in code', () => {
    expect(inlineCode(chinese)).toStrictEqual(inlineCode(english))
  })

  it('links, each of the two to the other at its top', () => {
    const elsewhere = (page: string) => links(page).filter((link) => link !== 'README.md')
    expect(elsewhere(chinese)).toStrictEqual(elsewhere(english))
    expect(english.split('\n')[2]).toBe('[中文](README.zh-CN.md)')
    expect(chinese.split('\n')[2]).toBe('[English](README.md)')
  })

  it('items in their lists', () => {
    const items = (page: string) => all(outsideBlocks(page), /^(-|\d\.) /gm)
    expect(items(chinese)).toStrictEqual(items(english))
  })
})

describe.each(both)('%s', (_name, page) => {
  const code = [...page.matchAll(BLOCK)].map(([, , text]) => text).concat(inlineCode(page))

  it('links to files that are there', () => {
    const files = all(page, /\]\(([^)]+)\)/g).filter((link) => !link.startsWith('https://'))
    expect(files.filter((file) => !existsSync(new URL(file, ROOT)))).toStrictEqual([])
  })

  it('names only commands and flags that --help explains', () => {
    const help = helpText()
    const commands = all(code.join('\n'), /node dist\/main\.js ([a-z]+)/g)
    expect(new Set(commands)).toStrictEqual(new Set(COMMANDS.filter((one) => !/serve|help/.test(one))))
    expect(commands.filter((one) => !COMMANDS.some((known) => known === one))).toStrictEqual([])
    expect(commands.filter((one) => !help.includes(`\n  ${one} `))).toStrictEqual([])
    const flags = all(code.join('\n'), /(?<=\s|^)(--[\w-]+)/gm)
    expect(flags.length).toBeGreaterThan(8)
    expect(flags.filter((flag) => !help.includes(flag))).toStrictEqual([])
  })

  it('names only scripts of npm that package.json has', () => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts)
    const named = all(code.join('\n'), /npm (?:run )?([\w:]+)/g)
    expect(named).toContain('demo')
    expect(named.filter((script) => script !== 'ci' && !scripts.includes(script))).toStrictEqual([])
  })
})
