// Reads a file that somebody named, the only way to read one: a plain one, at most 1 MB, in whatever Windows wrote it.
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'

type NamedFile = { bytes: Buffer; text: string } | { unreadable: string; missing: boolean }

const MOST_BYTES = 1_048_576

export function readNamedFile(path: string): NamedFile {
  try {
    const bytes = readPlainFile(path)
    return { bytes, text: decodeText(bytes) }
  } catch (error) {
    if (error instanceof OtherKindError) return { unreadable: error.message, missing: false }
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    return { unreadable: describeCode(code), missing: code === 'ENOENT' || code === 'ENOTDIR' }
  }
}

/** Something else than a file that settings or keys can be in. */
class OtherKindError extends Error {}

function readPlainFile(path: string): Buffer {
  // Looked at twice: to open a device may do something, and what was looked at may be another thing by now.
  refuseOtherKinds(statSync(path))
  // Without O_NONBLOCK the opening of a pipe waits for somebody who writes. Windows has no such flag.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    refuseOtherKinds(fstatSync(file))
    return readToTheEnd(file)
  } finally {
    closeSync(file)
  }
}

/** Some plain files, such as those in /proc, are longer than they say. */
function readToTheEnd(file: number): Buffer {
  const bytes = Buffer.alloc(MOST_BYTES + 1)
  let length = 0
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    read = readSync(file, bytes, length, bytes.length - length, null)
  }
  if (length > MOST_BYTES) throw new OtherKindError(TOO_LARGE)
  return bytes.subarray(0, length)
}

const TOO_LARGE = 'names a file of more than 1 MB, which can hold no settings and no key'

function refuseOtherKinds(stats: Stats): void {
  const kind = kindOf(stats)
  if (kind !== undefined) throw new OtherKindError(`names ${kind}, not a plain file`)
  if (stats.size > MOST_BYTES) throw new OtherKindError(TOO_LARGE)
}

function kindOf(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a pipe'
  if (stats.isSocket()) return 'a socket'
  return 'a device'
}

function describeCode(code: string | undefined): string {
  if (code === undefined) return 'names a file that cannot be read'
  return `names a file that cannot be read (${code === 'ELOOP' ? 'ELOOP: links that lead round in a circle' : code})`
}

/** PowerShell's `>` writes UTF-16. */
function decodeText(bytes: Buffer): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return bytes.toString(utf16 ? 'utf16le' : 'utf8').replace(/^\uFEFF/, '')
}

/** Fit to be shown: a key in place of a path is not. */
export function quotePath(path: string): string {
  const maybeKey = /BEGIN |\n/.test(path) || /^[A-Za-z0-9+/=\s]{64,}$/.test(path)
  return maybeKey ? 'whose name is not shown, because it may be a key' : JSON.stringify(path)
}

/** What a secret's file should be told, when other users of the computer can read or change it. */
export function openFileWarning(path: string): { problem: string; fix: string } | undefined {
  // Windows has no such bits: Node makes them up there.
  const mode = process.platform === 'win32' ? 0 : (statSync(path, { throwIfNoEntry: false })?.mode ?? 0)
  if ((mode & 0o077) === 0) return undefined
  const bits = (mode & 0o777).toString(8).padStart(3, '0')
  const problem = `is a file that other users of this computer can read or change (mode ${bits}): ${quotePath(path)}.`
  return {
    problem,
    fix: `chmod 600 ${/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`}`,
  }
}
