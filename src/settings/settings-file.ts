// A JSON file of settings, given with --config or lying in the platform's config folder; its keys are our names or others'.
import { join } from 'node:path'
import envPaths from 'env-paths'
import type { Problem } from '../errors.ts'
import { ownCall } from '../pasteable-call.ts'
import { JSON_KEYS } from './aliases.ts'
import { quotePath, readNamedFile } from './named-file.ts'
import { isSerial, nearestOf, SERIAL } from './near-misses.ts'
import { emptyFile, openFileNotices, type Source, unreadableFile, type Written } from './sources.ts'

/** `settings.json` in the platform's folder for it, such as ~/.config/alipay-mcp. */
export function settingsFilePath(): string {
  return join(envPaths('alipay-mcp', { suffix: '' }).config, 'settings.json')
}

/** @param variable how the file was named: `--config`, or `settings file` for the one that need not be there */
export function readSettingsFile(
  variable: '--config' | '--import' | 'settings file',
  path: string,
  parse: (text: string) => Keys = parseSettings,
): Source {
  const source = { text: `${variable} ${path}`, file: path, values: [] }
  const file = readNamedFile(path)
  if ('unreadable' in file) {
    if (file.missing && variable === 'settings file') return source
    return { ...source, problems: [unreadableFile(variable, file.unreadable, path)] }
  }
  const notices = openFileNotices(variable, path)
  const read = parse(file.text)
  if ('wrong' in read) {
    const problem = `${read.wrong} ${quotePath(path)}.`
    return { ...source, problems: [{ variable, problem, fix: 'see the example in docs/settings.md.' }], notices }
  }
  const under = settingsUnder(read.keys, path)
  const isEmpty = under.values.length === 0 && under.problems.length === 0
  if (isEmpty && variable !== 'settings file') return { ...source, problems: [emptyFile(variable, path)], notices }
  return { ...source, ...under, notices }
}

type Keys = { keys: [string, unknown][] } | { wrong: string }

function parseSettings(text: string): Keys {
  try {
    const content: unknown = JSON.parse(text)
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
      return { keys: Object.entries(content) }
    }
    return { wrong: 'must hold one object, { "name": "value", ... }:' }
  } catch {
    // To look for the line would take long, and nothing of ours lies deep.
    if ((text.match(/[[{]/g)?.length ?? 0) > MOST_BRACKETS)
      return { wrong: 'holds far more than settings, and is no JSON:' }
    return { wrong: `stops being JSON on line ${faultyLine(text)} of` }
  }
}

const MOST_BRACKETS = 1_000

/** Of a text that is not JSON: the line, counted from 1, of the first thing that cannot stand where it does. */
function faultyLine(text: string): number {
  const lines = text.split('\n')
  let [from, to] = [1, lines.length]
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    if (canGoOn(`${lines.slice(0, middle).join('\n')}\n`)) from = middle + 1
    else to = middle
  }
  return from
}

/**
 * Whether a text may be the beginning of JSON. JSON.parse tells by where it stops; its message has a place only where
 * it does not quote the text, which may hold a key.
 */
function canGoOn(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const [, at] = / at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message) ?? []
    return at === undefined ? message === 'Unexpected end of JSON input' : Number(at) >= text.length
  }
}

function settingsUnder(keys: [string, unknown][], path: string) {
  const values: Written[] = []
  const problems: Problem[] = []
  for (const [written, content] of keys) {
    // Notes for people, and what an editor needs.
    if (/^[_$/#]/.test(written) || content === null || content === '') continue
    const name = JSON_KEYS.get(written)
    const value = valueText(content)
    const wrong = name === undefined ? unknownKeyWords(written) : typeof value === 'object' ? value : undefined
    if (wrong) problems.push({ variable: `${quoteKey(written)} (${path})`, ...wrong })
    else if (name !== undefined && typeof value === 'string' && value.trim()) values.push({ written, name, value })
  }
  return { values, problems }
}

type Wrong = Pick<Problem, 'problem' | 'fix'>
const quoteKey = (key: string) => (/^[\w.-]{1,40}$/.test(key) ? key : 'a key')

function unknownKeyWords(key: string): Wrong {
  if (isSerial(key)) return { problem: SERIAL[0], fix: SERIAL[1] }
  const nearest = nearestOf(
    key,
    [...JSON_KEYS.keys()].filter((one) => one === one.toLowerCase()),
  )
  const problem = 'is not a setting of this server.'
  if (/^mcp_?servers$/i.test(key)) return { problem, fix: "this is a host's settings file; give one of this server's." }
  return { problem, fix: `${nearest} is the nearest; rename it or remove it (see ${ownCall('help', 'settings')}).` }
}

export function valueText(content: unknown): string | Wrong {
  if (typeof content === 'string') return content
  if (typeof content === 'boolean' || Number.isSafeInteger(content)) return String(content)
  const isList = Array.isArray(content) && content.every((item) => typeof item === 'string')
  if (isList) return content.join(',')
  return { problem: 'is not a text.', fix: 'write its value in double quotes.' }
}
