// Finds variables whose names were meant as ours: a misspelt key or guard must never be silently without effect.
import { distance } from 'fastest-levenshtein'
import { CREDENTIALS, NAMES } from './variables.ts'

/** The official server's names for the same things. */
const OTHER_SERVERS: Readonly<Record<string, string>> = {
  AP_APP_ID: 'ALIPAY_APP_ID',
  AP_APP_KEY: 'ALIPAY_PRIVATE_KEY',
  AP_PUB_KEY: 'ALIPAY_PUBLIC_KEY',
  AP_READ_ONLY: 'ALIPAY_READ_ONLY',
}
// Said in other words, such as ALIPAY_APP_PRIVATE_KEY or ZFB_APP_ID. Other firms' names begin with ALI and AP, too.
const OURS = /^(ALIPAY|ZFB|ZHIFUBAO)/
const IN_OTHER_WORDS: readonly [RegExp, string][] = [
  [/READONLY/, 'ALIPAY_READ_ONLY'],
  [/APPID/, 'ALIPAY_APP_ID'],
  [/PUBKEY|PUBLICKEY/, 'ALIPAY_PUBLIC_KEY'],
  [/PRIVATEKEY|PRIVKEY|APPKEY|SECRET/, 'ALIPAY_PRIVATE_KEY'],
]
const FAR = 3

/** Name found -> name that was probably meant. */
export function nearMisses(found: readonly string[]): ReadonlyMap<string, string> {
  const misses = new Map<string, string>()
  for (const name of found) {
    const meant = NAMES.includes(name) ? undefined : meantBy(name)
    if (meant) misses.set(name, meant)
  }
  return misses
}

export const isCredential = (name: string) => CREDENTIALS.includes(name)

/** Names that begin like ours and mean nothing here. */
export function isUnknown(name: string): boolean {
  return /^ALIPAY_/i.test(name) && !NAMES.includes(name) && meantBy(name) === undefined
}

function meantBy(name: string): string | undefined {
  const bare = letters(name)
  const other = OTHER_SERVERS[name.toUpperCase()]
  if (other) return other
  if (!/^(AL|ZFB|ZHIFUBAO)/.test(bare)) return undefined
  const longer = NAMES.filter((known) => bare.startsWith(letters(known))).at(-1)
  const inOtherWords = OURS.test(bare) && IN_OTHER_WORDS.find(([pattern]) => pattern.test(bare))?.[1]
  return nearestOf(bare) ?? (longer || inOtherWords || undefined)
}

function nearestOf(bare: string): string | undefined {
  const byDistance = NAMES.map((name) => ({ name, far: distance(bare, letters(name)) }))
  return byDistance.sort((a, b) => a.far - b.far).find(({ far }) => far < FAR)?.name
}

const letters = (name: string) => name.toUpperCase().replace(/[^A-Z0-9]/g, '')
