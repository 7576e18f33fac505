// What items and plans of the items file share: whole numbers, where a hook may be, and how a fault is worded.
import * as z from 'zod'
import { LOOPBACK } from '../settings/public-address.ts'
import { shortLine } from '../text.ts'

export const whole = (least: number, most: number) =>
  z
    .int({ error: 'must be a whole number.' })
    .min(least, { error: `is under ${least}.` })
    .max(most, { error: `is over ${most}.` })

/** Of the internet only under TLS. */
export function isHookAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, username, password } = new URL(address)
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
  return isSafe && username === '' && password === ''
}

/** By its id, which somebody may have mistyped, and by its place. */
export function entryName(list: 'items' | 'plans', given: unknown, at: number): string {
  const { id } = Object(given)
  const place = `${list}[${at}]`
  return typeof id === 'string' && id !== '' ? `${place} ${JSON.stringify(shortLine(id, 40))}` : place
}

/** The only fault that is not in the file itself. */
export const NO_SECRET = 'has a url, and ALIPAY_DELIVERY_SECRET_FILE is not set'

export const fixOf = (fault: string): string =>
  fault.includes(NO_SECRET)
    ? 'set ALIPAY_DELIVERY_SECRET_FILE to a file with a secret, such as "openssl rand -hex 32" makes one.'
    : 'correct the items file; docs/shop.md shows a whole one.'

export function faultLines(name: string, what: 'an item' | 'a plan', { issues }: z.ZodError): readonly string[] {
  return issues.map((issue) => {
    const field = issue.path.map(String).join('.')
    if (issue.code !== 'unrecognized_keys') return `${name}${field && `.${field}`}: ${issue.message}`
    const keys = issue.keys.map((key) => JSON.stringify(shortLine(key, 40))).join(', ')
    return `${name}: has ${keys}, which ${what} does not have.`
  })
}
