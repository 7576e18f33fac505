// Finds variables whose names were meant as ours: a misspelt key or guard must never be silently without effect.
import { distance } from 'fastest-levenshtein'
import { OFFICIAL_NAMES, RENAMED } from './aliases.ts'
import { CREDENTIALS, NAMES } from './variables.ts'

// Said in other words, such as ALIPAY_APP_PRIVATE_KEY or ZFB_APP_ID. Other firms' names begin with ALI and AP, too.
const OURS = /^(ALIPAY|ZFB|ZHIFUBAO)/
const IN_OTHER_WORDS: readonly [RegExp, string][] = [
  [/READONLY/, 'ALIPAY_READ_ONLY'],
  [/ROLE$/, 'ALIPAY_ROLE'],
  [/SINGLE\w*BUYER|BUYER\w*SINGLE/, 'ALIPAY_SINGLE_BUYER'],
  [/BUYER\w*REFUND/, 'ALIPAY_BUYER_DAILY_REFUNDS'],
  [/(DELIVERY|HOOK)\w*(SECRET|KEY)/, 'ALIPAY_DELIVERY_SECRET_FILE'],
  [/APPROV\w*(ABOVE|OVER|FROM|LIMIT|THRESHOLD|AMOUNT)|AUTOAPPROV/, 'ALIPAY_APPROVE_ABOVE'],
  [/APPROV|CONFIRM/, 'ALIPAY_REFUND_APPROVAL'],
  [/REFUND\w*(WINDOW|DAYS|PERIOD)/, 'ALIPAY_REFUND_WINDOW_DAYS'],
  [/(DAILY|DAY)\w*REFUND|REFUND\w*(DAILY|DAY)/, 'ALIPAY_DAILY_REFUNDS'],
  [/(MAX|LIMIT)\w*REFUND|REFUND\w*(MAX|LIMIT|CAP$)/, 'ALIPAY_MAX_REFUND'],
  [/(DAILY|DAY|MAX|LIMIT)\w*(CHARGE|DEDUCT)|(CHARGE|DEDUCT)\w*(DAILY|DAY|MAX|LIMIT|CAP$)/, 'ALIPAY_DAILY_CHARGES'],
  [/CALLS|RATELIMIT|PERMINUTE/, 'ALIPAY_MAX_CALLS_PER_MINUTE'],
  [/DAILY|PERDAY|DAYLIMIT/, 'ALIPAY_DAILY_PAYMENTS'],
  [/(MAX|LIMIT)\w*(PAY|AMOUNT|ORDER)|(PAYMENT|AMOUNT|ORDER)\w*(MAX|LIMIT|CAP$)/, 'ALIPAY_MAX_PAYMENT'],
  [/ENABLE\w*SUBSCRI|SUBSCRI\w*ENABLE/, 'ALIPAY_SUBSCRIPTIONS'],
  [/PERSONALPRODUCT/, 'ALIPAY_SUBSCRIPTION_PERSONAL_PRODUCT'],
  [/(SUBSCRI|AGREEMENT|SIGN|WITHHOLD)\w*PRODUCT/, 'ALIPAY_SUBSCRIPTION_PRODUCT'],
  [/SCENE$/, 'ALIPAY_SUBSCRIPTION_SCENE'],
  [/RETENTION|RETAIN|KEEPDAYS/, 'ALIPAY_RETENTION_DAYS'],
  [/(DATA|LEDGER)(DIR|FOLDER|PATH|HOME|FILE)/, 'ALIPAY_DATA_DIR'],
  [/ROOTCERT/, 'ALIPAY_ROOT_CERT_FILE'],
  [/APPCERT|APPPUBLICCERT/, 'ALIPAY_APP_CERT_FILE'],
  [/PUBLICCERT|ALIPAYCERT/, 'ALIPAY_PUBLIC_CERT_FILE'],
  [/AUTHTOKEN/, 'ALIPAY_APP_AUTH_TOKEN'],
  [/APPID/, 'ALIPAY_APP_ID'],
  [/PUBKEY|PUBLICKEY/, 'ALIPAY_PUBLIC_KEY'],
  [/PRIVATEKEY|PRIVKEY|APPKEY|SECRET/, 'ALIPAY_PRIVATE_KEY'],
]
const FAR = 3

