// Files of ours, written whole or not at all: a temporary file in the same folder, synced, then put in its place.

import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** Made for the owner alone; one that is there and ours is closed to other writers. */
export function makeOwnFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { mode, uid } = statSync(folder)
  if (process.platform !== 'win32' && uid === process.getuid?.() && (mode & 0o022) !== 0) chmodSync(folder, 0o700)
}

/** In place of what is there. A link to a file of this user's is followed, and stays a link. */
export function replaceFile(path: string, text: string): void {
  const place = placeBehind(path)
  const temporary = writeTemporary(dirname(place), text)
  try {
    renameSync(temporary, place)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolder(dirname(place))
}

/** Only where nothing is: throws EEXIST otherwise. */
export function writeNewFile(path: string, text: string): void {
  const temporary = writeTemporary(dirname(path), text)
  try {
    linkOrCopy(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
  syncFolder(dirname(path))
}

/** Under the first free one of `name`, `name-2`, `name-3`, ...; `.pem` stays at the end. */
export function writeUnderFreeName(path: string, text: string): string {
  const [, stem = path, ending = ''] = /^(.*?)(\.\w+)?$/s.exec(path) ?? []
  for (let number = 1; ; number++) {
    const name = number === 1 ? path : `${stem}-${number}${ending}`
    try {
      writeNewFile(name, text)
      return name
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
}

const TEMPORARY = /^\.alipay-mcp-[0-9a-f]{16}\.tmp$/
const STALE_MS = 600_000

/** What a process left that was killed while it wrote. */
export function removeStaleFiles(folder: string): void {
  for (const name of readdirSync(folder).filter((one) => TEMPORARY.test(one))) {
    const stats = statSync(join(folder, name), { throwIfNoEntry: false })
    if (stats && Date.now() - stats.mtimeMs > STALE_MS) rmSync(join(folder, name), { force: true })
  }
}

/** Says whose the file behind a link is not. */
export class ForeignLinkError extends Error {
  override name = 'ForeignLinkError'
}

/** A link to a file that is not there. */
export class DeadLinkError extends Error {
  override name = 'DeadLinkError'
}

function placeBehind(path: string): string {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return path
  if (!existsSync(path)) throw new DeadLinkError(path)
  const place = realpathSync(path)
  if (!isOwn(statSync(place))) throw new ForeignLinkError(path)
  return place
}

const isOwn = ({ uid }: Stats) => process.platform === 'win32' || uid === process.getuid?.()

function writeTemporary(folder: string, text: string): string {
  const path = join(folder, `.alipay-mcp-${randomBytes(8).toString('hex')}.tmp`)
  const file = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  return path
}

/** Some file systems have no links. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error
    copyFileSync(from, to, constants.COPYFILE_EXCL)
  }
}

/** So that the name is on the disk, too; Windows opens no folders. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const opened = openSync(folder, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
