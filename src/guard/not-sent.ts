// A refusal of our own, before anything was sent; and what is certain of the money then.
import { RefusedError } from '../errors.ts'

export const MOVED_NOTHING = 'This call moved nothing.'
export const NOTHING_SENT = `Nothing was sent. ${MOVED_NOTHING}`
/** Not even by what was asked of Alipay. */
export const NOTHING_CHANGED = 'This call changed nothing.'
/** Whoever reads the same words at each try would else try for ever. */
export const SECOND_TRY = 'If this was already the second try, tell the user and stop.'

/** A refusal of our own, before anything was sent. */
export function refusal(
  operation: string,
  not_sent: string,
  next_step?: string,
  facts: Readonly<Record<string, string | undefined>> = {},
  money = NOTHING_SENT,
): RefusedError {
  return new RefusedError(operation, { verified: false, not_sent }, { money, next_step, facts })
}
