// What is known of an order's refunds: by the ledger, once what was in doubt has been asked for, and by Alipay.
import { beijingTime } from '../clock.ts'
import { LedgerError, NoAnswerError, RefusedError } from '../errors.ts'
import type { Outcome, RefundParams, RefundRecord, Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { REFUND_QUERY_MS } from '../guard/deadlines.ts'
import { proves, recordFound } from '../guard/in-doubt.ts'
import type { Approval, Intent, Order } from '../ledger/ledger.ts'
import { isPaid, otherAmount } from '../ledger/order.ts'
import { toFen, toYuan } from '../money.ts'
import { knownOrder } from '../orders/find-order.ts'
import { leftOf } from '../orders/order-words.ts'
import type { Item, ToolResult } from '../tool-result.ts'
import { refundParamsFor, refundRequestFor } from './refund-number.ts'
import { askedWords, refundListWords, repeatAskedWords, stepOf } from './refund-words.ts'

const OPERATION = 'query_refund'
const ONLY_READ = 'This call only reads; whether the refund was made is not known.'

export interface RefundRecords {
  order?: Order | undefined
  /** Oldest first. */
  refunds: readonly Intent[]
  /** The questions about refunds of the order, whatever became of them. */
  approvals: readonly Approval[]
  /** Why the ledger could not be read. */
  problem?: string | undefined
}

export async function refundRecords(call: Call, trade: Trade): Promise<RefundRecords> {
  const { out_trade_no, trade_no } = trade
  const { order, problem } = await knownOrder(call, { trade_no }, { trade })
  if (!order) return { refunds: [], approvals: [], problem }
  try {
    const ledger = await call.ledger()
    const intents = await ledger.intents(out_trade_no)
    const approvals = await ledger.approvals({ out_trade_no })
    return { order, refunds: intents.filter(({ kind }) => kind === 'refund'), approvals }
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    return { order, refunds: [], approvals: [], problem: error.message }
  }
}

/** A question about a refund of this amount that a person can still answer, else a yes that holds, else a no that holds or came last. */
export function lastQuestion(
  { approvals, refunds }: RefundRecords,
  refund_amount: string | undefined,
  { clock }: Call,
): Approval | undefined {
  const made = refunds.filter((one) => one.state === 'done' && toYuan(one.amount_fen) === refund_amount)
  // A refund that was made answers the questions before it, whoever had asked in other words.
  const sentAt = Math.max(0, ...made.map(({ sent_at, created_at }) => sent_at ?? created_at))
  const about = approvals.filter(
    ({ amount_fen, asked_at }) => toYuan(amount_fen) === refund_amount && asked_at > sentAt,
  )
  const counting = about.filter(({ expires_at }) => expires_at > clock.now())
  const noes = counting.filter(({ state }) => state === 'denied')
  const lastNoAt = Math.max(0, ...noes.map(({ decided_at = 0 }) => decided_at))
  const asked = counting.find(({ state }) => state === 'asked')
  const approved = counting.find(({ state, decided_at = 0 }) => state === 'approved' && decided_at > lastNoAt)
  const last = about.toSorted((one, other) => other.id - one.id)[0]
  return asked ?? approved ?? noes.at(-1) ?? (last?.state === 'denied' ? last : undefined)
}

/** Those that a person can still answer, and the yeses that hold, one for each amount. */
function openQuestions(records: RefundRecords, call: Call): readonly Approval[] {
  const amounts = new Set(records.approvals.map(({ amount_fen }) => amount_fen))
  const last = [...amounts].map((fen) => lastQuestion(records, toYuan(fen), call))
  return last.filter((one) => one !== undefined).filter(({ state }) => state !== 'denied')
}

export type RefundRead = Outcome<RefundRecord>

export function readRefund(
  { trade_no }: Trade,
  out_request_no: string,
  { gateway, signal }: Call,
): Promise<RefundRead> {
  return gateway.refundQuery({ trade_no }, out_request_no, { within: REFUND_QUERY_MS, signal })
}

/** @throws RefusedError, NoAnswerError where Alipay does not tell */
export async function askRefund(trade: Trade, out_request_no: string, call: Call): Promise<RefundRecord> {
  const read = await readRefund(trade, out_request_no, call)
  if (read.outcome === 'done') return read.answer
  throw unreadError(read)
}

export function unreadError(read: Exclude<RefundRead, { outcome: 'done' }>): Error {
  if (read.outcome === 'refused') return new RefusedError(OPERATION, read.refusal, { money: ONLY_READ })
  return new NoAnswerError(OPERATION, read.why)
}

/** Without an answer about the order or the refund: what this call moved is not what it was asked about. */
export function withoutAnswer(error: unknown, facts: Readonly<Record<string, string | undefined>>): unknown {
  if (!(error instanceof NoAnswerError)) return error
  const message_zh = '支付宝没有响应，这笔退款的结果目前不确定。'
  const text = { money: ONLY_READ, next_step: AGAIN_LATER, moved: 'unknown', message_zh } as const
  return new NoAnswerError(OPERATION, error.why, { ...error.facts, ...facts }, text)
}

const AGAIN_LATER =
  'If this was already the second try, tell the user that the outcome of the refund is not known, and stop. Else call ' +
  'query_refund again in a minute, one time. Make no other refund of this order until query_refund answers.'

/**
 * A refund that was made elsewhere, on another computer, is recorded, so that what is left of the order is known better.
 * @returns it as the ledger has it, if it can and the record proves it
 */
export async function noteFound(
  trade: Trade,
  record: RefundRecord,
  params: RefundParams,
  { order, refunds }: RefundRecords,
  call: Call,
): Promise<Intent | undefined> {
  const { out_request_no, refund_amount } = params
  const known = refunds.find(({ number, state }) => number === out_request_no && state === 'done')
  if (known || !order || !proves(record, params)) return known
  try {
    const request = await refundRequestFor(call, trade, {
      refund_amount,
      refund_reason: record.refund_reason,
    })
    return await recordFound(call, request, record)
  } catch (error) {
    if (error instanceof LedgerError) return undefined
    throw error
  }
}

/** @throws RefusedError, NoAnswerError where nothing is known here and Alipay does not tell */
export async function listRefunds(trade: Trade, records: RefundRecords, call: Call): Promise<ToolResult> {
  const { out_request_no } = refundParamsFor(trade)
  const made = records.refunds.some(({ number, state }) => number === out_request_no && state === 'done')
  const read = made ? undefined : await readRefund(trade, out_request_no, call)
  const silent = read && read.outcome !== 'done'
  if (silent && records.refunds.length === 0) throw unreadError(read)
  const refunds = await listedRefunds(trade, read?.outcome === 'done' ? read.answer : {}, records, call)
  return {
    ...summed(trade, refunds, records, call),
    whole_order: silent ? NOT_TOLD : undefined,
    ledger: records.problem,
  }
}

const NOT_TOLD = 'Alipay did not say now whether the whole order was refunded from another computer.'

async function listedRefunds(
  trade: Trade,
  record: RefundRecord,
  records: RefundRecords,
  call: Call,
): Promise<readonly Item[]> {
  const whole = refundParamsFor(trade)
  const found = await noteFound(trade, record, whole, records, call)
  const others = records.refunds.filter(({ number }) => number !== found?.number)
  const items = [...others, ...(found ? [found] : [])].map((intent) => listedRefund(intent, call))
  if (found || !proves(record, whole)) return items
  const { out_request_no, refund_amount } = whole
  const { gmt_refund_pay, refund_reason } = record
  return [...items, { out_request_no, refund_amount, state: 'done', moved: 'earlier', gmt_refund_pay, refund_reason }]
}

function listedRefund(intent: Intent, call: Call): Item {
  const { number, amount_fen, gmt_refund_pay, reason, answer } = intent
  const state = stateOfRefund(intent, call)
  return {
    out_request_no: number,
    refund_amount: toYuan(amount_fen),
    state,
    moved: MOVED[state],
    gmt_refund_pay,
    when: beijingTime(intent.sent_at ?? intent.created_at),
    refund_reason: reason,
    answer,
  }
}

/** Whether its money moved. */
export const MOVED = {
  done: 'earlier',
  refused: 'no',
  not_executed: 'no',
  unknown: 'unknown',
  in_flight: 'unknown',
} as const

export function stateOfRefund({ state, lease_until }: Intent, { clock }: Call): keyof typeof MOVED {
  if (state !== 'prepared' && state !== 'sent') return state
  return lease_until > clock.now() ? 'in_flight' : 'unknown'
}

function summed(trade: Trade, refunds: readonly Item[], records: RefundRecords, call: Call): ToolResult {
  const { order } = records
  const { out_trade_no, trade_no, total_amount, trade_status } = trade
  const amounts = (state: string) =>
    refunds.filter((item) => item.state === state).map((item) => toFen(String(item.refund_amount)))
  const sum = amounts('done').reduce((all, fen) => all + fen, 0)
  const refunded = Math.max(sum, order?.refunded_fen ?? 0)
  const open = [...amounts('unknown'), ...amounts('in_flight')]
  const asked = openQuestions(records, call)
  const waiting = asked.map((one) => (open.includes(one.amount_fen) ? repeatAskedWords(one) : askedWords(one)))
  return {
    ...refundListWords(trade, { count: refunds.length, open: open.length, refundedFen: refunded, waiting }),
    alarm: otherAmount(order, { total_amount }),
    out_trade_no,
    trade_no,
    subject: trade.subject ?? order?.subject,
    trade_status,
    refunds,
    total_amount,
    refunded_total: toYuan(refunded),
    left: isPaid(trade_status) ? leftOf(total_amount, refunded) : '0.00',
    next_step: open.length > 0 ? OPEN : asked[0] ? stepOf(asked[0], call) : refunds.length === 0 ? NONE : undefined,
  }
}

const OPEN =
  'Call query_refund with the out_request_no of the unknown one, now and again in 10 minutes. Make no other refund of ' +
  'this order meanwhile, neither by hand nor under another number.'
const NONE = 'For a partial refund that another computer made, call query_refund with its refund_amount.'
