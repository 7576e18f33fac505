// What signs and verifies: app id, private key, and Alipay's public key or the three certificates; each mistake told.
import type { KeyObject } from 'node:crypto'
import { type Alipays, type Certificates, certificateMode, isCertificateMode } from './certificate-mode.ts'
import { belongTogether, parsePrivateKey, parsePublicKey, Secret } from './keys.ts'
import type { ReportMissing } from './missing-settings.ts'
import type { SettingsReader } from './settings-reader.ts'
import type { Name } from './variables.ts'

/** What signs requests and verifies answers. */
export interface Credentials {
  app_id: string
  privateKey: Secret<KeyObject>
  /** In certificate mode the one of Alipay's certificate. */
  alipayPublicKey: Secret<KeyObject>
  /** Certificate mode. PEM texts, all public; `root` is a bundle. */
  certificates?: Certificates | undefined
}

export function credentialsOf(read: SettingsReader, reportMissing: ReportMissing): Credentials | undefined {
  const app_id = appIdOf(read, reportMissing)
  const swapped = findSwapped(read)
  if (swapped) return reportSwapped(read, swapped)
  const privateKey = keyOf(read, 'ALIPAY_PRIVATE_KEY', parsePrivateKey, reportMissing)
  const alipays = isCertificateMode(read)
    ? certificateMode(read, privateKey, reportMissing)
    : publicKeyOf(read, privateKey, reportMissing)
  if (!app_id || !privateKey || !alipays) return undefined
  const { publicKey, certificates } = alipays
  const keys = { app_id, privateKey: new Secret(privateKey), alipayPublicKey: new Secret(publicKey) }
  return Object.freeze(certificates ? { ...keys, certificates } : keys)
}

interface Swapped {
  own: Name
  alipays: Name
}

function reportSwapped(read: SettingsReader, { own, alipays }: Swapped): undefined {
  const problem = `is swapped with ${read.written(alipays)}: a public key stands where the application's private key belongs, and the reverse.`
  const isPath = (name: Name) => name.endsWith('_FILE')
  const what = isPath(own) !== isPath(alipays) ? 'keys' : isPath(own) ? 'paths' : 'values'
  const fix = `exchange the two ${what}: the application's private key 应用私钥 belongs to ${read.written(own)}, Alipay's public key 支付宝公钥 to ${read.written(alipays)}.`
  return read.problem(own, problem, fix)
}

/** Each can be read in the place of the other. */
function findSwapped(read: SettingsReader): Swapped | undefined {
  const there = read.silently(() => [read.keyText('ALIPAY_PRIVATE_KEY'), read.keyText('ALIPAY_PUBLIC_KEY')])
  const [first, second] = there
  // A private key is four times as long: where all is well, nothing is parsed twice.
  if (!first || !second || first.pasted.length > second.pasted.length) return undefined
  const isSwapped = canParse(() => parsePublicKey(first.pasted)) && canParse(() => parsePrivateKey(second.pasted))
  return isSwapped ? { own: first.from, alipays: second.from } : undefined
}

function canParse(parse: () => unknown): boolean {
  try {
    parse()
    return true
  } catch {
    return false
  }
}

export function appIdOf(read: SettingsReader, reportMissing: ReportMissing): string | undefined {
  if (/^2088\d{12}$/.test(read.text('ALIPAY_APP_ID') ?? '')) {
    const fix = 'give the APPID of the app, which is another number; the PID goes into ALIPAY_SELLER_ID.'
    return read.problem('ALIPAY_APP_ID', 'is a merchant id (PID, 2088...), not an APPID.', fix)
  }
  if (read.text('ALIPAY_APP_ID') !== undefined) {
    return read.matching('ALIPAY_APP_ID', /^\d{10,32}$/, 'give the APPID: digits only, usually 16.')
  }
  const fix = 'set it to the APPID of your app (open.alipay.com 控制台, or its 沙箱 page).'
  return reportMissing('ALIPAY_APP_ID', fix)
}

const WHERE_ALIPAYS_KEY_IS =
  "copy 支付宝公钥 (Alipay's public key) from 接口加签方式 of the app, shown after the app's own key was saved."
const WHERE_KEYS_ARE = {
  ALIPAY_PRIVATE_KEY: "set ALIPAY_PRIVATE_KEY or ALIPAY_PRIVATE_KEY_FILE to the application's private key 应用私钥.",
  ALIPAY_PUBLIC_KEY: `set ALIPAY_PUBLIC_KEY or ALIPAY_PUBLIC_KEY_FILE: ${WHERE_ALIPAYS_KEY_IS}`,
} as const

function keyOf(
  read: SettingsReader,
  name: keyof typeof WHERE_KEYS_ARE,
  parse: (pasted: string | Buffer) => KeyObject,
  reportMissing: ReportMissing,
): KeyObject | undefined {
  if (read.text(name) === undefined && read.text(`${name}_FILE`) === undefined) {
    return reportMissing(name, WHERE_KEYS_ARE[name])
  }
  const given = read.keyText(name)
  return given && read.parsed(given.from, () => parse(given.pasted))
}

/** Where it stands alone: no private key to compare it with. */
export function alipaysPublicKey(read: SettingsReader, reportMissing: ReportMissing): KeyObject | undefined {
  return keyOf(read, 'ALIPAY_PUBLIC_KEY', parsePublicKey, reportMissing)
}

function publicKeyOf(
  read: SettingsReader,
  privateKey: KeyObject | undefined,
  reportMissing: ReportMissing,
): Alipays | undefined {
  const publicKey = alipaysPublicKey(read, reportMissing)
  if (!publicKey || !privateKey || !belongTogether(privateKey, publicKey)) return publicKey && { publicKey }
  const from = read.text('ALIPAY_PUBLIC_KEY') === undefined ? 'ALIPAY_PUBLIC_KEY_FILE' : 'ALIPAY_PUBLIC_KEY'
  const own = "holds the application's own public key 应用公钥: it is the other half of the private key."
  return read.problem(from, own, WHERE_ALIPAYS_KEY_IS)
}
