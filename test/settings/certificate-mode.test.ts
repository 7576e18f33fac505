// Certificate mode: three files that belong together, and each way in which they do not in its own words.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Variables } from '../../src/settings/sources.ts'
import { alipay, app, leaks, vectors } from '../keys-for-tests.ts'
import { readConfig } from './read-config.ts'
import { temporaryFiles } from './settings-for-tests.ts'

const { folder, file } = temporaryFiles()
const at = (name: string) => join(folder, name)
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
const textOf = (path: string) => readFileSync(path, 'utf8')

const RSA_ROOT = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-subj', '/C=CN/CN=root']
openssl(...RSA_ROOT, '-out', 'rsa-root.crt')
const EC_ROOT = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
openssl(...EC_ROOT, '-keyout', 'ec.key', '-subj', '/CN=other root', '-out', 'other-root.crt')

function leaf(name: string, key: string, ...days: string[]): string {
  openssl('req', '-new', '-key', file(`${name}.key`, key), '-subj', `/C=CN/CN=${name}`, '-out', `${name}.csr`)
  const signed = ['-CA', 'rsa-root.crt', '-CAkey', 'ca.key', '-set_serial', '7', ...days]
  openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.crt`)
  return at(`${name}.crt`)
}

const APP_CERT = leaf('app', vectors.app.private_pkcs8)
const ALIPAY_CERT = leaf('alipay', vectors.alipay.private_pkcs8)
const ROOT = file('root.crt', textOf(at('other-root.crt')) + textOf(at('rsa-root.crt')))

const GOOD = {
  ALIPAY_APP_ID: '9021000000000001',
  ALIPAY_PRIVATE_KEY: vectors.app.private_pkcs8,
  ALIPAY_APP_CERT_FILE: APP_CERT,
  ALIPAY_PUBLIC_CERT_FILE: ALIPAY_CERT,
  ALIPAY_ROOT_CERT_FILE: ROOT,
}

function credentialsOf(variables: Variables) {
  const result = readConfig(variables)
  if ('problems' in result) throw new Error(inspect(result))
  return result.config.credentials
}
function told(variables: Variables): string[] {
  const result = readConfig(variables)
  if ('config' in result) throw new Error('was accepted')
  expect(leaks(JSON.stringify(result), vectors.app.private_pkcs8)).toBe(false)
  return result.problems.map(({ variable, problem, fix }) => `${variable} ${problem} Fix: ${fix}`)
}

describe('three certificates that belong together', () => {
  it('are given as PEM texts, with the public key of the one of Alipay', () => {
    const credentials = credentialsOf(GOOD)
    expect(credentials?.certificates).toStrictEqual({
      app: textOf(APP_CERT),
      alipay: textOf(ALIPAY_CERT),
      root: textOf(ROOT),
    })
    expect(credentials?.alipayPublicKey.reveal().equals(alipay.publicKey)).toBe(true)
    expect(credentials?.privateKey.reveal().equals(app.privateKey)).toBe(true)
  })

  it('may have Windows line ends, come with their issuer behind them, or be binary', () => {
    openssl('x509', '-in', 'app.crt', '-outform', 'DER', '-out', 'app.cer')
    const chain = file('chain.crt', `\uFEFF${textOf(ALIPAY_CERT)}${textOf(ROOT)}`.replaceAll('\n', '\r\n'))
    const credentials = credentialsOf({
      ...GOOD,
      ALIPAY_APP_CERT_FILE: at('app.cer'),
      ALIPAY_PUBLIC_CERT_FILE: chain,
    })
    expect(credentials?.certificates).toMatchObject({ app: textOf(APP_CERT), alipay: textOf(ALIPAY_CERT) })
  })

  it('are used although one has expired, and the day is told', () => {
    const old = leaf('old', vectors.alipay.private_pkcs8, '-days', '-1')
    const result = readConfig({ ...GOOD, ALIPAY_PUBLIC_CERT_FILE: old })
    expect('config' in result).toBe(true)
    expect(result.notices).toStrictEqual([
      {
        variable: 'ALIPAY_PUBLIC_CERT_FILE',
        problem: expect.stringMatching(/^holds a certificate that expired on \d{4}-\d\d-\d\d\.$/),
        fix: expect.stringContaining('接口加签方式'),
      },
    ])
  })
})

describe('certificates', () => {
  it.each([
    ['ALIPAY_APP_CERT_FILE'],
    ['ALIPAY_PUBLIC_CERT_FILE'],
    ['ALIPAY_ROOT_CERT_FILE'],
    ['ALIPAY_APP_CERT_FILE', 'ALIPAY_ROOT_CERT_FILE'],
  ])('come all three or none: without %s %s that is told', (...names) => {
    const rest = Object.fromEntries(Object.entries(GOOD).filter(([name]) => !names.includes(name)))
    expect(told(rest)).toStrictEqual(
      names.map((name) => expect.stringMatching(new RegExp(`^${name} is not set\\. .* all three`))),
    )
  })

  it.each(['ALIPAY_PUBLIC_KEY', 'ALIPAY_PUBLIC_KEY_FILE'])('do not go together with %s', (name) => {
    const key = vectors.alipay.public_spki
    const value = name.endsWith('FILE') ? file('alipay.pem', key) : key
    expect(told({ ...GOOD, [name]: value })).toStrictEqual([
      expect.stringMatching(new RegExp(`^${name} is set, and certificates too; .* one of the two modes`)),
    ])
  })
})

describe('a mistake with a certificate', () => {
  const EC_ONLY = at('other-root.crt')
  openssl(...EC_ROOT, '-keyout', 'ec2.key', '-subj', '/CN=third', '-out', 'third.crt')
  const cut = file('cut.crt', textOf(APP_CERT).slice(0, 600))
  const thin = file('thin.crt', textOf(APP_CERT).replace(/\n.{64}\n/, '\n'))
  const cases: [string, Variables, RegExp[]][] = [
    [
      'a private key',
      { ALIPAY_APP_CERT_FILE: file('k1', vectors.app.private_pkcs8) },
      [/^ALIPAY_APP_CERT_FILE .* a private key, not a certificate/],
    ],
    [
      'a public key',
      { ALIPAY_PUBLIC_CERT_FILE: file('k2', vectors.alipay.public_spki) },
      [/^ALIPAY_PUBLIC_CERT_FILE .* a public key, not a certificate.* download the three/],
    ],
    ['a request', { ALIPAY_APP_CERT_FILE: at('app.csr') }, [/^ALIPAY_APP_CERT_FILE .* a request .*CSR/]],
    [
      "the application's in Alipay's place",
      { ALIPAY_PUBLIC_CERT_FILE: APP_CERT },
      [/^ALIPAY_PUBLIC_CERT_FILE holds the application's own certificate/],
    ],
    [
      "Alipay's in the application's place",
      { ALIPAY_APP_CERT_FILE: ALIPAY_CERT },
      [/^ALIPAY_APP_CERT_FILE does not belong to the private key: it certifies another public key\. Fix/],
    ],
    [
      'the two swapped',
      { ALIPAY_APP_CERT_FILE: ALIPAY_CERT, ALIPAY_PUBLIC_CERT_FILE: APP_CERT },
      [/^ALIPAY_APP_CERT_FILE .* look swapped/, /^ALIPAY_PUBLIC_CERT_FILE holds the application's own/],
    ],
    [
      "Alipay's in the place of the root",
      { ALIPAY_ROOT_CERT_FILE: ALIPAY_CERT },
      [/^ALIPAY_ROOT_CERT_FILE holds Alipay's own certificate, not the root/],
    ],
    [
      "the root in Alipay's place",
      { ALIPAY_PUBLIC_CERT_FILE: ROOT },
      [/^ALIPAY_PUBLIC_CERT_FILE holds a root certificate\./],
    ],
    ['a root without RSA', { ALIPAY_ROOT_CERT_FILE: EC_ONLY }, [/^ALIPAY_ROOT_CERT_FILE holds no .* RSA/]],
    [
      'a certificate of another kind of key',
      { ALIPAY_PUBLIC_CERT_FILE: at('third.crt') },
      [/^ALIPAY_PUBLIC_CERT_FILE cannot be used: this is a key for ec, not RSA/],
    ],
    ['one that was cut off', { ALIPAY_APP_CERT_FILE: cut }, [/^ALIPAY_APP_CERT_FILE .* it was cut off/]],
    ['one that lacks a line', { ALIPAY_APP_CERT_FILE: thin }, [/^ALIPAY_APP_CERT_FILE .* part of it is missing/]],
    ['a missing file', { ALIPAY_ROOT_CERT_FILE: at('none') }, [/^ALIPAY_ROOT_CERT_FILE .* \(ENOENT\)/]],
    [
      'a certificate itself in place of its file',
      { ALIPAY_APP_CERT_FILE: textOf(APP_CERT) },
      [/^ALIPAY_APP_CERT_FILE holds a certificate itself, not the path of a file/],
    ],
  ]

  it.each(cases)('%s has its own words', (_name, variables, words) => {
    expect(told({ ...GOOD, ...variables })).toStrictEqual(words.map((one) => expect.stringMatching(one)))
  })
})
