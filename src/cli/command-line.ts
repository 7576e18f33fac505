// The command line as data: which command, in which language, which settings, and where each of these came from.
import { isLanguage, type Language, languageOf } from '../language.ts'
import { type Called, pasteable } from '../pasteable-call.ts'
import { readSettings, type Settings } from '../settings/settings.ts'
import type { Source, Variables } from '../settings/sources.ts'
import { unbroken } from '../text.ts'
import {
  flagName,
  guess,
  keyFlagWords,
  parseFlags,
  type Reading,
  shownWord,
  textValue,
  type Values,
} from './flag-parser.ts'
import { COMMANDS, type Command, FLAGS, LEDGER_STATES, OWN_FLAGS, SETTING_FLAGS } from './flags.ts'
import { assignmentText, keyArgumentText, splitPathText } from './stray-words.ts'
import { USAGE, UsageError, type UsageText } from './usage-text.ts'

export { COMMANDS, type Command } from './flags.ts'
export { UsageError } from './usage-text.ts'

/** What a command gets of the world; only main.ts touches the process. */
export interface CommandLine extends Settings {
  command: Command
  language: Language
  /** What FORCE_COLOR or NO_COLOR says; undefined: colour where there is a terminal. */
  colour: boolean | undefined
  /** How this program was called, such as `node dist/main.js`. */
  program: string
  /** The flags of this call that say whose settings are meant. */
  settingArgs: readonly string[]
  /** Of help: a command, or `settings`. */
  topic: HelpTopic | undefined
  json: boolean
  /** Whether doctor may make an order of 0.01. */
  probe: boolean
  /** File with a notification for doctor to judge. */
  notification: string | undefined
  sandboxRules: boolean
  /** Whether the emulator runs in certificate mode. */
  certificates: boolean
  /** Folder with the emulator's keys. */
  keys: string | undefined
  /** File with the user's own public key, which the emulator takes. */
  appPublicKey: string | undefined
  /** Whether listen is to be the half that faces the internet, and nothing else. */
  front: boolean
  /** Of listen. */
  healthPort: string | undefined
  /** Whether demo leaves paying to a person. */
  open: boolean
  /** Whether demo shows each call and answer. */
  verbose: boolean
  csv: boolean
  /** Beijing day, `yyyy-MM-dd`, like the next. */
  since: string | undefined
  /** The last day. */
  until: string | undefined
  /** `yyyy-MM`, instead of the two. */
  month: string | undefined
  state: string | undefined
  /** Whether a table shows everything, however narrow the terminal is. */
  wide: boolean
  /** Either number of one order. */
  order: string | undefined
  /** Whether approvals only lists what waits. */
  list: boolean
  /** Of a freeze. */
  why: string | undefined
  /** Whether resolve may send again what Alipay does not know. */
  resend: boolean
  version: boolean
}

export const HELP_TOPICS = [...COMMANDS, 'settings'] as const
export type HelpTopic = (typeof HELP_TOPICS)[number]

/**
 * @param settingsFile the one in the platform's config folder, which need not be there
 * @param program how this program was called
 * @throws UsageError
 */
export function readCommandLine(
  args: readonly string[],
  env: Variables,
  settingsFile?: string,
  program = 'alipay-mcp',
): CommandLine {
  const language = languageGiven(args, env)
  try {
    return understood(args, env, language, settingsFile, program)
  } catch (error) {
    // Somebody in a hurry must not take a hint about the words for a freeze.
    if (!(error instanceof UsageError) || !args.includes('freeze') || args.includes('help')) throw error
    throw new UsageError(`${USAGE(language).notFrozen}${error.message}`)
  }
}

function understood(
  args: readonly string[],
  env: Variables,
  language: Language,
  settingsFile: string | undefined,
  program: string,
): CommandLine {
  const say = USAGE(language)
  const reading = { args, say, program }
  const key = keyArgumentText(args, say)
  if (key !== undefined && !args.some((arg) => arg.startsWith('-') && keyFlagWords(flagName(arg), reading)))
    throw new UsageError(key)
  const { values, positionals, settingArgs } = parseFlags(reading)
  const words = commandsNamed(positionals, reading)
  requireBelonging(words.command, values, say)
  if (values.order === '') throw new UsageError(emptyOrderText(words.command, { program, settingArgs }, say))
  const settings = readSettings(flagSource(values), env, {
    envFile: textValue(values.dotenv ?? values['env-file']),
    config: textValue(values.config),
    settingsFile: values['no-settings-file'] === true ? undefined : settingsFile,
  })
  const isHelp = values.help === true
  return {
    ...settings,
    command: isHelp ? 'help' : words.command,
    language,
    colour: colourWanted(env),
    program,
    settingArgs,
    topic: isHelp && words.isNamed && words.command !== 'help' ? words.command : words.topic,
    json: values.json === true,
    probe: values.probe === true,
    notification: textValue(values.notification),
    sandboxRules: values['sandbox-rules'] === true,
    certificates: values.certificates === true,
    keys: textValue(values.keys),
    appPublicKey: textValue(values['app-public-key']),
    front: values.front === true,
    healthPort: textValue(values['health-port']),
    open: values.open === true,
    verbose: values.verbose === true,
    csv: values.csv === true,
    since: textValue(values.since),
    until: textValue(values.until),
    month: textValue(values.month),
    state: textValue(values.state),
    wide: values.wide === true,
    order: textValue(values.order),
    list: values.list === true,
    why: textValue(values.why),
    resend: values.resend === true,
    version: values.version === true || words.isVersion,
  }
}

