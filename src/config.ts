// Environment variables -> frozen Config: one schema, all problems reported together, secrets print as [hidden].
import type { KeyObject } from 'node:crypto'
import * as z from 'zod'
import { type Problem, problemsOf } from './errors.ts'
import type { Channel, Environment } from './gateway/gateway.ts'
import { belongTogether, parsePrivateKey, parsePublicKey, Secret } from './keys.ts'
import { isCredential, isUnknown, nearMisses } from './near-misses.ts'
import { isNo, SettingsReader } from './settings-reader.ts'
import { NAMES, type Name } from './variables.ts'

export type Variables = Readonly<Record<string, string | undefined>>

/** What signs requests and verifies answers. */
export interface Credentials {
  app_id: string
  privateKey: Secret<KeyObject>
  alipayPublicKey: Secret<KeyObject>
}

export interface Config {
  readonly environment: Environment
  /** Absent only where the built-in emulator brings its own. */
  readonly credentials: Credentials | undefined
  /** Absent: the built-in emulator is started. */
  readonly gateway: string | undefined
  readonly seller_id: string | undefined
  readonly notify_url: string | undefined
  readonly return_url: string | undefined
  /** One HTTP exchange, milliseconds. */
  readonly timeout: number
  readonly channels: readonly Channel[]
  readonly readOnly: boolean
  readonly emulatorPort: number
}

/** `notices` are for stderr: not wrong enough to stop. A failed config still tells whether read-only was meant. */
export type ConfigResult =
  | { config: Config; notices: readonly Problem[] }
  | { problems: readonly Problem[]; notices: readonly Problem[]; readOnly: boolean }

export const CHANNELS = ['page', 'mobile'] as const

/** Alipay's own gateways (common/097l48; the SDK's default). */
const GATEWAYS = {
  production: 'https://openapi.alipay.com/gateway.do',
  sandbox: 'https://openapi-sandbox.dl.alipaydev.com/gateway.do',
} as const
const RETIRED_SANDBOX = 'openapi.alipaydev.com'
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/
const ANY = /./

const settings = z.record(z.string(), z.string().optional()).transform((all, ctx): Config => {
  const given = withoutPlaceholders(all)
  const read = new SettingsReader(given, ctx)
  const misses = nearMisses(Object.keys(all))
  for (const [found, meant] of misses) {
    if (isCredential(meant)) continue
    read.problem(found, `is not a variable of this server; ${meant} is.`, `rename it to ${meant}.`)
  }
  const gateway = gatewayOf(read)
  const wantsAlipay = [...Object.keys(all), ...misses.values()].some((name) => isCredential(name))
  const environment = environmentOf(read, gateway, wantsAlipay)
  const builtIn = environment === 'local' && gateway === undefined
  return Object.freeze({
    environment,
    credentials: builtIn ? undefined : credentialsOf(read, all, misses),
    gateway: gateway?.href ?? (environment === 'local' ? undefined : GATEWAYS[environment]),
    seller_id: read.matching('ALIPAY_SELLER_ID', /^2088\d{12}$/, 'give the merchant id: 16 digits, 2088...'),
    notify_url: read.url('ALIPAY_NOTIFY_URL', ANY)?.href,
    return_url: read.url('ALIPAY_RETURN_URL', ANY)?.href,
    timeout: read.integer('ALIPAY_TIMEOUT_MS', 100, 25_000) ?? 15_000,
    channels: Object.freeze(read.someOf('ALIPAY_CHANNELS', CHANNELS) ?? [...CHANNELS]),
    readOnly: read.boolean('ALIPAY_READ_ONLY'),
    emulatorPort: read.integer('ALIPAY_EMULATOR_PORT', 0, 65_535) ?? 0,
  })
})

/** Never throws; reads the key files that are named, nothing else. */
export function readConfig(variables: Variables): ConfigResult {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()))
  const notices = noticesOn(set)
  const parsed = settings.safeParse(set)
  if (parsed.success) return { config: parsed.data, notices }
  const readOnly = withoutPlaceholders(set).ALIPAY_READ_ONLY
  return {
    problems: problemsOf(parsed.error),
    notices,
    readOnly: readOnly !== undefined && !isNo(readOnly),
  }
}

const PLACEHOLDER = `holds a placeholder like \${NAME} that the host did not replace, so it counts as not set.`
const isPlaceholder = (value: string | undefined) => /^\$\{.*\}$/.test(value?.trim() ?? '')

function noticesOn(set: Variables): Problem[] {
  const names = Object.keys(set)
  const placeholders = names
    .filter((name) => NAMES.includes(name) && isPlaceholder(set[name]))
    .map((name) => ({ variable: name, problem: PLACEHOLDER, fix: `set ${name} itself, or remove it.` }))
  const unknown = names.filter(isUnknown).map((name) => ({
    variable: name,
    problem: 'means nothing to this server.',
    fix: 'see alipay-mcp --help.',
  }))
  return [...placeholders, ...unknown]
}

/** Without the values that hosts left as they stood in their settings, `${NAME}`. */
export function withoutPlaceholders(all: Variables): Variables {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => !isPlaceholder(value)))
}

