// Puts this server into a host's file and takes it out again: first as a change that can be looked at, then written.
import { existsSync, rmdirSync, rmSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import {
  backupPath,
  type HostFile,
  keepBackup,
  missingFolders,
  readHostFile,
  replaceHostFile,
  type Writing,
} from './host-file.ts'
import type { FileHost } from './hosts.ts'
import { entryIn, type Place, planInsert, planRemoval, planUndo, planUpdate, textData } from './plan.ts'
import { keepReceipt, type Receipt, readReceipts } from './receipts.ts'
import { HostFileError } from './refusals.ts'
import { added, type ShownLine, shownCall } from './shown-change.ts'
import { isOurs, type Start, startIn, type VersionAt } from './start.ts'
import { type Entry, isObject, lineAt } from './text-format.ts'

export interface Installing {
  /** The project whose file is meant; undefined: the user's own. */
  project?: string | undefined
  versionAt: VersionAt
  /** Where receipts lie, if not in the platform's config folder. */
  receipts?: string
  writing?: Writing
}

export interface Change {
  host: FileHost
  /** As the host names it. */
  file: string
  /** `other`: an entry of our name that starts another program gives way. `none`: nothing is to be done. */
  kind: 'none' | 'add' | 'update' | 'other' | 'remove'
  /** What goes and what comes, each line with its sign; never a line of another server. */
  lines: readonly ShownLine[]
  /** Where, counted from 1. */
  line: number
  /** The file as it was before, once it is kept. */
  backup: string | undefined
  /** @throws HostFileError; then the file is as it was */
  write: () => void
}

/** @throws HostFileError */
export function planInstall(host: FileHost, start: Start, installing: Installing): Change {
  const { file, place, current, receipt } = look(host, installing)
  const text = file.text ?? ''
  const entry = host.entryOf(start, { key: place.key, isProject: installing.project !== undefined })
  const old = startIn(current)
  const base = {
    host,
    file: file.named,
    line: 1,
    lines: [],
    backup: file.text === undefined ? undefined : backupPath(file),
  }
  if (current === undefined) {
    const plan = reading(file, () => planInsert(text, place, entry))
    const kept = { host: host.name, isNew: file.text === undefined, folders: missingFolders(file.path) }
    const [edit] = plan.edits
    return {
      ...base,
      ...added(text, edit),
      kind: 'add',
      write: () => install(file, plan.after, { ...kept, inserted: edit?.text, hasReplaced: false }, installing),
    }
  }
  const undone = receipt?.inserted ? planUndo(text, place, receipt.inserted) : undefined
  // What stands there as install wrote it is ours, also where its program has gone.
  if (!old || !(undone || isOurs(old, installing.versionAt))) {
    const without = reading(file, () => planRemoval(text, place)).after
    const plan = reading(file, () => planInsert(without, place, entry))
    const kept = { host: host.name, isNew: false, folders: [], inserted: plan.edits[0]?.text, hasReplaced: true }
    const change = added(without, plan.edits[0])
    return { ...base, ...change, kind: 'other', write: () => install(file, plan.after, kept, installing) }
  }
  const fields = startFields(entry, current)
  if (isDeepStrictEqual(fields, startFields(Object(current), current))) {
    return { ...base, kind: 'none', write: () => {} }
  }
  const plan = reading(file, () => (undone ? planInsert(undone.after, place, entry) : planUpdate(text, place, fields)))
  const inserted = undone ? plan.edits[0]?.text : undefined
  const kept = receipt ?? { host: host.name, isNew: false, folders: [], hasReplaced: false }
  return {
    ...base,
    kind: 'update',
    line: lineAt(text, plan.edits[0]?.at ?? 0),
    lines: [
      { sign: '-', text: shownCall(old) },
      { sign: '+', text: shownCall(start) },
    ],
    write: () => install(file, plan.after, { ...kept, inserted }, installing),
  }
}

/** `other`: the entry starts another program, and stays. @throws HostFileError */
export function planUninstall(host: FileHost, installing: Installing): Change {
  const { file, place, current, receipt } = look(host, installing)
  const text = file.text ?? ''
  const base = { host, file: file.named, line: 1, lines: [], backup: undefined }
  const start = startIn(current)
  if (current === undefined) return { ...base, kind: 'none', write: () => {} }
  const undone = receipt?.inserted ? planUndo(text, place, receipt.inserted) : undefined
  if (!start || !(undone || isOurs(start, installing.versionAt))) return { ...base, kind: 'other', write: () => {} }
  const plan = undone ?? reading(file, () => planRemoval(text, place))
  return {
    ...base,
    kind: 'remove',
    line: lineAt(text, plan.edits[0]?.at ?? 0),
    lines: [{ sign: '-', text: shownCall(start) }],
    backup: receipt?.hasReplaced ? backupPath(file) : undefined,
    write: () => uninstall(file, plan.after, receipt, installing),
  }
}

const fileNamed = (host: FileHost, project: string | undefined) =>
  project === undefined ? host.file : (host.projectFile?.(project) ?? host.file)

/** What its file holds with our entry and nothing else. */
export function pastedInto(host: FileHost, start: Start, project?: string): { file: string; text: string } {
  const place = { format: host.format, key: host.keyIn({}) }
  const entry = host.entryOf(start, { key: place.key, isProject: project !== undefined })
  return { file: fileNamed(host, project), text: planInsert('', place, entry).after }
}

/** Our entry in a host's file; undefined where there is none. @throws HostFileError */
export function installedIn(host: FileHost, project?: string): unknown {
  return look(host, { project, versionAt: () => undefined }).current
}

function look(host: FileHost, { project, receipts }: Installing) {
  const named = fileNamed(host, project)
  let file: HostFile
  try {
    file = readHostFile(named)
  } catch (error) {
    throw HostFileError.of(error, named)
  }
  const text = file.text ?? ''
  const place: Place = {
    format: host.format,
    key: host.keyIn(reading(file, () => textData(text, host.format))),
  }
  return { file, place, current: reading(file, () => entryIn(text, place)), receipt: readReceipts(receipts)[named] }
}

function reading<T>(file: HostFile, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw HostFileError.of(error, file.named)
  }
}

