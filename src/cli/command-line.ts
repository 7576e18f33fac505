// The command line as data: which command, which settings, and where each of these came from.
import { parseArgs } from 'node:util'
import { distance } from 'fastest-levenshtein'
import { readSettings, type Settings } from '../settings/settings.ts'
import type { Source, Variables, Written } from '../settings/sources.ts'
import { flagOf, isSwitch, NAMES } from '../settings/variables.ts'

export const COMMANDS = [
  'serve',
  'demo',
  'doctor',
  'emulator',
  'ledger',
  'approvals',
  'freeze',
  'unfreeze',
  'settle',
  'forget',
  'help',
] as const
export type Command = (typeof COMMANDS)[number]

/** What a command gets of the world; only main.ts touches the process. */
export interface CommandLine extends Settings {
  command: Command
  json: boolean
  /** Whether doctor may make an order of 0.01. */
  probe: boolean
  sandboxRules: boolean
  /** Whether demo leaves paying to a person. */
  open: boolean
  csv: boolean
  /** Beijing day, `yyyy-MM-dd`. */
  since: string | undefined
  /** Either number of one order. */
  order: string | undefined
  /** Of a freeze. */
  why: string | undefined
  /** Whether settle may send again what Alipay does not know. */
  resend: boolean
  version: boolean
}

/** A command line that cannot be understood; its message names the nearest thing there is. */
export class UsageError extends Error {
  override name = 'UsageError'
}

const FLAGS = new Map(NAMES.flatMap((name) => [[flagOf(name), name] as const]))

/**
 * @param settingsFile the one in the platform's config folder, which need not be there
 * @throws UsageError
 */
export function readCommandLine(args: readonly string[], env: Variables, settingsFile?: string): CommandLine {
  const { values, positionals } = parsed(args)
  const command = values.help === true ? 'help' : commandNamed(positionals)
  demandBelonging(command, values)
  const settings = readSettings(flagsIn(values), env, {
    envFile: textIn(values['env-file']),
    config: textIn(values.config),
    settingsFile: values['no-settings-file'] === true ? undefined : settingsFile,
  })
  return {
    ...settings,
    command,
    json: values.json === true,
    probe: values.probe === true,
    sandboxRules: values['sandbox-rules'] === true,
    open: values.open === true,
    csv: values.csv === true,
    since: textIn(values.since),
    order: textIn(values.order),
    why: textIn(values.why),
    resend: values.resend === true,
    version: values.version === true,
  }
}

/** Flags of single commands; each other flag is a setting. */
const BELONGING: Readonly<Record<string, readonly Command[]>> = {
  port: ['emulator'],
  json: ['emulator', 'doctor', 'ledger'],
  probe: ['doctor'],
  'sandbox-rules': ['emulator'],
  open: ['demo'],
  csv: ['ledger'],
  since: ['ledger'],
  order: ['ledger', 'forget'],
  why: ['freeze'],
  resend: ['settle'],
}

function demandBelonging(command: Command, values: Values): void {
  for (const [flag, commands] of Object.entries(BELONGING)) {
    if (values[flag] === undefined || command === 'help' || commands.includes(command)) continue
    const instead = flag === 'port' ? `; for ${command} it is --emulator-port` : ''
    throw new UsageError(`--${flag} belongs to ${commands.join(' and ')}, not to ${command}${instead}.`)
  }
  if (values.json === true && values.csv === true) throw new UsageError('Take --json or --csv, not both.')
}

/** The last one would win in silence, and the first may have held a guard. */
function demandOnce(flags: readonly string[]): void {
  const twice = flags.find((flag, index) => flags.indexOf(flag) !== index)
  if (twice !== undefined) throw new UsageError(`--${twice} is given twice; keep one.`)
}

type Values = ReturnType<typeof parsed>['values']
const textIn = (value: Values[string]) => (typeof value === 'string' ? value : undefined)

function flagsIn(values: Values): Source {
  const flags: Written[] = []
  for (const [flag, name] of [...FLAGS, ['port', 'ALIPAY_EMULATOR_PORT'] as const]) {
    const value = flag === undefined ? undefined : values[flag]
    if (value !== undefined)
      flags.push({ written: `--${flag}`, name, value: value === true ? 'true' : String(value) })
  }
  return { text: 'the command line', values: flags }
}

function parsed(args: readonly string[]) {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    'env-file': { type: 'string' },
    config: { type: 'string' },
    'no-settings-file': { type: 'boolean' },
    port: { type: 'string' },
    json: { type: 'boolean' },
    probe: { type: 'boolean' },
    'sandbox-rules': { type: 'boolean' },
    open: { type: 'boolean' },
    csv: { type: 'boolean' },
    since: { type: 'string' },
    order: { type: 'string' },
    why: { type: 'string' },
    resend: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean', short: 'v' },
  }
  for (const [flag, name] of FLAGS) {
    if (flag !== undefined) options[flag] = { type: isSwitch(name) ? 'boolean' : 'string' }
  }
  try {
    const { tokens, ...rest } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
      tokens: true,
    })
    demandOnce(tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : [])))
    return rest
  } catch (error) {
    const unknown = args.find((arg) => arg.startsWith('-') && !(bare(arg) in options))
    if (unknown === undefined) throw new UsageError(error instanceof Error ? error.message : String(error))
    throw new UsageError(whyNot(bare(unknown), Object.keys(options)))
  }
}

const bare = (arg: string) => arg.replace(/^-+/, '').split('=', 1).join('')
// What else was typed is not quoted: it may be a key.
const quotable = (text: string) => (/^[\w-]{1,30}$/.test(text) ? ` ${text}` : ' like that')

function whyNot(flag: string, known: readonly string[]): string {
  if (/^(alipay-)?(private|public)-key$/.test(flag)) {
    return `--${flag} is no flag, because every user of a computer can read command lines; use --${flag.replace('alipay-', '')}-file.`
  }
  if (/^(alipay-)?app-auth-token$/.test(flag)) {
    return `--${flag} is no flag, because every user of a computer can read command lines; set ALIPAY_APP_AUTH_TOKEN, or put it into a file given with --env-file or --config.`
  }
  const name = quotable(flag)
  return `There is no flag${name === ' like that' ? name : ` --${flag}`}. ${nearest(flag, known, '--')}`
}

function commandNamed(positionals: readonly string[]): Command {
  const [name = 'serve', ...rest] = positionals
  const command = COMMANDS.find((one) => one === name)
  if (!command) throw new UsageError(`There is no command${quotable(name)}. ${nearest(name, COMMANDS, '')}`)
  if (rest.length > 0) throw new UsageError(`${command} takes no argument${quotable(rest[0] ?? '')}.`)
  return command
}

function nearest(name: string, known: readonly string[], prefix: string): string {
  const best = [...known].sort((a, b) => distance(name, a) - distance(name, b))[0] ?? ''
  return `Did you mean ${prefix}${best}? See alipay-mcp --help.`
}
