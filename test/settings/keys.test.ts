// Holds key parsing to every form that people paste, and to silence about what they pasted.
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { belongTogether, parsePrivateKey, parsePublicKey, Secret } from '../../src/settings/keys.ts'
import { alipay, app, bare, leaks, vectors } from '../keys-for-tests.ts'

const certificate = execFileSync(
  'openssl',
  ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=test'],
  { stdio: 'pipe' },
).toString()

const FORMS: [string, (pem: string) => string][] = [
  ['as a PEM text', (pem) => pem],
  ['as a PEM text with blank lines around it', (pem) => `\n\n  ${pem}\n\n`],
  ['as a PEM text with a byte order mark', (pem) => `\uFEFF${pem}\n`],
  ['as a PEM text with Windows line ends', (pem) => `${pem.replaceAll('\n', '\r\n')}\r\n`],
  ['as a PEM text on one line, with \\n written out', (pem) => pem.replaceAll('\n', '\\n')],
  ['as a PEM text on one line, with \\r\\n written out', (pem) => pem.replaceAll('\n', '\\r\\n')],
  ['as a PEM text on one line, with spaces', (pem) => pem.replaceAll('\n', ' ')],
  ['as a PEM text whose body is one line', (pem) => pem.replace(/(?<![-])\n(?![-])/g, '')],
  ['as a PEM text with words before and after it', (pem) => `Bag Attributes\n key: 1\n${pem}\nend`],
  ['as a PEM text in double quotes', (pem) => `"${pem}"`],
  ['as a PEM text in single quotes, with \\n written out', (pem) => ` '${pem.replaceAll('\n', '\\n')}' `],
  ['as a line copied out of JSON', (pem) => `"${pem.replaceAll('\n', '\\n')}",`],
  ['as a PEM text with signs that are not seen', (pem) => pem.replaceAll('\n', '\u200b\n')],
  ['as a PEM text after another one', (pem) => `${certificate}${pem}`],
  ['as base64 on one line', bare],
  ['as base64 in quotes', (pem) => `"${bare(pem)}"`],
  ['as base64 on many lines', (pem) => bare(pem).replace(/.{64}/g, '$&\n')],
  ['as base64 with blanks around it', (pem) => ` \t${bare(pem)} \n`],
]

describe.each<[string, (pem: string) => string]>(FORMS)('a key %s', (_name, form) => {
  it.each([
    ['PKCS#1', vectors.app.private_pkcs1],
    ['PKCS#8', vectors.app.private_pkcs8],
  ])('is read as a private key in %s', (_format, pem) => {
    expect(parsePrivateKey(form(pem)).equals(app.privateKey)).toBe(true)
  })

  it.each([
    ['PKCS#1', vectors.alipay.public_pkcs1],
    ['SPKI', vectors.alipay.public_spki],
  ])('is read as a public key in %s', (_format, pem) => {
    expect(parsePublicKey(form(pem)).equals(alipay.publicKey)).toBe(true)
  })
})

describe('a key whose label is wrong', () => {
  const relabelled = (pem: string, label: string) => pem.replaceAll(/(BEGIN|END) [A-Z ]+-/g, `$1 ${label}-`)

  it.each([
    ['PKCS#8 marked as PKCS#1', vectors.app.private_pkcs8, 'RSA PRIVATE KEY'],
    ['PKCS#1 marked as PKCS#8', vectors.app.private_pkcs1, 'PRIVATE KEY'],
  ])('is read all the same: %s', (_name, pem, label) => {
    expect(parsePrivateKey(relabelled(pem, label)).equals(app.privateKey)).toBe(true)
    const halfway = pem.replace(/BEGIN [A-Z ]+-/, `BEGIN ${label}-`)
    expect(parsePrivateKey(halfway).equals(app.privateKey)).toBe(true)
  })

  it.each([
    ['SPKI marked as PKCS#1', vectors.alipay.public_spki, 'RSA PUBLIC KEY'],
    ['PKCS#1 marked as SPKI', vectors.alipay.public_pkcs1, 'PUBLIC KEY'],
  ])('is read all the same: %s', (_name, pem, label) => {
    expect(parsePublicKey(relabelled(pem, label)).equals(alipay.publicKey)).toBe(true)
  })
})

