// Words on a command line that belong elsewhere: keys, which are never printed, settings, and paths split at a blank.

import { isKeyText } from '../settings/key-text.ts'
import { oneLine } from '../text.ts'
import type { UsageText } from './usage-text.ts'

/** Words for an argument that is a key, wherever it stands; undefined where none is. */
export function keyArgumentText(args: readonly string[], say: UsageText): string | undefined {
  const at = args.findIndex(isKeyText)
  return at < 0 ? undefined : say.key(at + 1)
}

const SECRET_NAME = /(priv(ate)?|pub(lic)?|app|secret|rsa2?)[-_]?key$|auth[-_]?token$|(^|[-_])(key|secret|pem)$/i

/** Words for `NAME=value`, of which the value is shown never. */
export function assignmentText(word: string, say: UsageText): string | undefined {
  const [, name] = /^(?:export\s+|set\s+|-e)?([A-Za-z_][A-Za-z0-9_]{1,40})=/.exec(word) ?? []
  return name === undefined ? undefined : say.setting(name, SECRET_NAME.test(name))
}

/** Words for what was left over where a path was split at a blank. */
export function splitPathText(word: string, before: string | undefined, say: UsageText): string | undefined {
  const isPiece = /[\\/]|\.\w{1,8}$/.test(word)
  const isBroken = before !== undefined && /[\\/]/.test(before) && !/\.\w{1,8}$/.test(before)
  if (!isPiece && !isBroken) return undefined
  return say.splitPath(quoteWord(word) ?? say.hiddenWord)
}

/** What was typed, unless it may be a key. */
function quoteWord(word: string): string | undefined {
  const isPath = /[.\\]/.test(word) && !/[A-Za-z0-9+/=]{32,}/.test(word)
  const isSafe = word.length <= 260 && !/^MI[GHIJ]/.test(word) && (isPath || !/[A-Za-z0-9+/=]{16,}/.test(word))
  return isSafe ? JSON.stringify(oneLine(word)) : undefined
}

const NAMES_OF_KEYS =
  /^(alipay-?|ali-?|ap-?)?(app-?|merchant-?|rsa2?-?)?(private|priv|public|pub|secret)-?(key|pem)(-?(text|content|string))?$|^(ap-?)?app-?key$|^key$/i

/** Words for a flag that would take a key. */
export function keyFlagText(flag: string, say: UsageText): string | undefined {
  const name = flag.replaceAll('_', '-')
  if (!NAMES_OF_KEYS.test(name)) return undefined
  return say.keyFlag(flag, /pub/i.test(name) ? 'public' : 'private')
}
