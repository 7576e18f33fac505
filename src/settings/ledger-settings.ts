// Where the ledger is, and how long it keeps what is over.
import { isAbsolute, normalize } from 'node:path'
import { ownCall } from '../pasteable-call.ts'
import { pathFix } from './named-file.ts'
import { quoteValue } from './placeholder.ts'
import type { SettingsReader } from './settings-reader.ts'

export interface LedgerSettings {
  /** Only where it was set; the platform's folder otherwise. */
  readonly dataDir: string | undefined
  /** Absent: for ever. */
  readonly retentionDays: number | undefined
}

/** @param builtIn whether the emulator runs inside the server, and is gone with it */
export function ledgerSettings(read: SettingsReader, builtIn: boolean): LedgerSettings {
  const dataDir = dataDirOf(read)
  if (builtIn && dataDir !== undefined) {
    const problem = 'has no effect with the built-in emulator: both it and the ledger are gone when the server ends.'
    const fix = `for a ledger that lasts run "${ownCall('emulator')}", and set ALIPAY_GATEWAY and the rest as it prints.`
    read.notice('ALIPAY_DATA_DIR', problem, fix)
  }
  const retentionDays = read.integer('ALIPAY_RETENTION_DAYS', 30, 3_650)
  const windowDays = Number(read.text('ALIPAY_REFUND_WINDOW_DAYS'))
  if (retentionDays !== undefined && retentionDays < windowDays) {
    const window = read.written('ALIPAY_REFUND_WINDOW_DAYS')
    const problem = `is less than ${window}: orders are forgotten here while they can still be refunded.`
    read.notice('ALIPAY_RETENTION_DAYS', problem, `set it to ${windowDays} or more.`)
  }
  return { dataDir, retentionDays }
}

/** Undefined where it is not set, and where it cannot be used. */
export function dataDirOf(read: SettingsReader): string | undefined {
  const path = read.text('ALIPAY_DATA_DIR')
  if (path === undefined) return undefined
  if (/\p{Cc}/u.test(path))
    return read.problem('ALIPAY_DATA_DIR', 'has the end of a line or a tab in it.', `${pathFix(path)}.`)
  if (isAbsolute(path)) return normalize(path)
  const fix = 'give the full path of a folder, without ~, since hosts start the server in another folder.'
  return read.problem('ALIPAY_DATA_DIR', `is ${quoteValue(path)}, which is not an absolute path.`, fix)
}
