// Yuan text on the wire, integer fen inside; repeated here on purpose so that client and judge share nothing.

const YUAN = /^(0|[1-9]\d{0,9})(?:\.(\d{1,2}))?$/

/** The documented bounds of total_amount: 0.01 to 100000000.00 yuan. */
export const LEAST_FEN = 1
export const MOST_FEN = 100_000_000_00

/** Fen of a yuan text; undefined for more than two decimals, signs, exponents and other text. */
export function fenOf(yuan: string | undefined): number | undefined {
  const match = YUAN.exec(yuan ?? '')
  if (!match) return undefined
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

/** Yuan text with exactly two decimals. */
export function yuanOf(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}
