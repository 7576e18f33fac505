// A file that init takes settings over from: NAME=value lines, JSON of settings, or a host's file with a payment server in it.
import { createScanner, type ParseError, parse as parseJson } from 'jsonc-parser'
import { parse as parseToml, TomlError } from 'smol-toml'
import { OFFICIAL_NAMES } from './aliases.ts'
import { readEnvFile } from './env-file.ts'
import { readNamedFile } from './named-file.ts'
import { readSettingsFile } from './settings-file.ts'
import { openFileNotices, type Source, sourceOf } from './sources.ts'
import { NAMES } from './variables.ts'

export function readImportedFile(path: string): Source {
  const file = readNamedFile(path)
  const data = 'unreadable' in file ? undefined : dataIn(file.text.replace(/^\ufeff/, ''))
  if (!data) return readEnvFile(path, '--import')
  if ('wrong' in data) return readSettingsFile('--import', path, () => data)
  const entries = entriesIn(data.content)
  const [entry, ...others] = entries
  if (!entry) return readSettingsFile('--import', path, () => ({ keys: Object.entries(Object(data.content)) }))
  const source = sourceOf(`--import ${path}`, entry.env, path)
  const notices = openFileNotices('--import', path)
  if (others.length === 0) return { ...source, notices }
  const names = entries.map(({ name }) => JSON.stringify(name.slice(0, 40))).join(', ')
  const problem = `names a file with several servers that have settings of Alipay: ${names}.`
  const fix = 'copy the "env" of the one that is meant into a file of its own, and import that.'
  return { ...source, values: [], problems: [{ variable: '--import', problem, fix }], notices }
}

type Data = { content: unknown } | { wrong: string }

/** Of the library's SyntaxKind, which is a constant enum: its names are gone at run time. */
const BRACE = 1
/** The head of a table, which no line of NAME=value looks like. */
const TOML = /^[ \t]*\[[\w"'.-]+\][ \t]*(#.*)?$/m

/** As hosts write it: JSON with comments, or TOML. Undefined for lines of NAME=value. */
function dataIn(text: string): Data | undefined {
  if (createScanner(text, true).scan() === BRACE) return jsonIn(text)
  return TOML.test(text) ? tomlIn(text) : undefined
}

function jsonIn(text: string): Data {
  const errors: ParseError[] = []
  try {
    const content: unknown = parseJson(text, errors, { allowTrailingComma: true })
    const [first] = errors
    return first ? { wrong: `stops being JSON on line ${lineAt(text, first.offset)} of` } : { content }
  } catch (error) {
    // Nested deeper than the library can go.
    if (error instanceof RangeError) return { wrong: 'holds far more than settings, and is no JSON:' }
    throw error
  }
}

function tomlIn(text: string): Data {
  try {
    return { content: parseToml(text, { integersAsBigInt: 'asNeeded' }) }
  } catch (error) {
    if (error instanceof TomlError) return { wrong: `stops being TOML on line ${error.line} of` }
    throw error
  }
}

const lineAt = (text: string, at: number) => text.slice(0, at).split(/\r\n|\n|\r/).length

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
