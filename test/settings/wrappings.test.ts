// Keys in what people paste them in: read where that is certain, named where not, and never another key than the right one.
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { parsePrivateKey, parsePublicKey } from '../../src/settings/keys.ts'
import { alipay, app, bare, leaks, vectors } from '../keys-for-tests.ts'
import { inChinese, swapBytes } from './chinese-bytes.ts'
import { temporaryFiles } from './settings-for-tests.ts'

type Wrap = (pem: string) => string | Buffer

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64')
const eachLine = (pem: string, wrap: (line: string, at: number) => string) =>
  pem.trim().split('\n').map(wrap).join('\n')
const dashes =
  (count: number, at = /^-----|-----$/gm) =>
  (pem: string) =>
    pem.trim().replace(at, '-'.repeat(count))
const escaped =
  (count: number, sign = 'n') =>
  (pem: string) =>
    pem.trim().replaceAll('\n', `${'\\'.repeat(count)}${sign}`)
const derOf = (pem: string) => Buffer.from(bare(pem), 'base64')
const entity = (pem: string) => bare(pem).replaceAll('+', '&#43;').replaceAll('/', '&#x2F;').replaceAll('=', '&equals;')
const wide = (text: string) => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))
const quotedPrintable = (pem: string) => bare(pem).replaceAll('=', '=3D').replace(/.{75}/g, '$&=\n')

