// What signs and verifies: app id, private key, and Alipay's public key or the three certificates; each mistake told.
import type { KeyObject } from 'node:crypto'
import type { Environment } from '../gateway/gateway.ts'
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

export function credentialsOf(
  read: SettingsReader,
  environment: Environment,
  reportMissing: ReportMissing,
): Credentials | undefined {
  const where = whereToFind(environment)
  const app_id = appIdOf(read, where, reportMissing)
  const swapped = findSwapped(read)
  if (swapped) return reportSwapped(read, swapped, where)
  const privateKey = keyOf(read, 'ALIPAY_PRIVATE_KEY', parsePrivateKey, where, reportMissing)
  const alipays = isCertificateMode(read)
    ? certificateMode(read, privateKey, reportMissing)
    : publicKeyOf(read, privateKey, where, reportMissing)
  if (!app_id || !privateKey || !alipays) return undefined
  const { publicKey, certificates } = alipays
  const keys = { app_id, privateKey: new Secret(privateKey), alipayPublicKey: new Secret(publicKey) }
  return Object.freeze(certificates ? { ...keys, certificates } : keys)
}

interface Swapped {
  own: Name
  alipays: Name
  /** The public one is the other half of the private one. */
  isOwnPair: boolean
}

function reportSwapped(read: SettingsReader, { own, alipays, isOwnPair }: Swapped, where: Where): undefined {
  const problem = `is swapped with ${read.written(alipays)}: a public key stands where the application's private key belongs, and the reverse.`
  const isPath = (name: Name) => name.endsWith('_FILE')
  const what = isPath(own) !== isPath(alipays) ? 'keys' : isPath(own) ? 'paths' : 'values'
  // An exchange alone would put the application's own public key where Alipay's belongs.
  const fix = isOwnPair
    ? `what stands in ${read.written(alipays)} belongs to ${read.written(own)}. Then give ${read.written(alipays)} Alipay's public key 支付宝公钥, for the one in ${read.written(own)} is the application's own: ${where.alipaysKey}`
    : `exchange the two ${what}: the application's private key 应用私钥 belongs to ${read.written(own)}, Alipay's public key 支付宝公钥 to ${read.written(alipays)}.`
  return read.problem(own, problem, fix)
}

/** Each can be read in the place of the other. */
function findSwapped(read: SettingsReader): Swapped | undefined {
  const there = read.silently(() => [read.keyText('ALIPAY_PRIVATE_KEY'), read.keyText('ALIPAY_PUBLIC_KEY')])
  const [first, second] = there
  // A private key is four times as long: where all is well, nothing is parsed twice.
  if (!first || !second || first.pasted.length > second.pasted.length) return undefined
  const [publicKey, privateKey] = [
    keyIn(() => parsePublicKey(first.pasted)),
    keyIn(() => parsePrivateKey(second.pasted)),
  ]
  if (!publicKey || !privateKey) return undefined
  return { own: first.from, alipays: second.from, isOwnPair: belongTogether(privateKey, publicKey) }
}

function keyIn(parse: () => KeyObject): KeyObject | undefined {
  try {
    return parse()
  } catch {
    return undefined
  }
}

export function appIdOf(read: SettingsReader, where: Where, reportMissing: ReportMissing): string | undefined {
  if (/^2088\d{12}$/.test(read.text('ALIPAY_APP_ID') ?? '')) {
    const fix = 'give the APPID of the app, which is another number; the PID goes into ALIPAY_SELLER_ID.'
    return read.problem('ALIPAY_APP_ID', 'is a merchant id (PID, 2088...), not an APPID.', fix)
  }
  if (read.text('ALIPAY_APP_ID') !== undefined) {
    return read.matching('ALIPAY_APP_ID', /^\d{10,32}$/, where.appIdForm)
  }
  return reportMissing('ALIPAY_APP_ID', where.appId)
}

const WHERE_ALIPAYS_KEY_IS =
  "copy 支付宝公钥 (Alipay's public key) from 接口加签方式 of the app, shown after the app's own key was saved."

/** What is to be set, and where it is to be had. */
const OF_ALIPAY = {
  appId: 'set it to the APPID of your app (open.alipay.com 控制台, or its 沙箱 page).',
  appIdForm: 'give the APPID: digits only, usually 16.',
  ALIPAY_PRIVATE_KEY: "set ALIPAY_PRIVATE_KEY or ALIPAY_PRIVATE_KEY_FILE to the application's private key 应用私钥.",
  ALIPAY_PUBLIC_KEY: `set ALIPAY_PUBLIC_KEY or ALIPAY_PUBLIC_KEY_FILE: ${WHERE_ALIPAYS_KEY_IS}`,
  alipaysKey: WHERE_ALIPAYS_KEY_IS,
}
type Where = Readonly<typeof OF_ALIPAY>

const printed = (fix: string): Where => ({
  ...{ appId: fix, appIdForm: fix, alipaysKey: fix },
  ...{ ALIPAY_PRIVATE_KEY: fix, ALIPAY_PUBLIC_KEY: fix },
})
const OF_EMULATOR = printed(
  'copy it from what the emulator printed at its start; for the built-in emulator set ALIPAY_ENV=local and remove ALIPAY_GATEWAY.',
)
/** For what the built-in emulator does not do. */
export const OF_OWN_EMULATOR = printed('copy it from what the emulator printed at its start.')

export const whereToFind = (environment: Environment, ofEmulator = OF_EMULATOR): Where =>
  environment === 'local' ? ofEmulator : OF_ALIPAY

function keyOf(
  read: SettingsReader,
  name: 'ALIPAY_PRIVATE_KEY' | 'ALIPAY_PUBLIC_KEY',
  parse: (pasted: string | Buffer) => KeyObject,
  where: Where,
  reportMissing: ReportMissing,
): KeyObject | undefined {
  if (read.text(name) === undefined && read.text(`${name}_FILE`) === undefined) {
    return reportMissing(name, where[name])
  }
  const given = read.keyText(name)
  return given && read.parsed(given.from, () => parse(given.pasted))
}

/** Where it stands alone: no private key to compare it with. */
export function alipaysPublicKey(
  read: SettingsReader,
  where: Where,
  reportMissing: ReportMissing,
): KeyObject | undefined {
  return keyOf(read, 'ALIPAY_PUBLIC_KEY', parsePublicKey, where, reportMissing)
}

const OWN_KEY = "holds the application's own public key 应用公钥: it is the other half of the private key."

function publicKeyOf(
  read: SettingsReader,
  privateKey: KeyObject | undefined,
  where: Where,
  reportMissing: ReportMissing,
): Alipays | undefined {
  const publicKey = alipaysPublicKey(read, where, reportMissing)
  if (!publicKey || !privateKey || !belongTogether(privateKey, publicKey)) return publicKey && { publicKey }
  const from = read.text('ALIPAY_PUBLIC_KEY') === undefined ? 'ALIPAY_PUBLIC_KEY_FILE' : 'ALIPAY_PUBLIC_KEY'
  return read.problem(from, OWN_KEY, where.alipaysKey)
}
