// Every page of documentation, in both languages, held to plain words.
import { expect, it } from 'vitest'
import { faultsOf, proseOf } from '../words/dialect.ts'
import { inChinese, PAGES, read } from './markdown.ts'

it.each([...PAGES, 'docs/troubleshooting.md'].flatMap((page) => [page, inChinese(page)]))(
  '%s is in plain words',
  (page) => {
    expect(faultsOf(proseOf(read(page)))).toStrictEqual([])
  },
)
