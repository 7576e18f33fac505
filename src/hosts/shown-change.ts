// What is shown of a change: never a key, a password or a token that somebody wrote among the words of an entry.
import { isKeyText } from '../settings/key-text.ts'
import type { Start } from './start.ts'
import { type Edit, lineAt } from './text-format.ts'

export interface ShownLine {
  sign: '+' | '-'
  text: string
}

/** The lines of a text that comes in, and the first one's number. */
export function added(text: string, edit: Edit | undefined): { line: number; lines: readonly ShownLine[] } {
  if (!edit) return { line: 1, lines: [] }
  const [before = ''] = /^[\r\n]*/.exec(edit.text) ?? []
  const lines = edit.text.trim() === '' ? [] : edit.text.slice(before.length).trimEnd().split(/\r?\n/)
  return {
    line: lineAt(text, edit.at) + (before.match(/\n/g)?.length ?? 0),
    lines: lines.map((line) => ({ sign: '+', text: line })),
  }
}

const HIDDEN = '***'
const LONGEST_NAME = 40
const SECRET_FLAG = /^--?[\w-]*(key|secret|token|password|passwd|pem|credentials?|auth)$/i

export function shownCall({ command, args }: Start): string {
  // A path without a dot may look like a piece of a key; the program is none.
  return [withoutValues(command), ...args.map((word, at) => shownWord(word, args[at - 1] ?? ''))].join(' ')
}

function shownWord(word: string, before: string): string {
  const visible = withoutValues(word)
  // What ends in signs that fill a key up looks like a name without a value.
  if (SECRET_FLAG.test(before) || isKeyText(visible) || (isKeyText(word) && visible.length > LONGEST_NAME))
    return HIDDEN
  const [flag = ''] = /^--?[\w-]+(?==)/.exec(word) ?? []
  return SECRET_FLAG.test(flag) ? `${flag}=${HIDDEN}` : visible
}

/** Of `NAME=value`, alone, behind a flag, in a call of a shell or in an address; and of a login in an address. */
const withoutValues = (word: string) =>
  word
    .replace(/^((?:-e|--?[\w-]+=)?[A-Za-z_]\w*=).*$/s, `$1${HIDDEN}`)
    .replace(/([\s;&?"'][A-Za-z_]\w*=)(?:"[^"]*"|'[^']*'|[^\s;&"']+)/g, `$1${HIDDEN}`)
    .replace(/(\w:\/\/)[^\s/?#"\\]*@/g, `$1${HIDDEN}@`)