const READ: [string, Wrap][] = [
  ['base64 of a PEM text', (pem) => base64(pem)],
  ['base64 of a PEM text on lines', (pem) => base64(pem).replace(/.{76}/g, '$&\n')],
  ['base64 of base64', (pem) => base64(bare(pem))],
  ['base64 of base64 of a PEM text', (pem) => base64(base64(pem))],
  ['base64 of a UTF-16 text', (pem) => base64(Buffer.from(`\uFEFF${pem}`, 'utf16le'))],
  ['hexadecimal figures of DER', (pem) => derOf(pem).toString('hex')],
  ['hexadecimal figures of a PEM text', (pem) => Buffer.from(pem).toString('hex').toUpperCase()],
  ['\\n with two backslashes', escaped(2)],
  ['\\n with three backslashes', escaped(3)],
  ['\\n with eight backslashes', escaped(8)],
  ['\\r\\n with two backslashes', escaped(2, 'r\\\\n')],
  ['\\u000a', escaped(1, 'u000a')],
  ['\\u002b and \\/', (pem) => bare(pem).replaceAll('+', '\\u002b').replaceAll('/', '\\/')],
  ['a JSON text in a JSON text', (pem) => JSON.stringify(JSON.stringify(pem))],
  ['a backslash at each line end', (pem) => eachLine(pem, (line) => `${line}\\`)],
  ['no dashes', dashes(0)],
  ['one dash', dashes(1)],
  ['three dashes', dashes(3)],
  ['four dashes', dashes(4)],
  ['six dashes', dashes(6)],
  ['four dashes in the first line', dashes(4, /^-----(?=B)|(?<=BEGIN.*)-----$/gm)],
  ['four dashes in the last line', dashes(4, /^-----(?=E)|(?<=END.*)-----$/gm)],
  ['one dash less on one side', (pem) => pem.trim().slice(1)],
  ['long dashes', (pem) => pem.replaceAll('-----', '——-')],
  ['first and last lines in small letters', (pem) => pem.replace(/-----.*-----/g, (line) => line.toLowerCase())],
  ['no blanks at all', (pem) => pem.replace(/\s/g, '')],
  ['%2B, %2F and %3D', (pem) => encodeURIComponent(bare(pem))],
  ['a whole PEM text for an address', (pem) => encodeURIComponent(pem)],
  ['a whole PEM text for an address, twice', (pem) => encodeURIComponent(encodeURIComponent(pem))],
  ['a form', (pem) => `${new URLSearchParams({ key: pem })}`],
  ['%0A alone', (pem) => pem.trim().replaceAll('\n', '%0A')],
  ['a data: address in base64', (pem) => `data:application/x-pem-file;base64,${base64(pem)}`],
  ['a data: address of text', (pem) => `data:,${encodeURIComponent(pem)}`],
  ['a data: address of DER', (pem) => `data:application/octet-stream;base64,${bare(pem)}`],
  ['quoted-printable', quotedPrintable],
  ['quoted-printable PEM', (pem) => pem.replaceAll('=', '=3D').replaceAll('\n', '=0D=0A')],
  ['HTML entities', entity],
  ['HTML entities in entities', (pem) => entity(pem).replaceAll('&', '&amp;')],
  ['tags', (pem) => `<pre><code>${pem.trim().replaceAll('\n', '<br/>\n')}</code></pre>`],
  ['a fence', (pem) => `\`\`\`pem\n${pem}\`\`\``],
  ['a fence around base64', (pem) => `~~~\n${bare(pem)}\n~~~`],
  ['backticks', (pem) => `\`${bare(pem)}\``],
  ['Chinese quotes', (pem) => `“${bare(pem)}”`],
  ['corner quotes', (pem) => `「${bare(pem)}」`],
  ['three quotes', (pem) => `"""${pem}"""`],
  ['round brackets', (pem) => `(${bare(pem)})`],
  ['wide letters', (pem) => wide(bare(pem))],
  ['a wide frame', (pem) => pem.replaceAll('-----', wide('-----'))],
  ['signs of no width', (pem) => [...bare(pem)].join('\u200b')],
  ['soft hyphens', (pem) => bare(pem).replace(/.{60}/g, '$&\u00ad')],
  ['a mark of direction in front', (pem) => `\u202a${bare(pem)}\u202c`],
  ['blanks that do not break', (pem) => eachLine(pem, (line) => `\u00a0\u3000${line}\u00a0`)],
  ['colours of a terminal', (pem) => `\u001b[32m${pem}\u001b[0m`],
  ['a YAML block', (pem) => `private_key: |\n${eachLine(pem, (line) => `    ${line}`)}`],
  ['a YAML text', (pem) => `key: >-\n  ${bare(pem).replace(/.{64}/g, '$&\n  ')}`],
  ['an env line', (pem) => `export ALIPAY_KEY="${bare(pem)}"`],
  ['line numbers', (pem) => eachLine(pem, (line, at) => `${at + 1}: ${line}`)],
  ['the line numbers of cat -n', (pem) => eachLine(pem, (line, at) => `${String(at + 1).padStart(6)}\t${line}`)],
  ['the marks of an answer', (pem) => eachLine(pem, (line) => `> ${line}`)],
  ['the marks of a comment', (pem) => eachLine(pem, (line) => `# ${line}`)],
  ['the marks of a difference', (pem) => eachLine(pem, (line) => `+${line}`)],
  ['texts of a program', (pem) => eachLine(pem, (line) => `  "${line}\\n" +`)],
  ['texts of a program on one line', (pem) => `"${bare(pem).slice(0, 99)}" + "${bare(pem).slice(99)}";`],
  ['the alphabet of addresses', (pem) => derOf(pem).toString('base64url')],
  ['a Chinese label', (pem) => `应用私钥：${bare(pem)}`],
  ['an English label', (pem) => `The key is: ${bare(pem)}\nKeep it well.`],
  ['a label that could not be read', (pem) => `\uFFFD\uFFFD\uFFFD: ${bare(pem)}`],
  ['itself twice', (pem) => `${pem}\n${pem}`],
  ['itself twice as base64', (pem) => `${bare(pem)}\n\n${bare(pem)}`],
  ['UTF-16 with a Chinese label', (pem) => Buffer.from(`\uFEFF应用私钥: ${bare(pem)}`, 'utf16le')],
  ['UTF-16 without its mark', (pem) => Buffer.from(`密钥：\r\n${pem}`, 'utf16le')],
  ['UTF-16 of the other order', (pem) => swapBytes(Buffer.from(`\uFEFF${pem}`, 'utf16le'))],
  ['UTF-16 of the other order without its mark', (pem) => swapBytes(Buffer.from(bare(pem), 'utf16le'))],
  ['GBK with a Chinese label', (pem) => inChinese('应用私钥', `: ${bare(pem)}`)],
  ['GBK with a Chinese label before a PEM text', (pem) => inChinese('支付宝公钥', `\r\n${pem}`)],
  ['UTF-8 with a mark and a label', (pem) => Buffer.from(`\uFEFF密钥: ${bare(pem)}`)],
  ['DER', derOf],
]

describe.each(READ)('a key in %s', (_name, wrap) => {
  it('is read as what it is', () => {
    for (const pem of [vectors.app.private_pkcs1, vectors.app.private_pkcs8]) {
      expect(parsePrivateKey(wrap(pem)).equals(app.privateKey)).toBe(true)
    }
    for (const pem of [vectors.alipay.public_pkcs1, vectors.alipay.public_spki]) {
      expect(parsePublicKey(wrap(pem)).equals(alipay.publicKey)).toBe(true)
    }
  })
})

const NAMED: [string, Wrap, RegExp][] = [
  ['blanks for its +', (pem) => bare(pem).replaceAll('+', ' '), /its \+ signs have become blanks/],
  [
    'dots in the middle',
    (pem) => `${bare(pem).slice(0, 99)}...${bare(pem).slice(-99)}`,
    /left out or hidden|sign "\."/,
  ],
  ['stars in the middle', (pem) => pem.replace(/\n.{64}\n.{64}\n/, '\n****\n'), /left out or hidden/],
  ['a letter of another alphabet', (pem) => bare(pem).replace('A', 'А'), /neither a PEM text nor base64/],
  [
    'something behind it',
    (pem) => `${bare(pem).replace(/=+$/, '')}AAAA`,
    /more than one key stands in it|not .* or a part/,
  ],
  ['JSON', (pem) => JSON.stringify({ key: pem }), /this is JSON/],
  ['a list in JSON', (pem) => JSON.stringify(pem.split('\n')), /this is JSON/],
  ['no last line', (pem) => pem.replace(/-----END.*/, ''), /its last line/],
  ['no first line', (pem) => pem.replace(/-----BEGIN.*/, ''), /its first line/],
]

