// What init puts on the disk: never over settings that changed meanwhile, and no secret twice.
import { readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { readCommandLine } from '../../../src/cli/command-line.ts'
import { openDraft } from '../../../src/cli/init/draft.ts'
import { save } from '../../../src/cli/init/save.ts'
import { bare, vectors } from '../../keys-for-tests.ts'
import { temporaryFiles } from '../../settings/settings-for-tests.ts'

const { folder, file } = temporaryFiles()

function draftOf(path: string, isAfresh: boolean, ...flags: string[]) {
  return openDraft(readCommandLine(['init', '--env', 'sandbox', ...flags], {}, path), path, isAfresh)
}

it('writes nothing over settings that another one wrote while it asked', () => {
  const path = file('meanwhile.json', '{ "environment": "local" }')
  const draft = draftOf(path, false, '--max-refund', '5.00')
  writeFileSync(path, '{ "environment": "production" }')
  expect(() => save(draft, false)).toThrow(expect.objectContaining({ why: 'changed' }))
  expect(readFileSync(path, 'utf8')).toBe('{ "environment": "production" }')
})

it('a key that stood in settings that are put aside stays there alone', () => {
  const text = JSON.stringify({ private_key: vectors.app.private_pkcs8, max_refund: '5.00' })
  const path = file('aside.json', text)
  const { aside = '', keyOfBefore } = save(draftOf(path, true), true)
  expect(readFileSync(aside, 'utf8')).toBe(text)
  expect(keyOfBefore).toBeUndefined()
  expect(JSON.parse(readFileSync(path, 'utf8'))).toStrictEqual({ environment: 'sandbox' })
  expect(readdirSync(dirname(path)).filter((name) => name.endsWith('.pem'))).toStrictEqual([])
})

it('a key that stood in settings that go on is kept in a file', () => {
  const text = JSON.stringify({ env: 'sandbox', private_key: vectors.app.private_pkcs8 })
  const path = file('settings.json', text)
  const other = file('other.pem', vectors.alipay.private_pkcs8)
  const { aside, keyOfBefore = '', leftBehind } = save(draftOf(path, false, '--private-key-file', other), false)
  expect({ aside, leftBehind }).toStrictEqual({ aside: undefined, leftBehind: [] })
  expect(bare(readFileSync(keyOfBefore, 'utf8'))).toBe(bare(vectors.app.private_pkcs8))
  rmSync(keyOfBefore)
})

it('names a link to a file that is not there, and leaves it', () => {
  const path = join(folder, 'link.json')
  symlinkSync(join(folder, 'gone.json'), path)
  expect(() => save(draftOf(path, false), false)).toThrow(expect.objectContaining({ why: 'deadLink' }))
  expect(readlinkSync(path)).toBe(join(folder, 'gone.json'))
})

it('the same settings again change nothing', () => {
  const path = join(dirname(file('x', '')), 'again.json')
  expect(save(draftOf(path, false), false)).toMatchObject({ isChanged: true, aside: undefined })
  expect(save(draftOf(path, false), false)).toMatchObject({ isChanged: false })
})
