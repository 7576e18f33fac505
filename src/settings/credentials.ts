// What signs and verifies: app id, private key, and Alipay's public key or the three certificates; each mistake told.
import type { KeyObject } from 'node:crypto'
import {
  type Alipays,
  type Certificates,
  certificateMode,
  isCertificateMode,
  type WhyMissing,
} from './certificate-mode.ts'
import { belongTogether, parsePrivateKey, parsePublicKey, Secret } from './keys.ts'
import type { SettingsReader } from './settings-reader.ts'

/** What signs requests and verifies answers. */
export interface Credentials {
  app_id: string
  privateKey: Secret<KeyObject>
  /** In certificate mode the one of Alipay's certificate. */
  alipayPublicKey: Secret<KeyObject>
  /** Certificate mode. PEM texts, all public; `root` is a bundle. */
  certificates?: Certificates | undefined
}

export function credentialsOf(read: SettingsReader, whyMissing: WhyMissing): Credentials | undefined {
  const app_id = appIdOf(read, whyMissing)
  if (areSwapped(read)) return read.problem('ALIPAY_PRIVATE_KEY', SWAPPED, UNSWAP)
  const privateKey = keyOf(read, 'ALIPAY_PRIVATE_KEY', parsePrivateKey, whyMissing)
  const alipays = isCertificateMode(read)
    ? certificateMode(read, privateKey, whyMissing)
    : publicKeyOf(read, privateKey, whyMissing)
  if (!app_id || !privateKey || !alipays) return undefined
  const { publicKey, certificates } = alipays
  const keys = { app_id, privateKey: new Secret(privateKey), alipayPublicKey: new Secret(publicKey) }
  return Object.freeze(certificates ? { ...keys, certificates } : keys)
}

const SWAPPED =
  "is swapped with ALIPAY_PUBLIC_KEY: a public key stands where the application's private key belongs, and the reverse."
const UNSWAP =
  "put the application's private key 应用私钥 into ALIPAY_PRIVATE_KEY and Alipay's public key 支付宝公钥 into ALIPAY_PUBLIC_KEY."

/** Each can be read in the place of the other. */
function areSwapped(read: SettingsReader): boolean {
  const there = read.silently(() => [read.keyText('ALIPAY_PRIVATE_KEY'), read.keyText('ALIPAY_PUBLIC_KEY')])
  const [first, second] = there
  // A private key is four times as long: where all is well, nothing is parsed twice.
  if (!first || !second || first.pasted.length > second.pasted.length) return false
  return canParse(() => parsePublicKey(first.pasted)) && canParse(() => parsePrivateKey(second.pasted))
}

function canParse(parse: () => unknown): boolean {
  try {
    parse()
    return true
  } catch {
    return false
  }
}

function appIdOf(read: SettingsReader, whyMissing: WhyMissing): string | undefined {
  if (/^2088\d{12}$/.test(read.text('ALIPAY_APP_ID') ?? '')) {
    const fix = 'give the APPID of the app, which is another number; the PID goes into ALIPAY_SELLER_ID.'
    return read.problem('ALIPAY_APP_ID', 'is a merchant id (PID, 2088...), not an APPID.', fix)
  }
  if (read.text('ALIPAY_APP_ID') !== undefined) {
    return read.matching('ALIPAY_APP_ID', /^\d{10,32}$/, 'give the APPID: digits only, usually 16.')
  }
  const fix = 'set it to the APPID of your app (open.alipay.com 控制台, or its 沙箱 page).'
  return read.problem('ALIPAY_APP_ID', whyMissing('ALIPAY_APP_ID'), fix)
}

const WHERE_ALIPAYS_KEY_IS =
  "copy 支付宝公钥 (Alipay's public key) from 接口加签方式 of the app, shown after the app's own key was saved."
const WHERE_KEYS_ARE = {
  ALIPAY_PRIVATE_KEY: "set it, or ALIPAY_PRIVATE_KEY_FILE, to the application's private key 应用私钥.",
  ALIPAY_PUBLIC_KEY: `set it, or ALIPAY_PUBLIC_KEY_FILE: ${WHERE_ALIPAYS_KEY_IS}`,
} as const

function keyOf(
  read: SettingsReader,
  name: keyof typeof WHERE_KEYS_ARE,
  parse: (pasted: string | Buffer) => KeyObject,
  whyMissing: WhyMissing,
): KeyObject | undefined {
  if (read.text(name) === undefined && read.text(`${name}_FILE`) === undefined) {
    return read.problem(name, whyMissing(name), WHERE_KEYS_ARE[name])
  }
  const given = read.keyText(name)
  return given && read.parsed(given.from, () => parse(given.pasted))
}

function publicKeyOf(
  read: SettingsReader,
  privateKey: KeyObject | undefined,
  whyMissing: WhyMissing,
): Alipays | undefined {
  const publicKey = keyOf(read, 'ALIPAY_PUBLIC_KEY', parsePublicKey, whyMissing)
  if (!publicKey || !privateKey || !belongTogether(privateKey, publicKey)) return publicKey && { publicKey }
  const from = read.text('ALIPAY_PUBLIC_KEY') === undefined ? 'ALIPAY_PUBLIC_KEY_FILE' : 'ALIPAY_PUBLIC_KEY'
  const own = "holds the application's own public key 应用公钥: it is the other half of the private key."
  return read.problem(from, own, WHERE_ALIPAYS_KEY_IS)
}