const small = generateKeyPairSync('rsa', { modulusLength: 1024 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed = generateKeyPairSync('ed25519')
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
const pkcs8 = { type: 'pkcs8', format: 'pem' } as const
const spki = { type: 'spki', format: 'pem' } as const
const locked = { ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'x' } as const
const LOCKED: [string, string][] = [
  ['PKCS#8', app.privateKey.export(locked).toString()],
  ['PKCS#8 without its frame', bare(app.privateKey.export(locked).toString())],
  [
    'traditional PEM',
    app.privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' }).toString(),
  ],
]
const OPENSSH =
  '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAB\n-----END OPENSSH PRIVATE KEY-----'

const privatePem = vectors.app.private_pkcs8
const publicPem = vectors.alipay.public_spki
const withCanary = (pem: string) => pem.replace(bare(pem).slice(400, 440), 'CANARYcanaryCANARYcanaryCANARYcanaryCANA')
const cut = (pem: string) => bare(pem).slice(0, 300)

const BAD_PRIVATE: [string, string, RegExp][] = [
  ['an empty text', '', /neither a PEM text nor base64/],
  ['a file name', './app-private-key.pem', /the path of a file/],
  ['a full path without an ending', '/home/shop/.keys/private', /the path of a file/],
  ['JSON', '{"private_key": "CANARYcanaryCANARYcanary"}', /this is JSON/],
  ['a binary file', '0\u0082\u0004\0\uFFFDCANARYcanaryCANARY', /a binary file, such as \.pfx/],
  ["OpenSSH's format", OPENSSH, /OpenSSH's own format/],
  ["PuTTY's format", 'PuTTY-User-Key-File-3: ssh-rsa', /OpenSSH's own format/],
  ['prose with a canary', 'my key is CANARYcanaryCANARYcanary!', /neither a PEM text nor base64/],
  ['one word', 'CANARYcanaryCANARYcanary', /not the private key .* or a part of it is missing/],
  ['a key that lacks its end', cut(privatePem), /a part of it is missing/],
  ['a PEM text that lacks its last line', privatePem.slice(0, -30), /-----END .* is missing: it was cut off/],
  ['a PEM text that lacks its first line', privatePem.slice(28), /-----BEGIN .* is missing/],
  ['a PEM text that lacks its middle', privatePem.replace(/\n.{64}\n.{64}\n/, '\n'), /a part of it is missing/],
  ['a public key', publicPem, /this is a public key, not a private one/],
  ['a public key without its frame', bare(publicPem), /this is a public key, not a private one/],
  ['a public key in PKCS#1', vectors.alipay.public_pkcs1, /this is a public key, not a private one/],
  ['a certificate', certificate, /this is a certificate, not a key/],
  ['a certificate without its frame', bare(certificate), /this is a certificate, not a key/],
  ['a short key', small.privateKey.export(pkcs8).toString(), /1024 bits; RSA2 needs 2048/],
  ['a key of another kind', ec.privateKey.export(pkcs8).toString(), /a key for ec, not RSA/],
  [
    'a key of another kind, in its own form',
    ec.privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    /ec, not RSA/,
  ],
  ['a key of a newer kind', ed.privateKey.export(pkcs8).toString(), /a key for ed25519, not RSA/],
  ['a key for PSS only', pss.privateKey.export(pkcs8).toString(), /a key for rsa-pss, not RSA/],
]

const BAD_PUBLIC: [string, string, RegExp][] = [
  ['an empty text', '', /neither a PEM text nor base64/],
  ['prose with a canary', 'my key is CANARYcanaryCANARYcanary!', /neither a PEM text nor base64/],
  ['a key that lacks its end', cut(publicPem), /a part of it is missing: 225 of 294 bytes are there/],
  ['a key that lacks its start', bare(publicPem).slice(40), /not Alipay's public key, or a part of it is missing/],
  ['a key in the format of OpenSSH', `ssh-rsa ${bare(publicPem)} me@home`, /OpenSSH's own format/],
  ['a file name', '/keys/alipayPublicKey_RSA2.txt', /the path of a file/],
  ['a private key in PKCS#8', privatePem, /this is a private key, not a public one/],
  ['a private key in PKCS#1', vectors.app.private_pkcs1, /this is a private key, not a public one/],
  ['a private key without its frame', bare(privatePem), /this is a private key, not a public one/],
  ['a certificate', certificate, /this is a certificate, not a key/],
  ['a short key', small.publicKey.export(spki).toString(), /1024 bits; RSA2 needs 2048/],
  ['a key of another kind', ec.publicKey.export(spki).toString(), /a key for ec, not RSA/],
]

function expectSilentRefusal(parse: (text: string) => unknown, text: string, why: RegExp): void {
  const error = (() => {
    try {
      return parse(text)
    } catch (caught) {
      return caught
    }
  })()
  if (!(error instanceof Error)) throw new Error('was not refused')
  expect(error.message).toMatch(why)
  const shown = [error.message, error.stack, inspect(error, { depth: 9, showHidden: true })].join('\n')
  expect(/CANARY/i.test(shown)).toBe(false)
  expect(leaks(shown, text)).toBe(false)
}

describe('in place of the private key', () => {
  it.each(BAD_PRIVATE)('%s is refused with the reason and without its text', (_name, text, why) => {
    expectSilentRefusal(parsePrivateKey, text, why)
  })

  it.each(LOCKED)('a key with a password in %s is refused with the reason', (_form, text) => {
    expectSilentRefusal(parsePrivateKey, text, /protected by a password/)
    expectSilentRefusal(parsePublicKey, text, /protected by a password/)
  })

  it('a damaged key is refused without its text', () => {
    const grown = privatePem.replace('MII', 'CANARYcanaryCANARY')
    for (const pem of [withCanary(privatePem), grown, bare(grown)]) {
      expectSilentRefusal(parsePrivateKey, pem, /a part of it is missing/)
    }
  })
})

describe("in place of Alipay's public key", () => {
  it.each(BAD_PUBLIC)('%s is refused with the reason and without its text', (_name, text, why) => {
    expectSilentRefusal(parsePublicKey, text, why)
  })
})

describe('two keys', () => {
  it('belong together only as the two halves of one pair', () => {
    expect(belongTogether(app.privateKey, app.publicKey)).toBe(true)
    expect(belongTogether(app.privateKey, alipay.publicKey)).toBe(false)
  })
})

describe('a secret', () => {
  const secret = new Secret('CANARY')
  const holder = { deep: [{ secret }] }

  it('gives its value to whoever asks for it', () => {
    expect(secret.reveal()).toBe('CANARY')
  })

  it('is hidden in every way of printing', () => {
    const printed = [
      `${secret}`,
      String(secret),
      JSON.stringify(holder),
      inspect(holder, { depth: 9 }),
      inspect(holder, { depth: 9, showHidden: true, getters: true, customInspect: false }),
      JSON.stringify({ ...secret }),
      JSON.stringify(Object.entries(secret)),
    ]
    expect(printed.join('\n')).not.toContain('CANARY')
    expect(printed.slice(0, 3)).toStrictEqual(['[hidden]', '[hidden]', '{"deep":[{"secret":"[hidden]"}]}'])
  })
})
