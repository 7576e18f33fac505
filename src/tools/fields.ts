// Inputs and outputs that several tools share, with the words for what is wrong with them.
import * as z from 'zod'
import type { OrderName } from '../gateway/gateway.ts'
import { LEAST, MOST, toFen, toYuan } from '../money.ts'
import { holdsNothing, isNoValue } from '../tool-input.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u
const FORBIDDEN_IN_SUBJECT = /[/=&]/g

/** For what is no text. A number beyond what is exact came with other digits than it was written with. */
const TEXT: { error: z.core.$ZodErrorMap } = {
  error: ({ input }) =>
    typeof input === 'number' && Number.isInteger(input)
      ? 'is a number of so many digits that some were lost on the way; send it as a text, in quotes.'
      : 'must be a text.',
}

/**
 * Text that a buyer sees. [guess G20] Whether Alipay counts an emoji once or twice is not known: a text is refused that
 * is too long either way, before a link is made which nobody could pay.
 */
export const shownText = (most: number, about: string) =>
  z
    .string(TEXT)
    .min(1, { error: 'is empty.' })
    .refine((text) => text === '' || !holdsNothing(text, { type: 'string' }), { error: 'is blank.' })
    .refine((text) => !/^(null|undefined)$/i.test(text), { error: 'is no text but the word for none.' })
    // zod counts an emoji once, JSON Schema does, too; a text in JavaScript counts it twice.
    .max(most, { error: `is longer than ${most} characters.` })
    .refine((text) => text.length <= most || [...text].length > most, {
      error: `is longer than ${most} characters: an emoji counts as two, or more.`,
    })
    .refine((text) => !CONTROL.test(text), {
      error: 'has line breaks, control characters or signs that turn the direction; remove them.',
    })
    .refine((text) => !/\p{Cs}/u.test(text), { error: 'has half a character (a lone surrogate); remove it.' })
    .describe(about)

export const subject = (about: string) =>
  shownText(256, about).refine((text) => !text.match(FORBIDDEN_IN_SUBJECT), {
    error: ({ input }) => {
      const found = new Set(String(input).match(FORBIDDEN_IN_SUBJECT))
      return `has characters that Alipay forbids in a subject: ${[...found].join(' ')}. Leave out / = and &.`
    },
  })

/**
 * Yuan as text or number, given on as text with two decimals. Only the text is advertised: two types for one field are
 * more than some hosts know, and they refuse the call, or every tool.
 * @param whenEmpty what is said of an empty one that may be left out
 */
export const amount = (about: string, whenEmpty?: string) =>
  z
    .preprocess(
      (value) => (Number.isFinite(value) ? String(value) : value),
      z.string({ error: ({ input }) => (isMissing(input) && whenEmpty) || NO_AMOUNT }).transform((text, ctx) => {
        const wrong = (isMissing(text) && whenEmpty) || faultOf(text)
        if (!wrong) return toYuan(toFen(text))
        const right = isForeign(text) ? ASK_IN_YUAN : 'Give yuan with at most two decimals, such as "9.90".'
        ctx.addIssue({ code: 'custom', message: wrong === whenEmpty ? wrong : `${wrong} ${right}` })
        return z.NEVER
      }),
    )
    .describe(about)

const NO_AMOUNT = 'must be an amount in yuan such as "9.90".'
const isMissing = (value: unknown) => value !== undefined && holdsNothing(value, { type: 'number' })

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
  state: 'waiting、paid、part_refunded、refunded、closed、alarm 或 unknown',
  since: TIME_ZH,
  until: TIME_ZH,
  text: '最多 256 个字符的文字',
  cursor: '上一页结果里的 next',
  limit: '1 到 50 的整数',
  refresh: 'true 或 false',
}

const CURRENCY = 'only yuan (CNY) can be paid here.'
/** A model told only that a field is unknown would charge as many yuan. */
const ASK_IN_YUAN = 'Ask for the price in yuan; do not convert it, and do not drop the currency.'

/** With a sign, or the three letters, of another currency. */
function isForeign(text: string): boolean {
  return !YUAN.test(text) && (/\p{Sc}/u.test(text) || /\d\s*[a-z]{3}$|^[a-z]{3}\s*\d/i.test(text))
}

const YUAN = /[￥¥元]|yuan|cny|rmb/i

function faultOf(text: string): string | undefined {
  if (isForeign(text)) return `is in another currency; ${CURRENCY}`
  if (/^-/.test(text)) return 'is negative.'
  if (YUAN.test(text)) return 'has a currency sign; amounts are always yuan (CNY).'
  if (/^\d+(\.\d+)?e[+-]?\d+$/i.test(text)) return 'is in exponent notation.'
  if (/^\d*\.\d{3,}$/.test(text)) return 'has more than two decimals.'
  if (!/^(0|[1-9]\d*)(\.\d{1,2})?$/.test(text)) return 'is not an amount.'
  if (!/[1-9]/.test(text)) return `is zero; the least is ${LEAST}.`
  if (text.split('.', 1).join('').length > 9 || toFen(text) > toFen(MOST)) return `is over ${MOST}.`
  return undefined
}

/** A word for none is refused, not left out: it may be a number all the same. */
const number = (allowed: RegExp, signs: string, about: string) =>
  z
    .string(TEXT)
    .regex(allowed, { error: `must be 1 to 64 ${signs}.` })
    .refine((text) => !isNoValue(text), { error: 'is no number but a word for none; leave the field out.' })
    .describe(about)

export const outTradeNo = (about: string) => number(/^\w{1,64}$/, 'letters, digits or underscores', about)

/** Alipay allows 64; ours have 32. */
export const refundNumber = (about: string) => number(/^[\w-]{1,64}$/, 'letters, digits, underscores or dashes', about)

const tradeNo = z.string(TEXT).regex(/^\d{16,64}$/, { error: "must be Alipay's number, 16 to 64 digits." })

/** The two names of an order; `namesOneOrder` requires exactly one. */
export const orderFields = {
  out_trade_no: outTradeNo('Order number, as create_payment returned it.').optional(),
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
    const unknown = issue.keys?.map((key) => JSON.stringify(key)).join(', ')
    const currency = issue.keys?.some((key) => /currency/i.test(key))
      ? ` As to a currency: ${CURRENCY} ${ASK_IN_YUAN}`
      : ''
    return `unknown field ${unknown}; the fields are ${known.join(', ')}.${currency}`
  }
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
