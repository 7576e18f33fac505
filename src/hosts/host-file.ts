// A host's file: read with its links looked at, kept as a backup, and replaced whole or not at all.
import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { writeUnderFreeName } from '../settings/own-file.ts'
import { HostFileError, REFUSED } from './refusals.ts'

export interface HostFile {
  /** As the host names it. */
  named: string
  /** What it leads to; the same where it is no link. */
  path: string
  /** Undefined where there is no file yet. */
  text: string | undefined
  stats: Stats | undefined
}

// Far more than any host keeps in the file of its servers.
const MOST_BYTES = 64 * 1024 * 1024

/**
 * @param user that this program runs as; undefined on Windows, which has no such numbers
 * @throws HostFileError for everything that is not a plain file of this user, or a link to one
 */
export function readHostFile(named: string, user = process.getuid?.()): HostFile {
  const path = followed(named, user)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) {
    requireOwnFolder(named, path, user)
    return { named, path, text: undefined, stats }
  }
  if (!stats.isFile()) throw new HostFileError(REFUSED.kind(named))
  if (isOfOther(stats, user)) throw new HostFileError(REFUSED.owner(path))
  if ((stats.mode & 0o200) === 0) throw new HostFileError(REFUSED.readOnly(path))
  if (stats.size > MOST_BYTES) throw new HostFileError(REFUSED.large(path))
  return { named, path, text: decoded(path), stats }
}

/** The administrator may write into what belongs to the user for whom he works. */
const isOfOther = ({ uid }: Stats, user: number | undefined) => user !== undefined && user !== 0 && uid !== user

/** Through links of this user's, at most so many as systems follow. */
function followed(named: string, user: number | undefined, most = 40): string {
  const stats = lstatSync(named, { throwIfNoEntry: false })
  if (!stats?.isSymbolicLink()) return stats ? realpathSync(named) : named
  if (user !== undefined && stats.uid !== user) throw new HostFileError(REFUSED.link(named))
  if (most === 0) throw new HostFileError(REFUSED.circle(named))
  return followed(resolve(dirname(named), readlinkSync(named)), user, most - 1)
}

/** A file is made only inside folders of this user's: the nearest one that is there tells. */
function requireOwnFolder(named: string, path: string, user: number | undefined): void {
  const isLink = lstatSync(named, { throwIfNoEntry: false })?.isSymbolicLink() === true
  let folder = dirname(path)
  while (!statSync(folder, { throwIfNoEntry: false }) && dirname(folder) !== folder) folder = dirname(folder)
  if (!isOfOther(statSync(folder), user)) return
  throw new HostFileError(isLink ? REFUSED.link(named) : REFUSED.owner(folder))
}

function decoded(path: string): string {
  try {
    // With its mark, which is written back.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path))
  } catch (error) {
    if (error instanceof TypeError) throw new HostFileError(REFUSED.encoding(path))
    throw HostFileError.of(error, path)
  }
}

/** Folders that are not there yet, the outermost first. */
export function missingFolders(path: string): readonly string[] {
  const folder = dirname(path)
  if (folder === path || statSync(folder, { throwIfNoEntry: false })) return []
  return [...missingFolders(folder), folder]
}

/** What a write needs of the system, so that a test can let it fail. */
export interface Writing {
  write: (file: number, text: string) => void
}
const PLAIN_WRITING: Writing = {
  write: (file, text) => {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
  },
}

/**
 * The whole new text or the old file. Its mode stays, and its owner as far as the system lets it.
 * @throws HostFileError also where the file is not any more as it was read
 */
export function replaceHostFile(file: HostFile, text: string, writing = PLAIN_WRITING): void {
  const { path, stats } = file
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeWhole(path, text, stats, writing, () => requireUnchanged(file))
  } catch (error) {
    throw HostFileError.of(error, path)
  }
}

const BACKUP = '.before-alipay-mcp'

/**
 * Beside the file, for this user alone.
 * @param older a backup that gives way; undefined: nothing does
 * @returns where; undefined where there is no file yet
 */
export function keepBackup(file: HostFile, older: string | undefined, writing = PLAIN_WRITING): string | undefined {
  const { path, text } = file
  if (text === undefined) return undefined
  try {
    if (older === undefined) return writeUnderFreeName(path + BACKUP, text)
    writeWhole(older, text, undefined, writing)
    return older
  } catch (error) {
    throw HostFileError.of(error, path + BACKUP)
  }
}

/** @param before checked last, right before the new text takes the place of the old */
export function writeWhole(
  path: string,
  text: string,
  like: Stats | undefined,
  writing = PLAIN_WRITING,
  before: () => void = () => {},
): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.tmp`)
  const file = openSync(temporary, 'wx', 0o600)
  try {
    try {
      writing.write(file, text)
      if (like) keepOwner(file, like)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    before()
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function keepOwner(file: number, { uid, gid, mode }: Stats): void {
  try {
    fchownSync(file, uid, gid)
  } catch {
    // Only the administrator may give files away; a group that this user is not in is lost.
  }
  fchmodSync(file, mode & 0o777)
}

/** Hosts write their files by themselves. @throws HostFileError */
export function requireUnchanged({ named, path, text, stats }: HostFile): void {
  const now = statSync(path, { throwIfNoEntry: false })
  const isSame = stats === undefined ? now === undefined : now !== undefined && decoded(path) === text
  if (!isSame) throw new HostFileError(REFUSED.changed(named))
}
