// Puts this server into a host's file and takes it out again: first as a change that can be looked at, then written.
import { rmdirSync, rmSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import {
  type HostFile,
  keepBackup,
  missingFolders,
  readHostFile,
  replaceHostFile,
  requireUnchanged,
  type Writing,
} from './host-file.ts'
import type { FileHost } from './hosts.ts'
import { entryIn, type Place, planInsert, planRemoval, planUndo, planUpdate, textData } from './plan.ts'
import { keepReceipt, type Receipt, readReceipts } from './receipts.ts'
import { HostFileError, REFUSED } from './refusals.ts'
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
  /** The names of variables that go, where somebody wrote what goes. */
  variables: readonly string[]
  /** Whether what stands there stays switched off in its host. */
  isOff: boolean
  /** The file with the entry that an earlier install replaced. */
  replaced: string | undefined
  /** @returns where the file is kept as it was; undefined where that is not needed @throws HostFileError; then it is as it was */
  write: () => string | undefined
}

/** @throws HostFileError */
export function planInstall(host: FileHost, start: Start, installing: Installing): Change {
  const { file, place, current, receipt } = look(host, installing)
  const text = file.text ?? ''
  const entry = host.entryOf(start, { key: place.key, isProject: installing.project !== undefined })
  const old = startIn(current)
  const base = { host, file: file.named, line: 1, lines: [], variables: [], isOff: false, replaced: undefined }
  if (current === undefined) {
    const plan = reading(file, () => planInsert(text, place, entry))
    const kept = { host: host.name, isNew: file.text === undefined, folders: missingFolders(file.path) }
    const [edit] = plan.edits
    return {
      ...base,
      ...added(text, edit),
      kind: 'add',
      write: () => install(file, plan.after, { ...kept, inserted: edit?.text }, installing),
    }
  }
  const undone = receipt?.inserted ? planUndo(text, place, receipt.inserted) : undefined
  // What stands there as install wrote it is ours, also where its program has gone.
  if (!old || !(undone || isOurs(old, installing.versionAt))) {
    const without = reading(file, () => planRemoval(text, place)).after
    const plan = reading(file, () => planInsert(without, place, entry))
    const kept = { host: host.name, isNew: false, folders: [], inserted: plan.edits[0]?.text }
    const change = added(without, plan.edits[0])
    return { ...base, ...change, kind: 'other', write: () => install(file, plan.after, kept, installing, true) }
  }
  const fields = startFields(entry, current)
  if (isDeepStrictEqual(fields, startFields(Object(current), current))) {
    return { ...base, kind: 'none', isOff: isOff(current), write: () => undefined }
  }
  const plan = reading(file, () => (undone ? planInsert(undone.after, place, entry) : planUpdate(text, place, fields)))
  const inserted = undone ? plan.edits[0]?.text : undefined
  const kept = receipt ?? { host: host.name, isNew: false, folders: [] }
  // Once it is updated, nothing of it is in its receipt, and the backup of that time has what a person wrote.
  const isByHand = !undone && (receipt === undefined || receipt.inserted !== undefined)
  return {
    ...base,
    kind: 'update',
    isOff: !undone && isOff(current),
    line: lineAt(text, plan.edits[0]?.at ?? 0),
    lines: [
      { sign: '-', text: shownCall(old) },
      { sign: '+', text: shownCall(start) },
    ],
    write: () => install(file, plan.after, { ...kept, inserted }, installing, isByHand),
  }
}

/** `other`: the entry starts another program, and stays. @throws HostFileError */
export function planUninstall(host: FileHost, installing: Installing): Change {
  const { file, place, current, receipt } = look(host, installing)
  const text = file.text ?? ''
  const base = { host, file: file.named, line: 1, lines: [], variables: [], isOff: false, replaced: receipt?.replaced }
  const start = startIn(current)
  if (current === undefined) return { ...base, kind: 'none', write: () => undefined }
  const undone = receipt?.inserted ? planUndo(text, place, receipt.inserted) : undefined
  if (!start || !(undone || isOurs(start, installing.versionAt)))
    return { ...base, kind: 'other', write: () => undefined }
  const plan = undone ?? reading(file, () => planRemoval(text, place))
  return {
    ...base,
    kind: 'remove',
    line: lineAt(text, plan.edits[0]?.at ?? 0),
    lines: [{ sign: '-', text: shownCall(start) }],
    variables: undone ? [] : Object.keys(start.env),
    write: () => uninstall(file, plan.after, receipt, installing, !undone),
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
  if (!isAbsolute(named)) throw new HostFileError(REFUSED.noHome(named))
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

const isOff = (entry: unknown) => isObject(entry) && (entry.disabled === true || entry.enabled === false)

const START_FIELDS = ['command', 'cmd', 'args', 'env', 'envs', 'environment']

/** The fields that say what is started. Variables that somebody added to the entry stay. */
function startFields(entry: Entry, current: unknown): Entry {
  const fields = Object.entries(entry).filter(([name]) => START_FIELDS.includes(name))
  const old = isObject(current) ? current : {}
  return Object.fromEntries(
    fields.map(([name, value]) => [name, isObject(value) ? { ...Object(old[name]), ...value } : value]),
  )
}

/**
 * The receipt before the file: without it, what is in the file could not be taken out exactly.
 * @param stays whether the backup is to outlast uninstall, since what gives way is not ours, or was written by hand
 */
function install(file: HostFile, after: string, kept: Receipt, installing: Installing, stays = false) {
  const { receipts, writing } = installing
  const before = readReceipts(receipts)[file.named]
  const older = stays ? undefined : before?.backup
  const backup = keepBackup(file, older, writing)
  const { backup: last, replaced } = before ?? {}
  const backups = stays ? { backup: last === backup ? undefined : last, replaced: backup } : { backup, replaced }
  try {
    keepReceipt(file.named, { ...kept, ...backups }, receipts)
    replaceHostFile(file, after, writing)
  } catch (error) {
    if (backup !== undefined && backup !== older) rmSync(backup, { force: true })
    keepReceipt(file.named, before, receipts)
    throw error
  }
  return backup
}

/** @param stays whether somebody wrote what goes, so that it has to be kept */
function uninstall(
  file: HostFile,
  after: string,
  receipt: Receipt | undefined,
  installing: Installing,
  stays: boolean,
) {
  const { receipts, writing } = installing
  const isMade = receipt?.isNew === true && after === ''
  let kept: string | undefined
  try {
    if (stays) kept = keepBackup(file, undefined, writing)
    // Before the file is written it shows whether receipts can be.
    if (receipt) keepReceipt(file.named, { ...receipt, backup: undefined }, receipts)
    if (isMade) removeFile(file)
    else replaceHostFile(file, after, writing)
  } catch (error) {
    if (kept !== undefined) rmSync(kept, { force: true })
    if (receipt) keepReceipt(file.named, receipt, receipts)
    throw error
  }
  try {
    if (receipt?.backup !== undefined && receipt.backup !== kept) rmSync(receipt.backup, { force: true })
    if (receipt) keepReceipt(file.named, undefined, receipts)
    // Until one has something else in it.
    for (const folder of isMade ? [...receipt.folders].reverse() : []) rmdirSync(folder)
  } catch {
    // The entry is out; a receipt that stays fits nothing but the text that went.
  }
  return kept
}

function removeFile(file: HostFile): void {
  requireUnchanged(file)
  try {
    rmSync(file.path)
  } catch (error) {
    throw HostFileError.of(error, file.path)
  }
}
