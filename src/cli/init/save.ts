// Writes what init was given: first the key files, each whole, then settings.json in one step, so that the old state works until then.
import { existsSync } from 'node:fs'
import { openFileWarning, readNamedFile } from '../../settings/named-file.ts'
import {
  DeadLinkError,
  ForeignLinkError,
  makeOwnFolder,
  removeStaleFiles,
  replaceFile,
  writeUnderFreeName,
} from '../../settings/own-file.ts'
import { PastedTextError } from '../../settings/pasted-text.ts'
import { type Draft, environmentMeant, leftBehind } from './draft.ts'
import { keepKey, markUploaded } from './key-files.ts'
import { settingsContent } from './settings-content.ts'

export interface Saved {
  /** Whether settings.json is another one now. */
  isChanged: boolean
  /** The settings of before, where they were put aside. */
  aside: string | undefined
  /** Names of settings that are only there now: those of the app of another environment. */
  leftBehind: readonly string[]
  /** Where the private key is that stood in the settings of before, and is used no more. */
  keyOfBefore: string | undefined
  /** Files that others can read, whose keys were copied. */
  copied: readonly string[]
}

/** What the file system refused, with nothing changed that works. */
export class NotWrittenError extends Error {
  override name = 'NotWrittenError'
  constructor(
    readonly why: 'full' | 'readOnly' | 'foreignLink' | 'deadLink' | 'changed' | undefined,
    options: ErrorOptions,
  ) {
    const { cause } = options
    super(cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause), options)
  }
}

/** @throws NotWrittenError */
export function save(draft: Draft, isAside: boolean): Saved {
  return refusalsNamed(() => {
    makeOwnFolder(draft.folder)
    removeStaleFiles(draft.folder)
    const left = isAside ? [] : leftBehind(draft)
    const isKept = isAside || left.length > 0
    const keyOfBefore = isKept ? undefined : keepKeyOfBefore(draft)
    const copied = moveKeysIntoFiles(draft)
    const kept = { keyOfBefore, copied, leftBehind: left }
    const { path, existing } = draft
    const before = existsSync(path) ? readNamedFile(path) : undefined
    const now = before && 'text' in before ? before.text : undefined
    if (now !== existing?.text) throw new NotWrittenError('changed', {})
    const text = settingsContent((!isAside && existing?.content) || {}, draft.variables, path)
    if (now === text) return { isChanged: false, aside: undefined, ...kept }
    const aside = isKept && now !== undefined ? putAside(path, now) : undefined
    replaceFile(path, text)
    if (draft.variables.ALIPAY_PRIVATE_KEY_FILE) markUploaded(draft.variables.ALIPAY_PRIVATE_KEY_FILE)
    return { isChanged: true, aside, ...kept }
  })
}

/** Beside, before anything takes its place. */
const putAside = (path: string, text: string) => writeUnderFreeName(path.replace(/\.json$/, '.before.json'), text)

export function refusalsNamed<T>(write: () => T): T {
  try {
    return write()
  } catch (error) {
    throw namedRefusal(error)
  }
}

export function namedRefusal(error: unknown): unknown {
  if (error instanceof ForeignLinkError) return new NotWrittenError('foreignLink', { cause: error })
  if (error instanceof DeadLinkError) return new NotWrittenError('deadLink', { cause: error })
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return error
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return new NotWrittenError('full', { cause: error })
  const isRefused = error.code === 'EACCES' || error.code === 'EPERM' || error.code === 'EROFS'
  return new NotWrittenError(isRefused ? 'readOnly' : undefined, { cause: error })
}

/** A key that only stands in the settings file is not lost when another one takes its place. */
function keepKeyOfBefore({ folder, existing, variables }: Draft): string | undefined {
  const before = existing?.variables.ALIPAY_PRIVATE_KEY
  if (!existing || before === undefined || before === variables.ALIPAY_PRIVATE_KEY) return undefined
  try {
    return keepKey(folder, environmentMeant(existing, true) ?? 'sandbox', 'private-key', before)
  } catch (error) {
    if (error instanceof PastedTextError) return undefined
    throw error
  }
}

/** settings.json names keys by their files only. */
function moveKeysIntoFiles({ variables, folder }: Draft): string[] {
  const environment = environmentMeant({ variables }, true) ?? 'sandbox'
  const copied: string[] = []
  for (const [name, kind] of [
    ['ALIPAY_PRIVATE_KEY', 'private-key'],
    ['ALIPAY_PUBLIC_KEY', 'alipay-public-key'],
  ] as const) {
    const [text, path] = [variables[name], variables[`${name}_FILE`]]
    if (text !== undefined) {
      variables[`${name}_FILE`] = keepKey(folder, environment, kind, text)
      delete variables[name]
    } else if (path !== undefined && kind === 'private-key' && openFileWarning(path)) {
      const file = readNamedFile(path)
      if ('unreadable' in file) continue
      variables[`${name}_FILE`] = keepKey(folder, environment, kind, file.bytes)
      copied.push(path)
    }
  }
  return copied
}
