// Settings -> frozen Config: one schema, all problems reported together, secrets print as [hidden].
import * as z from 'zod'
import { type Problem, problemsOf } from '../errors.ts'
import type { Channel, Environment } from '../gateway/gateway.ts'
import { ownCall } from '../pasteable-call.ts'
import { type Credentials, credentialsOf } from './credentials.ts'
import { environmentOf, GATEWAYS, gatewayOf } from './environments.ts'
import { Secret } from './keys.ts'
import { type LedgerSettings, ledgerSettings } from './ledger-settings.ts'
import { type ApprovalSettings, approvalSettings, type Limits, limitsOf } from './limits.ts'
import { missingReporter } from './missing-settings.ts'
import { GUARDS, isCredential, isSerial, isUnknown, nearMisses, SERIAL } from './near-misses.ts'
import { type Payee, payeeOf } from './payee.ts'
import { describePlaceholder, isLeftByHost, isPlaceholder, isUnfilled } from './placeholder.ts'
import { type AlertSettings, alertSettings, notifyUrlOf, ownPages, publicUrlOf, returnUrlOf } from './public-address.ts'
import { approvalForBuyers, type Role, roleMeant, roleOf, type ShopSettings, shopSettings } from './role.ts'
import type { Settings } from './settings.ts'
import { isNo, SettingsReader } from './settings-reader.ts'
import type { Variables } from './sources.ts'
import {
  type SubscriptionSettings,
  subscriptionSettings,
  type Toolset,
  toolsetsMeant,
  toolsetsOf,
} from './subscription-settings.ts'
import { NAMES } from './variables.ts'

export interface Config extends LedgerSettings, ApprovalSettings, AlertSettings {
  readonly environment: Environment
  /** Absent only where the built-in emulator brings its own. */
  readonly credentials: Credentials | undefined
  /** Absent: the built-in emulator is started. */
  readonly gateway: string | undefined
  readonly seller_id: string | undefined
  readonly notify_url: string | undefined
  readonly return_url: string | undefined
  /** Where the pages of orders are; of the built-in emulator the server has its own. */
  readonly publicUrl: string | undefined
  readonly payee: Payee | undefined
  /** One HTTP exchange, milliseconds. */
  readonly timeout: number
  readonly channels: readonly Channel[]
  /** What alipay.trade.precreate sends. */
  readonly qrProductCode: QrProductCode
  /** Of the merchant for whom the app acts; sent with every call. */
  readonly app_auth_token: Secret<string> | undefined
  /** The only tools to be offered; absent: all. Read-only removes the changing ones all the same. */
  readonly tools: readonly string[] | undefined
  readonly toolsets: readonly Toolset[]
  /** Absent: the toolset of subscriptions is not named. */
  readonly subscriptions: SubscriptionSettings | undefined
  readonly role: Role
  readonly shop: ShopSettings
  readonly readOnly: boolean
  readonly limits: Limits
  readonly emulatorPort: number
}

/** `notices` are for stderr: not wrong enough to stop. A failed config still tells which guards were meant. */
export type ConfigResult =
  | { config: Config; notices: readonly Problem[] }
  | {
      problems: readonly Problem[]
      notices: readonly Problem[]
      readOnly: boolean
      tools: readonly string[] | undefined
      toolsets: readonly Toolset[]
      /** Undefined where nobody can tell which was meant. */
      role: Role | undefined
    }

export const CHANNELS = ['page', 'mobile', 'qr'] as const
const QR_PRODUCT_CODES = ['QR_CODE_OFFLINE', 'FACE_TO_FACE_PAYMENT'] as const
type QrProductCode = (typeof QR_PRODUCT_CODES)[number]

export type ToolNames = Readonly<Record<Role, Readonly<Record<Toolset, readonly string[]>>>>

/**
 * Never throws; reads the key files that are named, nothing else.
 * @param toolNames what ALIPAY_TOOLS may name; absent for commands that offer no tools, and do not care
 */
export function configOf(settings: Settings, toolNames?: ToolNames): ConfigResult {
  const { variables, problems } = settings
  const notices = [...settings.notices, ...noticesOn(settings)]
  const parsed = schemaFor(settings, notices, toolNames).safeParse(variables)
  if (parsed.success && problems.length === 0) return { config: parsed.data, notices }
  const { ALIPAY_READ_ONLY: readOnly, ALIPAY_TOOLS: tools } = withoutPlaceholders(variables)
  const found = [...problems, ...(parsed.success ? [] : problemsOf(parsed.error))]
  return {
    problems: found,
    notices: notices.filter((notice) => !found.some((one) => isSame(one, notice))),
    readOnly: readOnly !== undefined && !isNo(readOnly.trim()),
    tools: tools?.split(',').map((item) => item.trim()),
    toolsets: toolsetsMeant(withoutPlaceholders(variables)),
    role: roleMeant(variables),
  }
}

const isSame = (one: Problem, other: Problem) => one.variable === other.variable && one.problem === other.problem

