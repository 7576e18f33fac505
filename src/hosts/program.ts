// This program as it was started, and what lies at a path: the facts that an entry is made from.
import { readFileSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fromAnywhere, libsqlBeside } from '../pasteable-call.ts'
import { VERSION } from '../version.ts'
import { type Program, type Start, startOf } from './start.ts'

/** How this process was started; only main.ts knows. */
export interface Started {
  /** main.js as Node was given it. */
  script: string
  path: string
  env: Readonly<Record<string, string | undefined>>
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

/** Hosts hand few variables on, and these not; other systems than Linux have their folders elsewhere. */
function foldersOf(env: Started['env'], platform: NodeJS.Platform): Record<string, string> {
  if (platform === 'win32' || platform === 'darwin') return {}
  const usual = { XDG_CONFIG_HOME: '.config', XDG_DATA_HOME: '.local/share' }
  return Object.fromEntries(
    Object.entries(usual).flatMap(([name, folder]) => {
      const value = env[name]
      return value && value !== join(homedir(), folder) ? [[name, value]] : []
    }),
  )
}

export const programOf = ({ script, path, env }: Started): Program => ({
  platform: process.platform,
  node: realPath(process.execPath) ?? process.execPath,
  script,
  main: realPath(script) ?? script,
  version: VERSION,
  libsql: libsqlBeside(script),
  path,
  folders: foldersOf(env, process.platform),
  realPath,
})

/** @param settingArgs of this call; the language of its messages is not the server's */
export function startHere(started: Started, settingArgs: readonly string[]): Start {
  const { settingArgs: absolute } = fromAnywhere(started.script, { program: '', settingArgs })
  const args = absolute.filter((arg, at) => arg !== '--lang' && absolute[at - 1] !== '--lang')
  return startOf(programOf(started), args)
}

/** The version of this package to which a main.js belongs, by whatever link it is named. */
export function versionAt(main: string): string | undefined {
  const file = realPath(main)
  if (file === undefined || !/\.[jt]s$/.test(file)) return undefined
  try {
    const { name, version } = JSON.parse(readFileSync(join(dirname(dirname(file)), 'package.json'), 'utf8'))
    return name === 'alipay-mcp' ? String(version) : undefined
  } catch {
    return undefined
  }
}
