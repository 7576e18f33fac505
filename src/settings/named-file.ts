// Reads a file that somebody named: its bytes, its text in whatever Windows wrote it, and who else can read it.
import { readFileSync, statSync } from 'node:fs'

type NamedFile = { bytes: Buffer; text: string } | { unreadable: string; missing: boolean }

export function readNamedFile(path: string): NamedFile {
  try {
    const bytes = readFileSync(path)
    return { bytes, text: decodeText(bytes) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    return {
      unreadable: `names a file that cannot be read${code === undefined ? '' : ` (${code})`}`,
      missing: code === 'ENOENT' || code === 'ENOTDIR',
    }
  }
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
