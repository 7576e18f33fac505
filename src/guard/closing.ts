// The one way to a close: written down, sent once, and its answer recorded; never a cancel, which may refund.
import { RefusedError } from '../errors.ts'
import type { Outcome } from '../gateway/gateway.ts'
import type { Settled } from '../ledger/ledger.ts'
import { blockedError, refusal } from './blocked.ts'
import type { Call } from './call.ts'
import { leaveToSend, record, refusedBy } from './sending.ts'

// Calls that close have other things to ask, too, within the 55 s that hosts wait.
const CLOSE_MS = 12_000

export type CloseOutcome = Outcome<{ out_trade_no: string; trade_no: string }> & {
  /** Said to be recorded, and was not. */
  unrecorded?: string | undefined
}

/**
 * Sends alipay.trade.close for an order in the ledger.
 * @throws RefusedError where another server is just doing it, LedgerError; nothing was sent then
 */
export async function sendClose(call: Call, out_trade_no: string): Promise<CloseOutcome> {
  if (call.rules.readOnly) throw refusal('close_payment', 'this server only reads (ALIPAY_READ_ONLY)')
  const ledger = await call.ledger()
  const intent = await ledger.reserve('close', out_trade_no, call.act())
  if ('why' in intent) throw notSent(blockedError('close_payment', intent))
  // Whoever asks again looks at the order: it may have been paid before that close, and refunded since.
  if (intent.state === 'done') return { outcome: 'unknown', why: 'it was closed before' }
  const leave = await leaveToSend(call, intent)
  if (leave.blocked) throw notSent(blockedError('close_payment', leave.blocked))
  const outcome = await call.gateway.close({ out_trade_no }, { within: CLOSE_MS, ...leave.send })
  return { ...outcome, unrecorded: await record(call, intent, settledBy(outcome)) }
}

/** A close moves no money, so the words of a refund do not fit. */
function notSent({ refusal }: RefusedError): RefusedError {
  const again = 'Call query_payment, and close_payment again in a minute if it is still open.'
  return new RefusedError('close_payment', refusal, 'Nothing was sent, nothing was closed.', again)
}

function settledBy(outcome: CloseOutcome): Settled {
  if (outcome.outcome === 'done') return { state: 'done', trade_no: outcome.answer.trade_no }
  if (outcome.outcome === 'unknown') return { state: 'unknown', answer: outcome.why, empty: false }
  return refusedBy(outcome.refusal)
}
