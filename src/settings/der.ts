// What a block of DER is by its content, since labels are often wrong: a key, a certificate, or something else.
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { type Block, PastedTextError, passwordError, whatIsMissing } from './pasted-text.ts'

export const certificateIn = ({ der }: Block) => firstThatWorks(() => new X509Certificate(der))

export function privateKeyIn({ der }: Block): KeyObject | undefined {
  const read = (type: 'pkcs8' | 'pkcs1' | 'sec1') => () => createPrivateKey({ key: der, format: 'der', type })
  try {
    return read('pkcs8')()
  } catch (error) {
    const locked = error instanceof Error && 'code' in error && error.code === 'ERR_MISSING_PASSPHRASE'
    if (locked) throw passwordError()
  }
  return firstThatWorks(read('pkcs1'), read('sec1'))
}

export function publicKeyIn({ der }: Block): KeyObject | undefined {
  const read = (type: 'spki' | 'pkcs1') => () => createPublicKey({ key: der, format: 'der', type })
  return privateKeyIn({ der, label: undefined }) ? undefined : firstThatWorks(read('spki'), read('pkcs1'))
}

/** The first that does not throw; OpenSSL's own messages help nobody, and some quote their input. */
export function firstThatWorks<T>(...attempts: (() => T)[]): T | undefined {
  for (const attempt of attempts) {
    try {
      return attempt()
    } catch {}
  }
  return undefined
}

export type Wanted = 'private' | 'public' | 'certificate'

const PLACES: Readonly<Record<Wanted, string>> = {
  private: 'the private key of the application',
  public: "Alipay's public key",
  certificate: 'a certificate',
}

const GIVE: Readonly<Record<Wanted, string>> = {
  private:
    "give the application's private key 应用私钥, from the files of the key tool 密钥工具 that made the pair (应用私钥RSA2048....txt).",
  public: "copy 支付宝公钥 (Alipay's public key) from 接口加签方式 of the app.",
  certificate: 'download the three certificates from 接口加签方式 (公钥证书) of the app.',
}

/** What a block is that is not what belongs there, and what does. */
export function wrongThing(block: Block, wanted: Wanted): PastedTextError {
  const rather = wanted === 'certificate' ? 'not a certificate' : 'not a key'
  if (certificateIn(block))
    return new PastedTextError('this is a certificate, not a key.', INSTEAD_OF_A_CERTIFICATE[wanted])
  if (isRequest(block)) {
    return new PastedTextError(
      `this is a request for a certificate (CSR), which goes to Alipay, ${rather}.`,
      GIVE[wanted],
    )
  }
  if (isStore(block))
    return new PastedTextError(`this is a store of keys (PKCS#12, PKCS#7 or JKS), ${rather}.`, OUT_OF_A_STORE)
  const isPublic = publicKeyIn(block) !== undefined
  if (isPublic || privateKeyIn(block)) {
    const is = isPublic ? 'a public key' : 'a private key'
    const not = wanted === 'certificate' ? 'a certificate' : `a ${wanted} one`
    return new PastedTextError(`this is ${is}, not ${not}.`, GIVE[wanted])
  }
  return short(block, wanted) ?? new PastedTextError(whatIsMissing(block) ?? notIt(wanted))
}

const notIt = (wanted: Wanted) => `this is not ${PLACES[wanted]}, or a part of it is missing.`

const INSTEAD_OF_A_CERTIFICATE: Readonly<Record<Wanted, string>> = {
  private: `a certificate holds no private key; ${GIVE.private}`,
  public:
    "Alipay's certificate 支付宝公钥证书 (alipayCertPublicKey_RSA2.crt) goes into ALIPAY_PUBLIC_CERT_FILE, beside ALIPAY_APP_CERT_FILE and ALIPAY_ROOT_CERT_FILE.",
  certificate: GIVE.certificate,
}

const OUT_OF_A_STORE = 'take the key out as PEM text; from a .pfx or .p12: openssl pkcs12 -in FILE -nodes.'

const startsWith = ({ der }: Block, pattern: RegExp) => pattern.test(der.subarray(0, 24).toString('hex'))

/** A sequence of a sequence that begins with version 0 and a name (RFC 2986). */
const isRequest = (block: Block) =>
  block.label?.includes('REQUEST') === true || startsWith(block, /^3082....3082....02010030/)

/** PKCS#12 is version 3 of a sequence (RFC 7292), PKCS#7 signed data, JKS has its own magic number. */
const isStore = (block: Block) =>
  startsWith(block, /^308(0|2....)020103/) ||
  startsWith(block, /^308(0|2....)06092a864886f70d0107/) ||
  startsWith(block, /^feedfeed/)

/** Alipay's console shows a secret for encrypting contents, too: 16 bytes in base64. */
function short({ der }: Block, wanted: Wanted): PastedTextError | undefined {
  if (der.length > 64 || der[0] === 0x30) return undefined
  const is =
    'this is far too short: a secret such as the AES key of 接口内容加密方式, a serial number, or a single word'
  return new PastedTextError(`${is}; ${notIt(wanted)}`, GIVE[wanted])
}
