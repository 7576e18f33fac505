// Inputs and outputs that several tools share, with the words for what is wrong with them.
import * as z from 'zod'
import type { OrderName } from '../gateway/gateway.ts'
import { oneLine, shortLine } from '../text.ts'
import { isNoValue } from '../tool-input.ts'
import { ASK_IN_YUAN, amount, CURRENCY, TEXT } from '../written-input.ts'

const YUAN_ZH = '以元为单位的人民币金额（不要换算外币），最多两位小数，例如 9.90'
const TIME_ZH = 'today、日期（如 2026-11-23）或时间（如 2026-11-23 14:00），北京时间'

/** What each field takes, for whoever reads the result in Chinese. */
export const TAKES_ZH: Readonly<Record<string, string>> = {
  subject: '1 到 256 个字符的文字，不含 / = & 和换行',
  body: '1 到 128 个字符的文字，不含换行',
  total_amount: YUAN_ZH,
  refund_amount: YUAN_ZH,
  refund_reason: '1 到 256 个字符的文字，不含换行',
  out_trade_no: '1 到 64 个字母、数字或下划线',
  trade_no: '支付宝交易号，16 到 64 位数字',
  replaces: '要替换的订单号，1 到 64 个字母、数字或下划线',
  out_request_no: '之前的结果给出的退款请求号，没有就不填',
  channel: 'page、mobile 或 qr',
  expires_in_minutes: '1 到 21600 的整数（分钟）',
  seconds: '1 到 45 的整数（秒）',
  state: 'waiting、paid、part_refunded、refunded、closed、alarm、undelivered 或 unknown',
  since: TIME_ZH,
  until: TIME_ZH,
  text: '最多 256 个字符的文字',
  cursor: '上一页结果里的 next',
  limit: '1 到 50 的整数',
  refresh: 'true 或 false',
  item: 'list_items 里的商品 id',
  quantity: '1 到 1000 的整数',
  claim_code: '已付款页面上的 16 位取回码',
  reason: '1 到 256 个字符的文字，不含换行',
  plan: '订阅方案的 id',
  external_agreement_no: '订阅号，1 到 32 个字母或数字',
  planned_day: '日期，例如 2026-12-20（北京时间）',
}

/** A word for none is refused, not left out: it may be a number all the same. */
const number = (allowed: RegExp, signs: string, about: string) =>
  z
    .string(TEXT)
    .regex(allowed, { error: `must be 1 to 64 ${signs}.` })
    .refine((text) => !isNoValue(text), { error: 'is no number but a word for none; leave the field out.' })
    .describe(about)

export const orderNumber = (about: string) => number(/^\w{1,64}$/, 'letters, digits or underscores', about)

/** Alipay allows 64; ours have 32. */
export const refundNumber = (about: string) => number(/^[\w-]{1,64}$/, 'letters, digits, underscores or dashes', about)

const tradeNo = z.string(TEXT).regex(/^\d{16,64}$/, { error: "must be Alipay's number, 16 to 64 digits." })

/** The two names of an order; `namesOneOrder` requires exactly one. */
export const orderFields = {
  out_trade_no: orderNumber('Order number, as create_payment returned it.').optional(),
  trade_no: tradeNo.describe("Alipay's number, instead of out_trade_no.").optional(),
}

export interface NamedOrder {
  out_trade_no?: string | undefined
  trade_no?: string | undefined
}

/** A strict object with the order's name; the check for exactly one name runs even if other fields are wrong. */
export function orderInput<Shape extends z.ZodRawShape>(shape: Shape) {
  return z
    .strictObject({ ...orderFields, ...shape }, { error: unknownKeys(Object.keys({ ...orderFields, ...shape })) })
    .refine(namesOneOrder, {
      error: 'Name the order by exactly one of out_trade_no and trade_no.',
      params: { zh: 'out_trade_no 和 trade_no 须填一个，且只填一个' },
      when: ({ value }) => typeof value === 'object' && value !== null,
    })
}

/** Names the fields there are when one is unknown: a misspelt field must not vanish. */
export function unknownKeys(known: readonly string[]): z.core.$ZodErrorMap {
  return (issue) => {
    if (issue.code !== 'unrecognized_keys') return 'the input must be an object.'
    const unknown = quotedKeys(issue.keys ?? []).join(', ')
    const currency = issue.keys?.some((key) => /currency/i.test(key))
      ? ` As to a currency: ${CURRENCY} ${ASK_IN_YUAN}`
      : ''
    return `unknown field ${unknown}; ${known.length === 0 ? 'there are none' : `the fields are ${known.join(', ')}`}.${currency}`
  }
}

/** The first of them, each cut: whoever sent them knows them. */
export function quotedKeys(keys: readonly string[]): string[] {
  return keys.slice(0, 5).map((key) => JSON.stringify(key.length > 40 ? shortLine(key, 40) : oneLine(key)))
}

function namesOneOrder(value: unknown): boolean {
  const { out_trade_no, trade_no } = Object(value)
  return (out_trade_no === undefined) !== (trade_no === undefined)
}

export function orderName({ out_trade_no, trade_no }: NamedOrder): OrderName {
  if (out_trade_no !== undefined) return { out_trade_no }
  if (trade_no !== undefined) return { trade_no }
  throw new TypeError('the schema lets only named orders pass')
}

/**
 * Unknown fields are allowed and none is required: clients hold errors and future fields against it, too. It names what
 * a program may branch on; the rest, message and next_step among it, explains itself.
 */
export const output = (fields: z.ZodRawShape) => z.looseObject({ environment: z.string().optional(), ...fields })

/** An order by the number that it has here, and by no other name. */
export function ownOrderInput<Shape extends z.ZodRawShape>(shape: Shape) {
  const fields = { out_trade_no: orderNumber('Order number, as create_payment returned it.'), ...shape }
  return z.strictObject(fields, { error: unknownKeys(Object.keys(fields)) })
}

/** A subscription by the number that it has here, and by no other name. */
export function subscriptionInput<Shape extends z.ZodRawShape>(shape: Shape) {
  const external_agreement_no = z
    .string(TEXT)
    .regex(/^[0-9A-Za-z]{1,32}$/, { error: 'must be 1 to 32 letters or digits.' })
    .describe('Number of the subscription, as create_subscription returned it.')
  const fields = { external_agreement_no, ...shape }
  return z.strictObject(fields, { error: unknownKeys(Object.keys(fields)) })
}

/** Of an order of an item; the price is no field. */
export const itemFields = () => ({
  item: z
    .string(TEXT)
    .min(1, { error: 'is empty.' })
    .max(40, { error: 'is longer than 40 characters.' })
    .describe('Id of the item, from list_items.'),
  quantity: z
    .int({ error: 'must be a whole number.' })
    .min(1, { error: 'is under 1.' })
    .max(1_000, { error: 'is over 1000.' })
    .describe('How many.')
    .default(1),
  total_amount: amount('Yuan, of a tip only.').optional(),
})

export const waitingSeconds = z
  .int({ error: 'must be a whole number of seconds.' })
  .min(1, { error: 'is under 1.' })
  .max(45, { error: 'is over 45: hosts cut longer calls; wait again instead.' })
  .describe('At most so many seconds.')
  .default(25)
