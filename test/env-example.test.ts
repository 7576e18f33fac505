// The examples and tables that people copy from are true.

import { readFileSync } from 'node:fs'
import { parse } from 'dotenv'
import { expect, it } from 'vitest'
import { NAMES } from '../src/settings/variables.ts'
import { readConfig } from './settings/read-config.ts'

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')

it('lists every variable in .env.example, in order, as a file that can be used when filled in', () => {
  const settings = parse(read('.env.example'))
  expect(Object.keys(settings)).toStrictEqual(NAMES)
  const filled = readConfig({ ...settings, ALIPAY_ENV: 'local' })
  expect(filled).toMatchObject({ config: { environment: 'local' }, notices: [] })
})

it('explains each group of variables in both languages', () => {
  const groups = read('.env.example').split('\n\n')
  const comments = groups.map((group) => group.split('\n').filter((line) => line.startsWith('#')))
  expect(comments.length).toBeGreaterThan(15)
  for (const lines of comments) {
    expect(
      lines.some((line) => /[。；：，]/.test(line)),
      lines.join(),
    ).toBe(true)
    expect(
      lines.some((line) => !/[。；：，]/.test(line)),
      lines.join(),
    ).toBe(true)
  }
})

it.each(['docs/settings.md', 'docs/settings.zh-CN.md'])('lists every variable in %s', (file) => {
  const rows = [...read(file).matchAll(/^\| `(ALIPAY_\w+)`/gm)].map(([, name]) => name)
  expect(rows.sort()).toStrictEqual([...NAMES].sort())
})