/** `ALIPAY_APP_CERT_SN`, `root_cert_sn`, `AP_ALIPAY_CERT_SERIAL_NO`: what Alipay's SDKs put into requests. */
export const isSerial = (name: string) => /cert\w*?_?(sn|serial\w*)$/i.test(name.replaceAll('-', '_').slice(0, 80))
export const SERIAL = [
  'is a serial number, which is worked out from the certificate, not set.',
  'remove it, and set ALIPAY_APP_CERT_FILE, ALIPAY_PUBLIC_CERT_FILE and ALIPAY_ROOT_CERT_FILE to the three certificate files.',
] as const

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
  if (isSerial(name) && /^(AP|AL|ZFB|ZHIFUBAO)/i.test(name)) return certificateOf(name)
  const bare = letters(name)
  if (/^AP[_-]/i.test(name)) return officialMeantBy(name)
  if (!/^(AL|ZFB|ZHIFUBAO)/.test(bare)) return undefined
  const longer = NAMES.filter((known) => bare.startsWith(letters(known))).at(-1)
  const inOtherWords = OURS.test(bare) && IN_OTHER_WORDS.find(([pattern]) => pattern.test(bare))?.[1]
  return nearestOf(bare, NAMES, FAR) ?? (longer || inOtherWords || undefined)
}

function certificateOf(name: string): string {
  if (/_?root/i.test(name)) return 'ALIPAY_ROOT_CERT_FILE'
  return /app|merchant/i.test(name.replace(/^AP_/i, '')) ? 'ALIPAY_APP_CERT_FILE' : 'ALIPAY_PUBLIC_CERT_FILE'
}

export const GUARDS = [
  'ALIPAY_READ_ONLY',
  'ALIPAY_MAX_PAYMENT',
  'ALIPAY_MAX_REFUND',
  'ALIPAY_DAILY_PAYMENTS',
  'ALIPAY_DAILY_REFUNDS',
  'ALIPAY_DAILY_CHARGES',
  'ALIPAY_REFUND_WINDOW_DAYS',
  'ALIPAY_REFUND_APPROVAL',
  'ALIPAY_APPROVE_ABOVE',
  'ALIPAY_ROLE',
  'ALIPAY_SINGLE_BUYER',
  'ALIPAY_BUYER_OPEN_ORDERS',
  'ALIPAY_BUYER_ORDERS_PER_HOUR',
  'ALIPAY_OPEN_ORDERS',
  'ALIPAY_BUYER_DAILY_REFUNDS',
] as const
/** The official server has no guards; somebody may have thought it had, and named them in its way. */
const AS_OFFICIAL = new Map<string, string>(GUARDS.map((name) => [name.replace('ALIPAY', 'AP'), name]))

/** Others' names begin with AP_ as well, so that only one letter may be wrong. */
function officialMeantBy(name: string): string | undefined {
  const official = nearestOf(name, [...OFFICIAL_NAMES, ...AS_OFFICIAL.keys()], 2) ?? ''
  const guard = AS_OFFICIAL.get(official)
  if (guard !== undefined) return guard
  const ours = RENAMED[official]
  return ours && isCredential(ours) ? ours : official || undefined
}

/** The nearest of the known names, by letters and figures alone, when fewer than `far` of them differ. */
export function nearestOf(name: string, known: readonly string[], far = Number.POSITIVE_INFINITY) {
  const bare = letters(name)
  const byDistance = known.map((one) => ({ one, far: distance(bare, letters(one)) }))
  return byDistance.sort((a, b) => a.far - b.far).find((near) => near.far < far)?.one
}

const letters = (name: string) => name.toUpperCase().replace(/[^A-Z0-9]/g, '')
