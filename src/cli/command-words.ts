// The words of a command line that are no flags: which command is meant, and what a stray word was meant for.
import { pasteable } from '../pasteable-call.ts'
import { unbroken } from '../text.ts'
import { flagName, guess, type Reading, shownWord } from './flag-parser.ts'
import { COMMANDS, type Command, FLAGS, LEDGER_STATES, OPERANDS, OWN_FLAGS } from './flags.ts'
import { assignmentText, splitPathText } from './stray-words.ts'
import { UsageError, type UsageText } from './usage-text.ts'

export const HELP_TOPICS = [...COMMANDS, 'settings'] as const
export type HelpTopic = (typeof HELP_TOPICS)[number]

/** Which command is meant, its operands, and about what help is wanted. */
export function commandsNamed(positionals: readonly string[], { args, say, program }: Reading) {
  const [named = 'serve', ...rest] = positionals
  if (named === 'version' && rest.length === 0) {
    return { command: 'help', topic: undefined, isVersion: true, isNamed: true, operands: [] } as const
  }
  const name = named === 'settle' ? 'resolve' : named
  const command = COMMANDS.find((one) => one === name)
  if (!command) throw new UsageError(strayText(named, args, say) ?? unknownCommandText(name, COMMANDS, say, program))
  const most = OPERANDS[command] ?? 0
  const operands = rest.slice(0, most)
  const stray = rest[most]
  const found = { command, topic: undefined, isVersion: false, isNamed: positionals.length > 0, operands }
  if (stray === undefined) return found
  if (command !== 'help') {
    const why = COMMANDS.some((one) => one === stray) ? undefined : strayText(stray, args, say)
    const word = shownWord(stray)
    const reason = command === 'freeze' && word !== undefined ? say.reasonOf(word) : ''
    const meant = rest.length === 1 && most === 0 ? callMeant(command, stray, { args, program }) : undefined
    throw new UsageError(why ?? say.noArgument(command, word ?? meant?.word) + (meant ? say.meant(meant.call) : reason))
  }
  const topic = HELP_TOPICS.find((one) => one === stray)
  if (!topic) throw new UsageError(unknownCommandText(stray, HELP_TOPICS, say, program))
  return { ...found, topic }
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
