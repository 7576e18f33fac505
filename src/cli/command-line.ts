// The command line as data: which command, which settings. Flags win over the environment, it over --env-file.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parse } from 'dotenv'
import { distance } from 'fastest-levenshtein'
import { type Variables, withoutPlaceholders } from '../config.ts'
import type { Problem } from '../errors.ts'
import { flagOf, isSwitch, NAMES } from '../variables.ts'

export const COMMANDS = ['serve', 'demo', 'emulator', 'help'] as const
export type Command = (typeof COMMANDS)[number]

/** What a command gets of the world; only main.ts touches the process. */
export interface CommandLine {
  command: Command
  variables: Variables
  /** Settings that could not even be read, such as an env file that is not there. */
  problems: readonly Problem[]
  json: boolean
  sandboxRules: boolean
  version: boolean
}

/** A command line that cannot be understood; its message names the nearest thing there is. */
export class UsageError extends Error {
  override name = 'UsageError'
}

const FLAGS = new Map(NAMES.flatMap((name) => [[flagOf(name), name] as const]))

/** @throws UsageError */
export function readCommandLine(args: readonly string[], env: Variables): CommandLine {
  const { values, positionals } = parsed(args)
  const command = values.help === true ? 'help' : commandNamed(positionals)
  const flags: Record<string, string> = {}
  for (const [flag, name] of FLAGS) {
    const value = flag === undefined ? undefined : values[flag]
    if (value !== undefined) flags[name] = value === true ? 'true' : String(value)
  }
  if (typeof values.port === 'string') flags.ALIPAY_EMULATOR_PORT = values.port
  const file = readEnvFile(values['env-file'])
  return {
    command,
    variables: over(flags, over(withoutEmpty(env), file.variables)),
    problems: file.problems,
    json: values.json === true,
    sandboxRules: values['sandbox-rules'] === true,
    version: values.version === true,
  }
}

function parsed(args: readonly string[]) {
  const options: Record<string, { type: 'string' | 'boolean' }> = {
    'env-file': { type: 'string' },
    port: { type: 'string' },
    json: { type: 'boolean' },
    'sandbox-rules': { type: 'boolean' },
    help: { type: 'boolean' },
    version: { type: 'boolean' },
  }
  for (const [flag, name] of FLAGS) {
    if (flag !== undefined) options[flag] = { type: isSwitch(name) ? 'boolean' : 'string' }
  }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    const unknown = args.find((arg) => arg.startsWith('-') && !(bare(arg) in options))
    if (unknown === undefined) throw new UsageError(error instanceof Error ? error.message : String(error))
    throw new UsageError(whyNot(bare(unknown), Object.keys(options)))
  }
}

const bare = (arg: string) => arg.replace(/^-+/, '').split('=', 1).join('')
// What else was typed is not quoted: it may be a key.
const quotable = (text: string) => (/^[\w-]{1,30}$/.test(text) ? ` ${text}` : ' like that')

/**
 * A key from a higher source also replaces a key file from a lower one, and the reverse. A placeholder that the host
 * did not replace replaces nothing either.
 */
function over(higher: Variables, lower: Variables): Variables {
  const real = withoutPlaceholders(higher)
  const replaced = (name: string) => real[`${name}_FILE`] ?? real[name.replace(/_FILE$/, '')]
  const kept = Object.entries(lower).filter(([name]) => replaced(name) === undefined)
  return { ...higher, ...Object.fromEntries(kept), ...real }
}

function whyNot(flag: string, known: readonly string[]): string {
  if (/^(alipay-)?(private|public)-key$/.test(flag)) {
    return `--${flag} is no flag, because every user of a computer can read command lines; use --${flag.replace('alipay-', '')}-file.`
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

/** dotenv's parser alone: its loader would print to standard output and change the environment. */
function readEnvFile(file: unknown): { variables: Variables; problems: readonly Problem[] } {
  if (typeof file !== 'string') return { variables: {}, problems: [] }
  try {
    return { variables: withoutEmpty(parse(readFileSync(file, 'utf8'))), problems: [] }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
    const problem = `names a file that cannot be read${code}: ${JSON.stringify(file)}.`
    const fix = 'correct the path; hosts start the server in another folder, so give the full one.'
    return { variables: {}, problems: [{ variable: '--env-file', problem, fix }] }
  }
}

function withoutEmpty(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()))
}
