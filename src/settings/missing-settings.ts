// What is said of a setting that counts as not set: why, and what to do about it.
import { isSerial, SERIAL } from './near-misses.ts'
import { describePlaceholder, isPlaceholder } from './placeholder.ts'
import type { SettingsReader } from './settings-reader.ts'
import type { Variables } from './sources.ts'
import type { Name } from './variables.ts'

/** Says why a setting counts as not set, and what to do about it. */
export type ReportMissing = (name: Name, fix: string) => undefined

/**
 * A placeholder or a misspelt name is told in place of what it leaves missing.
 * @param mentioned gets the misspelt names that were told
 */
export function missingReporter(
  read: SettingsReader,
  all: Variables,
  misses: ReadonlyMap<string, string>,
  mentioned: Set<string>,
): ReportMissing {
  return (name, fix) => {
    const unreplaced = [name, `${name}_FILE`].filter((one) => isPlaceholder(all[one]))
    for (const one of unreplaced) {
      const { problem, fix: ownFix = fix } = describePlaceholder(all[one])
      read.problem(one, problem, ownFix)
    }
    if (unreplaced.length > 0) return undefined
    const near = [...misses].filter(([, meant]) => meant.startsWith(name)).map(([found]) => found)
    const serials = near.filter(isSerial)
    const misspelt = serials.length > 0 ? serials : near
    for (const found of misspelt) mentioned.add(found)
    const names = misspelt.map((one) => read.written(one)).join(', ')
    if (serials.length > 0) return read.problem(name, `is not set; ${names} ${SERIAL[0]}`, fix)
    if (near.length === 0) return read.problem(name, 'is not set.', fix)
    const [found, another] = misspelt
    const isOne = found !== undefined && another === undefined
    const rename = isOne ? `rename ${read.written(found)} to ${misses.get(found)}.` : fix
    return read.problem(name, `is not set; ${names} is, which this server does not read.`, rename)
  }
}
