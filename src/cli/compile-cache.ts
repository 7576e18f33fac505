// Lets Node keep what it has compiled of this program, in a folder that nobody but this user can write.
import { existsSync, lstatSync, mkdirSync, realpathSync } from 'node:fs'
import module from 'node:module'
import { dirname, isAbsolute, join } from 'node:path'
import envPaths from 'env-paths'

/**
 * Start -7 % on Node 22, -9 % on 24; Node 20 has no such cache. Whatever is in the way, the program starts without it
 * and says nothing.
 */
export function keepCompiledCode(): void {
  const enable: unknown = Reflect.get(module, 'enableCompileCache')
  if (typeof enable !== 'function') return
  try {
    const folder = join(envPaths('alipay-mcp', { suffix: '' }).cache, 'compiled')
    if (!isAbsolute(folder) || !isPrivate(nearestExisting(folder))) return
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (isPrivate(folder)) enable(folder)
  } catch {
    // No such home, no space, no permission.
  }
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder))
}

/** Whoever can put a file there can have this program run code: neither the folder nor the way to it may be another's. */
function isPrivate(folder: string): boolean {
  if (realpathSync(folder) !== folder) return false
  const own = process.getuid?.()
  // Windows, where a user's own folders are closed to others.
  if (own === undefined) return true
  const { uid, mode } = lstatSync(folder)
  return uid === own && !openToOthers(mode) && isGuarded(dirname(folder), own)
}

/** In a sticky folder, such as /tmp, others can add entries but not replace ours. */
function isGuarded(folder: string, own: number): boolean {
  const { uid, mode } = lstatSync(folder)
  if ((uid !== own && uid !== 0) || (openToOthers(mode) && !(mode & 0o1000))) return false
  return dirname(folder) === folder || isGuarded(dirname(folder), own)
}

function openToOthers(mode: number): boolean {
  return (mode & 0o022) !== 0
}
