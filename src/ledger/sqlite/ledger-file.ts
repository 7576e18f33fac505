// The file of the ledger and the folder around it: made where they are missing, private, and never anything but a file.
import { constants, type Stats, statSync } from 'node:fs'
import { access, chmod, lstat, mkdir, open, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { emptied, inPlainWords, leadsNowhere, notAFileError, notAFolder, systemCode } from './failures.ts'

const FILE = 'ledger.db'
const LOG = `${FILE}-wal`
const BESIDE = [LOG, `${FILE}-shm`, `${FILE}-journal`]

/** Absent on Windows, where no pipe can lie in a folder. */
const AT_ONCE = constants.O_NONBLOCK ?? 0
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | AT_ONCE

/**
 * Made where it is missing. SQLite gives -wal and -shm the permissions of the file itself.
 * @throws LedgerError, or what the file system says
 */
export async function privateFile(folder: string): Promise<string> {
  try {
    // Whatever is in the way: it is told more exactly by looking than by what fails.
    await requireFolder(folder)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return await fileIn(folder)
  } catch (error) {
    throw ofFolder(error)
  }
}

async function fileIn(folder: string): Promise<string> {
  // Absolute, because an engine may take a relative name for an address.
  const file = join(resolve(folder), FILE)
  // SQLite would open them, and wait for ever for a pipe that nobody writes into.
  for (const name of [FILE, ...BESIDE]) await requireFile(join(folder, name), name)
  // Before SQLite looks: beside an empty file it removes the log. The log first: a server that makes the two begins with
  // the file.
  if ((await sizeOf(join(folder, LOG))) > 0 && (await sizeOf(file)) === 0) throw emptied()
  const mode = await modeFor(file, folder)
  await (await open(file, APPEND, mode)).close()
  await chmod(file, mode).catch((error) => unlessOthers(error, file))
  return file
}

const WRITABLE_BY_GROUP = 0o020
const ANY_OF_OTHERS = 0o007

/**
 * Of a folder that two users share by their group the file is the group's, too; never what a link leads to, which one of
 * the two may have laid there.
 */
async function modeFor(file: string, folder: string): Promise<number> {
  if (((await stat(folder)).mode & WRITABLE_BY_GROUP) === 0) return 0o600
  const found = await lstat(file).catch(() => undefined)
  return found && (found.isSymbolicLink() || found.nlink > 1) ? 0o600 : 0o660
}

/** Only its owner can say whose it is; one that everybody may read is none. */
async function unlessOthers(error: unknown, file: string): Promise<void> {
  if (systemCode(error) !== 'EPERM' || ((await stat(file)).mode & ANY_OF_OTHERS) !== 0) throw error
}

/** Whether it can be made, without making it. @throws LedgerError */
export async function requireFolder(folder: string): Promise<void> {
  try {
    const nearest = await nearestThatExists(resolve(folder))
    if (!(await stat(nearest)).isDirectory()) throw notAFolder()
    await access(nearest, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw inPlainWords(ofFolder(error))
  }
}

async function nearestThatExists(path: string): Promise<string> {
  const exists = await lstat(path).then(
    () => true,
    (error) => {
      if (systemCode(error) === 'ENOENT') return false
      throw error
    },
  )
  return exists || dirname(path) === path ? path : nearestThatExists(dirname(path))
}

/** ENOENT and EEXIST: a link that leads nowhere, or to a file; a name with a character of code 0 is none at all. */
function ofFolder(error: unknown): unknown {
  const code = systemCode(error) ?? ''
  return ['ENOENT', 'EINVAL', 'ERR_INVALID_ARG_VALUE'].includes(code) ? leadsNowhere(error) : error
}

async function requireFile(path: string, name: string): Promise<void> {
  const found = await statIfThere(path)
  if (found && !found.isFile()) throw notAFileError(name, kindOf(found))
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  return stat(path).catch((error) => {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  })
}

async function sizeOf(path: string): Promise<number> {
  return (await statIfThere(path))?.size ?? 0
}

/** The bytes of file and log, and what is another after most writes of anybody. */
export function sizes(file: string): { total: number; changed: string } {
  const both = [file, `${file}-wal`].map((path) => statSync(path, { throwIfNoEntry: false }))
  return {
    total: both.reduce((sum, found) => sum + (found?.size ?? 0), 0),
    changed: both.map((found) => `${found?.mtimeMs} ${found?.size}`).join(' '),
  }
}

const WRITABLE_BY_ALL = 0o002
const STICKY = 0o1000

/**
 * The folders through which any user of this computer could put another ledger in the place of this one: the folder
 * itself, and those around it in which everybody may rename what belongs to others.
 */
export async function foldersOpenToAll(folder: string): Promise<readonly string[]> {
  if (process.platform === 'win32') return []
  const own = await realpath(folder).catch(() => undefined)
  const found: string[] = []
  for (let at = own; at !== undefined; at = dirname(at) === at ? undefined : dirname(at)) {
    const mode = (await statIfThere(at).catch(() => undefined))?.mode ?? 0
    const harmless = at !== own && (mode & STICKY) !== 0
    if ((mode & WRITABLE_BY_ALL) !== 0 && !harmless) found.push(at)
  }
  return found
}
