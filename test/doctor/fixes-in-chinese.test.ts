// What to do about a wrong configuration is the same in both languages: each fix, and each fact in it.
import { execFileSync, spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'
import { describeProblem } from '../../src/doctor/finding.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { configOf } from '../../src/settings/config.ts'
import { TOOL_NAMES } from '../../src/tools/offers.ts'
import { bare, vectors } from '../keys-for-tests.ts'
import { NO_PRIVATE, NO_PUBLIC, SANDBOX, temporaryFiles } from '../settings/settings-for-tests.ts'

const { folder, file } = temporaryFiles()
const PRIVATE = vectors.app.private_pkcs8
const PUBLIC = vectors.alipay.public_spki
const privateFile = file('private.pem', PRIVATE)
const publicFile = file('public.pem', PUBLIC)
const directory = join(folder, 'keys')
mkdirSync(directory)

const { app_cert = '', alipay_cert = '', root_cert = '', ...emulator } = await startEmulator({ certificates: true })
await emulator.close()
const CERTIFICATES = {
  ALIPAY_APP_ID: SANDBOX.ALIPAY_APP_ID,
  ALIPAY_PRIVATE_KEY: emulator.private_key,
  ALIPAY_APP_CERT_FILE: file('app.crt', app_cert),
  ALIPAY_PUBLIC_CERT_FILE: file('alipay.crt', alipay_cert),
  ALIPAY_ROOT_CERT_FILE: file('root.crt', root_cert),
}
const pem = (options: { type: 'rsa'; bits: number } | { type: 'ec' }) => {
  const made =
    options.type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: options.bits })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return made.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
const locked = execFileSync('openssl', ['pkey', '-in', privateFile, '-aes256', '-passout', 'pass:x'], {
  stdio: 'pipe',
}).toString()
const store = spawnSync('openssl', ['pkcs12', '-export', '-nocerts', '-inkey', privateFile, '-passout', 'pass:x'])
const PRODUCTION = 'https://openapi.alipay.com/gateway.do'

interface Wrong {
  env?: Readonly<Record<string, string | undefined>>
  args?: readonly string[]
}

const WRONG: Readonly<Record<string, Wrong>> = {
  'no app id': { env: { ...SANDBOX, ALIPAY_APP_ID: undefined } },
  'an app id of letters': { env: { ...SANDBOX, ALIPAY_APP_ID: 'shop' } },
  'a merchant id as app id': { env: { ...SANDBOX, ALIPAY_APP_ID: '2088000000000001' } },
  'a placeholder as app id': { env: { ...SANDBOX, ALIPAY_APP_ID: '${APP}' } },
  'no private key': { env: NO_PRIVATE },
  'no public key': { env: NO_PUBLIC },
  'an example path': { env: { ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: '/path/to/app-private-key.pem' } },
  'an example value': { env: { ...SANDBOX, ALIPAY_PRIVATE_KEY: 'YOUR_PRIVATE_KEY' } },
  'swapped values': { env: { ...SANDBOX, ALIPAY_PRIVATE_KEY: PUBLIC, ALIPAY_PUBLIC_KEY: PRIVATE } },
  'swapped flags': {
    env: { ALIPAY_APP_ID: SANDBOX.ALIPAY_APP_ID },
    args: ['--private-key-file', publicFile, '--public-key-file', privateFile],
  },
  'a key and its file': { env: { ...SANDBOX, ALIPAY_PRIVATE_KEY_FILE: privateFile } },
  'a certificate as public key': { env: { ...SANDBOX, ALIPAY_PUBLIC_KEY: alipay_cert } },
  'a certificate as private key': { env: { ...SANDBOX, ALIPAY_PRIVATE_KEY: app_cert } },
  'certificates and a public key': { env: { ...CERTIFICATES, ALIPAY_PUBLIC_KEY: PUBLIC } },
  'a certificate too few': { env: { ...CERTIFICATES, ALIPAY_ROOT_CERT_FILE: undefined } },
  'a root certificate as that of Alipay': {
    env: { ...CERTIFICATES, ALIPAY_PUBLIC_CERT_FILE: undefined },
    args: ['--public-cert-file', CERTIFICATES.ALIPAY_ROOT_CERT_FILE],
  },
  "the app's certificate as root": {
    env: { ...CERTIFICATES, ALIPAY_ROOT_CERT_FILE: CERTIFICATES.ALIPAY_APP_CERT_FILE },
  },
  'a certificate of another key': { env: { ...CERTIFICATES, ALIPAY_PRIVATE_KEY: PRIVATE } },
  'a key where a certificate belongs': { env: { ...CERTIFICATES, ALIPAY_APP_CERT_FILE: privateFile } },
  "the application's own public key": { env: { ...SANDBOX, ALIPAY_PUBLIC_KEY: vectors.app.public_spki } },
  'a public key as private one': { env: { ...SANDBOX, ALIPAY_PRIVATE_KEY: PUBLIC } },
  'a file that is missing': { env: { ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: '/nowhere/key.pem' } },
  'a folder': { env: { ...NO_PUBLIC, ALIPAY_PUBLIC_KEY_FILE: directory } },
  'a key in place of its path': { env: { ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: PRIVATE } },
  'a path in place of a key': { env: { ...SANDBOX, ALIPAY_PRIVATE_KEY: '/srv/key.pem' } },
  'a key with a password': { env: { ...SANDBOX, ALIPAY_PRIVATE_KEY: locked } },
  'a store of keys': { env: { ...SANDBOX, ALIPAY_PRIVATE_KEY: store.stdout.toString('base64') } },
  'an OpenSSH key': { env: { ...SANDBOX, ALIPAY_PRIVATE_KEY: `ssh-rsa ${bare(PUBLIC)}` } },
  'a key as JSON': { env: { ...SANDBOX, ALIPAY_PRIVATE_KEY: '{"key":"x"}' } },
  'a key as XML': { env: { ...SANDBOX, ALIPAY_PRIVATE_KEY: '<RSAKeyValue><Modulus>x</Modulus></RSAKeyValue>' } },
  'two keys': { env: { ...SANDBOX, ALIPAY_PUBLIC_KEY: `${PUBLIC}\n${vectors.app.public_spki}` } },
  'a key of 1024 bits': { env: { ...SANDBOX, ALIPAY_PRIVATE_KEY: pem({ type: 'rsa', bits: 1024 }) } },
  'an EC key': { env: { ...SANDBOX, ALIPAY_PRIVATE_KEY: pem({ type: 'ec' }) } },
  'a key that was cut': { env: { ...SANDBOX, ALIPAY_PRIVATE_KEY: bare(PRIVATE).slice(0, 800) } },
  'a key file for all': {
    env: { ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: file('open.pem', PRIVATE, 0o644) },
  },
  'prod as environment': { env: { ...SANDBOX, ALIPAY_ENV: 'prod' } },
  'production in sandbox': { env: { ...SANDBOX, ALIPAY_ENV: 'sandbox', ALIPAY_GATEWAY: PRODUCTION } },
  'a path of V3': { env: { ...SANDBOX, ALIPAY_GATEWAY: 'https://openapi.alipay.com/v3' } },
  'a gateway with a query': { env: { ...SANDBOX, ALIPAY_GATEWAY: 'http://127.0.0.1:1/gateway.do?x=1' } },
  'no address': { env: { ...SANDBOX, ALIPAY_GATEWAY: 'gateway' } },
  'a limit of words': { env: SANDBOX, args: ['--max-refund', 'abc'] },
  'a limit of 0': { env: { ...SANDBOX, ALIPAY_MAX_PAYMENT: '0' } },
  'a timeout of words': { env: { ...SANDBOX, ALIPAY_TIMEOUT_MS: 'long' } },
  'another channel': { env: { ...SANDBOX, ALIPAY_CHANNELS: 'x' } },
  'an unknown setting': { env: { ...SANDBOX, ALIPAY_COLOUR: 'red', ALIPAY_TIMEOUT_MS: '1' } },
  'a misspelt guard': { env: { ...SANDBOX, ALIPAY_READONLY: 'true' } },
  'a file without a setting': { args: ['--dotenv', file('empty.env', '# ALIPAY_ENV=sandbox\n')] },
  'a JSON file without a setting': { args: ['--config', file('empty.json', '{}')] },
  'a settings file that is missing': { args: ['--dotenv', '/nowhere/shop.env'] },
}

