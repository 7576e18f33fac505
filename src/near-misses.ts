// Finds variables whose names were meant as ours: a misspelt key or guard must never be silently without effect.
import { distance } from 'fastest-levenshtein'
import { CREDENTIALS, NAMES } from './variables.ts'

/** The official server's names for the same things. */
const OTHER_SERVERS: Readonly<Record<string, string>> = {
  AP_APP_ID: 'ALIPAY_APP_ID',
  AP_APP_KEY: 'ALIPAY_PRIVATE_KEY',
  AP_PUB_KEY: 'ALIPAY_PUBLIC_KEY',
}
// Said in other words, such as ALIPAY_APP_PRIVATE_KEY or ALIPAY_ALIPAY_PUBLIC_KEY.
const IN_OTHER_WORDS: readonly [RegExp, string][] = [
  [/^(ALI|AP|ZFB|ZHIFUBAO).*APPID/, 'ALIPAY_APP_ID'],
  [/^(ALI|AP|ZFB|ZHIFUBAO).*(PUBKEY|PUBLICKEY)/, 'ALIPAY_PUBLIC_KEY'],
  [/^(ALI|AP|ZFB|ZHIFUBAO).*(PRIVATEKEY|PRIVKEY|APPKEY|SECRETKEY|APPSECRET)/, 'ALIPAY_PRIVATE_KEY'],
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

function meantBy(name: string): string | undefined {
  const bare = letters(name)
  const other = OTHER_SERVERS[name.toUpperCase()]
  if (other) return other
  if (!/^(A|ZFB|ZHIFUBAO)/.test(bare)) return undefined
  const nearest = nearestOf(bare, NAMES)
  return nearest ?? IN_OTHER_WORDS.find(([pattern]) => pattern.test(bare))?.[1]
}

function nearestOf(bare: string, names: readonly string[]): string | undefined {
  const byDistance = names.map((name) => ({ name, far: distance(bare, letters(name)) }))
  return byDistance.sort((a, b) => a.far - b.far).find(({ far }) => far < FAR)?.name
}

const letters = (name: string) => name.toUpperCase().replace(/[^A-Z0-9]/g, '')
