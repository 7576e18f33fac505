// Reads single settings and collects what is wrong with them, so that all problems are reported together.
import type { z } from 'zod'
import type { Problem } from '../errors.ts'
import { isPastedText, openFileWarning, pathFix, quotePath, readNamedFile, relativeFrom } from './named-file.ts'
import { PastedTextError } from './pasted-text.ts'
import { quoteValue } from './placeholder.ts'
import type { Settings } from './settings.ts'
import { NAMES, type Name } from './variables.ts'

export class SettingsReader {
  readonly #settings: Pick<Settings, 'variables' | 'origins'>
  readonly #ctx: z.RefinementCtx
  readonly #notices: Problem[]
  #silent = false

  /** @param notices gets what is not wrong enough to stop */
  constructor(settings: Pick<Settings, 'variables' | 'origins'>, ctx: z.RefinementCtx, notices: Problem[]) {
    this.#settings = settings
    this.#ctx = ctx
    this.#notices = notices
  }

  problem(variable: string, message: string, fix: string): undefined {
    if (this.#silent) return undefined
    this.#ctx.addIssue({ code: 'custom', path: [this.written(variable)], message, params: { fix } })
  }

  notice(variable: string, problem: string, fix: string): void {
    this.#notices.push({ variable: this.written(variable), problem, fix })
  }

  /** To look ahead: what is wrong is told when it is read for good. */
  silently<T>(look: () => T): T {
    const before = this.#notices.length
    this.#silent = true
    try {
      return look()
    } finally {
      this.#silent = false
      this.#notices.splice(before)
    }
  }

  /** The name under which somebody set it. */
  written(variable: string): string {
    return this.#settings.origins.get(variable)?.label ?? variable
  }

  text(name: Name): string | undefined {
    return this.#settings.variables[name]?.trim()
  }

  matching(name: Name, pattern: RegExp, fix: string): string | undefined {
    const value = this.text(name)
    if (value === undefined || pattern.test(value)) return value
    return this.problem(name, 'does not have the form it must have.', fix)
  }

  /** In any case of letters. */
  oneOf<T extends string>(name: Name, allowed: readonly T[]): T | undefined {
    const value = this.text(name)
    const known = allowed.find((item) => item.toLowerCase() === value?.toLowerCase())
    if (value === undefined || known) return known
    return this.problem(name, `is ${quoteValue(value)}.`, `use one of ${allowed.join(', ')}.`)
  }

  /** A comma list, in its order and without repeats. */
  someOf<T extends string>(name: Name, allowed: readonly T[]): readonly T[] | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const items = new Set(value.split(',').map((item) => item.trim()))
    const known = [...items].flatMap((item) => allowed.filter((one) => one === item))
    if (known.length === items.size) return known
    const wrong = [...items].filter((item) => !allowed.some((one) => one === item))
    const words = wrong.map((item) => (item === '' ? 'an empty name' : quoteValue(item))).join(', ')
    return this.problem(name, `holds ${words}.`, `use a comma list of ${allowed.join(', ')}.`)
  }

  integer(name: Name, least: number, most: number): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const number = Number(value)
    if (/^\d+$/.test(value) && number >= least && number <= most) return number
    return this.problem(name, `is ${quoteValue(value)}.`, `use a whole number from ${least} to ${most}.`)
  }

  /** A switch that nobody can read for sure is a problem, never silently off. */
  boolean(name: Name): boolean {
    const value = this.text(name)
    if (value !== undefined && isYes(value)) return true
    if (value !== undefined && !isNo(value)) {
      this.problem(name, `is ${quoteValue(value)}.`, 'use true or false.')
    }
    return false
  }

  /** https, or http where `httpHosts` allows it; at most 256 characters, which is Alipay's limit for its urls. */
  url(name: Name, httpHosts: RegExp): URL | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const url = URL.canParse(value) ? new URL(value) : undefined
    const http = url?.protocol === 'http:' && httpHosts.test(url.hostname)
    if (!url || !(http || url.protocol === 'https:')) {
      return this.problem(name, 'is not an https address.', 'give a full address such as https://host/path.')
    }
    if (url.username || url.password) {
      return this.problem(name, 'has a user name or password in it.', 'remove them from the address.')
    }
    if (url.href.length > 256) return this.problem(name, 'is longer than 256 characters.', 'use a shorter one.')
    return url
  }

  /** The text of a key from NAME or from the file that NAME_FILE names; never quoted in a problem. */
  keyText(name: 'ALIPAY_PRIVATE_KEY' | 'ALIPAY_PUBLIC_KEY'): { from: Name; pasted: string | Buffer } | undefined {
    const text = this.text(name)
    const from = `${name}_FILE` as const
    if (this.text(from) === undefined) return text === undefined ? undefined : { from: name, pasted: text }
    if (text !== undefined) {
      return this.problem(name, `is set, and ${this.written(from)} too.`, 'keep one of the two.')
    }
    const file = this.file(from)
    return file && { from, pasted: file.bytes }
  }

  /** Runs a parser, whose refusal becomes a problem of the setting. */
  parsed<T>(name: Name, parse: () => T): T | undefined {
    try {
      return parse()
    } catch (error) {
      if (!(error instanceof PastedTextError)) throw error
      return this.problem(name, `cannot be used: ${error.message}`, error.fix)
    }
  }

  /** The file that a setting names. */
  file(name: Name): { bytes: Buffer; text: string } | undefined {
    const path = this.text(name)
    if (path === undefined) return undefined
    const instead = name.replace('_FILE', '')
    const key = NAMES.includes(instead) ? instead : undefined
    if (isPastedText(path)) {
      const fix = key
        ? `move it to ${key}, or give the path of a file.`
        : 'save it as a file, and give the path of that.'
      return this.problem(name, `holds a ${key ? 'key' : 'certificate'} itself, not the path of a file.`, fix)
    }
    const file = readNamedFile(path)
    // Files of settings count from their own folders; what is relative here was typed or is in the environment.
    const full = relativeFrom('.', path)
    if ('unreadable' in file) {
      const belongs = key ? `; a key itself belongs into ${key}` : ''
      return this.problem(name, `${file.unreadable}: ${quotePath(full ?? path)}.`, `${pathFix(path)}${belongs}.`)
    }
    if (full) this.notice(name, RELATIVE, `give the full path, which hosts find too: ${quotePath(full)}.`)
    const open = SECRET_FILES.includes(name) ? openFileWarning(path) : undefined
    if (open) this.notice(name, open.problem, open.fix)
    return file
  }
}

const SECRET_FILES: readonly Name[] = ['ALIPAY_PRIVATE_KEY_FILE', 'ALIPAY_DELIVERY_SECRET_FILE']

const RELATIVE = 'is a relative path, which counts from the folder in which the program was started.'

const isYes = (text: string) => /^(1|true|yes|on)$/i.test(text)
export const isNo = (text: string) => /^(0|false|no|off)$/i.test(text)
