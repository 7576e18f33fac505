// The commands, and the flags that each takes; whatever else begins with -- is a setting.
import { flagOf, isSwitch, NAMES } from '../settings/variables.ts'

export const COMMANDS = [
  'serve',
  'init',
  'listen',
  'demo',
  'doctor',
  'install',
  'uninstall',
  'hosts',
  'config',
  'call',
  'completion',
  'emulator',
  'ledger',
  'approvals',
  'close',
  'freeze',
  'unfreeze',
  'resolve',
  'charge-due',
  'delivered',
  'forget',
  'help',
] as const
export type Command = (typeof COMMANDS)[number]

/** Those that take words behind their name, and how many at most. */
export const OPERANDS: Readonly<Partial<Record<Command, number>>> = {
  install: 1,
  uninstall: 1,
  config: 2,
  call: Number.POSITIVE_INFINITY,
  completion: Number.POSITIVE_INFINITY,
}

export interface Flag {
  type: 'string' | 'boolean'
  short?: string
  /** The only commands that take it. */
  of?: readonly Command[]
}

export const OWN_FLAGS = {
  lang: { type: 'string' },
  dotenv: { type: 'string' },
  // Its older name, which Node.js also reads, and ends where the file is missing.
  'env-file': { type: 'string' },
  config: { type: 'string' },
  'no-settings-file': { type: 'boolean' },
  port: { type: 'string', of: ['emulator'] },
  json: { type: 'boolean', of: ['emulator', 'doctor', 'hosts', 'config', 'call', 'ledger', 'approvals', 'charge-due'] },
  probe: { type: 'boolean', of: ['doctor'] },
  print: { type: 'boolean', of: ['install'] },
  project: { type: 'boolean', of: ['install', 'uninstall'] },
  notification: { type: 'string', of: ['doctor'] },
  'sandbox-rules': { type: 'boolean', of: ['emulator'] },
  certificates: { type: 'boolean', of: ['emulator'] },
  keys: { type: 'string', of: ['emulator'] },
  'app-public-key': { type: 'string', of: ['emulator'] },
  'app-gateway': { type: 'string', of: ['emulator'] },
  'make-keys': { type: 'boolean', of: ['init'] },
  import: { type: 'string', of: ['init'] },
  existing: { type: 'string', of: ['init'] },
  yes: { type: 'boolean', of: ['init', 'install', 'uninstall'] },
  front: { type: 'boolean', of: ['listen'] },
  watcher: { type: 'boolean', of: ['listen'] },
  'health-port': { type: 'string', of: ['listen'] },
  open: { type: 'boolean', of: ['demo'] },
  verbose: { type: 'boolean', of: ['demo'] },
  csv: { type: 'boolean', of: ['ledger'] },
  since: { type: 'string', of: ['ledger'] },
  until: { type: 'string', of: ['ledger'] },
  month: { type: 'string', of: ['ledger'] },
  state: { type: 'string', of: ['ledger'] },
  wide: { type: 'boolean', of: ['ledger', 'approvals'] },
  order: { type: 'string', of: ['ledger', 'close', 'delivered', 'forget'] },
  list: { type: 'boolean', of: ['approvals'] },
  why: { type: 'string', of: ['freeze'] },
  resend: { type: 'boolean', of: ['resolve'] },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const satisfies Readonly<Record<string, Flag>>
export type OwnFlag = keyof typeof OWN_FLAGS

export const SETTING_FLAGS: readonly (readonly [flag: string, name: string])[] = NAMES.flatMap((name) => {
  const flag = flagOf(name)
  return flag === undefined ? [] : [[flag, name]]
})

export const FLAGS: Readonly<Record<string, Flag>> = {
  ...OWN_FLAGS,
  ...Object.fromEntries(
    SETTING_FLAGS.map(([flag, name]) => [flag, { type: isSwitch(name) ? 'boolean' : 'string' }] as const),
  ),
}

export const LEDGER_STATES = [
  'waiting',
  'paid',
  'part_refunded',
  'refunded',
  'closed',
  'alarm',
  'unknown',
  'undelivered',
] as const

/** Flags that say whose settings are meant: a printed command repeats them. */
export const SETTINGS_OF_A_CALL: ReadonlySet<string> = new Set([
  ...['lang', 'dotenv', 'env-file', 'config', 'no-settings-file'],
  ...SETTING_FLAGS.map(([flag]) => flag),
])