describe.each(NAMED)('a key with %s', (_name, wrap, words) => {
  it('is refused with the reason, without its text', () => {
    for (const [parse, pem] of [
      [parsePrivateKey, vectors.app.private_pkcs8],
      [parsePublicKey, vectors.alipay.public_spki],
    ] as const) {
      expect(() => parse(wrap(pem))).toThrow(words)
      expect(messageOf(() => parse(wrap(pem)), pem)).not.toBe('')
    }
  })
})

function messageOf(parse: () => unknown, key: string): string {
  try {
    parse()
    return ''
  } catch (error) {
    const { message, fix } = Object(error)
    expect(leaks(`${message} ${fix}`, key)).toBe(false)
    return String(message)
  }
}

describe('two keys in one text', () => {
  const { app: a, alipay: b } = vectors
  it.each([
    ['two PEM texts', `${a.public_spki}\n${b.public_spki}`],
    ['two lines', `${bare(a.public_spki)}\n${bare(b.public_spki)}`],
    ['two labels', `应用公钥: ${bare(a.public_spki)}\n支付宝公钥: ${bare(b.public_spki)}`],
    ['no space between them', bare(a.public_spki) + bare(b.public_spki)],
    ['one frame', `-----BEGIN PUBLIC KEY-----\n${bare(a.public_spki)}${bare(b.public_spki)}\n-----END PUBLIC KEY-----`],
  ])('are refused where either may be meant: %s', (_name, text) => {
    expect(() => parsePublicKey(text)).toThrow(/more than one (public )?key/)
  })

  it('are no riddle where one is private and one is public', () => {
    for (const text of [
      `${a.private_pkcs8}\n${b.public_spki}`,
      `公钥:${bare(b.public_spki)}\n私钥:${bare(a.private_pkcs1)}`,
    ]) {
      expect(parsePrivateKey(text).equals(app.privateKey)).toBe(true)
      expect(parsePublicKey(text).equals(alipay.publicKey)).toBe(true)
    }
  })
})

describe('what is no key of these', () => {
  const { file } = temporaryFiles()
  const key = file('key.pem', vectors.app.private_pkcs8)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const request = openssl('req', '-new', '-key', key, '-subj', '/CN=x').toString()
  const certificate = openssl('req', '-x509', '-key', key, '-subj', '/CN=x').toString()
  const cases: [string, string | Buffer, RegExp, RegExp][] = [
    ['a request for a certificate', request, /\(CSR\)/, /应用私钥/],
    ['such a request without its frame', bare(request), /\(CSR\)/, /应用私钥/],
    ['such a request as DER', derOf(request), /\(CSR\)/, /应用私钥/],
    ['a certificate', certificate, /a certificate, not a key/, /holds no private key; .*应用私钥RSA2048/],
    ['a certificate as DER', derOf(certificate), /a certificate, not a key/, /应用私钥/],
    [
      'a store',
      openssl('pkcs12', '-export', '-nocerts', '-inkey', key, '-passout', 'pass:x'),
      /a store of keys|binary/,
      /openssl pkcs12/,
    ],
    ['an AES key', 'aa4BtZ4tspm2wnXLb1ThQA==', /AES key of 接口内容加密方式/, /应用私钥/],
    ['a serial number', '2021112300000000000000000000001a', /a serial number/, /应用私钥/],
    ['a public key', vectors.app.public_spki, /a public key, not a private one/, /应用私钥/],
    ['a public key as DER', derOf(vectors.app.public_spki), /a public key, not a private one/, /应用私钥/],
    [
      'a key with a password as DER',
      openssl('pkcs8', '-topk8', '-in', key, '-outform', 'DER', '-passout', 'pass:x'),
      /a password/,
      /openssl pkey/,
    ],
    [
      'an EC key as DER',
      openssl('ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-outform', 'DER'),
      /ec, not RSA/,
      /RSA2/,
    ],
    ['an XML key', '<RSAKeyValue><Modulus>sX+yz/9=</Modulus></RSAKeyValue>', /XML/, /PEM/],
  ]
  it.each(cases)('%s is named, with what belongs there', (_name, pasted, words, fix) => {
    const refused = () => parsePrivateKey(pasted)
    expect(refused).toThrow(words)
    expect(refused).toThrow(expect.objectContaining({ fix: expect.stringMatching(fix) }))
  })
})
