// What is known of an order's refunds: by the ledger, once what was unsettled has been asked for, and by Alipay.
import { LedgerError, OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { Outcome, RefundRecord, RefundRequest, Trade } from '../gateway/gateway.ts'
import { resolveWish } from '../guard/refund-wish.ts'
import { afterwards } from '../guard/sending.ts'
import { proves } from '../guard/settling.ts'
import type { Intent, Order } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'
import { knownOrder } from './known-order.ts'
import type { Services } from './tool.ts'

const DID = 'query_refund'
const ONLY_READ = 'This call only reads. Whether the refund was made is not known.'

export interface RefundBooks {
  order?: Order | undefined
  /** Oldest first. */
  refunds: readonly Intent[]
  /** Why the ledger could not be read. */
  problem?: string | undefined
}

export async function refundBooks(services: Services, trade: Trade): Promise<RefundBooks> {
  const { out_trade_no, trade_no } = trade
  const { order, problem } = await knownOrder(services, { trade_no }, { trade })
  if (!order) return { refunds: [], problem }
  try {
    const intents = await (await services.ledger()).intents(out_trade_no)
    return { order, refunds: intents.filter(({ kind }) => kind === 'refund') }
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    return { order, refunds: [], problem: error.message }
  }
}

export type RefundRead = Outcome<RefundRecord>

export function readRefund(
  { trade_no }: Trade,
  out_request_no: string,
  { gateway, signal }: Services,
): Promise<RefundRead> {
  return gateway.refundQuery({ trade_no }, out_request_no, { signal })
}

/** @throws RefusedError, OutcomeUnknownError where Alipay does not tell */
export async function askRefund(
  trade: Trade,
  out_request_no: string,
  services: Services,
): Promise<RefundRecord> {
  const read = await readRefund(trade, out_request_no, services)
  if (read.outcome === 'done') return read.answer
  throw notTold(read)
}

export function notTold(read: Exclude<RefundRead, { outcome: 'done' }>): Error {
  if (read.outcome === 'refused') return new RefusedError(DID, read.refusal, ONLY_READ)
  return new OutcomeUnknownError(DID, read.why, ONLY_READ, `call ${DID} again.`)
}

/** A proof is written whatever was thought before: limits and what is left count by it. */
export async function noteProof(
  { id, number, amount_fen, state }: Intent,
  record: RefundRecord,
  services: Services,
): Promise<void> {
  const wish = { out_request_no: number, refund_amount: toYuan(amount_fen) }
  if (state === 'done' || !proves(record, wish)) return
  const { gmt_refund_pay } = record
  await afterwards(services, (ledger) =>
    ledger.settle(id, { state: 'done', moved: 'now', gmt_refund_pay }, services.act()),
  )
}

/**
 * A refund that was made elsewhere, on another computer, is noted, so that what is left of the order is known better.
 * @returns it as the ledger has it, if it can and the record proves it
 */
export async function noteFound(
  trade: Trade,
  record: RefundRecord,
  request: RefundRequest,
  { order, refunds }: RefundBooks,
  services: Services,
): Promise<Intent | undefined> {
  const { out_request_no, refund_amount } = request
  const known = refunds.find(({ number, state }) => number === out_request_no && state === 'done')
  if (known || !order || !proves(record, request)) return known
  try {
    const wish = await resolveWish(services, trade, { refund_amount, refund_reason: record.refund_reason })
    return await (await services.ledger()).foundRefund(wish, record, services.act())
  } catch (error) {
    if (error instanceof LedgerError) return undefined
    throw error
  }
}
