// This program as it was started, and what lies at a path: the facts that an entry is made from.
import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fromAnywhere } from '../pasteable-call.ts'
import { VERSION } from '../version.ts'
import { type Program, type Start, startOf } from './start.ts'

/** How this process was started; only main.ts knows. */
export interface Started {
  /** main.js as Node was given it. */
  script: string
  path: string
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

export const programOf = ({ script, path }: Started): Program => ({
  platform: process.platform,
  node: realPath(process.execPath) ?? process.execPath,
  script,
  main: realPath(script) ?? script,
  version: VERSION,
  path,
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
