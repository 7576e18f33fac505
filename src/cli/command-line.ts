// The command line as data: which command, in which language, which settings, and where each of these came from.
import { isLanguage, type Language, languageOf } from '../language.ts'
import { type Called, pasteable } from '../pasteable-call.ts'
import { readSettings, type Settings } from '../settings/settings.ts'
import type { Source, Variables } from '../settings/sources.ts'
import { unbroken } from '../text.ts'
import { commandsNamed, type HelpTopic } from './command-words.ts'
import { flagName, keyFlagWords, parseFlags, textValue, type Values } from './flag-parser.ts'
import { type Command, OWN_FLAGS, SETTING_FLAGS } from './flags.ts'
import { keyArgumentText } from './stray-words.ts'
import { USAGE, UsageError, type UsageText } from './usage-text.ts'

export { HELP_TOPICS, type HelpTopic } from './command-words.ts'
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
  /** The words behind the name of a command that takes some. */
  operands: readonly string[]
  /** Of help: a command, or `settings`. */
  topic: HelpTopic | undefined
  json: boolean
  /** Whether doctor may make an order of 0.01. */
  probe: boolean
  /** Whether install only prints what a person pastes. */
  print: boolean
  /** Whether the host's file in this project is meant. */
  project: boolean
  /** File with a notification for doctor to judge. */
  notification: string | undefined
  sandboxRules: boolean
  /** Whether the emulator runs in certificate mode. */
  certificates: boolean
  /** Folder with the emulator's keys. */
  keys: string | undefined
  /** File with the user's own public key, which the emulator takes. */
  appPublicKey: string | undefined
  /** Where the emulator notifies agreements. */
  appGateway: string | undefined
  /** Whether init makes a pair of keys. */
  makeKeys: boolean
  /** The file of another server's settings that init takes over. */
  importFile: string | undefined
  /** What init does with settings that are there. */
  existing: 'change' | 'aside' | undefined
  /** Whether nothing is asked: init takes its proposals, install and uninstall a yes. */
  yes: boolean
  /** Whether listen is to be the half that faces the internet, and nothing else. */
  front: boolean
  /** Whether listen is to be the half that asks Alipay, and nothing else. */
  watcher: boolean
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

type ReadImport = (path: string) => Source

/**
 * @param settingsFile the one in the platform's config folder, which need not be there
 * @param program how this program was called
 * @param readImport of init; loaded only where it is needed, since its parsers are large
 * @throws UsageError
 */
export function readCommandLine(
  args: readonly string[],
  env: Variables,
  settingsFile?: string,
  program = 'alipay-mcp',
  readImport?: ReadImport,
): CommandLine {
  const language = languageGiven(args, env)
  try {
    return understood(args, env, language, settingsFile, program, readImport)
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
  readImport: ReadImport | undefined,
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
    imported: values.import === undefined ? undefined : readImport?.(String(values.import)),
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
    operands: words.operands,
    topic: isHelp && words.isNamed && words.command !== 'help' ? words.command : words.topic,
    json: values.json === true,
    probe: values.probe === true,
    print: values.print === true,
    project: values.project === true,
    notification: textValue(values.notification),
    sandboxRules: values['sandbox-rules'] === true,
    certificates: values.certificates === true,
    keys: textValue(values.keys),
    appPublicKey: textValue(values['app-public-key']),
    appGateway: textValue(values['app-gateway']),
    makeKeys: values['make-keys'] === true,
    importFile: textValue(values.import),
    existing: EXISTING.find((one) => one === values.existing),
    yes: values.yes === true,
    front: values.front === true,
    watcher: values.watcher === true,
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

const EXISTING = ['change', 'aside'] as const

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
  const { existing } = values
  if (existing !== undefined && !EXISTING.some((one) => one === existing)) throw new UsageError(say.existing)
  if (values.lang !== undefined && !isLanguage(textValue(values.lang))) throw new UsageError(say.language)
}

function flagSource(given: Values): Source {
  const values = [...SETTING_FLAGS, ['port', 'ALIPAY_EMULATOR_PORT'] as const].flatMap(([flag, name]) =>
    given[flag] === undefined ? [] : [{ written: `--${flag}`, name, value: String(given[flag]) }],
  )
  return { text: 'the command line', values }
}

function emptyOrderText(command: Command, called: Called, say: UsageText): string {
  const own = pasteable(called, command, '--order', 'N')
  return say.emptyOrder(unbroken(own), unbroken(pasteable(called, 'ledger', '--wide')))
}
