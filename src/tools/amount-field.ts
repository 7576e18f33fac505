// The input of an amount in yuan, with the words for each way to write it wrong.
import * as z from 'zod'
import { LEAST, MOST, toFen, toYuan } from '../money.ts'

/** Yuan as text or number, given on as text with two decimals. */
export const amount = (about: string) =>
  z
    .union([z.string(), z.number()], { error: 'must be an amount in yuan such as "9.90".' })
    .describe(about)
    .transform((value, ctx) => {
      const wrong = faultOf(String(value))
      if (!wrong) return toYuan(toFen(String(value)))
      ctx.addIssue({
        code: 'custom',
        message: `${wrong} Give yuan with at most two decimals, such as "9.90".`,
      })
      return z.NEVER
    })

function faultOf(text: string): string | undefined {
  if (/^-/.test(text)) return 'is negative.'
  if (/[￥¥元]|yuan|cny|rmb/i.test(text)) return 'has a currency sign; amounts are always yuan (CNY).'
  if (/^\d+(\.\d+)?e[+-]?\d+$/i.test(text)) return 'is in exponent notation.'
  if (/^\d*\.\d{3,}$/.test(text)) return 'has more than two decimals.'
  if (!/^(0|[1-9]\d*)(\.\d{1,2})?$/.test(text)) return 'is not an amount.'
  if (!/[1-9]/.test(text)) return `is zero; the least is ${LEAST}.`
  if (text.split('.', 1).join('').length > 9 || toFen(text) > toFen(MOST)) return `is over ${MOST}.`
  return undefined
}
