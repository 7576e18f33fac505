// Texts and amounts as people and models write them: what is wrong with one, in words, before anything is made of it.
import * as z from 'zod'
import { LEAST, MOST, toFen, toYuan } from './money.ts'
import { holdsNothing } from './tool-input.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u
const FORBIDDEN_IN_SUBJECT = /[/=&]/g

/** For what is no text. A number beyond what is exact came with other digits than it was written with. */
export const TEXT: { error: z.core.$ZodErrorMap } = {
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

export const CURRENCY = 'only yuan (CNY) can be paid here.'
/** A model told only that a field is unknown would charge as many yuan. */
export const ASK_IN_YUAN = 'Ask for the price in yuan; do not convert it, and do not drop the currency.'

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
