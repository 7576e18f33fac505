// Holds credentials to their promises: each mistake has its own words and fix, and no key is ever shown.
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors.ts'
import type { Variables } from '../../src/settings/sources.ts'
import { alipay, app, bare, leaks, vectors } from '../keys-for-tests.ts'
import { readConfig } from './read-config.ts'
import { faulty, NO_PRIVATE, NO_PUBLIC, problemsOf, SANDBOX, temporaryFiles } from './settings-for-tests.ts'

const { folder, file } = temporaryFiles()

const noticesOf = (variables: Variables) => readConfig(variables).notices

describe('bad keys', () => {
  const privatePem = vectors.app.private_pkcs8
  const damaged = `${bare(privatePem).slice(0, 600)}CANARYcanaryCANARYcanary`
  const missing = join(folder, 'missing.pem')
  const cases: [string, Variables, string[]][] = [
    ['a damaged private key', { ...SANDBOX, ALIPAY_PRIVATE_KEY: damaged }, ['ALIPAY_PRIVATE_KEY']],
    ['a private key with odd characters', { ...SANDBOX, ALIPAY_PRIVATE_KEY: `${damaged}!` }, ['ALIPAY_PRIVATE_KEY']],
    ['a damaged public key', { ...SANDBOX, ALIPAY_PUBLIC_KEY: damaged }, ['ALIPAY_PUBLIC_KEY']],
    ['a private key as the public one', { ...SANDBOX, ALIPAY_PUBLIC_KEY: privatePem }, ['ALIPAY_PUBLIC_KEY']],
    [
      'a public key as the private one',
      { ...SANDBOX, ALIPAY_PRIVATE_KEY: vectors.app.public_spki },
      ['ALIPAY_PRIVATE_KEY'],
    ],
    [
      "the application's own public key",
      { ...SANDBOX, ALIPAY_PUBLIC_KEY: vectors.app.public_spki },
      ['ALIPAY_PUBLIC_KEY'],
    ],
    [
      'a file with a damaged key',
      { ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: file('bad.pem', damaged) },
      ['ALIPAY_PRIVATE_KEY_FILE'],
    ],
    ['a missing file', { ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: missing }, ['ALIPAY_PRIVATE_KEY_FILE']],
    ['a folder', { ...NO_PUBLIC, ALIPAY_PUBLIC_KEY_FILE: folder }, ['ALIPAY_PUBLIC_KEY_FILE']],
    ['a value and a file', { ...SANDBOX, ALIPAY_PRIVATE_KEY_FILE: missing }, ['ALIPAY_PRIVATE_KEY']],
    [
      'a PEM text in place of a file name',
      { ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: privatePem },
      ['ALIPAY_PRIVATE_KEY_FILE'],
    ],
    [
      'base64 in place of a file name',
      { ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: damaged },
      ['ALIPAY_PRIVATE_KEY_FILE'],
    ],
    ['no keys', { ALIPAY_APP_ID: SANDBOX.ALIPAY_APP_ID }, ['ALIPAY_PRIVATE_KEY', 'ALIPAY_PUBLIC_KEY']],
  ]

  it.each(cases)('%s: the problem is named, and no key is shown anywhere', (_name, variables, names) => {
    const result = readConfig(variables)
    if ('config' in result) return expect.fail('was accepted')
    expect(result.problems.map(({ variable }) => variable)).toStrictEqual(names)
    const error = new ConfigError(result.problems)
    const shown = [
      inspect(result, { depth: 9 }),
      JSON.stringify(result),
      String(error),
      error.stack,
      JSON.stringify(error),
      inspect(error, { showHidden: true }),
    ].join('\n')
    // No matcher that would print what it looked at.
    expect(/CANARY/i.test(shown)).toBe(false)
    for (const [name, value] of Object.entries(variables)) {
      if (name.includes('_KEY') && !value?.includes(folder)) expect(leaks(shown, value ?? '')).toBe(false)
    }
  })

  it('are not looked at where the built-in emulator brings its own', () => {
    expect(faulty({ ...SANDBOX, ALIPAY_ENV: 'local', ALIPAY_PRIVATE_KEY: damaged })).toStrictEqual([])
  })
})

