// One place that settings come from, as it was written there, and what is told of a file that holds them.
import type { Problem } from '../errors.ts'
import { openFileWarning, pathFix, quotePath } from './named-file.ts'

export type Variables = Readonly<Record<string, string | undefined>>

/** One setting as somebody wrote it; `written` is `--app-id`, `AP_APP_ID` or a JSON key, `name` the variable meant. */
export interface Written {
  written: string
  name: string
  value: string
}

export interface Source {
  /** In words: `the environment`, `--config /etc/shop.json`. */
  text: string
  /** Shown with every name that was written in it. */
  file?: string
  values: readonly Written[]
  problems?: readonly Problem[]
  /** Not wrong enough to stop. */
  notices?: readonly Problem[]
}

/** A field in the form of an .mcpb bundle that nobody filled in, as its host may hand it over: nobody meant anything. */
const isEmptyField = (value: string) => /^\$\{user_config\.\w+\}$/.test(value.trim())

/** Empty values count as not set. */
export function sourceOf(text: string, variables: Variables, file?: string): Source {
  const values = Object.entries(variables).flatMap(([name, value]) =>
    value?.trim() && !isEmptyField(value) ? [{ written: name, name, value }] : [],
  )
  return file === undefined ? { text, values } : { text, values, file }
}

export function unreadableFile(variable: string, why: string, path: string): Problem {
  return { variable, problem: `${why}: ${quotePath(path)}.`, fix: `correct the path: ${pathFix(path)}.` }
}

/** Whoever named the file meant something by it. */
export function emptyFile(variable: string, path: string): Problem {
  const problem = `${quotePath(path)} holds no setting.`
  return { variable, problem, fix: `fill the file, or leave ${variable} out to use the built-in emulator.` }
}

export function openFileNotices(variable: string, path: string): Problem[] {
  const open = openFileWarning(path)
  return open ? [{ variable, ...open }] : []
}
