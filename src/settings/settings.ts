// Settings of several sources -> one set under our own names, which remembers where each came from.
import type { Problem } from '../errors.ts'
import { meaningOf } from './aliases.ts'
import { isPlaceholder } from './placeholder.ts'

export type Variables = Readonly<Record<string, string | undefined>>

/** One setting as somebody wrote it; `written` is `--app-id`, `AP_APP_ID` or a JSON key, `name` the variable meant. */
export interface Written {
  written: string
  name: string
  value: string
}

export interface Source {
  /** In words: `the environment`, `--config /etc/shop.json`. */
  text: string
  /** Shown with every name that was written in it. */
  file?: string
  values: readonly Written[]
}

export interface Origin {
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

/** @param sources the highest first */
export function settle(sources: readonly Source[]): Settings {
  const problems: Problem[] = []
  const notices: Problem[] = []
  const named = sources.map((source) => underOurNames(source, problems, notices))
  const settings = named.reduceRight<Named>((lower, higher) => over(higher, lower), new Map())
  return {
    variables: Object.fromEntries([...settings].map(([name, { value }]) => [name, value])),
    origins: new Map([...settings].map(([name, { origin }]) => [name, origin])),
    problems,
    notices: [...notices, ...officialDefault(settings)],
  }
}

/** Empty values count as not set. */
export function sourceOf(text: string, variables: Variables, file?: string): Source {
  const values = Object.entries(variables).flatMap(([name, value]) =>
    value?.trim() ? [{ written: name, name, value }] : [],
  )
  return file === undefined ? { text, values } : { text, values, file }
}

function underOurNames(source: Source, problems: Problem[], notices: Problem[]): Named {
  const named = new Map<string, Setting>()
  for (const { written, name, value } of source.values) {
    const { set, problem, notice } = meaningOf(name, value) ?? { set: { [name]: value } }
    const label = source.file === undefined ? written : `${written} (${source.file})`
    if (problem) problems.push({ variable: label, problem: problem[0], fix: problem[1] })
    if (notice) notices.push({ variable: label, problem: notice[0], fix: notice[1] })
    for (const [ours, meant] of Object.entries(set ?? {})) {
      const text = written === ours ? source.text : `${source.text} (${written})`
      const before = named.get(ours)
      if (!before || isPlaceholder(before.value))
        named.set(ours, { value: meant, written, origin: { text, label } })
      else if (!isPlaceholder(meant) && bare(before.value) !== bare(meant)) {
        const both = `is another name for ${before.written}, and they differ.`
        problems.push({ variable: label, problem: both, fix: 'keep one of the two.' })
      }
    }
  }
  return named
}

/** Without what differs between two forms of one text or key. */
const bare = (value: string) => value.replace(/-----[^-]+-----|\\n|\\r|\s/g, '')

const CERTIFICATES = ['ALIPAY_APP_CERT_FILE', 'ALIPAY_PUBLIC_CERT_FILE', 'ALIPAY_ROOT_CERT_FILE']
/** What a setting of a higher source replaces in lower ones, besides itself. */
const REPLACES: Readonly<Record<string, readonly string[]>> = {
  ALIPAY_PRIVATE_KEY: ['ALIPAY_PRIVATE_KEY_FILE'],
  ALIPAY_PRIVATE_KEY_FILE: ['ALIPAY_PRIVATE_KEY'],
  ALIPAY_PUBLIC_KEY: ['ALIPAY_PUBLIC_KEY_FILE', ...CERTIFICATES],
  ALIPAY_PUBLIC_KEY_FILE: ['ALIPAY_PUBLIC_KEY', ...CERTIFICATES],
  ALIPAY_PUBLIC_CERT_FILE: ['ALIPAY_PUBLIC_KEY', 'ALIPAY_PUBLIC_KEY_FILE'],
}

/** A placeholder that the host did not replace replaces nothing either. */
function over(higher: Named, lower: Named): Named {
  const real = [...higher].filter(([, { value }]) => !isPlaceholder(value))
  const replaced = new Set(real.flatMap(([name]) => [name, ...(REPLACES[name] ?? [])]))
  return new Map([...higher, ...[...lower].filter(([name]) => !replaced.has(name)), ...real])
}

/** Somebody who moved over may expect real money, which this server never takes by default. */
function officialDefault(settings: Named): Problem[] {
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
