// Calls of this program as they are printed: they can be pasted into a shell and mean the same program and settings.
import { readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { withoutSecrets } from './text.ts'

export interface Called {
  /** Such as `node dist/main.js`. */
  program: string
  /** The flags that say whose settings are meant. */
  settingArgs: readonly string[]
}

/**
 * @param script as Node was given it: main.js, or the link to it that npm made
 * @param folder where the call will be pasted; undefined: anywhere
 */
export function programName(script: string, folder: string | undefined): string {
  if (/[\\/]_npx[\\/]/.test(script)) return `npx -y ${libsqlBeside(script) ? '-p alipay-mcp -p libsql ' : ''}alipay-mcp`
  const isOfFolder = dirname(script).endsWith('.bin')
  if (/^alipay-mcp(\.cmd)?$/.test(basename(script))) {
    if (!isOfFolder) return 'alipay-mcp'
    return folder === undefined ? quoted(script) : 'npx alipay-mcp'
  }
  const near = folder === undefined ? '..' : relative(folder, script)
  return `node ${quoted(near.startsWith('..') ? script : near)}`
}

/** Of what npx was told to bring along, the version; undefined where that was this program alone. */
export function libsqlBeside(script: string): string | undefined {
  const [, modules] = /^(.*[\\/]_npx[\\/][^\\/]+[\\/]node_modules)[\\/]/.exec(script) ?? []
  if (modules === undefined) return undefined
  try {
    return String(JSON.parse(readFileSync(join(modules, 'libsql', 'package.json'), 'utf8')).version)
  } catch {
    return undefined
  }
}

let started: Called = { program: 'alipay-mcp', settingArgs: [] }

/** Of main.ts only: in tests, and in docs that are made from the code, the program has its plain name. */
export function keepCall(called: Called): void {
  started = called
}

/** For whoever reads a result, a page or a finding, which know of no command line. */
export function ownCall(...words: string[]): string {
  return pasteable(started, ...words)
}

/**
 * Of an address that holds a password, or a token, that part is for the person to type again.
 * @param words the command and its own flags
 */
export function pasteable({ program, settingArgs }: Called, ...words: string[]): string {
  // Neither takes the settings of a server.
  const rest = /^(help|emulator)$/.test(words[0] ?? '') ? [] : settingArgs
  return [program, ...[...words, ...rest].map((word) => quoted(/:\/\//.test(word) ? withoutSecrets(word) : word))].join(
    ' ',
  )
}

const NAMES_A_FILE = /^--(dotenv|env-file|config|data-dir|[\w-]+-file)$/

/** As a host calls a server: the person who reads of it is in another folder. */
export function fromAnywhere(script: string, { settingArgs }: Called): Called {
  const isPath = (at: number) => NAMES_A_FILE.test(settingArgs[at - 1] ?? '')
  const absolute = settingArgs.map((arg, at) => (isPath(at) ? resolve(arg) : arg))
  return { program: programName(script, undefined), settingArgs: absolute }
}

/** For a POSIX shell, and for the two of Windows, which know double quotes only. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./\\-]+$/.test(word) && (process.platform === 'win32' || !word.includes('\\'))) return word
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`
}
