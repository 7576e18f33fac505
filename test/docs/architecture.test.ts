// Holds docs/architecture.md to the code: the folders and files it names are there, and so are the constants of its guesses.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { all, BLOCK, inlineCode, ROOT, read } from './markdown.ts'

const page = read('docs/architecture.md')
const there = (file: string) => ['', 'src/'].some((folder) => existsSync(new URL(folder + file, ROOT)))

it('names only files that are there', () => {
  const named = inlineCode(page).filter((code) => /^[\w-]+\/[\w./-]*(\.ts|\.md|\/)$/.test(code))
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((file) => !there(file))).toStrictEqual([])
})

it('shows in its tree each folder and file of src', () => {
  const [tree = ''] = [...page.matchAll(BLOCK)].map(([, , text = '']) => text)
  const shown = all(tree, /^ {2}(\S+)/gm).map((name) => name.replace('/', ''))
  expect(shown.sort()).toStrictEqual(readdirSync(new URL('src', ROOT)).sort())
})

it('finds the constant or switch of each guess in the file that it names', () => {
  const guesses = all(page, /^\| G\d+ \|[^|]*\|([^|]*)\|/gm).flatMap((where) => where.split(';'))
  const found = guesses.map((where) => all(where, /`([^`]+)`/g))
  const wrong = found.filter(([name = '', file]) => {
    return file !== undefined && !readFileSync(new URL(`src/${file}`, ROOT), 'utf8').includes(name)
  })
  expect(wrong).toStrictEqual([])
})
