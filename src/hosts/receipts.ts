// What install changed, kept for uninstall: the text that was inserted into which file. It holds no key and no setting.
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import * as z from 'zod'
import { settingsFilePath } from '../settings/settings-file.ts'
import { writeWhole } from './host-file.ts'
import { HostFileError, REFUSED } from './refusals.ts'

const receipt = z.object({
  host: z.string(),
  /** Undefined where only a part of an entry was changed: no cut would give the old text back. */
  inserted: z.string().optional(),
  /** Whether install made the file. */
  isNew: z.boolean(),
  /** Folders that install made, the outermost first. */
  folders: z.array(z.string()).readonly(),
  /** The file as it was before; uninstall removes it. */
  backup: z.string().optional(),
  /** The file with the entry of another program that gave way; it stays. */
  replaced: z.string().optional(),
})
export type Receipt = z.infer<typeof receipt>

const receiptsPath = (folder = dirname(settingsFilePath())) => join(folder, 'hosts.json')

/** By the file, as its host names it. One that cannot be read is as none: uninstall then removes the entry alone. */
export function readReceipts(folder?: string): Readonly<Record<string, Receipt>> {
  try {
    return z.record(z.string(), receipt).parse(JSON.parse(readFileSync(receiptsPath(folder), 'utf8')))
  } catch {
    return {}
  }
}

/**
 * @param kept undefined: forgets the one of this file
 * @throws HostFileError
 */
export function keepReceipt(file: string, kept: Receipt | undefined, folder?: string): void {
  const { [file]: _, ...others } = readReceipts(folder)
  const path = receiptsPath(folder)
  if (!isAbsolute(path)) throw new HostFileError(REFUSED.noHome(path))
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeWhole(path, `${JSON.stringify({ ...others, ...(kept && { [file]: kept }) }, null, 2)}\n`, undefined)
  } catch (error) {
    throw HostFileError.of(error, path)
  }
}
