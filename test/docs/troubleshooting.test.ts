// Holds the two pages of troubleshooting together, and each section to the test file that proves it.
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { adviceFor } from '../../src/gateway/refusals/refusals.ts'
import { pageAt, patternOf, SECTIONS, sectionsOf } from './troubleshooting-page.ts'

const english = sectionsOf('troubleshooting.md')
const chinese = sectionsOf('troubleshooting.zh-CN.md')
const PAGES = ['troubleshooting.md', 'troubleshooting.zh-CN.md'] as const

it('both languages have the same entries in the same order', () => {
  const quoted = (page: typeof english) => page.map((section) => section.map((entry) => entry.quoted))
  expect(quoted(chinese)).toStrictEqual(quoted(english))
  expect(new Set(quoted(english).flat()).size).toBe(english.flat().length)
})

it('each section is proved by a test file of its own', () => {
  expect(english).toHaveLength(SECTIONS.length)
  const missing = SECTIONS.filter(
    (section) => !existsSync(new URL(`troubleshooting-${section}.test.ts`, import.meta.url)),
  )
  expect(missing).toStrictEqual([])
})

it('each entry says what it means, what to do, and who can do it', () => {
  for (const { quoted, labels } of english.flat()) expect(labels, quoted).toStrictEqual(['Means', 'Do', 'Who'])
  for (const { quoted, labels } of chinese.flat()) expect(labels, quoted).toStrictEqual(['含义', '处理', '由谁'])
})

// Who can act, in the words of a result and of the two pages.
const WHO = {
  model: ['assistant', '助手'],
  operator: ['operator', '管理员'],
  buyer: ['buyer', '买家'],
  alipay: ['Alipay', '支付宝'],
} as const

describe.each([
  ['in English', english, 0],
  ['in Chinese', chinese, 1],
] as const)('%s', (_language, page, at) => {
  const refusals = page.flat().flatMap((entry) => {
    const sub_code = /(?:isv|ACQ)\.[\w-]+/.exec(entry.quoted)?.[0]
    return sub_code === undefined ? [] : [{ ...entry, sub_code }]
  })

  it('whoever the answer names for a refusal of Alipay is named', () => {
    expect(refusals.length).toBeGreaterThan(6)
    for (const { sub_code, who } of refusals) expect(who).toContain(WHO[adviceFor(sub_code).who][at])
  })
})

const linksIn = (file: string) => [...pageAt(file).matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link)

it.each(PAGES)('%s links only to what is there', (file) => {
  const docs = new URL('../../docs/', import.meta.url)
  expect(linksIn(file).filter((link) => !existsSync(new URL(link, docs)))).toStrictEqual([])
})

it('both languages link to the same pages', () => {
  const [own, ...others] = linksIn('troubleshooting.md').map((link) => link.replace('.zh-CN', ''))
  expect(own).toBe('troubleshooting.md')
  expect(others.length).toBeGreaterThan(1)
  expect(linksIn('troubleshooting.zh-CN.md').map((link) => link.replace('.zh-CN', ''))).toStrictEqual([own, ...others])
})

it('a quoted text is found in one line only, and its signs mean themselves', () => {
  expect('A: is (x).').toMatch(patternOf('...: is (...).'))
  expect('A: is\n(x).').not.toMatch(patternOf('...: is (...).'))
  expect('A: is (x)!').not.toMatch(patternOf('...: is (...).'))
})
