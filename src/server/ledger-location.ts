// Where the ledger of a configuration lies, and which partition of it is meant.
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { isAbsolute, join, normalize } from 'node:path'
import envPaths from 'env-paths'
import type { Problem } from '../errors.ts'
import type { Place } from '../ledger/sqlite/open-ledger.ts'
import type { Config } from '../settings/config.ts'
import { isPlaceholder } from '../settings/placeholder.ts'
import type { Settings } from '../settings/settings.ts'

/** What tells where it is, of whichever half. */
type LedgerOwner = Pick<Config, 'environment' | 'gateway' | 'dataDir' | 'seller_id' | 'app_auth_token'> & {
  credentials: { app_id: string } | undefined
}

export function placeOf(config: LedgerOwner): Place {
  const { environment, gateway, seller_id } = config
  return {
    folder: folderOf(config),
    partition: {
      environment,
      gateway: gateway === undefined ? 'built-in' : sameSpelling(gateway),
      merchant: seller_id ?? appOf(config),
      ...(seller_id !== undefined && { merchant_before: appOf(config) }),
    },
  }
}

/** Also where something is in its place, or in the way to it, that only opening it can tell. */
export function hasLedger(folder: string): boolean {
  try {
    return statSync(join(folder, 'ledger.db'), { throwIfNoEntry: false }) !== undefined || isLeftOver(folder)
  } catch {
    return true
  }
}

/** Its log without it: what was in it is not nothing. */
function isLeftOver(folder: string): boolean {
  return (statSync(join(folder, 'ledger.db-wal'), { throwIfNoEntry: false })?.size ?? 0) > 0
}

/** The platform's folder for it, such as ~/.local/share/alipay-mcp. */
export function defaultFolder(): string {
  return envPaths('alipay-mcp', { suffix: '' }).data
}

// Settings of which the whole file could not be understood; ALIPAY_DATA_DIR may have been in it.
const FILES = ['--config', '--dotenv', 'settings file']

/** The folder that these settings mean, whatever else is wrong with them; undefined where that cannot be told. */
export function folderMeant(settings: Settings, problems: readonly Problem[]): string | undefined {
  const label = settings.origins.get('ALIPAY_DATA_DIR')?.label ?? 'ALIPAY_DATA_DIR'
  const doubtful = problems.some(
    ({ variable, fix }) => FILES.includes(variable) || variable === label || fix.includes('ALIPAY_DATA_DIR'),
  )
  if (doubtful) return undefined
  const named = settings.variables.ALIPAY_DATA_DIR?.trim()
  if (named === undefined || isPlaceholder(named)) return defaultFolder()
  return isAbsolute(named) ? normalize(named) : undefined
}

/** An emulator forgets everything when it ends: a ledger that outlived it would remember what never was. */
function folderOf({ environment, gateway, dataDir }: LedgerOwner): string | undefined {
  if (environment !== 'local') return dataDir ?? defaultFolder()
  return gateway === undefined ? undefined : dataDir
}

/** Without what may be written in more than one way; case of host and default port are URL's own work. */
function sameSpelling(gateway: string): string {
  const url = new URL(gateway)
  const host = url.host.replace(/\.(?=$|:)/, '')
  return `${url.protocol}//${host}${url.pathname.replace(/\/+$/, '')}`
}

/** Whose it is where no merchant is named. */
function appOf({ credentials, app_auth_token }: LedgerOwner): string {
  const app = credentials?.app_id ?? 'built-in'
  if (!app_auth_token) return app
  const token = createHash('sha256').update(app_auth_token.reveal()).digest('hex')
  return `${app}/${token.slice(0, 8)}`
}