/** Looked for before all else, since what is wrong is said in it. */
function languageGiven(args: readonly string[], env: Variables): Language {
  const at = args.findIndex((arg) => arg === '--lang' || arg.startsWith('--lang='))
  const [, given = args[at + 1]] = at < 0 ? [undefined, undefined] : (args[at] ?? '').split('=')
  return at >= 0 && isLanguage(given) ? given : languageOf(env)
}

/** As no-color.org and Node.js have it. */
function colourWanted({ FORCE_COLOR, NO_COLOR, TERM }: Variables): boolean | undefined {
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return NO_COLOR || TERM === 'dumb' ? false : undefined
}

function requireBelonging(command: Command, values: Values, say: UsageText): void {
  for (const [flag, own] of Object.entries(OWN_FLAGS)) {
    const of: readonly Command[] | undefined = 'of' in own ? own.of : undefined
    if (!of || values[flag] === undefined || command === 'help' || of.includes(command)) continue
    throw new UsageError(say.belongs(flag, of, command) + (flag === 'port' ? say.emulatorPort(command) : ''))
  }
  for (const [first, second] of [
    ['json', 'csv'],
    ['month', 'since'],
    ['month', 'until'],
  ] as const) {
    if (values[first] && values[second]) throw new UsageError(say.oneOf(first, second))
  }
  if (values.lang !== undefined && !isLanguage(textValue(values.lang))) throw new UsageError(say.language)
}

function flagSource(given: Values): Source {
  const values = [...SETTING_FLAGS, ['port', 'ALIPAY_EMULATOR_PORT'] as const].flatMap(([flag, name]) =>
    given[flag] === undefined ? [] : [{ written: `--${flag}`, name, value: String(given[flag]) }],
  )
  return { text: 'the command line', values }
}

/** Which command is meant, and about what help is wanted. */
function commandsNamed(positionals: readonly string[], { args, say, program }: Reading) {
  const [named = 'serve', ...rest] = positionals
  if (named === 'version' && rest.length === 0) {
    return { command: 'help', topic: undefined, isVersion: true, isNamed: true } as const
  }
  const name = named === 'settle' ? 'resolve' : named
  const command = COMMANDS.find((one) => one === name)
  if (!command) throw new UsageError(strayText(named, args, say) ?? unknownCommandText(name, COMMANDS, say, program))
  const [stray] = rest
  const found = { command, topic: undefined, isVersion: false, isNamed: positionals.length > 0 }
  if (stray === undefined) return found
  if (command !== 'help') {
    const why = COMMANDS.some((one) => one === stray) ? undefined : strayText(stray, args, say)
    const word = shownWord(stray)
    const reason = command === 'freeze' && word !== undefined ? say.reasonOf(word) : ''
    const meant = rest.length === 1 ? callMeant(command, stray, { args, program }) : undefined
    throw new UsageError(why ?? say.noArgument(command, word ?? meant?.word) + (meant ? say.meant(meant.call) : reason))
  }
  const topic = HELP_TOPICS.find((one) => one === stray)
  if (!topic) throw new UsageError(unknownCommandText(stray, HELP_TOPICS, say, program))
  return { ...found, topic }
}

function emptyOrderText(command: Command, called: Called, say: UsageText): string {
  const own = pasteable(called, command, '--order', 'N')
  return say.emptyOrder(unbroken(own), unbroken(pasteable(called, 'ledger', '--wide')))
}

const ORDER_NUMBER = /^\d{16,40}[0-9a-f]{0,24}$/

/** The same call with the flag that a word was meant for; undefined where that may be a key, or nothing like it. */
function callMeant(command: Command, stray: string, { args, program }: Pick<Reading, 'args' | 'program'>) {
  const word = shownWord(stray) ?? (ORDER_NUMBER.test(stray) ? stray : undefined)
  const flags = word === undefined ? undefined : flagsMeant(command, word)
  if (word === undefined || flags === undefined || args.filter((arg) => arg === word).length > 1) return undefined
  const words = args.flatMap((arg) => (arg === word ? flags : [arg]))
  return { word, call: unbroken(pasteable({ program, settingArgs: [] }, ...words)) }
}

function flagsMeant(command: Command, word: string): readonly string[] | undefined {
  if (command === 'ledger' && /^\d{4}-\d{2}$/.test(word)) return ['--month', word]
  if (command === 'ledger' && /^\d{4}-\d{2}-\d{2}$/.test(word)) return ['--since', word, '--until', word]
  if (command === 'ledger' && LEDGER_STATES.some((state) => state === word)) return ['--state', word]
  return /\d/.test(word) && OWN_FLAGS.order.of.some((one) => one === command) ? ['--order', word] : undefined
}

function strayText(word: string, args: readonly string[], say: UsageText): string | undefined {
  const before = args[args.indexOf(word) - 1]
  const flag = flagName(before ?? '')
  if (/^(true|false)$/.test(word) && FLAGS[flag]?.type === 'boolean') return say.withEquals(flag, word)
  const isTypo = guess(word, COMMANDS) !== undefined
  return isTypo ? undefined : (assignmentText(word, say) ?? splitPathText(word, before, say))
}

function unknownCommandText(name: string, known: readonly string[], say: UsageText, program: string): string {
  const nearest = guess(name, known)
  const words = [say.noCommand(shownWord(name)), nearest && say.guess(nearest), say.see(`${program} help`)]
  return words.filter(Boolean).join('\n')
}
