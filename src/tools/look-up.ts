// Looks an order up at Alipay before anything else is said or done about it.
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { OrderName, Refusal, Trade } from '../gateway/gateway.ts'
import { isNoTrade } from '../guard/settling.ts'
import type { Services } from './tool.ts'

/** Either the verified trade, or Alipay's refusal that it knows no such trade (yet). */
export type LookedUp = { trade: Trade; notExist?: never } | { trade?: never; notExist: Refusal }

export interface LookUp {
  /** The tool that asks, for the words of an error. */
  by: string
  order: OrderName
  /** Milliseconds, repeats included. */
  within?: number
  /** Whether reading is all that the tool does: without an answer it then knows nothing, else it did nothing. */
  readOnly: boolean
  /** Asked for several calls at once, so that the cancellation of one must not end it. */
  shared?: boolean
}

/** @throws RefusedError, or OutcomeUnknownError where Alipay gave a reading tool no trustworthy answer */
export async function lookUp({ gateway, signal }: Services, look: LookUp): Promise<LookedUp> {
  const { by, order, within, readOnly, shared } = look
  const outcome = await gateway.query(order, { within, signal: shared ? undefined : signal })
  if (outcome.outcome === 'done') return { trade: outcome.answer }
  if (outcome.outcome === 'refused') {
    if (isNoTrade(outcome)) return { notExist: outcome.refusal }
    throw new RefusedError(by, outcome.refusal, NOTHING_CHANGED)
  }
  if (readOnly)
    throw new OutcomeUnknownError(by, outcome.why, NOTHING_CHANGED, `call ${by} again in a few seconds.`)
  const not_sent = `the order had to be queried first, and got no answer that can be trusted: ${outcome.why}`
  throw new RefusedError(by, { verified: false, not_sent }, NOTHING_CHANGED)
}

/** @throws RefusedError also where Alipay knows no such trade */
export async function lookUpTrade(services: Services, look: LookUp): Promise<Trade> {
  const { trade, notExist } = await lookUp(services, look)
  if (trade) return trade
  throw new RefusedError(look.by, notExist, 'Nothing was sent but the query, and this call moved nothing.')
}

const NOTHING_CHANGED = 'This call changed nothing.'
