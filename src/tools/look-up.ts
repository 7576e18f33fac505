// Looks an order up at Alipay before anything else is said or done about it.
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { OrderName, Refusal, Trade } from '../gateway/gateway.ts'
import type { Services } from './tool.ts'

/** Either the verified trade, or Alipay's refusal that it knows no such trade (yet). */
export type LookedUp = { trade: Trade; notExist?: never } | { trade?: never; notExist: Refusal }

export interface LookUp {
  /** The tool that asks, for the words of an error. */
  by: string
  order: OrderName
  /** Milliseconds, repeats included. */
  within?: number
}

/** @throws RefusedError, or OutcomeUnknownError where Alipay gave no trustworthy answer. Nothing was changed. */
export async function lookUp(
  { gateway, signal }: Services,
  { by, order, within }: LookUp,
): Promise<LookedUp> {
  const outcome = await gateway.query(order, { within, signal })
  if (outcome.outcome === 'done') return { trade: outcome.answer }
  if (outcome.outcome === 'refused') {
    if (outcome.refusal.sub_code === 'ACQ.TRADE_NOT_EXIST') return { notExist: outcome.refusal }
    throw new RefusedError(by, outcome.refusal, NOTHING_CHANGED)
  }
  throw new OutcomeUnknownError(by, outcome.why, NOTHING_CHANGED, `call ${by} again in a few seconds.`)
}

/** @throws RefusedError also where Alipay knows no such trade */
export async function lookUpTrade(services: Services, look: LookUp): Promise<Trade> {
  const { trade, notExist } = await lookUp(services, look)
  if (trade) return trade
  throw new RefusedError(
    look.by,
    notExist,
    'Nothing was sent but the query, and no money moved by this call.',
  )
}

const NOTHING_CHANGED = 'The order could not be read. This call sent nothing else and changed nothing.'
