// What settings.json is to hold: what was there, in its order and with what is not ours, and the settings that are wanted.
import { dirname } from 'node:path'
import { JSON_KEYS, meaningOf } from '../../settings/aliases.ts'
import { relativeFrom } from '../../settings/named-file.ts'
import { valueText } from '../../settings/settings-file.ts'
import type { Variables } from '../../settings/sources.ts'
import { isFileName, isSwitch, NAMES } from '../../settings/variables.ts'

/** @param existing what the file at `path` holds */
export function settingsContent(existing: Readonly<Record<string, unknown>>, wanted: Variables, path: string): string {
  const kept: [key: string, value: unknown][] = []
  const written = new Set<string>()
  for (const [key, value] of Object.entries(existing)) {
    const names = settingsUnder(key, value, path)
    const ours = JSON_KEYS.get(key)
    const isAsWanted = names.size > 0 && [...names].every(([name, set]) => wanted[name] === set)
    if (ours === undefined || (names.size === 0 && wanted[ours] === undefined) || isAsWanted) kept.push([key, value])
    else if (NAMES.includes(ours) && wanted[ours] !== undefined && !written.has(ours))
      kept.push([key, jsonValue(ours, wanted[ours])])
    else continue
    for (const name of [...names.keys(), ours ?? '']) written.add(name)
  }
  const added = NAMES.filter((name) => wanted[name] !== undefined && !written.has(name))
  const all = [...kept, ...added.map((name) => [wordFor(name), jsonValue(name, wanted[name] ?? '')])]
  return `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`
}

/** What a key sets under our names; nothing where it is a note, empty, or not ours. */
function settingsUnder(key: string, content: unknown, path: string): ReadonlyMap<string, string> {
  const name = JSON_KEYS.get(key)
  const value = valueText(content)
  if (name === undefined || typeof value !== 'string' || value.trim() === '') return new Map()
  const { set } = meaningOf(name, value) ?? { set: { [name]: value } }
  return new Map(
    Object.entries(set ?? {}).map(([ours, text]) => [
      ours,
      isFileName(ours) ? (relativeFrom(dirname(path), text) ?? text) : text,
    ]),
  )
}

/** `app_id`; the environment under the word that says so. */
export const wordFor = (name: string) =>
  name === 'ALIPAY_ENV' ? 'environment' : name.toLowerCase().replace('alipay_', '')

const jsonValue = (name: string, value: string) =>
  isSwitch(name) && /^(true|false)$/.test(value) ? value === 'true' : value
