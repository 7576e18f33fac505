// The refunds of an order as a list: those that the ledger knows, and the one of the whole order as Alipay tells it.
import { beijingTime } from '../clock.ts'
import type { RefundRecord, Trade } from '../gateway/gateway.ts'
import { requestFor } from '../guard/refund-wish.ts'
import { proves } from '../guard/settling.ts'
import type { Intent } from '../ledger/ledger.ts'
import { toFen, toYuan } from '../money.ts'
import { noteFound, notTold, type RefundBooks, readRefund } from './refund-books.ts'
import type { Item, Services, ToolResult } from './tool.ts'

/** @throws RefusedError, OutcomeUnknownError where nothing is known here and Alipay does not tell */
export async function listRefunds(trade: Trade, books: RefundBooks, services: Services): Promise<ToolResult> {
  const { out_request_no } = requestFor(trade)
  const made = books.refunds.some(({ number, state }) => number === out_request_no && state === 'done')
  const read = made ? undefined : await readRefund(trade, out_request_no, services)
  const silent = read && read.outcome !== 'done'
  if (silent && books.refunds.length === 0) throw notTold(read)
  const refunds = await itemsOf(trade, read?.outcome === 'done' ? read.answer : {}, books, services)
  return {
    ...summed(trade, refunds, books),
    whole_order: silent ? NOT_TOLD : undefined,
    ledger: books.problem,
  }
}

const NOT_TOLD = 'Alipay did not tell now whether the whole order was refunded from another computer.'

async function itemsOf(
  trade: Trade,
  record: RefundRecord,
  books: RefundBooks,
  services: Services,
): Promise<readonly Item[]> {
  const whole = requestFor(trade)
  const found = await noteFound(trade, record, whole, books, services)
  const others = books.refunds.filter(({ number }) => number !== found?.number)
  const items = [...others, ...(found ? [found] : [])].map((intent) => itemOf(intent, services))
  if (found || !proves(record, whole)) return items
  const { out_request_no, refund_amount } = whole
  const { gmt_refund_pay, refund_reason } = record
  return [
    ...items,
    { out_request_no, refund_amount, state: 'done', moved: 'yes', gmt_refund_pay, refund_reason },
  ]
}

function itemOf(intent: Intent, services: Services): Item {
  const { number, amount_fen, gmt_refund_pay, attempt, reason, answer, host } = intent
  const state = stateOfRefund(intent, services)
  return {
    out_request_no: number,
    refund_amount: toYuan(amount_fen),
    state,
    moved: MOVED[state],
    gmt_refund_pay,
    when: beijingTime(intent.sent_at ?? intent.made_at),
    attempt,
    refund_reason: reason,
    answer,
    host,
  }
}

/** Money of this attempt. */
const MOVED = {
  done: 'yes',
  refused: 'no',
  not_executed: 'no',
  unknown: 'not_known',
  in_flight: 'not_known',
} as const

export function stateOfRefund({ state, lease_until }: Intent, { clock }: Services): keyof typeof MOVED {
  if (state !== 'prepared' && state !== 'sent') return state
  return lease_until > clock.now() ? 'in_flight' : 'unknown'
}

function summed(
  { out_trade_no, trade_no, total_amount, trade_status }: Trade,
  refunds: readonly Item[],
  { order }: RefundBooks,
): ToolResult {
  const amounts = (state: string) =>
    refunds.filter((item) => item.state === state).map((item) => toFen(String(item.refund_amount)))
  const sum = amounts('done').reduce((all, fen) => all + fen, 0)
  const refunded = Math.max(sum, order?.refunded_fen ?? 0)
  const refunded_amount = toYuan(refunded)
  const paid = trade_status === 'TRADE_SUCCESS' || trade_status === 'TRADE_FINISHED'
  const left = toYuan(paid ? Math.max(0, toFen(total_amount) - refunded) : 0)
  const open = amounts('unknown').length + amounts('in_flight').length
  const notKnown = open > 0 ? ` ${open} of them may have moved money: nobody knows yet.` : ''
  return {
    message:
      `Refunds of this order that are known here: ${refunds.length}.${notKnown} Of ${total_amount} yuan at least ` +
      `${refunded_amount} were refunded and at most ${left} are left, as far as known here; refunds made by hand in the ` +
      'console are not seen.',
    out_trade_no,
    trade_no,
    trade_status,
    refunds,
    total_amount,
    refunded_amount,
    left,
    next_step: open > 0 ? OPEN : refunds.length === 0 ? NONE : undefined,
  }
}

const OPEN =
  'Call query_refund with the out_request_no of the unknown one, now and again in 10 minutes. Make no other refund of ' +
  'this order meanwhile, neither by hand nor under another number.'
const NONE =
  'This proves nothing about parts refunded from another computer: for one of those call query_refund with its refund_amount.'
