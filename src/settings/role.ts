// Who sits in the chat, the merchant or a buyer; and for a shop: what it sells, and how much a buyer may ask for.
import { MOST, toFen } from '../money.ts'
import { Secret } from './keys.ts'
import type { ApprovalSettings } from './limits.ts'
import { plainPath } from './named-file.ts'
import { nearMisses } from './near-misses.ts'
import { isPlaceholder, quoteValue } from './placeholder.ts'
import type { SettingsReader } from './settings-reader.ts'
import type { Variables } from './sources.ts'
import type { Name } from './variables.ts'

export const ROLES = ['merchant', 'buyer'] as const
export type Role = (typeof ROLES)[number]

const ROLE_FIX = 'use merchant or buyer, in small letters: buyer where buyers sit in the chat.'

/** Exactly as it is spelt: a shop that was meant for buyers must not open as the merchant's. */
export function roleOf(read: SettingsReader): Role {
  const value = read.text('ALIPAY_ROLE')
  const role = ROLES.find((one) => one === value)
  if (value !== undefined && role === undefined) read.problem('ALIPAY_ROLE', `is ${quoteValue(value)}.`, ROLE_FIX)
  return role ?? 'merchant'
}

/** Of settings of which something is wrong; undefined where it cannot be told, so that nothing may be offered to anybody. */
export function roleMeant(variables: Variables): Role | undefined {
  const isMisspelt = [...nearMisses(Object.keys(variables)).values()].includes('ALIPAY_ROLE')
  const value = variables.ALIPAY_ROLE?.trim() || 'merchant'
  return isMisspelt || isPlaceholder(value) ? undefined : ROLES.find((one) => one === value)
}

export interface ShopSettings {
  /** Absent: it sells what the merchant names. */
  readonly itemsFile: string | undefined
  /** Whoever is in the chat is one buyer, and always the same. */
  readonly singleBuyer: boolean
  readonly buyerOpen: number
  readonly buyerPerHour: number
  /** Of all buyers together. */
  readonly allOpen: number
  /** What one buyer may get back on a Beijing day by the policy alone. */
  readonly buyerRefundsFen: number
  /** Signs what is sent to delivery hooks. */
  readonly deliverySecret: Secret<Buffer> | undefined
}

const LEAST_SECRET = 16

export function shopSettings(read: SettingsReader, role: Role): ShopSettings {
  const itemsFile = read.text('ALIPAY_ITEMS_FILE')
  if (role === 'buyer' && itemsFile === undefined)
    read.problem('ALIPAY_ITEMS_FILE', 'is not set, so nothing can be sold.', ITEMS_FIX)
  const singleBuyer = read.boolean('ALIPAY_SINGLE_BUYER')
  if (singleBuyer && role === 'merchant')
    read.notice(
      'ALIPAY_SINGLE_BUYER',
      'has no effect without ALIPAY_ROLE=buyer.',
      'remove it, or set ALIPAY_ROLE=buyer.',
    )
  return Object.freeze({
    itemsFile: itemsFile === undefined ? undefined : plainPath(itemsFile),
    singleBuyer,
    buyerOpen: read.integer('ALIPAY_BUYER_OPEN_ORDERS', 1, 1_000) ?? 3,
    buyerPerHour: read.integer('ALIPAY_BUYER_ORDERS_PER_HOUR', 1, 10_000) ?? 10,
    allOpen: read.integer('ALIPAY_OPEN_ORDERS', 1, 100_000) ?? 500,
    buyerRefundsFen: yuanIn(read, 'ALIPAY_BUYER_DAILY_REFUNDS') ?? 10_000,
    deliverySecret: secretIn(read),
  })
}

const ITEMS_FIX = 'name the JSON file with what is sold; docs/shop.md shows one.'

function yuanIn(read: SettingsReader, name: Name): number | undefined {
  const text = read.text(name)
  if (text === undefined) return undefined
  const fen = /^\d{1,9}(\.\d{1,2})?$/.test(text) ? toFen(text) : undefined
  if (fen !== undefined && fen <= toFen(MOST)) return fen
  return read.problem(
    name,
    `is ${quoteValue(text)}.`,
    'give an amount in yuan with at most two decimals, such as 100.00; 0 for none.',
  )
}

function secretIn(read: SettingsReader): Secret<Buffer> | undefined {
  const file = read.file('ALIPAY_DELIVERY_SECRET_FILE')
  if (!file) return undefined
  const secret = Buffer.from(file.text.trim())
  if (secret.length >= LEAST_SECRET) return new Secret(secret)
  const fix = 'write a long random text into it, such as the output of: openssl rand -hex 32'
  return read.problem('ALIPAY_DELIVERY_SECRET_FILE', `names a file with less than ${LEAST_SECRET} characters.`, fix)
}

/** Whoever sits in the chat is the buyer: nobody there may say yes, and somebody must. */
export function approvalForBuyers(read: SettingsReader, role: Role, approval: ApprovalSettings): ApprovalSettings {
  if (role === 'merchant') return approval
  const { refundApproval = 'operator' } = approval
  if (refundApproval === 'operator') return { ...approval, refundApproval }
  const why =
    refundApproval === 'chat' ? 'buyers would approve their own refunds.' : 'nobody would approve what buyers ask for.'
  const fix = 'set it to operator, or remove it; what is refunded by itself stands with each item, as "refund".'
  read.problem('ALIPAY_REFUND_APPROVAL', `is ${refundApproval} with ALIPAY_ROLE=buyer: ${why}`, fix)
  return approval
}