const START_FIELDS = ['command', 'cmd', 'args', 'env', 'envs', 'environment']

/** The fields that say what is started. Variables that somebody added to the entry stay. */
function startFields(entry: Entry, current: unknown): Entry {
  const fields = Object.entries(entry).filter(([name]) => START_FIELDS.includes(name))
  const old = isObject(current) ? current : {}
  return Object.fromEntries(
    fields.map(([name, value]) => [name, isObject(value) ? { ...Object(old[name]), ...value } : value]),
  )
}

/** The receipt first: without it, what is in the file could not be taken out exactly. */
function install(file: HostFile, after: string, kept: Receipt, { receipts, writing }: Installing): void {
  const before = readReceipts(receipts)[file.named]
  const isFirst = !existsSync(backupPath(file))
  keepReceipt(file.named, kept, receipts)
  try {
    // What gave way once is in the backup alone.
    if (isFirst || !before?.hasReplaced) keepBackup(file, writing)
    replaceHostFile(file, after, writing)
  } catch (error) {
    if (isFirst) rmSync(backupPath(file), { force: true })
    keepReceipt(file.named, before, receipts)
    throw error
  }
}

function uninstall(file: HostFile, after: string, receipt: Receipt | undefined, installing: Installing): void {
  if (receipt?.isNew && after === '') removeMade(file, receipt)
  else replaceHostFile(file, after, installing.writing)
  if (!receipt?.hasReplaced) rmSync(backupPath(file), { force: true })
  keepReceipt(file.named, undefined, installing.receipts)
}

/** The file that install made, and its folders where nothing else came into them. */
function removeMade(file: HostFile, { folders }: Receipt): void {
  try {
    rmSync(file.path)
  } catch (error) {
    throw HostFileError.of(error, file.path)
  }
  for (const folder of [...folders].reverse()) {
    try {
      rmdirSync(folder)
    } catch {
      return
    }
  }
}
