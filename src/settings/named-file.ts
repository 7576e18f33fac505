// Reads a file that somebody named, the only way to read one: a plain one, at most 1 MB, in whatever Windows wrote it.
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { isAbsolute, resolve, win32 } from 'node:path'
import { fileURLToPath } from 'node:url'

type NamedFile = { bytes: Buffer; text: string } | { unreadable: string; missing: boolean }

const MOST_BYTES = 1_048_576

export function readNamedFile(written: string): NamedFile {
  try {
    const bytes = readPlainFile(plainPath(written))
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

/** As Windows writes it: UTF-16 by PowerShell's `>`, with or without its mark, GBK by old editors in China. */
export function decodeText(bytes: Buffer): string {
  const utf16 = utf16Of(bytes)
  if (utf16 !== undefined) return new TextDecoder(utf16).decode(bytes)
  return decodedAs('utf-8', bytes) ?? decodedAs('gb18030', bytes) ?? bytes.toString('utf8')
}

/** Without a mark by its zeros: keys and settings are mostly ASCII. */
function utf16Of(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  const zeros = [0, 0]
  const start = bytes.subarray(0, 1_024)
  for (const [at, byte] of start.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  // A binary file has zeros in both places.
  if (Math.max(even, odd) < start.length / 4 || Math.min(even, odd) > start.length / 40) return undefined
  return odd > even ? 'utf-16le' : 'utf-16be'
}

function decodedAs(encoding: 'utf-8' | 'gb18030', bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * Without the quotes that a shell did not take off, and without U+202A, which comes along from the properties of a file
 * in Windows; `file://` as the path it means.
 */
export function plainPath(written: string): string {
  const visible = written
    .replace(/^[\s\p{Cf}]{1,20}/u, '')
    .replace(/\p{Cf}{1,20}$/u, '')
    .trimEnd()
  const [, , inner = visible] = /^(["'`“‘])(.*)["'`”’]$/.exec(visible) ?? []
  const path = inner.trim()
  return /^file:\/\//i.test(path) ? fileURLToPath(path) : path
}

/** Where a relative path leads from a folder; undefined for any other path, and for what may be a key in its place. */
export function relativeFrom(folder: string, written: string): string | undefined {
  if (/^\W*file:\/\//i.test(written) || /\p{Cc}/u.test(written.trim()) || mayBeKey(written)) return undefined
  const path = plainPath(written)
  const isOther = isAbsolute(path) || win32.isAbsolute(path) || /^(~|[A-Za-z]:|$)/.test(path)
  return isOther ? undefined : resolve(folder, path)
}

/** A key or a certificate in place of a path. */
export const isPastedText = (path: string) =>
  /-----BEGIN |(?<![A-Za-z0-9+/])MI[GHIJ][\w+/]{60}/.test(path) || /^[A-Za-z0-9+/=\s]{200,}$/.test(path)

/** What to write instead, as far as the path shows it. */
export function pathFix(path: string): string {
  if (/^\s{0,9}[A-Za-z]:.*[\n\t\r\f\b\v]/.test(path)) return BACKSLASHES
  if (/^[\s\p{Cf}"'`“‘]{0,9}[A-Za-z]:[\\/]/u.test(path) && process.platform !== 'win32') return OF_WINDOWS
  if (isAbsolute(path)) return 'name a plain file that is there and that this user can read'
  return 'give its full path, without ~, since hosts start the server in another folder'
}

const BACKSLASHES =
  'write / or \\\\ for each \\ of the path, since in JSON and in double quotes \\n is the end of a line and \\t a tab'
const OF_WINDOWS = 'this is a path of Windows, and this is another system; in WSL C:\\ is /mnt/c/'

/** Fit to be shown: a key in place of a path is not. */
export function quotePath(path: string): string {
  return mayBeKey(path) ? 'whose name is not shown, because it may be a key' : JSON.stringify(path)
}

function mayBeKey(path: string): boolean {
  const isDrive = /^\s{0,9}[A-Za-z]:/.test(path) && path.length < 260
  return /BEGIN |MI[GHIJ][\w+/]{12}/.test(path) || (/\n/.test(path) && !isDrive) || hasKeyLetters(path)
}

/** Letters as keys have them; the names of folders and files are short, or words, or figures. */
function hasKeyLetters(path: string): boolean {
  if (/^[A-Za-z0-9+/=\s]{64,}$/.test(path)) return true
  const runs = path.match(/[A-Za-z0-9+=]{32,}/g) ?? []
  return runs.some((run) => /[A-Z]/.test(run) && /[a-z]/.test(run) && /\d/.test(run))
}

/** What a secret's file should be told, when other users of the computer can read or change it. */
export function openFileWarning(path: string): { problem: string; fix: string } | undefined {
  // Windows has no such bits: Node makes them up there.
  const mode = process.platform === 'win32' ? 0 : (statSync(plainPath(path), { throwIfNoEntry: false })?.mode ?? 0)
  if ((mode & 0o077) === 0) return undefined
  const bits = (mode & 0o777).toString(8).padStart(3, '0')
  const problem = `is a file that other users of this computer can read or change (mode ${bits}): ${quotePath(path)}.`
  return {
    problem,
    fix: `chmod 600 ${/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`}`,
  }
}
