// The three certificates of Alipay's certificate mode 公钥证书: read from their files, and told apart from keys.
import type { X509Certificate } from 'node:crypto'
import { certificateIn, privateKeyIn, publicKeyIn } from './keys.ts'
import { type Block, blocksOf, PastedTextError, whatIsMissing } from './pasted-text.ts'

/** All certificates in a file, PEM or DER; throws a PastedTextError that never quotes the file. */
export function parseCertificates(bytes: Buffer, text: string, fileVariable: string): X509Certificate[] {
  // DER begins with a sequence; a PEM text would be read here as well, but only its first certificate.
  const binary = bytes[0] === 0x30 ? certificateIn({ der: bytes, label: undefined }) : undefined
  if (binary) return [binary]
  const blocks = blocksOf(text, fileVariable)
  const found = blocks.flatMap((block) => certificateIn(block) ?? [])
  const [first] = blocks
  if (found.length === 0 && first) throw new PastedTextError(describeNoCertificate(first), WHERE_THEY_ARE)
  return found
}

const WHERE_THEY_ARE = 'download the three certificates from 接口加签方式 (公钥证书) of the app.'

function describeNoCertificate(block: Block): string {
  if (block.label?.includes('REQUEST')) return 'this is a request for a certificate (CSR), which goes to Alipay.'
  if (privateKeyIn(block)) return 'this is a private key, not a certificate.'
  if (publicKeyIn(block)) return 'this is a public key, not a certificate.'
  return whatIsMissing(block) ?? 'this is not a certificate, or a part of it is missing.'
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
