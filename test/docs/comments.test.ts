// Comments cite only what a reader can open: pages of this repository, Alipay's pages, RFCs; and every guess is on record.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { all, inChinese, ROOT, read } from './markdown.ts'

const RECORD = 'docs/architecture.md'
const RULES = all(read(RECORD), /^(\d)\. \*\*/gm)
const COMMENT = /(?:^|\s)(\/\/ .*$|\/\*[\s\S]*?\*\/)/gm
const root = fileURLToPath(ROOT)

const commented = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?ts$|\.mjs$/.test(name))
    .map((name) => join(folder, name))
    .map((file) => ({ file, comments: all(readFileSync(join(root, file), 'utf8'), COMMENT) }))
const SOURCES = commented('src')

/** What a comment of that file cites and nobody can open. */
function citedInVain(comment: string, file: string): readonly string[] {
  const folders = ['', 'docs', dirname(file)]
  const isThere = (page: string) => folders.some((folder) => existsSync(join(root, folder, page)))
  const pages = all(comment, /([\w./-]+\.md)\b/g).filter((page) => !isThere(page))
  const numbered = all(comment.replace(OPEN_TO_ALL, ''), NUMBERED)
  return [...pages, ...numbered, ...all(comment, UNPUBLISHED)]
}

const OPEN_TO_ALL = new RegExp(`${RECORD}, rules? [${RULES.join('')}]\\b|RFC \\d+, section \\d`, 'g')
const NUMBERED = /\b((?:rules?|sections?|decisions?|issues?|chapters?) #?\d+)/g
const UNPUBLISHED = /\b(state-machine|(?:the )?design(?=[,;:)])|protocol \d\.\d|the brief)/g

it.each(['src', 'test', 'scripts'])('no comment in %s cites what is not in the repository', (folder) => {
  const found = commented(folder).flatMap(({ file, comments }) =>
    comments.flatMap((comment) => citedInVain(comment, file).map((cited) => `${file}: ${cited}`)),
  )
  expect(found).toStrictEqual([])
})

describe('a citation', () => {
  it.each([
    'A computer may have slept (design, money rule 2).',
    'It may show later (state-machine, rule 2).',
    'Certain even unsigned (overriding rule 8).',
    "As methods.md's pages have it.",
    'The reason is decision 7.',
    'As issue 10 wants it.',
    'A computer may have slept (docs/architecture.md, rule 9).',
    'As section 4.1 says.',
  ])('that leads nowhere is found: %s', (comment) => {
    expect(citedInVain(comment, 'src/main.ts')).not.toStrictEqual([])
  })

  it.each([
    'A computer may have slept (docs/architecture.md, rule 2).',
    'A minimal certificate, RFC 5280, section 4.1, in field order.',
    'How they were made is in README.md.',
    'At least three seconds (open/02ekfs).',
  ])('that can be opened is let through: %s', (comment) => {
    expect(citedInVain(comment, 'test/vectors/openssl.test.ts')).toStrictEqual([])
  })
})

describe('guesses about Alipay', () => {
  const marks = SOURCES.flatMap(({ comments }) => comments.flatMap((comment) => all(comment, /\[guess([^\]]*)/g)))
  const ids = [...new Set(marks.map((mark) => mark.trim()))].sort()

  it.each([RECORD, inChinese(RECORD)])('that are marked in the code are those on record in %s', (page) => {
    expect(ids).toStrictEqual(all(read(page), /^\| (G\d+) \|/gm).sort())
    expect(ids).toContain('G1')
  })
})
