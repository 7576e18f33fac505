// Certificate mode (公钥证书模式): a root bundle, a certificate for the app and one for Alipay, and their SNs.
import { createHash, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto'
import { beijingTime } from './clock.ts'
import { bits, explicit, integer, NULL, octets, oid, sequence, setOf, TRUE, time, utf8 } from './der.ts'
import { type KeyPair, type Keys, newEcKeys, newRsaKeys } from './signature.ts'

export interface Certificate {
  readonly pem: string
  /** What requests and answers name it by. */
  readonly sn: string
}

export interface Certificates {
  readonly app: Certificate
  readonly alipay: Certificate
  /** A bundle. */
  readonly root: Certificate
}

/** PEM texts of certificates that were made before. */
export interface CertificateTexts {
  readonly app_cert: string
  readonly alipay_cert: string
  readonly root_cert: string
}

type Name = readonly (readonly [type: keyof typeof NAME_TYPES, value: string])[]

interface Signer {
  readonly name: Name
  readonly key: KeyObject
}

interface CertificateRequest {
  readonly subject: Name
  readonly publicKey: KeyObject
  readonly signer: Signer
  readonly authority: boolean
  readonly now: number
}

const NAME_TYPES = { C: '2.5.4.6', O: '2.5.4.10', OU: '2.5.4.11', CN: '2.5.4.3' } as const
const RSA_SHA256 = sequence(oid('1.2.840.113549.1.1.11'), NULL)
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
const BASIC_CONSTRAINTS = '2.5.29.19'
const DAY_MS = 24 * 3600_000
/** Alipay's own live about five years. */
const LIFE_MS = 5 * 365 * DAY_MS

/** The bundle has a certificate that is not RSA between two that are, as Alipay's has SM2 ones: its SN skips it. */
export async function newCertificates(keys: Keys, now: number): Promise<CertificateTexts> {
  const [rsa, ec] = await Promise.all([newRsaKeys(), newEcKeys()])
  const signer = { name: distinguishedName('Emulated RSA root 1'), key: rsa.privateKey }
  const leaf = (subject: Name, publicKey: KeyObject) => issue({ subject, publicKey, signer, authority: false, now })
  const root = (common: string, pair: KeyPair) => {
    const subject = distinguishedName(common)
    const own = { name: subject, key: pair.privateKey }
    return issue({ subject, publicKey: pair.publicKey, signer: own, authority: true, now })
  }
  const roots = [root('Emulated RSA root 1', rsa), root('Emulated EC root', ec), root('Emulated RSA root 2', rsa)]
  return {
    app_cert: leaf([...distinguishedName('Emulated app'), ['OU', '本地模拟商家']], keys.application.publicKey),
    alipay_cert: leaf(distinguishedName('Emulated Alipay'), keys.alipay.publicKey),
    // python-alipay-sdk takes the bundle apart at its blank lines.
    root_cert: roots.join('\n'),
  }
}

/** With their SNs; that of the bundle joins those of its RSA certificates. */
export function certificatesOf({ app_cert, alipay_cert, root_cert }: CertificateTexts): Certificates {
  const roots = root_cert.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []
  const rsa = roots.filter((pem) => new X509Certificate(pem).publicKey.asymmetricKeyType === 'rsa')
  return {
    app: { pem: app_cert, sn: snOf(app_cert) },
    alipay: { pem: alipay_cert, sn: snOf(alipay_cert) },
    root: { pem: root_cert, sn: rsa.map(snOf).join('_') },
  }
}

function distinguishedName(common: string): Name {
  return [
    ['C', 'CN'],
    ['O', 'Local emulator'],
    ['OU', 'No real money'],
    ['CN', common],
  ]
}

/** Documented: MD5 over the issuer's attributes in reverse order and the serial number in decimal. */
function snOf(pem: string): string {
  const { issuer, serialNumber } = new X509Certificate(pem)
  const name = issuer.split('\n').reverse().join(',')
  return createHash('md5')
    .update(name + BigInt(`0x${serialNumber}`).toString())
    .digest('hex')
}

/** A minimal X.509 v3 certificate, RFC 5280, section 4.1, in field order. */
function issue({ subject, publicKey, signer, authority, now }: CertificateRequest): string {
  const algorithm = signer.key.asymmetricKeyType === 'rsa' ? RSA_SHA256 : ECDSA_SHA256
  const content = sequence(
    explicit(0, integer(Buffer.of(2))),
    integer(newSerial(now)),
    algorithm,
    nameDer(signer.name),
    sequence(time(now - DAY_MS), time(now + LIFE_MS)),
    nameDer(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(basicConstraints(authority))),
  )
  return pemOf(sequence(content, algorithm, bits(sign('sha256', content, signer.key))))
}

function basicConstraints(authority: boolean): Buffer {
  const value = authority ? sequence(TRUE) : sequence()
  return sequence(oid(BASIC_CONSTRAINTS), TRUE, octets(value))
}

/**
 * As Alipay's: in hexadecimal it begins with the day. So it has 126 bits, and PHP, which writes no serial of 128 bits in
 * decimal, works out the same SN as everybody.
 */
function newSerial(now: number): Buffer {
  const day = beijingTime(now).slice(0, 10).replaceAll('-', '')
  return Buffer.concat([Buffer.from(day, 'hex'), randomBytes(12)])
}

function nameDer(name: Name): Buffer {
  return sequence(...name.map(([type, value]) => setOf(sequence(oid(NAME_TYPES[type]), utf8(value)))))
}

function pemOf(bytes: Buffer): string {
  const lines = bytes.toString('base64').replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}
