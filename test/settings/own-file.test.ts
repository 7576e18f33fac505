// Files of ours: whole or not at all, for their owner, over links to own files only, and nothing left behind.
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { removeStaleFiles, replaceFile, writeNewFile, writeUnderFreeName } from '../../src/settings/own-file.ts'
import { temporaryFiles } from './settings-for-tests.ts'

const { folder } = temporaryFiles()
function fresh(name: string): string {
  mkdirSync(join(folder, name))
  return join(folder, name)
}

it('a file is replaced by a whole one for its owner alone, and no temporary file stays', () => {
  const home = fresh('replaced')
  writeFileSync(join(home, 'a.json'), 'old', { mode: 0o644 })
  replaceFile(join(home, 'a.json'), 'new')
  expect(readFileSync(join(home, 'a.json'), 'utf8')).toBe('new')
  expect(statSync(join(home, 'a.json')).mode & 0o777).toBe(0o600)
  expect(readdirSync(home)).toStrictEqual(['a.json'])
})

it('a link to an own file stays a link, and the file behind it is replaced', () => {
  const home = fresh('linked')
  mkdirSync(join(home, 'dotfiles'))
  writeFileSync(join(home, 'dotfiles', 'settings.json'), 'old')
  symlinkSync(join(home, 'dotfiles', 'settings.json'), join(home, 'settings.json'))
  replaceFile(join(home, 'settings.json'), 'new')
  expect(lstatSync(join(home, 'settings.json')).isSymbolicLink()).toBe(true)
  expect(readFileSync(join(home, 'dotfiles', 'settings.json'), 'utf8')).toBe('new')
})

it('a new file never takes the place of one that is there, nor follows a link', () => {
  const home = fresh('new')
  writeNewFile(join(home, 'key.pem'), 'first')
  expect(() => writeNewFile(join(home, 'key.pem'), 'second')).toThrow(/EEXIST/)
  symlinkSync(join(home, 'nowhere'), join(home, 'other.pem'))
  expect(() => writeNewFile(join(home, 'other.pem'), 'third')).toThrow(/EEXIST/)
  expect(writeUnderFreeName(join(home, 'key.pem'), 'second')).toBe(join(home, 'key-2.pem'))
  expect(writeUnderFreeName(join(home, 'key.pem'), 'third')).toBe(join(home, 'key-3.pem'))
  expect(readFileSync(join(home, 'key.pem'), 'utf8')).toBe('first')
  expect(readdirSync(home)).toStrictEqual(['key-2.pem', 'key-3.pem', 'key.pem', 'other.pem'])
})

it('what a killed process left is removed once it is old, and nothing else', () => {
  const home = fresh('stale')
  const [old, recent] = ['.alipay-mcp-00112233445566aa.tmp', '.alipay-mcp-00112233445566bb.tmp']
  for (const name of [old, recent, '.alipay-mcp-mine.tmp']) writeFileSync(join(home, name), '')
  utimesSync(join(home, old), 0, 0)
  utimesSync(join(home, '.alipay-mcp-mine.tmp'), 0, 0)
  removeStaleFiles(home)
  expect(readdirSync(home).sort()).toStrictEqual([recent, '.alipay-mcp-mine.tmp'].sort())
})
