// Whether something of a number is out already when its next attempt is prepared.
import type { Intent } from './ledger.ts'

/**
 * When the last attempt ended whose end is not certain; undefined where none of them ever left this computer.
 * @param prepared an attempt that was not sent yet
 */
export function earlierTryAt(prepared: Intent): number | undefined {
  return prepared.last_sent_at === undefined ? undefined : prepared.earlier_try_at
}
