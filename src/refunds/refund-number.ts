// One request, one refund: which number a refund has at Alipay follows from the order, the amount and what is left.
import { createHash } from 'node:crypto'
import { InputError } from '../errors.ts'
import type { RefundParams, Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { READ_MS } from '../guard/deadlines.ts'
import { proves } from '../guard/in-doubt.ts'
import { refusal } from '../guard/not-sent.ts'
import type { RefundPortion, RefundRequest } from '../ledger/ledger.ts'
import { MOVING_STATES } from '../ledger/order.ts'
import { toFen, toYuan } from '../money.ts'

// Nobody refunds one amount of one order more often.
const MOST_ORDINALS = 20

export interface Wanted {
  /** Yuan with two decimals; absent: what is left. */
  refund_amount?: string | undefined
  refund_reason?: string | undefined
  /** As an earlier answer offered it, for a further refund of one amount. */
  out_request_no?: string | undefined
}

/**
 * The parameters of a refund of this amount, or of the whole order. The same request gives the same number on any machine,
 * so that Alipay itself refuses to do it twice. "The rest" has a number space of its own: refunding 50 and then the
 * rest, which is 50, are two requests; naming the whole amount is the rest of an untouched order.
 */
export function refundParamsFor(trade: Trade, refund_amount?: string, refund_reason?: string): RefundParams {
  const whole = refund_amount === undefined || refund_amount === trade.total_amount
  const amount = refund_amount ?? trade.total_amount
  const out_request_no = numberOf(trade, whole ? REST : nth(1), amount)
  return { out_request_no, refund_amount: amount, refund_reason }
}

/** The number of the next refund of the same amount, to be offered; undefined for a rest, of which there is one. */
export function furtherNumber(trade: Trade, { portion, amount_fen }: RefundRequest): string | undefined {
  const { kind, ordinal } = portion
  if (kind === 'rest' || ordinal >= MOST_ORDINALS) return undefined
  return numberOf(trade, nth(ordinal + 1), toYuan(amount_fen))
}

/**
 * The request with its number. Without an amount, the rest that is known already comes first: asked again, it is the same.
 * @throws InputError for a number that nobody offered, RefusedError where nothing is left or a proof is missing
 */
export async function refundRequestFor(call: Call, trade: Trade, wanted: Wanted): Promise<RefundRequest> {
  const { refund_amount, out_request_no } = wanted
  if (refund_amount === undefined || refund_amount === trade.total_amount) {
    const amount = refund_amount ?? (await restAmount(call, trade))
    const request = newRefundRequest(trade, REST, amount, wanted)
    if (out_request_no !== undefined && out_request_no !== request.out_request_no) throw invented()
    return request
  }
  const ordinal = out_request_no === undefined ? 1 : ordinalOf(trade, refund_amount, out_request_no)
  await requireEarlierDone(call, trade, refund_amount, ordinal)
  return newRefundRequest(trade, nth(ordinal), refund_amount, wanted)
}

function newRefundRequest(trade: Trade, portion: RefundPortion, amount: string, wanted: Wanted): RefundRequest {
  return {
    out_trade_no: trade.out_trade_no,
    trade_no: trade.trade_no,
    total_fen: toFen(trade.total_amount),
    out_request_no: numberOf(trade, portion, amount),
    portion,
    amount_fen: toFen(amount),
    reason: wanted.refund_reason,
  }
}

/** The amount of the rest that was asked for before, in this ledger or at Alipay, else of what is left. */
async function restAmount(call: Call, trade: Trade): Promise<string> {
  const ledger = await call.ledger()
  const intents = await ledger.intents(trade.out_trade_no)
  const known = intents.findLast(({ portion, state }) => portion?.kind === 'rest' && MOVING_STATES.includes(state))
  if (known) return toYuan(known.amount_fen)
  const order = await ledger.order({ out_trade_no: trade.out_trade_no })
  const refunded = order?.refunded_fen ?? 0
  const left = toFen(trade.total_amount) - refunded
  if (refunded > 0 && (await isMade(call, trade, REST, trade.total_amount))) {
    return trade.total_amount
  }
  if (left > 0) return toYuan(left)
  throw refusal(
    'refund_payment',
    `nothing is left to refund: all ${trade.total_amount} yuan were refunded, as far as known here`,
    'Call query_refund with the order alone to see its refunds.',
    { ...named(trade), subject: trade.subject ?? order?.subject, refunded_total: toYuan(refunded), left: '0.00' },
  ).with({
    kind: 'invalid_input',
    retry: 'no',
    message_zh: `没有可退的款：按这里的记录，${trade.total_amount} 元已全部退还。可以查询这笔订单的退款。`,
  })
}

function ordinalOf(trade: Trade, amount: string, out_request_no: string): number {
  for (let ordinal = 1; ordinal <= MOST_ORDINALS; ordinal++) {
    if (numberOf(trade, nth(ordinal), amount) === out_request_no) return ordinal
  }
  throw invented()
}

function invented(): InputError {
  return new InputError(
    'out_request_no: this number was never offered for this order and amount. Nothing was sent. Leave it out: the ' +
      'number of a refund follows from the order and the amount. Only a result offers one.',
    'out_request_no 不是为这笔订单和金额给出过的退款请求号，没有发送任何请求。请不填它：退款请求号由订单和金额得出，只有之前的结果会给出另一个。',
  )
}

/** A further refund of one amount needs the proof that each before it was made. */
async function requireEarlierDone(call: Call, trade: Trade, amount: string, ordinal: number): Promise<void> {
  const earlier = Array.from({ length: ordinal - 1 }, (_, index) => nth(index + 1))
  const made = await Promise.all(earlier.map((portion) => isMade(call, trade, portion, amount)))
  if (made.every(Boolean)) return
  const not_sent = `Alipay does not confirm that the refund of ${amount} yuan before this one was made`
  throw refusal('refund_payment', not_sent, 'Leave out_request_no out: the earlier refund comes first.').with({
    retry: 'after_change',
    message_zh: `支付宝没有确认前一笔 ${amount} 元的退款，所以这一笔没有发送，本次没有动钱。请不填 out_request_no：先查清前一笔。`,
    facts: { ...named(trade), refund_amount: amount },
  })
}

/** Which order it is about, in what is refused. */
function named({ out_trade_no, subject, total_amount }: Trade) {
  return { out_trade_no, subject, total_amount }
}

async function isMade(call: Call, trade: Trade, portion: RefundPortion, refund_amount: string) {
  const { trade_no } = trade
  const out_request_no = numberOf(trade, portion, refund_amount)
  const read = await call.gateway.refundQuery({ trade_no }, out_request_no, { within: READ_MS })
  return read.outcome === 'done' && proves(read.answer, { out_request_no, refund_amount })
}

const REST: RefundPortion = { kind: 'rest', ordinal: 1 }
const nth = (ordinal: number): RefundPortion => ({ kind: 'amount', ordinal })

/** What the digest is made of must stay as it is for ever: by it the same refund is known again on any machine. */
function numberOf({ trade_no }: Trade, { kind, ordinal }: RefundPortion, amount: string): string {
  const words = kind === 'rest' ? `rest:${amount}` : `amount:${amount}:${ordinal}`
  const digest = createHash('sha256').update(`alipay-mcp refund 1|${trade_no}|${words}`).digest('hex')
  return `RF${digest.slice(0, 30)}`
}
