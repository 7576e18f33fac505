// Limits that only the operator can change, in words: which it is, how much is used and left, and what to do.
import type { RefusedError } from '../errors.ts'
import type { Both } from '../language.ts'
import { toYuan } from '../money.ts'
import { refusal } from './not-sent.ts'

/** Yuan, or how many. */
export interface Limit {
  variable: string
  asked: string
  limit: string
  /** Both absent for a limit of each single order or refund: nothing of it is ever used up. */
  used?: string
  left?: string
}

/** A limit that only the operator can change. @param of whose it is, such as "each order" 每笔收款 */
export function overLimit(operation: string, of: Both, { variable, ...sums }: Limit, next_step: string): RefusedError {
  const { asked, limit, used, left } = sums
  const isCounted = used !== undefined && left !== undefined
  const isUsed = isCounted && used !== '0.00'
  return refusal(
    operation,
    `${asked} asked, and ${variable} allows ${limit} for ${of.en}${isUsed ? `: used ${used}, left ${left}` : ''}`,
    next_step,
    { variable, ...sums },
  ).with({
    kind: 'over_limit',
    message_zh: `${of.zh}最多 ${limit}，本次 ${asked}${isCounted ? `，已用 ${used}，还剩 ${left}` : ''}（${variable}）。本次没有动钱。`,
  })
}

export const noSplitting = (variable: string) =>
  `Do not split the amount to get around the limit: tell the user that only the operator can change ${variable}.`

const OF_A_DAY = {
  ALIPAY_DAILY_PAYMENTS: {
    en: 'the orders of a day, not counting those known to be closed or expired',
    zh: '当天的订单（不含已知关闭或过期的）',
  },
  ALIPAY_DAILY_REFUNDS: { en: 'the refunds of a day', zh: '当天的退款' },
  ALIPAY_BUYER_DAILY_REFUNDS: { en: 'the refunds of one buyer on a day', zh: '每个买家当天的退款' },
} as const

export function daily(
  operation: string,
  variable: keyof typeof OF_A_DAY,
  { asked_fen, limit_fen, used_fen }: { asked_fen: number; limit_fen: number; used_fen: number },
): RefusedError {
  const left = Math.max(0, limit_fen - used_fen)
  const sums = { asked: toYuan(asked_fen), limit: toYuan(limit_fen), used: toYuan(used_fen), left: toYuan(left) }
  const rest = left > 0 ? `Ask the merchant whether ${toYuan(left)} yuan will do: so much is possible now. ` : ''
  const more = variable === 'ALIPAY_DAILY_PAYMENTS' ? MORE_ONCE_CLOSED : ''
  const next_step = `${rest}${more}The day ends at 24:00 Beijing time. ${noSplitting(variable)}`
  return overLimit(operation, OF_A_DAY[variable], { variable, ...sums }, next_step)
}

const MORE_ONCE_CLOSED =
  'More is possible once an unpaid order of today is closed, or query_payment says of it "expired unpaid", 15 minutes after ' +
  'its expiry: until then it may have been paid, and counts. '

const OF_BUYER = {
  buyer_open: {
    why: (limit: number) => `the shop allows one buyer ${limit} unpaid orders at a time`,
    zh: (limit: number) => `每个买家最多有 ${limit} 笔待付款订单，没有创建订单。`,
    next_step:
      'Show the buyer the link of an open order (query_payment), or close one (close_payment), then try again.',
  },
  buyer_per_hour: {
    why: (limit: number) => `the shop allows one buyer ${limit} orders in an hour`,
    zh: (limit: number) => `每个买家每小时最多下 ${limit} 笔订单，没有创建订单。`,
    next_step: 'Tell the buyer to come back in an hour.',
  },
} as const

/** Of a buyer's own orders he hears how many; how many others have is not for him. */
export function tooManyOrders(
  operation: string,
  { why, limit }: { why: keyof typeof OF_BUYER | 'shop_open'; limit: number },
): RefusedError {
  const at = String(limit)
  if (why === 'shop_open') {
    const sums = { variable: 'ALIPAY_OPEN_ORDERS', asked: String(limit + 1), limit: at, used: at, left: '0' }
    return overLimit(operation, OF_SHOP, sums, 'Tell the buyer to try again in a few minutes.')
  }
  const { why: words, zh, next_step } = OF_BUYER[why]
  return refusal(operation, words(limit), next_step, { limit: at }).with({
    ...{ kind: 'over_limit', forBuyer: true },
    message_zh: zh(limit),
  })
}

const OF_SHOP: Both = { en: 'the unpaid orders of all buyers', zh: '全部买家的待付款订单' }

export function soldOut(operation: string, left: number): RefusedError {
  const why = left === 0 ? 'the item is sold out' : `only ${left} of the item are left`
  const next_step = left === 0 ? 'Tell the buyer.' : `Ask the buyer whether ${left} will do.`
  return refusal(operation, why, next_step, { left: String(left) }).with({
    kind: 'invalid_input',
    retry: 'after_change',
    forBuyer: true,
    message_zh: left === 0 ? '商品已售罄，没有创建订单。' : `商品只剩 ${left} 件，没有创建订单。`,
  })
}
