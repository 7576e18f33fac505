// The command line as data: which command, which settings, and where each of these came from.
import { parseArgs } from 'node:util'
import { distance } from 'fastest-levenshtein'
import { readSettings, type Settings } from '../settings/settings.ts'
import type { Source, Variables } from '../settings/sources.ts'
import { flagOf, isSwitch, NAMES } from '../settings/variables.ts'
import { assignmentText, keyArgumentText, keyFlagText, splitPathText } from './stray-words.ts'

export const COMMANDS = [
  'serve',
  'demo',
  'doctor',
  'emulator',
  'ledger',
  'approvals',
  'freeze',
  'unfreeze',
  'resolve',
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
  /** Whether the emulator runs in certificate mode. */
  certificates: boolean
  /** Folder with the emulator's keys. */
  keys: string | undefined
  /** File with the user's own public key, which the emulator takes. */
  appPublicKey: string | undefined
  /** Whether demo leaves paying to a person. */
  open: boolean
  csv: boolean
  /** Beijing day, `yyyy-MM-dd`. */
  since: string | undefined
  /** Either number of one order. */
  order: string | undefined
  /** Of a freeze. */
  why: string | undefined
  /** Whether resolve may send again what Alipay does not know. */
  resend: boolean
  version: boolean
}

/** A command line that cannot be understood; its message names the nearest thing there is. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/**
 * @param settingsFile the one in the platform's config folder, which need not be there
 * @throws UsageError
 */
export function readCommandLine(args: readonly string[], env: Variables, settingsFile?: string): CommandLine {
  const key = keyArgumentText(args)
  if (key !== undefined && !args.some((arg) => arg.startsWith('-') && keyFlagText(flagName(arg))))
    throw new UsageError(key)
  const { values, positionals } = parseFlags(args)
  const command = values.help === true ? 'help' : commandNamed(positionals, args)
  requireBelonging(command, values)
  const settings = readSettings(flagSource(values), env, {
    envFile: textValue(values.dotenv ?? values['env-file']),
    config: textValue(values.config),
    settingsFile: values['no-settings-file'] === true ? undefined : settingsFile,
  })
  return {
    ...settings,
    command,
    json: values.json === true,
    probe: values.probe === true,
    sandboxRules: values['sandbox-rules'] === true,
    certificates: values.certificates === true,
    keys: textValue(values.keys),
    appPublicKey: textValue(values['app-public-key']),
    open: values.open === true,
    csv: values.csv === true,
    since: textValue(values.since),
    order: textValue(values.order),
    why: textValue(values.why),
    resend: values.resend === true,
    version: values.version === true,
  }
}

interface Flag {
  type: 'string' | 'boolean'
  short?: string
  /** The only commands that take it. */
  of?: readonly Command[]
}

/** Each other flag is a setting. */
const OWN_FLAGS: Readonly<Record<string, Flag>> = {
  dotenv: { type: 'string' },
  // Its older name, which Node.js also reads, and ends where the file is missing.
  'env-file': { type: 'string' },
  config: { type: 'string' },
  'no-settings-file': { type: 'boolean' },
  port: { type: 'string', of: ['emulator'] },
  json: { type: 'boolean', of: ['emulator', 'doctor', 'ledger'] },
  probe: { type: 'boolean', of: ['doctor'] },
  'sandbox-rules': { type: 'boolean', of: ['emulator'] },
  certificates: { type: 'boolean', of: ['emulator'] },
  keys: { type: 'string', of: ['emulator'] },
  'app-public-key': { type: 'string', of: ['emulator'] },
  open: { type: 'boolean', of: ['demo'] },
  csv: { type: 'boolean', of: ['ledger'] },
  since: { type: 'string', of: ['ledger'] },
  order: { type: 'string', of: ['ledger', 'forget'] },
  why: { type: 'string', of: ['freeze'] },
  resend: { type: 'boolean', of: ['resolve'] },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
}
const SETTING_FLAGS: readonly (readonly [flag: string, name: string])[] = NAMES.flatMap((name) => {
  const flag = flagOf(name)
  return flag === undefined ? [] : [[flag, name]]
})
const FLAGS: Readonly<Record<string, Flag>> = {
  ...OWN_FLAGS,
  ...Object.fromEntries(
    SETTING_FLAGS.map(([flag, name]) => [flag, { type: isSwitch(name) ? 'boolean' : 'string' }] as const),
  ),
}

