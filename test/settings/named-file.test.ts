// Every file that somebody names is read by one reader: plain files of at most 1 MB, and nothing that waits.
import { execFileSync } from 'node:child_process'
import { symlinkSync, truncateSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'
import { readNamedFile } from '../../src/settings/named-file.ts'
import type { Variables } from '../../src/settings/sources.ts'
import { NO_PRIVATE, NO_PUBLIC, problemsOf, SANDBOX, temporaryFiles } from './settings-for-tests.ts'

const { folder, file } = temporaryFiles()
const at = (name: string) => join(folder, name)
const socket = createServer()

beforeAll(async () => {
  execFileSync('mkfifo', [at('pipe')])
  symlinkSync(at('pipe'), at('link-to-pipe'))
  symlinkSync(at('loop-b'), at('loop-a'))
  symlinkSync(at('loop-a'), at('loop-b'))
  symlinkSync(at('nothing'), at('dangling'))
  truncateSync(file('sparse', ''), 17_179_869_184)
  file('large', Buffer.alloc(1_048_577, 'x'))
  await new Promise<void>((resolve) => socket.listen(at('socket'), resolve))
})
afterAll(() => {
  socket.close()
})

const KINDS: [string, string, RegExp][] = [
  ['a pipe', at('pipe'), /names a pipe, not a plain file/],
  ['a link to a pipe', at('link-to-pipe'), /names a pipe, not a plain file/],
  ['a socket', at('socket'), /names a socket, not a plain file/],
  ['a folder', folder, /names a folder, not a plain file/],
  ['a device without an end', '/dev/zero', /names a device, not a plain file/],
  ['an empty device', '/dev/null', /names a device, not a plain file/],
  ['a loop of links', at('loop-a'), /ELOOP: links that lead round in a circle/],
  ['a dangling link', at('dangling'), /cannot be read \(ENOENT\)/],
  ['a file below a file', join(at('large'), 'x'), /cannot be read \(ENOTDIR\)/],
  ['a name that is too long', `/${'n.'.repeat(2_500)}`, /cannot be read \(ENAMETOOLONG\)/],
  ['a name with a NUL', 'a\0b', /cannot be read/],
  ['a file of 16 GB', at('sparse'), /names a file of more than 1 MB/],
  ['a file one byte too large', at('large'), /names a file of more than 1 MB/],
]

describe.each(KINDS)('%s', (_kind, path, words) => {
  it('names itself, and nothing waits for it', () => {
    expect(readNamedFile(path)).toMatchObject({ unreadable: expect.stringMatching(words) })
  })

  it.each<[string, Variables]>([
    ['ALIPAY_PRIVATE_KEY_FILE', NO_PRIVATE],
    ['ALIPAY_PUBLIC_KEY_FILE', NO_PUBLIC],
    ['ALIPAY_APP_CERT_FILE', SANDBOX],
  ])('is a problem of %s', (name, env) => {
    expect(problemsOf({ ...env, [name]: path }).find(({ variable }) => variable === name)?.problem).toMatch(words)
  })

  it.each(['--dotenv', '--config'])('is a problem of %s', (flag) => {
    expect(readCommandLine([`${flag}=${path}`], {}).problems).toMatchObject([
      { variable: flag, problem: expect.stringMatching(words) },
    ])
  })
})

it('reads a file of 1 MB, and one that is longer than it says', () => {
  expect(readNamedFile(file('largest', Buffer.alloc(1_048_576, 'x')))).toMatchObject({ bytes: { length: 1_048_576 } })
  expect(readNamedFile('/proc/self/status')).toMatchObject({ text: expect.stringContaining('Name:') })
})

// None of these may take a time that grows with the square of the length.
const MB = 1_048_576
const fill = (unit: string) => unit.repeat(Math.floor(MB / unit.length))
const HOSTILE: [string, string][] = [
  ['many settings', fill('A=1\n')],
  ['an open quote', `A="${'x'.repeat(MB - 4)}`],
  ['open quotes in each line', fill('A="x\n')],
  ['open quotes of three kinds', fill('A="x\nB=\'y\nC=`z\n')],
  ['escaped quotes', `A="${'\\"x'.repeat(300_000)}`],
  ['empty lines', fill('\n')],
  ['empty lines of other kinds', fill('\r\u2028\u2029\v')],
  ['blanks', fill(' ')],
  ['blanks behind a name', `A=${' '.repeat(MB - 4)}x#`],
  ['empty lines behind names', fill('A=\n\n\n\n\n\n\n')],
  ['one long word', fill('a')],
  ['"export" again and again', fill('export ')],
  ['a PEM text without an end', `-----BEGIN PRIVATE KEY-----\n${'x'.repeat(MB - 64)}`],
  ['first lines of PEM without an end', fill('-----BEGIN PRIVATE KEY-----\n')],
  ['first lines of PEM on one line', fill('-----BEGIN A')],
  ['many small PEM texts', fill('-----BEGIN KEY-----\nMIIE\n-----END KEY-----\n')],
  ['many small keys', fill('MIIBAAA ')],
  ['a key of words', fill('BEGIN A B C ')],
  ['codes', fill('%41')],
  ['entities', fill('&amp;')],
  ['tags', fill('<a ')],
  ['soft ends of lines', fill('aaaaaaaaaaaaaaaaaaaaaaaa=\n')],
  ['hexadecimal figures', fill('30')],
  ['texts of a program', fill('"+"')],
  ['last lines of PEM', fill('-----END PRIVATE KEY-----\n')],
  ['dashes', fill('-')],
  ['backslashes', fill('\\')],
  ['signs of per cent', fill('%')],
  ['signs of a placeholder', fill('${')],
  ['pairs of braces', fill('{{')],
  ['brackets', fill('<')],
  ['base64', fill('MIIE')],
  ['signs of equality', fill('=\n')],
  ['quotes', fill('"')],
  ['lines with numbers', fill('1\n')],
  ['ampersands', fill('&#43')],
  ['broken JSON, nested deep', `${'['.repeat(MB - 8)}x`],
  ['broken JSON of objects, nested deep', fill('{"a":')],
  ['broken JSON of many lines', `[${'1,\n'.repeat(340_000)}`],
  ['JSON that is nested deep', `{"app_id":${'['.repeat(500_000)}${']'.repeat(500_000)}}`],
]

describe.each(HOSTILE)('a file of %s', (_what, content) => {
  it('is answered in every place', () => {
    const path = file('hostile', content)
    readCommandLine(['--dotenv', path], {})
    readCommandLine(['--config', path], {})
    const variables = {
      ...NO_PRIVATE,
      ALIPAY_PRIVATE_KEY_FILE: path,
      ALIPAY_PUBLIC_KEY: content,
      ALIPAY_TOOLS: content,
      ALIPAY_NOTIFY_URL: content,
      ALIPAY_DATA_DIR: content,
    }
    expect(problemsOf(variables)).not.toStrictEqual([])
  })
})
