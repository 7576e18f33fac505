// Yuan as text ("9.90") at every border, integer fen inside; never a float.

/** The least and the most that one order may cost, in yuan (alipay.trade.* `total_amount`). */
export const LEAST = '0.01'
export const MOST = '100000000.00'

/** How Alipay writes amounts. */
export const WIRE_YUAN = /^(0|[1-9]\d{0,8})\.\d{2}$/

const YUAN = /^(0|[1-9]\d{0,8})(?:\.(\d{1,2}))?$/

/** Fen of a yuan text such as "9.9"; throws a RangeError that says what is allowed. */
export function toFen(yuan: string): number {
  const match = YUAN.exec(yuan)
  if (!match) throw new RangeError(`${JSON.stringify(yuan)} is not an amount in yuan such as "9.90"`)
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

/** Yuan text with two decimals of integer fen. */
export function toYuan(fen: number): string {
  if (!Number.isSafeInteger(fen) || fen < 0) throw new RangeError(`${fen} is not a whole number of fen`)
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}
