// Who is paid, as the page says it: ALIPAY_PAYEE, and which proxies may name the address of a visitor.
import { BlockList, isIP } from 'node:net'
import * as z from 'zod'
import { quoteValue } from './placeholder.ts'
import type { SettingsReader } from './settings-reader.ts'

/** Who is paid, as the law wants it on a public page; ALIPAY_PAYEE. */
export interface Payee {
  name: string
  licence?: string | undefined
  contact?: string | undefined
  /** ICP 备案号 of the site. */
  icp?: string | undefined
  refund_policy?: string | undefined
}

const line = (most: number) => z.string().trim().min(1).max(most)
const payee = z.strictObject({
  name: line(60),
  licence: line(120).optional(),
  contact: line(120).optional(),
  icp: line(60).optional(),
  refund_policy: line(400).optional(),
})

const FIX =
  'give JSON such as {"name":"...","licence":"...","contact":"...","icp":"...","refund_policy":"..."}; only name is required.'

export function payeeOf(read: SettingsReader): Payee | undefined {
  const value = read.text('ALIPAY_PAYEE')
  if (value === undefined) return undefined
  const parsed = payee.safeParse(parsedJson(value))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue?.path.join('.')
  const names = issue?.code === 'unrecognized_keys' ? issue.keys.map(quoteValue).join(', ') : undefined
  const problem = names ? `holds ${names}, which it does not have.` : `has no fitting ${field || 'JSON object'}.`
  return read.problem('ALIPAY_PAYEE', problem, FIX)
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Those whose X-Forwarded-For is believed, and of it the last address alone. */
export function trustedProxiesOf(read: SettingsReader): BlockList {
  const list = new BlockList()
  for (const item of read.text('ALIPAY_TRUSTED_PROXIES')?.split(',') ?? []) {
    if (!addTo(list, item.trim())) {
      const problem = `holds ${quoteValue(item.trim())}, which is no address.`
      read.problem('ALIPAY_TRUSTED_PROXIES', problem, 'use IP addresses or networks such as 127.0.0.1,10.0.0.0/8.')
    }
  }
  return list
}

function addTo(list: BlockList, item: string): boolean {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(item) ?? []
  const version = isIP(address)
  const family = version === 6 ? 'ipv6' : 'ipv4'
  if (version === 0 || Number(prefix ?? 0) > (version === 6 ? 128 : 32)) return false
  if (prefix === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(prefix), family)
  return true
}
