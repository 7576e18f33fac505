// A file of NAME=value lines, given with --dotenv: read in silence, and no line of it silently without effect.
import { parse } from 'dotenv'
import type { Problem } from '../errors.ts'
import { JSON_KEYS } from './aliases.ts'
import { quotePath, readNamedFile } from './named-file.ts'
import { emptyFile, openFileNotices, type Source, sourceOf, unreadableFile } from './sources.ts'

/**
 * dotenv's parser alone: its loader would print to standard output and change the environment.
 * @param flag with which the file was given
 */
export function readEnvFile(path: string, flag = '--dotenv'): Source {
  const text = `${flag} ${path}`
  const file = readNamedFile(path)
  if ('unreadable' in file) {
    return { text, values: [], problems: [unreadableFile(flag, file.unreadable, path)] }
  }
  if (file.text.split('\n').filter((line) => line.trim() !== '').length > MOST_LINES) {
    return { text, values: [], problems: [unreadableFile(flag, TOO_LONG, path)] }
  }
  const lines = file.text.replace(/\r\n?|[\u2028\u2029]/g, '\n')
  const variables = parse(withoutGaps(lines))
  const notices = [...openFileNotices(flag, path), ...shortNameNotices(Object.keys(variables), path)]
  return {
    ...sourceOf(text, variables, path),
    problems: [
      ...wrongLineProblems(lines, path, flag),
      ...cutProblems(lines, path),
      ...emptyProblems(lines, path, flag),
    ],
    notices,
  }
}

const MOST_LINES = 10_000
const TOO_LONG = `names a file of more than ${MOST_LINES} lines, far more than there are settings`

/** dotenv needs minutes for many empty lines. */
const withoutGaps = (lines: string) =>
  lines
    .split('\n')
    .map((line) => line.trimStart())
    .filter((line) => line !== '')
    .join('\n')

/** Names that only JSON files have, such as APP_ID. They may be another program's, so that they do not stop the start. */
function shortNameNotices(names: readonly string[], path: string): Problem[] {
  return names.flatMap((name) => {
    const meant = JSON_KEYS.get(name.toLowerCase())
    if (meant === undefined || JSON_KEYS.get(name) === name || !meant.startsWith('ALIPAY_')) return []
    const fix = `if it was meant for this server, rename it to ${meant}.`
    return /^alipay_/i.test(name) ? [] : [{ variable: `${name} (${path})`, problem: 'is not read in this file.', fix }]
  })
}

// What dotenv's own parser takes for a setting; it drops everything else without a word.
const SETTING =
  /^[^\S\n]*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(#.*)?$/gm
const QUOTED = /^(['"`]).*\1$/s

function wrongLineProblems(text: string, path: string, flag: string): Problem[] {
  const left = text.replace(SETTING, (setting) => setting.replace(/[^\n]/g, ''))
  const lines = left.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }))
  const wrong = lines.filter(({ line }) => line !== '' && !line.startsWith('#'))
  const [first] = wrong
  if (!first) return []
  const more = wrong.length > 1 ? ` (nor are ${wrong.length - 1} more)` : ''
  return [
    {
      variable: flag,
      problem: `line ${first.number} of ${quotePath(path)} is no NAME=value${more}.`,
      fix: 'put a key of several lines into double quotes, or on one line with \\n for its line ends.',
    },
  ]
}

/** A value that dotenv would cut at its `#`, such as an address or a folder: another one would be used, in silence. */
function cutProblems(text: string, path: string): Problem[] {
  return [...text.matchAll(SETTING)].flatMap(([setting, name = '', value = '', comment = '']) => {
    const isOurs = /^(ALIPAY|AP)_/.test(name)
    const isComment = /\s$/.test(setting.slice(0, setting.length - comment.length)) || QUOTED.test(value.trim())
    if (comment === '' || isComment || !isOurs) return []
    return [
      { variable: name, problem: `in ${quotePath(path)} has a # in its value, where the value would end.`, fix: QUOTE },
    ]
  })
}

/** All commented out, or all without a value; a line that is wrong is told by itself. */
function emptyProblems(text: string, path: string, flag: string): Problem[] {
  const hasValue = [...text.matchAll(SETTING)].some(([, , value = '']) => /[^"'`\s]/.test(value))
  return hasValue || wrongLineProblems(text, path, flag).length > 0 ? [] : [emptyFile(flag, path)]
}

const QUOTE = 'put the value into single quotes, or a blank before a # that begins a comment.'
