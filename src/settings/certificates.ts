// The three certificates of Alipay's certificate mode 公钥证书: read from their files, and told apart from keys.
import type { X509Certificate } from 'node:crypto'
import { certificateIn, wrongThing } from './der.ts'
import { blocksOf } from './pasted-text.ts'

/** All certificates in a file, PEM or DER; throws a PastedTextError that never quotes the file. */
export function parseCertificates(bytes: Buffer, fileVariable: string): X509Certificate[] {
  const blocks = blocksOf(bytes, fileVariable)
  const found = blocks.flatMap((block) => certificateIn(block) ?? [])
  const [first] = blocks
  if (found.length === 0 && first) throw wrongThing(first, 'certificate')
  return found
}

/** In words, when a certificate cannot be used at this time. */
export function outOfTime(certificate: X509Certificate, now: Date): string | undefined {
  const from = new Date(certificate.validFrom)
  const to = new Date(certificate.validTo)
  if (now > to) return `holds a certificate that expired on ${isoDay(to)}.`
  return now < from ? `holds a certificate that is valid only from ${isoDay(from)} on.` : undefined
}

const isoDay = (date: Date) => date.toISOString().slice(0, 10)

/** Alipay's root file holds certificates of other kinds (SM2), too. */
export function isRsa(certificate: X509Certificate): boolean {
  try {
    return certificate.publicKey.asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}
