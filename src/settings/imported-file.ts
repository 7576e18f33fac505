// A file that init takes settings over from: NAME=value lines, JSON of settings, or a host's file with a payment server in it.
import { OFFICIAL_NAMES } from './aliases.ts'
import { readEnvFile } from './env-file.ts'
import { readNamedFile } from './named-file.ts'
import { readSettingsFile } from './settings-file.ts'
import { openFileNotices, type Source, sourceOf } from './sources.ts'
import { NAMES } from './variables.ts'

export function readImportedFile(path: string): Source {
  const file = readNamedFile(path)
  const text = 'unreadable' in file ? '' : file.text.replace(/^\ufeff/, '').trim()
  if (!text.startsWith('{')) return readEnvFile(path, '--import')
  const entries = entriesIn(parsed(text))
  const [entry, ...others] = entries
  if (!entry) return readSettingsFile('--import', path)
  const source = sourceOf(`--import ${path}`, entry.env, path)
  const notices = openFileNotices('--import', path)
  if (others.length === 0) return { ...source, notices }
  const names = entries.map(({ name }) => JSON.stringify(name.slice(0, 40))).join(', ')
  const problem = `names a file with several servers that have settings of Alipay: ${names}.`
  const fix = 'copy the "env" of the one that is meant into a file of its own, and import that.'
  return { ...source, values: [], problems: [{ variable: '--import', problem, fix }], notices }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

interface Entry {
  name: string
  env: Record<string, string>
}

const DEEPEST = 5

/** Hosts keep servers under mcpServers, servers, mcp.servers or context_servers, and some of them by folder. */
function entriesIn(content: unknown, name = '', depth = 0): Entry[] {
  if (typeof content !== 'object' || content === null || depth > DEEPEST) return []
  const env = 'env' in content ? settingsOf(content.env) : undefined
  if (env) return [{ name, env }]
  return Object.entries(content).flatMap(([key, inner]) => entriesIn(inner, key, depth + 1))
}

function settingsOf(env: unknown): Record<string, string> | undefined {
  if (typeof env !== 'object' || env === null) return undefined
  const ours = Object.entries(env).filter(([name]) => NAMES.includes(name) || OFFICIAL_NAMES.includes(name))
  const texts = ours.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []))
  return texts.length > 0 ? Object.fromEntries(texts) : undefined
}
