// Settings of the half that faces the internet: Alipay's public keys, and nothing that could move money.
import type { KeyObject } from 'node:crypto'
import type { BlockList } from 'node:net'
import * as z from 'zod'
import { type Problem, problemsOf } from '../errors.ts'
import type { Environment } from '../gateway/gateway.ts'
import { ownCall } from '../pasteable-call.ts'
import { alipaysCertifiedKey, isCertificateMode } from './certificate-mode.ts'
import { sellerIdOf, withoutPlaceholders } from './config.ts'
import { alipaysPublicKey, appIdOf, OF_OWN_EMULATOR, whereToFind } from './credentials.ts'
import { environmentOf, GATEWAYS, gatewayOf } from './environments.ts'
import { parsePublicKey } from './keys.ts'
import { dataDirOf } from './ledger-settings.ts'
import { missingReporter } from './missing-settings.ts'
import { isPastedText, readNamedFile } from './named-file.ts'
import { nearMisses } from './near-misses.ts'
import { PastedTextError } from './pasted-text.ts'
import { type Payee, payeeOf, trustedProxiesOf } from './payee.ts'
import { quoteValue } from './placeholder.ts'
import { type ListenAddress, LOOPBACK, listenAddressOf, publicUrlOf } from './public-address.ts'
import type { Settings } from './settings.ts'
import { SettingsReader } from './settings-reader.ts'

export interface FrontConfig {
  environment: Environment
  gateway: string
  seller_id: string | undefined
  app_id: string
  /** Alipay's public key for each app whose notifications are believed. */
  alipayPublicKeys: ReadonlyMap<string, KeyObject>
  publicUrl: string
  /** Of the merchant's own system. */
  forwardUrl: string | undefined
  listen: ListenAddress
  payee: Payee | undefined
  trustedProxies: BlockList
  dataDir: string | undefined
}

export type FrontConfigResult =
  | { config: FrontConfig; notices: readonly Problem[] }
  | { problems: readonly Problem[]; notices: readonly Problem[] }

/** Never throws; the private key is not read. */
export function frontConfigOf(settings: Settings): FrontConfigResult {
  const notices = [...settings.notices]
  const parsed = schemaFor(settings, notices).safeParse(settings.variables)
  if (parsed.success && settings.problems.length === 0) return { config: parsed.data, notices }
  return { problems: [...settings.problems, ...(parsed.success ? [] : problemsOf(parsed.error))], notices }
}

function schemaFor({ origins }: Settings, notices: Problem[]) {
  return z.record(z.string(), z.string().optional()).transform((all, ctx): FrontConfig => {
    const variables = withoutPlaceholders(all)
    const read = new SettingsReader({ variables, origins }, ctx, notices)
    const reportMissing = missingReporter(read, all, nearMisses(Object.keys(all)), new Set())
    const gateway = gatewayOf(read)
    const environment = environmentOf(read, gateway, read.text('ALIPAY_APP_ID') !== undefined)
    const seller_id = sellerIdOf(read)
    if (environment === 'local') requireEmulatorElsewhere(read, gateway)
    // Else the ledger's partition would be named by the app, and by a token that has no business here.
    const needsSeller = environment !== 'local' || read.text('ALIPAY_APP_AUTH_TOKEN') !== undefined
    if (needsSeller && read.text('ALIPAY_SELLER_ID') === undefined) reportMissing('ALIPAY_SELLER_ID', SELLER_FIX)
    const where = whereToFind(environment, OF_OWN_EMULATOR)
    const app_id = appIdOf(read, where, reportMissing)
    const key = isCertificateMode(read) ? alipaysCertifiedKey(read) : alipaysPublicKey(read, where, reportMissing)
    const publicUrl = publicUrlOf(read, environment)
    if (read.text('ALIPAY_PUBLIC_URL') === undefined) reportMissing('ALIPAY_PUBLIC_URL', PUBLIC_URL_FIX)
    const listen = listenAddressOf(read)
    const forwardUrl = forwardUrlOf(read, publicUrl, listen)
    const others = otherApps(read)
    const dataDir = dataDirOf(read)
    const [payee, trustedProxies] = [payeeOf(read), trustedProxiesOf(read)]
    if (!app_id || !key || !publicUrl || !listen) return z.NEVER
    const alipayPublicKeys = new Map([...others, [app_id, key] as const])
    const at = gateway?.href ?? GATEWAYS[environment === 'production' ? 'production' : 'sandbox']
    const whose = { environment, gateway: at, seller_id, app_id, alipayPublicKeys, dataDir }
    return { ...whose, publicUrl, forwardUrl, listen, payee, trustedProxies }
  })
}

const ANY = /./
const SELLER_FIX = 'set it to the merchant id (PID), so that only notifications for this merchant are taken.'
const PUBLIC_URL_FIX = 'set it to the address under which your HTTPS proxy leads here, such as https://pay.example.com.'

/** Not this program's own: one notification would come round hundreds of times, and Alipay never hear `success`. */
function forwardUrlOf(read: SettingsReader, publicUrl: string | undefined, listen: ListenAddress | undefined) {
  const url = read.url('ALIPAY_FORWARD_URL', ANY)
  if (!url) return undefined
  const isHere =
    LOOPBACK.test(url.hostname) && Number(url.port || 80) === listen?.port && url.pathname.endsWith('/notify')
  if (!isHere && `${url.origin}${url.pathname}` !== `${publicUrl}/notify`) return url.href
  return read.problem('ALIPAY_FORWARD_URL', 'leads back to this program.', 'give the address of your own system.')
}

/** The built-in one ends with its server, and so does the ledger in its memory. */
function requireEmulatorElsewhere(read: SettingsReader, gateway: URL | undefined): void {
  if (gateway && read.text('ALIPAY_DATA_DIR') !== undefined) return
  const missing = gateway ? 'ALIPAY_DATA_DIR' : 'ALIPAY_GATEWAY'
  const problem = 'is not set: the built-in emulator and its ledger end with the server that runs them.'
  const fix = `run "${ownCall('emulator')}", set ALIPAY_GATEWAY and the rest as it prints, and ALIPAY_DATA_DIR to a folder, here and for the server.`
  read.problem(missing, problem, fix)
}

/** `APPID=FILE,...`; each app of a merchant has its own key of Alipay's. */
function otherApps(read: SettingsReader): (readonly [app_id: string, key: KeyObject])[] {
  const value = read.text('ALIPAY_NOTIFY_APPS')
  if (value === undefined) return []
  return value.split(',').flatMap((item) => {
    const [, app_id, path = ''] = /^\s*(\d{10,32})=(.+?)\s*$/.exec(item) ?? []
    const key = app_id === undefined ? undefined : keyIn(path)
    if (app_id !== undefined && key) return [[app_id, key] as const]
    read.problem('ALIPAY_NOTIFY_APPS', `holds ${quoteValue(item)}, which leads to no public key.`, NOTIFY_APPS_FIX)
    return []
  })
}

const NOTIFY_APPS_FIX = "use APPID=FILE, joined by commas, each file with Alipay's public key 支付宝公钥 for that app."

function keyIn(path: string): KeyObject | undefined {
  const file = isPastedText(path) ? undefined : readNamedFile(path)
  if (!file || 'unreadable' in file) return undefined
  try {
    return parsePublicKey(file.bytes)
  } catch (error) {
    if (error instanceof PastedTextError) return undefined
    throw error
  }
}