const told = Object.entries(WRONG).flatMap(([what, { env = {}, args = [] }]) => {
  const read = configOf(readCommandLine([...args], env), TOOL_NAMES)
  const problems = [...('problems' in read ? read.problems : []), ...read.notices]
  return problems.map((problem) => ({ what, problem, ...describeProblem(problem) }))
})

it('finds something wrong with each', () => {
  expect([...new Set(told.map(({ what }) => what))]).toStrictEqual(Object.keys(WRONG))
})

it('tells two fixes apart in Chinese as in English', () => {
  const [en, zh] = [new Set(told.map(({ fix }) => fix?.en)), new Set(told.map(({ fix }) => fix?.zh))]
  expect(zh.size).toBe(en.size)
  expect(en.size).toBeGreaterThan(35)
})

// Names, flags, values, paths, addresses, files and the Chinese names of Alipay's things.
const FACTS =
  /ALIPAY_\w+(=\w+)?|--[a-z-]+|https?:\/\/[^\s,]+[\w/]|(?<![\w.])\/[\w./-]+\w|\b\w+\.crt|openssl [-\w ]+|ssh-keygen [-\w ]+|chmod \d+|\d+(\.\d+)?|production|sandbox|page, mobile, qr|接口加签方式|应用私钥|支付宝\p{Script=Han}+|应用公钥证书/gu

it.each(told)('$what: what is done about $problem.variable has all its facts in Chinese', ({ problem, fix, found }) => {
  const zh = fix?.zh ?? ''
  expect(zh).toMatch(/\p{Script=Han}/u)
  for (const [fact] of (fix?.en ?? '').replaceAll('docs/settings.md', '').matchAll(FACTS)) {
    expect(zh).toContain(fact.trim())
  }
  expect(found.zh.startsWith(`${problem.variable} `), found.zh).toBe(true)
  expect(found.zh).not.toContain(`${problem.variable}：`)
})

it('is one sentence, subject and predicate', () => {
  const foundIn = (what: string) => told.filter((one) => one.what === what).map(({ found }) => found.zh)
  expect(foundIn('a limit of words')).toStrictEqual(['--max-refund 的值是 "abc"，不可用。'])
  expect(foundIn('a file without a setting')[0]).toMatch(/^--dotenv ".*empty\.env" 里没有任何配置。$/)
  expect(foundIn('an example path')[0]).toBe(
    'ALIPAY_PRIVATE_KEY_FILE 里还是示例路径 "/path/to/app-private-key.pem"，视为未设置。',
  )
  expect(foundIn('swapped flags')[0]).toMatch(/^--private-key-file 与 --public-key-file 填反了：/)
})