describe('the words for a mistake', () => {
  const path = '/home/shop/keys/app_private_key.pem'
  const cases: [string, Variables, RegExp, RegExp][] = [
    [
      'a path in place of the private key',
      { ...SANDBOX, ALIPAY_PRIVATE_KEY: path },
      /the path of a file/,
      /^set ALIPAY_PRIVATE_KEY_FILE to the path instead\.$/,
    ],
    [
      'a Windows path in place of the public key',
      { ...SANDBOX, ALIPAY_PUBLIC_KEY: 'C:\\keys\\alipay.txt' },
      /the path of a file/,
      /^set ALIPAY_PUBLIC_KEY_FILE to the path/,
    ],
    [
      "a host's JSON in place of a key",
      { ...SANDBOX, ALIPAY_PRIVATE_KEY: '{"private_key":"CANARY"}' },
      /this is JSON/,
      /--config FILE/,
    ],
    [
      'the public key in place of the private one',
      { ...SANDBOX, ALIPAY_PRIVATE_KEY: vectors.app.public_spki },
      /a public key, not a private one/,
      /give the application's private key 应用私钥/,
    ],
    [
      "the application's own public key",
      { ...NO_PUBLIC, ALIPAY_PUBLIC_KEY_FILE: file('own.pem', vectors.app.public_pkcs1) },
      /the application's own public key/,
      /copy 支付宝公钥/,
    ],
    [
      'a binary file in place of the private key',
      { ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: file('shop.pfx', Buffer.from([48, 130, 10, 0, 255, 254])) },
      /a binary file, such as \.pfx/,
      /openssl pkcs12/,
    ],
    [
      'a file that is not there',
      { ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: '~/app.pem' },
      /cannot be read \(ENOENT\)/,
      /full path, without ~/,
    ],
  ]
  it.each(cases)('%s says what it is and what to do', (_name, variables, problem, fix) => {
    const problems = problemsOf(variables)
    expect(problems).toStrictEqual([
      {
        variable: expect.any(String),
        problem: expect.stringMatching(problem),
        fix: expect.stringMatching(fix),
      },
    ])
    expect(JSON.stringify(problems)).not.toContain('CANARY')
  })

  it('tells of swapped keys as such, in one sentence', () => {
    const { ALIPAY_PRIVATE_KEY, ALIPAY_PUBLIC_KEY } = SANDBOX
    const swapped = {
      ...SANDBOX,
      ALIPAY_PRIVATE_KEY: ALIPAY_PUBLIC_KEY,
      ALIPAY_PUBLIC_KEY: ALIPAY_PRIVATE_KEY,
    }
    expect(problemsOf(swapped).map(({ variable, problem }) => `${variable} ${problem}`)).toStrictEqual([
      "ALIPAY_PRIVATE_KEY is swapped with ALIPAY_PUBLIC_KEY: a public key stands where the application's private key belongs, and the reverse.",
    ])
  })

  it('does not quote a key that stands in place of another setting', () => {
    const key = bare(vectors.app.private_pkcs8)
    for (const name of ['ALIPAY_ENV', 'ALIPAY_CHANNELS', 'ALIPAY_TOOLS', 'ALIPAY_TIMEOUT_MS', 'ALIPAY_READ_ONLY']) {
      const problems = problemsOf({ ...SANDBOX, [name]: key })
      expect(problems.map(({ variable }) => variable)).toStrictEqual([name])
      expect(leaks(JSON.stringify(problems), key)).toBe(false)
    }
  })
})

describe('a key file', () => {
  it('of the private key is better read by its owner alone', () => {
    const open = file('open.pem', vectors.app.private_pkcs8, 0o644)
    expect(noticesOf({ ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: open })).toStrictEqual([
      {
        variable: 'ALIPAY_PRIVATE_KEY_FILE',
        problem: `is a file that other users of this computer can read or change (mode 644): "${open}".`,
        fix: `chmod 600 ${open}`,
      },
    ])
    const closed = file('closed.pem', vectors.app.private_pkcs8, 0o600)
    expect(noticesOf({ ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: closed })).toStrictEqual([])
  })

  it("of Alipay's public key may be read by everybody", () => {
    const open = file('public.pem', vectors.alipay.public_spki, 0o644)
    expect(noticesOf({ ...NO_PUBLIC, ALIPAY_PUBLIC_KEY_FILE: open })).toStrictEqual([])
  })

  it('may be written by PowerShell, which makes UTF-16 of it', () => {
    const utf16 = Buffer.from(`\uFEFF${vectors.app.private_pkcs8.replaceAll('\n', '\r\n')}`, 'utf16le')
    const result = readConfig({ ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: file('utf16.pem', utf16) })
    if (!('config' in result)) return expect.fail(inspect(result))
    expect(result.config.credentials?.privateKey.reveal().equals(app.privateKey)).toBe(true)
    expect(result.config.credentials?.alipayPublicKey.reveal().equals(alipay.publicKey)).toBe(true)
  })
})