/** Real money only on request; what cannot be told apart from production counts as production. */
function environmentOf(read: SettingsReader, gateway: URL | undefined, wantsAlipay: boolean): Environment {
  const named = read.oneOf('ALIPAY_ENV', ['local', 'sandbox', 'production'])
  if (!gateway) return named ?? (wantsAlipay ? 'sandbox' : 'local')
  if (gateway.hostname === RETIRED_SANDBOX) {
    read.problem('ALIPAY_GATEWAY', 'is the sandbox that Alipay has switched off.', 'remove ALIPAY_GATEWAY.')
  }
  const actual = environmentAt(gateway)
  const contradiction = named === undefined ? isAlipays(gateway, 'production') : named !== actual
  const unreadable = named === undefined && read.text('ALIPAY_ENV') !== undefined
  if (contradiction && !unreadable && !(named === 'sandbox' && isForeign(gateway))) {
    read.problem(
      'ALIPAY_ENV',
      `is ${named ?? 'not set'}, but ALIPAY_GATEWAY (${gateway.host}) means ${actual}.`,
      `set ALIPAY_ENV=${actual}${actual === 'production' ? ' if real money is meant' : ''}, or remove ALIPAY_GATEWAY.`,
    )
  }
  return actual
}

function gatewayOf(read: SettingsReader): URL | undefined {
  const gateway = read.url('ALIPAY_GATEWAY', LOOPBACK)
  if (!gateway?.search && !gateway?.hash) return gateway
  return read.problem(
    'ALIPAY_GATEWAY',
    'has a query (?) or a fragment (#).',
    'give the address up to gateway.do.',
  )
}

function environmentAt(gateway: URL): Environment {
  if (LOOPBACK.test(gateway.hostname)) return 'local'
  return isAlipays(gateway, 'sandbox') ? 'sandbox' : 'production'
}

function isAlipays(gateway: URL, environment: keyof typeof GATEWAYS): boolean {
  // A trailing dot names the same host.
  return gateway.hostname.replace(/\.$/, '') === new URL(GATEWAYS[environment]).hostname
}

function isForeign(gateway: URL): boolean {
  return environmentAt(gateway) === 'production' && !isAlipays(gateway, 'production')
}

function credentialsOf(
  read: SettingsReader,
  all: Variables,
  misses: ReadonlyMap<string, string>,
): Credentials | undefined {
  const missing = (name: Name, what: string) => read.problem(name, whyMissing(name, all, misses), what)
  const app_id =
    read.text('ALIPAY_APP_ID') === undefined
      ? missing(
          'ALIPAY_APP_ID',
          'set it to the APPID of your app (open.alipay.com 控制台, or its 沙箱 page).',
        )
      : read.matching('ALIPAY_APP_ID', /^\d{10,32}$/, 'give the APPID: digits only, usually 16.')
  const privateKey = keyOf(read, 'ALIPAY_PRIVATE_KEY', parsePrivateKey, () =>
    missing(
      'ALIPAY_PRIVATE_KEY',
      "set it, or ALIPAY_PRIVATE_KEY_FILE, to the application's private key 应用私钥.",
    ),
  )
  const publicKey = keyOf(read, 'ALIPAY_PUBLIC_KEY', parsePublicKey, () =>
    missing('ALIPAY_PUBLIC_KEY', `set it, or ALIPAY_PUBLIC_KEY_FILE: ${WHERE_ALIPAYS_KEY_IS}`),
  )
  if (privateKey && publicKey && belongTogether(privateKey, publicKey)) {
    return read.problem(
      'ALIPAY_PUBLIC_KEY',
      "holds the application's own public key 应用公钥: it is the other half of the private key.",
      WHERE_ALIPAYS_KEY_IS,
    )
  }
  if (!app_id || !privateKey || !publicKey) return undefined
  return Object.freeze({ app_id, privateKey: new Secret(privateKey), alipayPublicKey: new Secret(publicKey) })
}

const WHERE_ALIPAYS_KEY_IS =
  "copy 支付宝公钥 (Alipay's public key) from 接口加签方式 of the app, shown after the app's own key was saved."

function whyMissing(name: Name, all: Variables, misses: ReadonlyMap<string, string>): string {
  const near = [...misses].filter(([, meant]) => meant.startsWith(name)).map(([found]) => found)
  const unreplaced = [name, `${name}_FILE`].filter((one) => isPlaceholder(all[one]))
  if (unreplaced.length > 0) return `is not set: ${unreplaced.join(', ')} ${PLACEHOLDER}`
  return near.length > 0
    ? `is not set; ${near.join(', ')} is, which this server does not read.`
    : 'is not set.'
}

function keyOf(
  read: SettingsReader,
  name: 'ALIPAY_PRIVATE_KEY' | 'ALIPAY_PUBLIC_KEY',
  parse: (text: string) => KeyObject,
  missing: () => undefined,
): KeyObject | undefined {
  const given = read.keyText(name)
  if (!given) return read.hasKey(name) ? undefined : missing()
  try {
    return parse(given.text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : ''
    return read.problem(
      given.from,
      `cannot be used: ${reason}`,
      'paste the whole key again as Alipay shows it.',
    )
  }
}
