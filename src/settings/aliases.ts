// Other names for our settings: the official server's AP_* variables, and the keys of JSON settings files.
import { isPlaceholder, quoteValue } from './placeholder.ts'
import { NAMES, type Name } from './variables.ts'

type Words = readonly [problem: string, fix: string]

/** What one setting of another server means here. */
interface Meaning {
  set?: Partial<Record<Name, string>>
  problem?: Words
  notice?: Words
}

/** Undefined under our names: AP_ENCRYPTION_ALGO, AP_LOG_ENABLED. */
export const RENAMED: Readonly<Record<string, Name>> = {
  AP_APP_ID: 'ALIPAY_APP_ID',
  AP_APP_KEY: 'ALIPAY_PRIVATE_KEY',
  AP_PUB_KEY: 'ALIPAY_PUBLIC_KEY',
  AP_RETURN_URL: 'ALIPAY_RETURN_URL',
  AP_NOTIFY_URL: 'ALIPAY_NOTIFY_URL',
  AP_CURRENT_ENV: 'ALIPAY_ENV',
  AP_SELECT_TOOLS: 'ALIPAY_TOOLS',
}

const TRANSLATED: Readonly<Record<string, (value: string) => Meaning>> = {
  AP_CURRENT_ENV: environmentMeant,
  AP_ENCRYPTION_ALGO: algorithmMeant,
  AP_LOG_ENABLED: () => ({
    notice: ['is accepted and has no effect: this server keeps no log file.', 'remove it.'],
  }),
  AP_SELECT_TOOLS: toolsMeant,
}

export const OFFICIAL_NAMES = [...new Set([...Object.keys(RENAMED), ...Object.keys(TRANSLATED)])]

/** Undefined for a name that is not the official server's. */
export function meaningOf(name: string, value: string): Meaning | undefined {
  if (!OFFICIAL_NAMES.includes(name)) return undefined
  const renamed = RENAMED[name]
  const translate = TRANSLATED[name]
  // A placeholder is kept as it is, so that it is named like any other.
  if (translate && !isPlaceholder(value)) return translate(value.trim())
  return renamed ? { set: { [renamed]: value } } : {}
}

function environmentMeant(value: string): Meaning {
  if (/^prod(uction)?$/i.test(value)) return { set: { ALIPAY_ENV: 'production' } }
  if (/^sandbox$/i.test(value)) return { set: { ALIPAY_ENV: 'sandbox' } }
  return { problem: [`is ${quoteValue(value)}.`, 'use prod or sandbox.'] }
}

function algorithmMeant(value: string): Meaning {
  if (/^RSA2$/i.test(value)) return {}
  return {
    problem: [`is ${quoteValue(value)}.`, 'use RSA2, the only one here; in the console change the app to it.'],
  }
}

const SELECTABLE: Readonly<Record<string, { tool: string; channel?: string }>> = {
  mobilePay: { tool: 'create_payment', channel: 'mobile' },
  'create-mobile-alipay-payment': { tool: 'create_payment', channel: 'mobile' },
  webPagePay: { tool: 'create_payment', channel: 'page' },
  'create-web-page-alipay-payment': { tool: 'create_payment', channel: 'page' },
  queryPay: { tool: 'query_payment' },
  'query-alipay-payment': { tool: 'query_payment' },
  refundPay: { tool: 'refund_payment' },
  'refund-alipay-payment': { tool: 'refund_payment' },
  refundQuery: { tool: 'query_refund' },
  'query-alipay-refund': { tool: 'query_refund' },
}

function toolsMeant(value: string): Meaning {
  if (value === 'all') return {}
  const items = value.split(',').map((item) => item.trim())
  const chosen = items.flatMap((item) => (Object.hasOwn(SELECTABLE, item) && SELECTABLE[item]) || [])
  const unknown = items.find((item) => !Object.hasOwn(SELECTABLE, item))
  if (unknown !== undefined) {
    const known = Object.keys(SELECTABLE).join(', ')
    return {
      problem: [`names ${quoteValue(unknown)}, which has no counterpart here.`, `use all, or some of ${known}.`],
    }
  }
  const tools = new Set(chosen.map(({ tool }) => tool))
  const channels = new Set(chosen.flatMap(({ channel }) => channel ?? []))
  const ALIPAY_TOOLS = [...tools].join(',')
  return {
    set: channels.size > 0 ? { ALIPAY_TOOLS, ALIPAY_CHANNELS: [...channels].join(',') } : { ALIPAY_TOOLS },
  }
}

const OTHER_KEYS: Readonly<Record<string, string>> = {
  merchant_id: 'ALIPAY_SELLER_ID',
  app_private_key: 'ALIPAY_PRIVATE_KEY',
  gateway_url: 'ALIPAY_GATEWAY',
  environment: 'ALIPAY_ENV',
  sign_type: 'AP_ENCRYPTION_ALGO',
}

/** Key of a JSON file -> variable: `ALIPAY_APP_ID`, `alipay_app_id`, `app_id`, and the official server's names. */
export const JSON_KEYS: ReadonlyMap<string, string> = new Map([
  ...NAMES.flatMap((name) =>
    [name, name.toLowerCase(), name.toLowerCase().replace('alipay_', '')].map((key) => [key, name] as const),
  ),
  ...OFFICIAL_NAMES.map((name) => [name, name] as const),
  ...Object.entries(OTHER_KEYS),
])
