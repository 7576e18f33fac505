// Holds each page and its Chinese version together: the same structure, code, tables and links, whatever the words.
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blocks, inChinese, inlineCode, items, levels, links, PAGES, ROOT, read, rows } from './markdown.ts'

const PARTS = [
  ['sections, in their order', levels],
  ['blocks of code, comments aside', blocks],
  ['tables, with the same names in their first cells', rows],
  ['names of things in code', inlineCode],
  ['items in their lists', items],
] as const

// A comparison that sees nothing would find nothing wrong.
it.each(PARTS)('there are %s', (_what, parts) => {
  expect(parts(read('README.md')).length).toBeGreaterThan(2)
})

describe.each(PAGES)('%s and its Chinese version have the same', (file) => {
  const english = read(file)
  const chinese = read(inChinese(file))

  it.each(PARTS)('%s', (_what, parts) => {
    expect(parts(chinese)).toStrictEqual(parts(english))
  })

  it('links, each of the two to the other at its top', () => {
    const name = basename(file)
    const elsewhere = (page: string) =>
      links(page)
        .map((link) => link.replace('.zh-CN', ''))
        .filter((link) => link !== name)
    expect(elsewhere(chinese)).toStrictEqual(elsewhere(english))
    expect(english.split('\n')[2]).toBe(`[中文](${inChinese(name)})`)
    expect(chinese.split('\n')[2]).toBe(`[English](${name})`)
  })
})

it.each(PAGES.flatMap((file) => [file, inChinese(file)]))('%s links to files that are there', (file) => {
  const files = links(read(file)).filter((link) => !link.startsWith('https://'))
  const missing = files.filter((link) => !existsSync(new URL(link.split('#')[0] ?? '', new URL(file, ROOT))))
  expect(missing).toStrictEqual([])
})
