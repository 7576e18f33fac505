// Reads the business fields of a request; everything in them is untrusted.
import { Refusal } from './answers.ts'
import type { Platform } from './platform.ts'
import type { Trade } from './trade.ts'

export type BizContent = Readonly<Record<string, unknown>>

export function parseBizContent(text: string | undefined): BizContent {
  let value: unknown
  try {
    value = JSON.parse(text || '{}')
  } catch {
    throw new Refusal('isv.illegal-json')
  }
  if (!isFields(value)) throw new Refusal('isv.illegal-json')
  return { ...value }
}

/** Whether a value is an object of fields itself. */
export function isFields(value: unknown): value is BizContent {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text of a field; JSON numbers count as text, empty text counts as absent. */
export function readField(biz: BizContent, field: string): string | undefined {
  const value = Object.hasOwn(biz, field) ? biz[field] : undefined
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** @param product_codes undefined among them: it may be left out */
export function refuseOtherProducts(biz: BizContent, product_codes: readonly (string | undefined)[]): void {
  const product_code = readField(biz, 'product_code')
  if (product_codes.includes(product_code)) return
  throw new Refusal(product_code === undefined ? 'ACQ.INVALID_PARAMETER' : 'ACQ.ACCESS_FORBIDDEN')
}

/** Whether `query_options` asks for this extra field. */
export function asksFor(biz: BizContent, option: string): boolean {
  return Array.isArray(biz.query_options) && biz.query_options.includes(option)
}

/** The trade that the two numbers name; a request with neither is refused. */
export function namedTrade(biz: BizContent, platform: Platform): Trade | undefined {
  const trade_no = readField(biz, 'trade_no')
  const out_trade_no = readField(biz, 'out_trade_no')
  if (trade_no === undefined && out_trade_no === undefined) throw new Refusal('ACQ.INVALID_PARAMETER')
  return platform.trades.find({ trade_no, out_trade_no })
}

/** @throws Refusal where there is none */
export function existingTrade(biz: BizContent, platform: Platform): Trade {
  const trade = namedTrade(biz, platform)
  if (!trade) throw new Refusal('ACQ.TRADE_NOT_EXIST')
  return trade
}

/** The number that a refusal echoes: the merchant's, else the one that was asked by. */
export function echoedNumber(biz: BizContent): Record<string, string> {
  const out_trade_no = readField(biz, 'out_trade_no')
  const trade_no = readField(biz, 'trade_no')
  if (out_trade_no !== undefined) return { out_trade_no }
  return trade_no === undefined ? {} : { trade_no }
}
