// What the checks of the doctor look at: first the settings alone, then a configuration that can be used.
import { getProxyForUrl } from 'proxy-from-env'
import { beijingTime, type Clock } from '../clock.ts'
import { Exchange, type Exchanged } from '../gateway/exchange.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import type { Both } from '../language.ts'
import type { Freeze } from '../ledger/ledger.ts'
import type { LedgerMark } from '../ledger/ledger-mark.ts'
import type { Config, ConfigResult } from '../settings/config.ts'
import type { Settings } from '../settings/settings.ts'
import type { Finding } from './finding.ts'

/** What serve would work with; in local this is what starts the built-in emulator. */
export interface Connected {
  gateway: Gateway
  clock: Clock
  address: string
  /** For an order that is made to be closed at once, with a ledger of its own. */
  probe: Call
}

export interface Context {
  /** `20.11.0` */
  nodeVersion: string
  /** Whether the package libsql, a SQLite for older versions of Node.js, can be used. */
  hasLibsql(): Promise<boolean>
  settings: Settings
  read: ConfigResult
  /** Whether an order of 0.01 may be made. */
  probe: boolean
  connect(): Promise<Connected>
  /** Makes none where there is none. @throws LedgerError where it cannot be used */
  ledger(): Promise<LedgerFacts>
  /** Undefined where there is no ledger. @throws LedgerError where it cannot be used */
  mark(): Promise<LedgerMark | undefined>
}

export interface LedgerFacts {
  /** Undefined: in memory. */
  folder: string | undefined
  frozen?: Freeze | undefined
  /** How many steps nobody knows the end of. */
  in_doubt: number
  /** What cannot be read in it, in words. */
  damage: readonly string[]
  /** Folders in which any user of this computer could put another ledger in its place. */
  openToAll: readonly string[]
  /** Whether a watcher is at work. */
  watched?: boolean
}

/** With a configuration; each network step is made once, and asked for by several checks. */
export interface Ready extends Context {
  config: Config
  address: URL
  /** Milliseconds for one step. */
  within: number
  hello(): Promise<Exchanged>
}

export interface Check<T> {
  title: Both
  run(of: T): Finding | Promise<Finding>
}

// Longer than a good network ever takes; a dead one must not keep people waiting.
const LONGEST_STEP_MS = 8_000

export function makeReady(context: Context, config: Config, address: URL): Ready {
  const within = Math.min(config.timeout, LONGEST_STEP_MS)
  let hello: Promise<Exchanged> | undefined
  return {
    ...context,
    config,
    address,
    within,
    hello() {
      hello ??= greet(address, config.credentials?.app_id ?? '', within)
      return hello
    },
  }
}

/**
 * A query without a signature, which any gateway of Alipay's turns away with an answer of its own form: it shows who
 * answers and at what time, and proves nothing else.
 */
async function greet(address: URL, app_id: string, within: number): Promise<Exchanged> {
  const method = 'alipay.trade.query'
  const common = { app_id, method, charset: 'utf-8', format: 'JSON', sign_type: 'RSA2', version: '1.0' }
  const query = new URLSearchParams({ ...common, timestamp: beijingTime(Date.now()) })
  const exchange = new Exchange(address.href)
  try {
    return await exchange.post(`${query}`, `${new URLSearchParams({ biz_content: '{}' })}`, { within })
  } finally {
    exchange.destroy()
  }
}

/** As the exchange takes it, which refuses what is no address. @throws ConfigError */
export function proxyFor(address: URL): URL | undefined {
  new Exchange(address.href).destroy()
  const proxy = address.protocol === 'https:' ? getProxyForUrl(address.href) : ''
  return proxy === '' ? undefined : new URL(proxy)
}
