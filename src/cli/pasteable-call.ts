// Calls of this program as they are printed: they can be pasted into the same shell and mean the same settings.
import { basename, dirname, relative } from 'node:path'

/** @param script as Node was given it: main.js, or the link to it that npm made */
export function programName(script: string, folder: string): string {
  if (/^alipay-mcp(\.cmd)?$/.test(basename(script))) {
    return dirname(script).endsWith('.bin') ? 'npx alipay-mcp' : 'alipay-mcp'
  }
  const near = relative(folder, script)
  return `node ${quoted(near.startsWith('..') ? script : near)}`
}

export interface Called {
  program: string
  settingArgs: readonly string[]
}

/** @param words the command and its own flags */
export function pasteable({ program, settingArgs }: Called, ...words: string[]) {
  return [program, ...[...words, ...settingArgs].map(quoted)].join(' ')
}

/** For a POSIX shell, and for the two of Windows, which know double quotes only. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./\\-]+$/.test(word) && (process.platform === 'win32' || !word.includes('\\'))) return word
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`
}
