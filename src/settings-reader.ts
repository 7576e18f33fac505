// Reads single settings and collects what is wrong with them, so that all problems are reported together.
import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import type { Name } from './variables.ts'

export class SettingsReader {
  readonly #env: Readonly<Record<string, string | undefined>>
  readonly #ctx: z.RefinementCtx

  constructor(env: Readonly<Record<string, string | undefined>>, ctx: z.RefinementCtx) {
    this.#env = env
    this.#ctx = ctx
  }

  problem(variable: string, message: string, fix: string): undefined {
    this.#ctx.addIssue({ code: 'custom', path: [variable], message, params: { fix } })
  }

  text(name: Name): string | undefined {
    return this.#env[name]?.trim()
  }

  matching(name: Name, pattern: RegExp, fix: string): string | undefined {
    const value = this.text(name)
    if (value === undefined || pattern.test(value)) return value
    return this.problem(name, 'does not have the form it must have.', fix)
  }

  oneOf<T extends string>(name: Name, allowed: readonly T[]): T | undefined {
    const value = this.text(name)
    const known = allowed.find((item) => item === value?.toLowerCase())
    if (value === undefined || known) return known
    return this.problem(name, `is ${JSON.stringify(value)}.`, `use one of ${allowed.join(', ')}.`)
  }

  /** A comma list, in its order and without repeats. */
  someOf<T extends string>(name: Name, allowed: readonly T[]): readonly T[] | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const items = new Set(value.split(',').map((item) => item.trim()))
    const known = [...items].flatMap((item) => allowed.filter((one) => one === item))
    if (known.length === items.size) return known
    return this.problem(name, `is ${JSON.stringify(value)}.`, `use a comma list of ${allowed.join(', ')}.`)
  }

  integer(name: Name, least: number, most: number): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const number = Number(value)
    if (/^\d+$/.test(value) && number >= least && number <= most) return number
    return this.problem(name, `is ${JSON.stringify(value)}.`, `use a whole number from ${least} to ${most}.`)
  }

  /** A switch that nobody can read for sure is a problem, never silently off. */
  boolean(name: Name): boolean {
    const value = this.text(name)
    if (value !== undefined && isYes(value)) return true
    if (value !== undefined && !isNo(value)) {
      this.problem(name, `is ${JSON.stringify(value)}.`, 'use true or false.')
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
    if (url.href.length > 256)
      return this.problem(name, 'is longer than 256 characters.', 'use a shorter one.')
    return url
  }

  hasKey(name: 'ALIPAY_PRIVATE_KEY' | 'ALIPAY_PUBLIC_KEY'): boolean {
    return this.text(name) !== undefined || this.text(`${name}_FILE`) !== undefined
  }

  /** The text of a key from NAME or from the file that NAME_FILE names; never quoted in a problem. */
  keyText(name: 'ALIPAY_PRIVATE_KEY' | 'ALIPAY_PUBLIC_KEY'): { from: Name; text: string } | undefined {
    const text = this.text(name)
    const file = this.text(`${name}_FILE`)
    if (file === undefined) return text === undefined ? undefined : { from: name, text }
    if (text !== undefined) {
      return this.problem(name, `is set, and ${name}_FILE too.`, 'keep one of the two.')
    }
    try {
      return { from: `${name}_FILE`, text: readFileSync(file, 'utf8') }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
      return this.problem(
        `${name}_FILE`,
        `names a file that cannot be read${code}.`,
        `give its full path, since hosts start the server in another folder; a key itself belongs into ${name}.`,
      )
    }
  }
}

export const isYes = (text: string) => /^(1|true|yes|on)$/i.test(text)
export const isNo = (text: string) => /^(0|false|no|off)$/i.test(text)