function requireBelonging(command: Command, values: Values): void {
  for (const [flag, { of }] of Object.entries(OWN_FLAGS)) {
    if (!of || values[flag] === undefined || command === 'help' || of.includes(command)) continue
    const instead = flag === 'port' ? `; for ${command} it is --emulator-port` : ''
    throw new UsageError(`--${flag} belongs to ${of.join(' and ')}, not to ${command}${instead}.`)
  }
  if (values.json === true && values.csv === true) throw new UsageError('Take --json or --csv, not both.')
}

/** The last one would win in silence, and the first may have held a guard. */
function requireOnce(flags: readonly string[]): void {
  const twice = flags.find((flag, index) => flags.indexOf(flag) !== index)
  if (twice !== undefined) throw new UsageError(`--${twice} is given twice; keep one.`)
  if (flags.includes('dotenv') && flags.includes('env-file')) {
    throw new UsageError('--env-file is another name of --dotenv; keep one of them.')
  }
}

type Values = ReturnType<typeof parseFlags>['values']
const textValue = (value: Values[string]) => (typeof value === 'string' ? value : undefined)

function flagSource(given: Values): Source {
  const values = [...SETTING_FLAGS, ['port', 'ALIPAY_EMULATOR_PORT'] as const].flatMap(([flag, name]) =>
    given[flag] === undefined ? [] : [{ written: `--${flag}`, name, value: String(given[flag]) }],
  )
  return { text: 'the command line', values }
}

function parseFlags(args: readonly string[]) {
  try {
    const { tokens, ...rest } = parseArgs({
      args: [...args],
      options: FLAGS,
      allowPositionals: true,
      strict: true,
      tokens: true,
    })
    requireOnce(tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : [])))
    return rest
  } catch (error) {
    const unknown = args.find((arg) => arg.startsWith('-') && !Object.hasOwn(FLAGS, flagName(arg)))
    if (unknown === undefined) throw new UsageError(error instanceof Error ? error.message : String(error))
    throw new UsageError(unknownFlagText(flagName(unknown), Object.keys(FLAGS)))
  }
}

const flagName = (arg: string) => arg.replace(/^-+/, '').split('=', 1).join('')
// What else was typed is not quoted: it may be a key.
const quoteWord = (text: string) => (/^[\w-]{1,30}$/.test(text) ? ` ${text}` : ' like that')

function unknownFlagText(flag: string, known: readonly string[]): string {
  const key = keyFlagText(flag)
  if (key !== undefined) return key
  if (/^(alipay-)?app-auth-token$/.test(flag)) {
    return `--${flag} is no flag, because every user of a computer can read command lines; set ALIPAY_APP_AUTH_TOKEN, or put it into a file given with --dotenv or --config.`
  }
  const name = quoteWord(flag)
  return `There is no flag${name === ' like that' ? name : ` --${flag}`}. ${suggestNearest(flag, known, '--')}`
}

function commandNamed(positionals: readonly string[], args: readonly string[]): Command {
  const [given = 'serve', ...rest] = positionals
  const name = given === 'settle' ? 'resolve' : given
  const command = COMMANDS.find((one) => one === name)
  if (!command) throw new UsageError(strayText(given, args) ?? unknownCommandText(name))
  const [stray] = rest
  if (stray === undefined) return command
  const why = COMMANDS.some((one) => one === stray) ? undefined : strayText(stray, args)
  throw new UsageError(why ?? `${command} takes no argument${quoteWord(stray)}.`)
}

function strayText(word: string, args: readonly string[]): string | undefined {
  const isTypo = COMMANDS.some((command) => distance(word, command) <= 2)
  return isTypo ? undefined : (assignmentText(word) ?? splitPathText(word, args[args.indexOf(word) - 1]))
}

const unknownCommandText = (name: string) =>
  `There is no command${quoteWord(name)}. ${suggestNearest(name, COMMANDS, '')}`

function suggestNearest(name: string, known: readonly string[], prefix: string): string {
  const best = [...known].sort((a, b) => distance(name, a) - distance(name, b))[0] ?? ''
  return `Did you mean ${prefix}${best}? See alipay-mcp --help.`
}
