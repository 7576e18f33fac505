// Paths as people paste them, above all from Windows; and things in a place where something else belongs.
import { execFileSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'
import type { Variables } from '../../src/settings/sources.ts'
import { bare, leaks, vectors } from '../keys-for-tests.ts'
import { readConfig } from './read-config.ts'
import { NO_PRIVATE, NO_PUBLIC, problemsOf, SANDBOX, temporaryFiles } from './settings-for-tests.ts'

const { file } = temporaryFiles()
const KEY = file('app key.pem', vectors.app.private_pkcs8)

describe('a path', () => {
  it.each([
    ['in double quotes', `"${KEY}"`],
    ['in single quotes', `'${KEY}'`],
    ['in Chinese quotes', `“${KEY}”`],
    ['as an address of a file', pathToFileURL(KEY).href],
    ['as such an address in quotes', `"${pathToFileURL(KEY).href}"`],
    ['behind U+202A', `\u202a${KEY}`],
    ['behind U+202A in quotes', `"\u202a${KEY}"`.replace('"\u202a', '\u202a"')],
    ['behind a byte order mark', `\ufeff${KEY}`],
    ['before blanks', `${KEY}  \t`],
    ['between blanks in quotes', `" ${KEY} "`],
  ])('%s is read', (_how, path) => {
    expect(readConfig({ ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: path })).toMatchObject({ config: {}, notices: [] })
    const settings = file('paths.json', '{"app_id":"1"}')
    expect(
      readCommandLine(['--config', path.replace(KEY, settings).replace(pathToFileURL(KEY).href, settings)], {}),
    ).toMatchObject({
      problems: [],
      variables: { ALIPAY_APP_ID: '1' },
    })
  })

  it.each([
    [
      'that is not there',
      '/nowhere/key.pem',
      /\(ENOENT\): "\/nowhere\/key\.pem"/,
      /^name a plain file that is there and that this user can read; a key itself/,
    ],
    ['behind ~', '~/app.pem', /\(ENOENT\): "~\/app\.pem"/, /without ~/],
    ['of Windows', 'C:\\keys\\app.pem', /\(ENOENT\): "C:\\\\keys\\\\app\.pem"/, /a path of Windows/],
    [
      'of Windows whose \\n became the end of a line',
      'C:\newapp.pem',
      /cannot be read/,
      /write \/ or \\\\ for each \\/,
    ],
    ['of Windows whose \\t became a tab', 'C:\temp\\app.pem', /cannot be read/, /write \/ or \\\\ for each \\/],
  ])('%s is named, with what to do', (_what, path, problem, fix) => {
    expect(problemsOf({ ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: path })).toMatchObject([
      { problem: expect.stringMatching(problem), fix: expect.stringMatching(fix) },
    ])
  })

  it('of the ledger with the end of a line in it stops the start, also out of double quotes of an env file', () => {
    const { variables } = readCommandLine(['--dotenv', file('new.env', 'ALIPAY_DATA_DIR="C:\\new\\ledger"')], {})
    expect(problemsOf({ ...SANDBOX, ...variables })).toMatchObject([
      {
        variable: 'ALIPAY_DATA_DIR',
        problem: 'has the end of a line or a tab in it.',
        fix: expect.stringMatching(/^write \//),
      },
    ])
  })
})

describe('a serial number', () => {
  it.each([
    'ALIPAY_APP_CERT_SN',
    'ALIPAY_ROOT_CERT_SN',
    'ALIPAY_CERT_SN',
    'ALIPAY_ALIPAY_CERT_SN',
    'AP_APP_CERT_SN',
    'ALIPAY_ALIPAY_ROOT_CERT_SN',
    'ALIPAY_APP_CERT_SERIAL_NUMBER',
  ])('%s is worked out, not set', (name) => {
    const { notices } = readConfig({ ...SANDBOX, [name]: '1' })
    expect(notices).toMatchObject([
      { variable: name, problem: expect.stringMatching(/worked out from the certificate, not set/) },
    ])
    const problems = problemsOf({ ...NO_PUBLIC, [name]: '1' })
    expect(JSON.stringify(problems)).toContain('worked out from the certificate, not set')
    expect(JSON.stringify(problems)).not.toContain('rename')
  })

  it.each(['app_cert_sn', 'alipay_root_cert_sn', 'appCertSn'])('%s in a JSON file, too', (key) => {
    const { problems } = readCommandLine(['--config', file('sn.json', JSON.stringify({ [key]: '1' }))], {})
    expect(problems).toMatchObject([{ problem: expect.stringMatching(/worked out/) }])
  })
})

describe('in the wrong place', () => {
  const { private_pkcs8: ours } = vectors.app
  const { public_spki: theirs } = vectors.alipay
  const certificate = execFileSync('openssl', ['req', '-x509', '-key', KEY, '-subj', '/CN=x'], {
    stdio: 'pipe',
  }).toString()
  const swapped = /^is swapped with ALIPAY_PUBLIC_KEY(_FILE)?: /
  const cases: [string, Variables, RegExp, RegExp][] = [
    [
      'both keys',
      { ALIPAY_PRIVATE_KEY: theirs, ALIPAY_PUBLIC_KEY: ours },
      swapped,
      /^exchange the two values: .*应用私钥 belongs to ALIPAY_PRIVATE_KEY, .*支付宝公钥 to ALIPAY_PUBLIC_KEY\./,
    ],
    [
      'both keys as base64',
      { ALIPAY_PRIVATE_KEY: bare(theirs), ALIPAY_PUBLIC_KEY: bare(ours) },
      swapped,
      /支付宝公钥 to/,
    ],
    [
      'a key and a file',
      { ALIPAY_PRIVATE_KEY: undefined, ALIPAY_PRIVATE_KEY_FILE: file('a.pem', theirs), ALIPAY_PUBLIC_KEY: ours },
      swapped,
      /^exchange the two keys: .* belongs to ALIPAY_PRIVATE_KEY_FILE, /,
    ],
    [
      'both keys in files',
      {
        ALIPAY_PRIVATE_KEY: undefined,
        ALIPAY_PUBLIC_KEY: undefined,
        ALIPAY_PRIVATE_KEY_FILE: file('a.pem', theirs),
        ALIPAY_PUBLIC_KEY_FILE: file('b.pem', ours),
      },
      swapped,
      /^exchange the two paths: .* belongs to ALIPAY_PRIVATE_KEY_FILE, .* to ALIPAY_PUBLIC_KEY_FILE\./,
    ],
    [
      "the app's public key",
      { ALIPAY_PUBLIC_KEY: vectors.app.public_spki },
      /own public key 应用公钥/,
      /copy 支付宝公钥/,
    ],
    [
      'a certificate as private key',
      { ALIPAY_PRIVATE_KEY: certificate },
      /a certificate, not a key/,
      /holds no private key; .*应用私钥/,
    ],
    [
      "a certificate as Alipay's key",
      { ALIPAY_PUBLIC_KEY: certificate },
      /a certificate, not a key/,
      /ALIPAY_PUBLIC_CERT_FILE/,
    ],
    ['a private key as the public one', { ALIPAY_PUBLIC_KEY: ours }, /a private key, not a public one/, /支付宝公钥/],
    [
      'a public key as the private one',
      { ALIPAY_PRIVATE_KEY: theirs },
      /a public key, not a private one/,
      /应用私钥RSA2048/,
    ],
    [
      'a key as a path',
      { ALIPAY_PRIVATE_KEY: undefined, ALIPAY_PRIVATE_KEY_FILE: bare(ours) },
      /holds a key itself/,
      /move it to ALIPAY_PRIVATE_KEY/,
    ],
    [
      'a path as a key',
      { ALIPAY_PRIVATE_KEY: 'C:\\new\\app key.pem' },
      /the path of a file/,
      /set ALIPAY_PRIVATE_KEY_FILE/,
    ],
    ['an AES key', { ALIPAY_PRIVATE_KEY: 'aa4BtZ4tspm2wnXLb1ThQA==' }, /AES key of 接口内容加密方式/, /应用私钥/],
    ['a merchant id', { ALIPAY_APP_ID: '2088000000000001' }, /a merchant id \(PID, 2088/, /ALIPAY_SELLER_ID/],
  ]
  it.each(cases)('%s: one problem says what it is and what belongs there', (_what, change, problem, fix) => {
    const problems = problemsOf({ ...SANDBOX, ...change })
    expect(problems).toMatchObject([{ problem: expect.stringMatching(problem), fix: expect.stringMatching(fix) }])
    expect(leaks(JSON.stringify(problems), ours) || leaks(JSON.stringify(problems), theirs)).toBe(false)
  })

  it('a certificate as the path of a certificate', () => {
    const problems = problemsOf({ ...NO_PUBLIC, ALIPAY_APP_CERT_FILE: certificate })
    expect(problems.find(({ variable }) => variable === 'ALIPAY_APP_CERT_FILE')).toMatchObject({
      problem: 'holds a certificate itself, not the path of a file.',
    })
  })
})

describe.each([
  ['with its Chinese label', (key: string) => `应用私钥：${key}`],
  ['with a word in front', (key: string) => `private_key:${key}`],
  ['behind a folder', (key: string) => `/srv/keys/${key}`],
  ['cut off', (key: string) => key.slice(40, 140)],
  ['cut off, with a label', (key: string) => `应用私钥：${key.slice(40, 140)}`],
])('a key in place of a path, %s', (_how, written) => {
  it.each(['ALIPAY_PRIVATE_KEY_FILE', 'ALIPAY_PUBLIC_KEY_FILE', 'ALIPAY_PUBLIC_CERT_FILE'])(
    'is not shown by %s',
    (name) => {
      const result = readConfig({ ...SANDBOX, [name]: written(bare(vectors.app.private_pkcs8)) })
      expect(
        problemsOf({ ...NO_PUBLIC, ...NO_PRIVATE, [name]: written(bare(vectors.app.private_pkcs8)) }),
      ).not.toStrictEqual([])
      expect(leaks(JSON.stringify(result), vectors.app.private_pkcs8)).toBe(false)
    },
  )
})
