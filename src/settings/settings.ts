// All the places that settings come from -> one set under our own names, which remembers where each came from.
import { dirname } from 'node:path'
import type { Problem } from '../errors.ts'
import { meaningOf } from './aliases.ts'
import { readEnvFile } from './env-file.ts'
import { plainPath, relativeFrom } from './named-file.ts'
import { isPlaceholder, isUnfilled } from './placeholder.ts'
import { readSettingsFile } from './settings-file.ts'
import { type Source, sourceOf, type Variables } from './sources.ts'
import { CERTIFICATE_FILES, isFileName } from './variables.ts'

interface Origin {
  /** `the environment (AP_APP_ID)`. */
  text: string
  /** The name that its problems are told under: `AP_APP_ID`, `app_id (/etc/shop.json)`. */
  label: string
}

export interface Settings {
  variables: Variables
  origins: ReadonlyMap<string, Origin>
  problems: readonly Problem[]
  /** Not wrong enough to stop. */
  notices: readonly Problem[]
}

interface Setting {
  value: string
  written: string
  origin: Origin
}
type Named = ReadonlyMap<string, Setting>

interface Files {
  envFile: string | undefined
  config: string | undefined
  /** What init takes over from another program. */
  imported?: Source | undefined
  /** In the platform's config folder; need not be there. */
  settingsFile: string | undefined
}

/** In the order of precedence: flags, environment, --dotenv, --config, --import, settings file. */
export function readSettings(flags: Source, env: Variables, files: Files): Settings {
  const { envFile, config, imported, settingsFile } = files
  return mergeSources([
    flags,
    sourceOf('the environment', env),
    ...(envFile === undefined ? [] : [readEnvFile(envFile)]),
    ...(config === undefined ? [] : [readSettingsFile('--config', config)]),
    ...(imported === undefined ? [] : [imported]),
    ...(settingsFile === undefined ? [] : [readSettingsFile('settings file', settingsFile)]),
  ])
}

/** @param sources the highest first */
export function mergeSources(sources: readonly Source[]): Settings {
  const problems = sources.flatMap((source) => source.problems ?? [])
  const notices = sources.flatMap((source) => source.notices ?? [])
  const named = sources.map((source) => translateNames(source, problems, notices))
  const settings = named.reduceRight<Named>((lower, higher) => mergeNamed(higher, lower), new Map())
  return {
    variables: Object.fromEntries([...settings].map(([name, { value }]) => [name, value])),
    origins: new Map([...settings].map(([name, { origin }]) => [name, origin])),
    problems,
    notices: [...notices, ...officialDefaultNotices(settings)],
  }
}

function translateNames(source: Source, problems: Problem[], notices: Problem[]): Named {
  const named = new Map<string, Setting>()
  for (const { written, name, value } of source.values) {
    const { set, problem, notice } = meaningOf(name, value) ?? { set: { [name]: value } }
    const label = source.file === undefined ? written : `${written} (${source.file})`
    if (problem) problems.push({ variable: label, problem: problem[0], fix: problem[1] })
    if (notice) notices.push({ variable: label, problem: notice[0], fix: notice[1] })
    for (const [ours, given] of Object.entries(set ?? {})) {
      const meant = isFileName(ours) ? fromFolderOf(source, given) : given
      const text = written === ours ? source.text : `${source.text} (${written})`
      const before = named.get(ours)
      if (!before || isPlaceholder(before.value)) named.set(ours, { value: meant, written, origin: { text, label } })
      else if (!isPlaceholder(meant) && withoutFrame(before.value) !== withoutFrame(meant)) {
        const both = `is another name for ${before.written}, and they differ.`
        problems.push({ variable: label, problem: both, fix: 'keep one of the two.' })
      }
    }
  }
  return named
}

/** A file of settings may be named from any folder: a relative path in it counts from its own. */
function fromFolderOf({ file }: Source, path: string): string {
  if (file === undefined || isPlaceholder(path)) return path
  return relativeFrom(dirname(plainPath(file)), path) ?? path
}

/** Without what differs between two forms of one text or key. */
const withoutFrame = (value: string) => value.replace(/-----[^-]+-----|\\n|\\r|\s/g, '')

/** What a setting of a higher source replaces in lower ones, besides itself. */
const REPLACES: ReadonlyMap<string, readonly string[]> = new Map([
  ['ALIPAY_PRIVATE_KEY', ['ALIPAY_PRIVATE_KEY_FILE']],
  ['ALIPAY_PRIVATE_KEY_FILE', ['ALIPAY_PRIVATE_KEY']],
  ['ALIPAY_PUBLIC_KEY', ['ALIPAY_PUBLIC_KEY_FILE', ...CERTIFICATE_FILES]],
  ['ALIPAY_PUBLIC_KEY_FILE', ['ALIPAY_PUBLIC_KEY', ...CERTIFICATE_FILES]],
  ['ALIPAY_PUBLIC_CERT_FILE', ['ALIPAY_PUBLIC_KEY', 'ALIPAY_PUBLIC_KEY_FILE']],
])

/** A placeholder that the host did not replace replaces nothing either. */
function mergeNamed(higher: Named, lower: Named): Named {
  const real = [...higher].filter(([name, { value }]) => !isUnfilled(name, value))
  const replaced = new Set(real.flatMap(([name]) => [name, ...(REPLACES.get(name) ?? [])]))
  return new Map([...higher, ...[...lower].filter(([name]) => !replaced.has(name)), ...real])
}

/** Somebody who moved over may expect real money, which this server never takes by default. */
function officialDefaultNotices(settings: Named): Problem[] {
  const isReal = (name: string) => settings.has(name) && !isPlaceholder(settings.get(name)?.value)
  const keys = ['ALIPAY_APP_ID', 'ALIPAY_PRIVATE_KEY', 'ALIPAY_PUBLIC_KEY']
  const official = keys.some((name) => settings.get(name)?.written.startsWith('AP_'))
  if (!official || isReal('ALIPAY_ENV') || isReal('ALIPAY_GATEWAY')) return []
  const problem = "is not set: the official server would take production, this one takes Alipay's sandbox."
  return [
    {
      variable: 'AP_CURRENT_ENV',
      problem,
      fix: 'set AP_CURRENT_ENV=prod for real money, or sandbox to stay.',
    },
  ]
}