function schemaFor({ origins }: Settings, notices: Problem[], toolNames: ToolNames | undefined) {
  return z.record(z.string(), z.string().optional()).transform((all, ctx): Config => {
    const read = new SettingsReader({ variables: withoutPlaceholders(all), origins }, ctx, notices)
    const misses = nearMisses(Object.keys(all))
    for (const name of NEEDED_AS_MEANT) {
      if (!isTyped(all[name])) continue
      const { problem, fix = setItself(name) } = describePlaceholder(all[name])
      read.problem(name, problem, fix)
    }
    reportMisses(
      read,
      [...misses].filter(([, meant]) => !isCredential(meant)),
    )
    const gateway = gatewayOf(read)
    const wantsAlipay = [...Object.keys(all), ...misses.values()].some((name) => isCredential(name))
    const environment = environmentOf(read, gateway, wantsAlipay)
    const builtIn = environment === 'local' && gateway === undefined
    const [limits, role, toolsets] = [limitsOf(read), roleOf(read), toolsetsOf(read)]
    return Object.freeze({
      environment,
      credentials: builtIn ? undefined : credentialsAmong(read, environment, all, misses),
      gateway: gateway?.href ?? (environment === 'local' ? undefined : GATEWAYS[environment]),
      ...orderSettings(read, environment, builtIn),
      timeout: read.integer('ALIPAY_TIMEOUT_MS', 100, 25_000) ?? 15_000,
      app_auth_token: builtIn ? undefined : appAuthTokenOf(read),
      tools:
        toolNames &&
        freezeList(
          read.someOf(
            'ALIPAY_TOOLS',
            toolsets.flatMap((one) => toolNames[role][one]),
          ),
        ),
      toolsets,
      subscriptions: subscriptionSettings(read, { toolsets, environment, builtIn, role }),
      role,
      shop: shopSettings(read, role),
      readOnly: read.boolean('ALIPAY_READ_ONLY'),
      limits,
      ...approvalForBuyers(read, role, approvalSettings(read, limits)),
      ...alertSettings(read),
      ...ledgerSettings(read, builtIn),
      emulatorPort: read.integer('ALIPAY_EMULATOR_PORT', 0, 65_535) ?? 0,
    })
  })
}

/** Without one of these the server would do more than was meant, or with another ledger. */
const NEEDED_AS_MEANT: readonly string[] = [
  ...GUARDS,
  ...['ALIPAY_TOOLS', 'ALIPAY_TOOLSETS', 'ALIPAY_MAX_CALLS_PER_MINUTE', 'ALIPAY_SELLER_ID', 'ALIPAY_DATA_DIR'],
]
/** A person began with it; what a host left of a setting that nobody filled in stops nothing. */
const isTyped = (value: string | undefined) => isPlaceholder(value) && !isLeftByHost(value)
const setItself = (name: string) => `set ${name} itself, or remove it.`

function reportMisses(read: SettingsReader, misses: readonly [string, string][]): void {
  for (const [found, meant] of misses) {
    if (isSerial(found)) read.problem(found, SERIAL[0], SERIAL[1])
    else read.problem(found, `is not a variable of this server; ${meant} is.`, `rename it to ${meant}.`)
  }
}

/** A misspelt name is told with the setting that it leaves missing; or else by itself, where it could change anything. */
function credentialsAmong(
  read: SettingsReader,
  environment: Environment,
  all: Variables,
  misses: ReadonlyMap<string, string>,
) {
  const mentioned = new Set<string>()
  const credentials = credentialsOf(read, environment, missingReporter(read, all, misses, mentioned))
  const left = [...misses].filter(([found, meant]) => isCredential(meant) && !mentioned.has(found))
  const matters = left.filter(([, meant]) => !credentials || meant === 'ALIPAY_APP_AUTH_TOKEN')
  reportMisses(read, matters)
  for (const [found, meant] of left.filter((miss) => !matters.includes(miss))) {
    if (isSerial(found)) read.notice(found, SERIAL[0], 'remove it.')
    else read.notice(found, `is not read by this server; ${meant} is.`, 'remove it.')
  }
  return credentials
}

function orderSettings(read: SettingsReader, environment: Environment, builtIn: boolean) {
  const usual = CHANNELS.filter((channel) => channel !== 'qr' || environment === 'local')
  const publicUrl = builtIn ? ownPages(read) : publicUrlOf(read, environment)
  return {
    seller_id: sellerIdOf(read),
    notify_url: notifyUrlOf(read, environment, publicUrl),
    return_url: returnUrlOf(read, publicUrl),
    publicUrl,
    payee: payeeOf(read),
    channels: Object.freeze(read.someOf('ALIPAY_CHANNELS', CHANNELS) ?? usual),
    qrProductCode: read.oneOf('ALIPAY_QR_PRODUCT_CODE', QR_PRODUCT_CODES) ?? 'QR_CODE_OFFLINE',
  }
}

export function sellerIdOf(read: SettingsReader): string | undefined {
  return read.matching('ALIPAY_SELLER_ID', /^2088\d{12}$/, 'give the merchant id: 16 digits, 2088...')
}

const freezeList = <T>(list: readonly T[] | undefined) => list && Object.freeze([...list])

function appAuthTokenOf(read: SettingsReader): Secret<string> | undefined {
  const fix = "give the app_auth_token that the merchant's authorisation returned, at most 40 letters and digits."
  const token = read.matching('ALIPAY_APP_AUTH_TOKEN', /^[\w-]{1,40}$/, fix)
  return token === undefined ? undefined : new Secret(token)
}

function noticesOn({ variables, origins }: Settings): Problem[] {
  const names = Object.keys(variables)
  const written = (name: string) => origins.get(name)?.label ?? name
  const placeholders = names
    .filter((name) => NAMES.includes(name) && isPlaceholder(variables[name]))
    .filter((name) => !(NEEDED_AS_MEANT.includes(name) && isTyped(variables[name])))
    .map((name) => ({ variable: written(name), fix: setItself(name), ...describePlaceholder(variables[name]) }))
  const unknown = names.filter(isUnknown).map((name) => ({
    variable: written(name),
    problem: 'is not a setting of this server.',
    fix: `see ${ownCall('help', 'settings')}.`,
  }))
  return [...placeholders, ...unknown]
}

export function withoutPlaceholders(all: Variables): Variables {
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => !isUnfilled(name, value)))
}
