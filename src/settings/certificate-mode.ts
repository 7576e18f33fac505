// Certificate mode 公钥证书: the three files that belong together, and each way in which they may not.
import type { KeyObject, X509Certificate } from 'node:crypto'
import { certificateIn, wrongThing } from './der.ts'
import { belongTogether, requireRsa2 } from './keys.ts'
import type { ReportMissing } from './missing-settings.ts'
import { blocksOf } from './pasted-text.ts'
import type { SettingsReader } from './settings-reader.ts'
import { CERTIFICATE_FILES, type Name } from './variables.ts'

/** PEM texts, all public; `root` is a bundle. */
export interface Certificates {
  app: string
  alipay: string
  root: string
}

/** With what Alipay's answers are verified. */
export interface Alipays {
  publicKey: KeyObject
  certificates?: Certificates
}

export const isCertificateMode = (read: SettingsReader) =>
  CERTIFICATE_FILES.some((name) => read.text(name) !== undefined)

export function certificateMode(
  read: SettingsReader,
  privateKey: KeyObject | undefined,
  reportMissing: ReportMissing,
): Alipays | undefined {
  const oneMode = isWhole(read, reportMissing)
  const app = certificatesIn(read, 'ALIPAY_APP_CERT_FILE')?.[0]
  const alipay = certificatesIn(read, 'ALIPAY_PUBLIC_CERT_FILE')?.[0]
  const root = certificatesIn(read, 'ALIPAY_ROOT_CERT_FILE')
  const distinct = areInTheirPlaces(read, root ?? [], { app, alipay })
  if (!distinct) return undefined
  const usable = usableKey(read, 'ALIPAY_APP_CERT_FILE', app)
  const publicKey = usableKey(read, 'ALIPAY_PUBLIC_CERT_FILE', alipay)
  const own = usable && publicKey && privateKey && areTheirOwn(read, privateKey, usable, publicKey)
  if (!oneMode || !app || !alipay || !root || !publicKey || !own) return undefined
  const certificates = { app: app.toString(), alipay: alipay.toString(), root: root.join('') }
  return { publicKey, certificates: Object.freeze(certificates) }
}

function isWhole(read: SettingsReader, reportMissing: ReportMissing): boolean {
  const missing = CERTIFICATE_FILES.filter((name) => read.text(name) === undefined)
  for (const name of missing) {
    reportMissing(name, 'certificate mode 公钥证书 takes all three certificate files, or none.')
  }
  const keys = (['ALIPAY_PUBLIC_KEY', 'ALIPAY_PUBLIC_KEY_FILE'] as const).filter((name) => read.text(name))
  for (const name of keys) {
    const both = 'is set, and certificates too; an app has one of the two modes.'
    read.problem(name, both, "keep Alipay's public key 支付宝公钥, or the three certificates.")
  }
  return missing.length === 0 && keys.length === 0
}

function certificatesIn(read: SettingsReader, name: Name): X509Certificate[] | undefined {
  const file = read.file(name)
  return file && read.parsed(name, () => parseCertificates(file.bytes, name))
}

/** The key of Alipay's certificate alone. */
export function alipaysCertifiedKey(read: SettingsReader): KeyObject | undefined {
  const alipay = certificatesIn(read, 'ALIPAY_PUBLIC_CERT_FILE')?.[0]
  return usableKey(read, 'ALIPAY_PUBLIC_CERT_FILE', alipay)
}

function usableKey(read: SettingsReader, name: Name, certificate: X509Certificate | undefined): KeyObject | undefined {
  if (!certificate) return undefined
  const late = outOfTime(certificate, new Date())
  if (late) read.notice(name, late, 'download the renewed one from 接口加签方式 of the app.')
  return read.parsed(name, () => requireRsa2(certificate.publicKey))
}

const WHICH_APP = 'give 应用公钥证书, made from this private key: appCertPublicKey_....crt in the download.'
const WHICH_ALIPAYS = "give Alipay's, 支付宝公钥证书, which is alipayCertPublicKey_RSA2.crt in the download."

function areTheirOwn(read: SettingsReader, privateKey: KeyObject, app: KeyObject, alipays: KeyObject): boolean {
  const isApps = belongTogether(privateKey, app)
  const isOwn = belongTogether(privateKey, alipays)
  if (!isApps) {
    const why = isOwn ? ` It and ${read.written('ALIPAY_PUBLIC_CERT_FILE')} look swapped.` : ''
    const not = `does not belong to the private key: it certifies another public key.${why}`
    read.problem('ALIPAY_APP_CERT_FILE', not, WHICH_APP)
  }
  if (isOwn) {
    const own = "holds the application's own certificate: it certifies the other half of the private key."
    read.problem('ALIPAY_PUBLIC_CERT_FILE', own, WHICH_ALIPAYS)
  }
  return isApps && !isOwn
}

interface Leaves {
  app: X509Certificate | undefined
  alipay: X509Certificate | undefined
}

/** Whether the root file holds roots, and the others do not. */
function areInTheirPlaces(read: SettingsReader, root: readonly X509Certificate[], { app, alipay }: Leaves): boolean {
  const isInRoot = (one: X509Certificate | undefined) =>
    root.some(({ fingerprint256 }) => fingerprint256 === one?.fingerprint256)
  const isRoot = (one: X509Certificate | undefined) => isInRoot(one) && one?.subject === one?.issuer
  const fix = 'give 支付宝根证书, which is alipayRootCert.crt in the download.'
  if (isRoot(app)) read.problem('ALIPAY_APP_CERT_FILE', 'holds a root certificate.', WHICH_APP)
  if (isRoot(alipay)) read.problem('ALIPAY_PUBLIC_CERT_FILE', 'holds a root certificate.', WHICH_ALIPAYS)
  if (isRoot(app) || isRoot(alipay)) return false
  if (isInRoot(app) || isInRoot(alipay)) {
    const whose = isInRoot(app) ? "the application's" : "Alipay's own"
    read.problem('ALIPAY_ROOT_CERT_FILE', `holds ${whose} certificate, not the root certificates.`, fix)
    return false
  }
  if (root.length === 0 || root.some(isRsa)) return true
  read.problem('ALIPAY_ROOT_CERT_FILE', 'holds no certificate for RSA.', fix)
  return false
}

/** All certificates in a file, PEM or DER; throws a PastedTextError that never quotes the file. */
function parseCertificates(bytes: Buffer, fileVariable: string): X509Certificate[] {
  const blocks = blocksOf(bytes, fileVariable)
  const found = blocks.flatMap((block) => certificateIn(block) ?? [])
  const [first] = blocks
  if (found.length === 0 && first) throw wrongThing(first, 'certificate')
  return found
}

/** In words, when a certificate cannot be used at this time. */
function outOfTime(certificate: X509Certificate, now: Date): string | undefined {
  const from = new Date(certificate.validFrom)
  const to = new Date(certificate.validTo)
  if (now > to) return `holds a certificate that expired on ${isoDay(to)}.`
  return now < from ? `holds a certificate that is valid only from ${isoDay(from)} on.` : undefined
}

const isoDay = (date: Date) => date.toISOString().slice(0, 10)

/** Alipay's root file holds certificates of other kinds (SM2), too. */
function isRsa(certificate: X509Certificate): boolean {
  try {
    return certificate.publicKey.asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}
