// The flags on a command line, each once and spelt right; what else was typed is never quoted, for it may be a key.
import { parseArgs } from 'node:util'
import { distance } from 'fastest-levenshtein'
import { COMMANDS, FLAGS, SETTING_FLAGS, SETTINGS_OF_A_CALL } from './flags.ts'
import { keyFlagText } from './stray-words.ts'
import { UsageError, type UsageText } from './usage-text.ts'

export type Values = Readonly<Record<string, string | boolean | undefined>>
export const textValue = (value: Values[string]) => (typeof value === 'string' ? value : undefined)

export interface Reading {
  args: readonly string[]
  say: UsageText
  program: string
}

/** The last one would win in silence, and the first may have held a guard. */
function requireOnce(flags: readonly string[], say: UsageText): void {
  const twice = flags.find((flag, index) => flags.indexOf(flag) !== index)
  if (twice !== undefined) throw new UsageError(say.twice(twice))
  if (flags.includes('dotenv') && flags.includes('env-file')) throw new UsageError(say.envFileToo)
}

// `-v` is what older versions took.
const SWITCH = /^--([\w-]+)=(true|false)$/

/** @throws UsageError */
export function parseFlags(reading: Reading) {
  const { args, say } = reading
  // As most hosts start it: Node's parser would be loaded for nothing (start -1 %).
  if (args.length === 0) return { values: {}, positionals: [], settingArgs: [] }
  const switched = new Map<string, boolean>()
  const plain = args.map((arg, at) => {
    const [, flag = '', value] = SWITCH.exec(arg) ?? []
    if (args.slice(0, at).includes('--') || FLAGS[flag]?.type !== 'boolean') return arg === '-v' ? '-V' : arg
    switched.set(flag, value === 'true')
    return `--${flag}`
  })
  try {
    const { tokens, values, positionals } = parseArgs({
      ...{ args: plain, options: FLAGS, allowPositionals: true, strict: true, tokens: true },
    })
    requireOnce(
      tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : [])),
      say,
    )
    const settingArgs = tokens.flatMap((token) =>
      token.kind === 'option' && SETTINGS_OF_A_CALL.has(token.name) ? given(token, switched) : [],
    )
    return { values: { ...values, ...Object.fromEntries(switched) }, positionals, settingArgs }
  } catch (error) {
    throw new UsageError(flagText(error, reading))
  }
}

/** A flag as it can be given again. */
function given(
  { name, value }: { name: string; value?: string | undefined },
  switched: Map<string, boolean>,
): string[] {
  if (value !== undefined) return [`--${name}`, value]
  return [switched.get(name) === false ? `--${name}=false` : `--${name}`]
}

function flagText(error: unknown, reading: Reading): string {
  const { args, say } = reading
  if (error instanceof UsageError) return error.message
  const unknown = args.find((arg) => /^-/.test(arg) && arg !== '-v' && !Object.hasOwn(FLAGS, flagName(arg)))
  if (unknown !== undefined) return unknownFlagText(flagName(unknown), reading)
  const wrong = args.map(flagName).find((flag, at) => Object.hasOwn(FLAGS, flag) && isWrong(args[at] ?? '', flag))
  if (wrong !== undefined) return (FLAGS[wrong]?.type === 'boolean' ? say.trueOrFalse : say.needsValue)(wrong)
  return error instanceof Error ? error.message : String(error)
}

/** A switch with a value that it does not take, or a flag without the value that it needs. */
const isWrong = (arg: string, flag: string) =>
  arg.startsWith('--') && arg.includes('=') === (FLAGS[flag]?.type === 'boolean')

export const flagName = (arg: string) => arg.replace(/^-+/, '').split('=', 1).join('')
// What else was typed is not quoted: it may be a key.
export const shownWord = (text: string) => (/^[\w-]{1,30}$/.test(text) ? text : undefined)

const commandIn = (args: readonly string[]) => COMMANDS.find((one) => one !== 'help' && args.includes(one))

/** The two make keys and addresses of their own: no setting of Alipay's is meant there. */
const hasOwnKeys = (args: readonly string[]) => /^(emulator|demo)$/.test(commandIn(args) ?? '')

/** Words for a flag that would take a key, of a command that uses one, or has this very flag (`--app-public-key`). */
export const keyFlagWords = (flag: string, { args, say }: Reading) =>
  hasOwnKeys(args) && !Object.hasOwn(FLAGS, flag) ? undefined : keyFlagText(flag, say)

function unknownFlagText(flag: string, reading: Reading): string {
  const { args, say, program } = reading
  const key = keyFlagWords(flag, reading)
  if (key !== undefined) return key
  if (/^(alipay-)?app-auth-token$/.test(flag)) return say.token(flag)
  const word = shownWord(flag)
  const command = commandIn(args)
  const idle = hasOwnKeys(args) ? SETTING_FLAGS.map(([name]) => name) : []
  const taken = Object.keys(FLAGS).filter(
    (one) => !command || (FLAGS[one]?.of?.includes(command) ?? !idle.includes(one)),
  )
  const known = guess(flag.replace(/^alipay-/, ''), taken)
  const words = [
    say.noFlag(word && `${word.length === 1 ? '-' : '--'}${word}`),
    known && say.guess(`--${known}`),
    say.see(command ? `${program} help ${command}` : `${program} help`),
  ]
  return words.filter(Boolean).join('\n')
}

// What is further away is another word, and to name it sends people the wrong way.
const FAR = 2

/** The nearest of the known names. */
export function guess(name: string, known: readonly string[]): string | undefined {
  const word = name.toLowerCase()
  const [best = ''] = [...known].sort((a, b) => distance(word, a) - distance(word, b))
  const away = distance(word, best)
  // Of two letters, any two others are near.
  const shared = [...new Set(word)].filter((letter) => best.includes(letter)).length
  return away <= FAR && shared > away ? best : undefined
}
