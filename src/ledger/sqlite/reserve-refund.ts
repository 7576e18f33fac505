// Reserves a refund: what stands in its way, whether the merchant is asked, what his yes is bound to, and the attempt.
import { approvalDigestOf } from '../approval-digest.ts'
import type {
  Actor,
  Block,
  Intent,
  RefundEvaluation,
  RefundRequest,
  RefundRules,
  ReservedRefund,
  Yes,
} from '../ledger.ts'
import { isOpenIntent, MOVING_STATES } from '../order.ts'
import { useYes } from './approvals.ts'
import { quietFrom, raiseRefunded } from './attempt-ends.ts'
import { deliveredAt, openRequest } from './buyer-requests.ts'
import type { NewAttempt } from './intents.ts'
import { createdBy, FREE, insertAttempt, isHeld, prepare, refundsOf, update } from './intents.ts'
import { refundedFen, unaskedFen } from './limit-sums.ts'
import { findOrder, type OrderRow } from './orders.ts'
import { dayOf, frozenBlock, note, type Partition } from './partition.ts'
import { addForeignOrder } from './trade-updates.ts'

/** What is known of the order when a refund of it is evaluated. */
interface Facts {
  refunds: readonly Intent[]
  own: Intent | undefined
  refunded_fen: number
  earlier: Intent | undefined
  delivered_at: number | undefined
}

export function evaluateRefund(
  partition: Partition,
  request: RefundRequest,
  rules: RefundRules,
  actor: Actor,
): RefundEvaluation {
  const facts = factsOf(partition, request)
  const { own, refunded_fen, earlier, delivered_at } = facts
  const common = {
    intent: own,
    refunded_fen,
    earlier,
    delivered_at,
    approvalDigest: digestOf(partition, request, facts, actor),
  }
  if (own?.state === 'done') return { ...common, asks: false }
  const block = blockOf(partition, request, rules, facts, actor)
  return { ...common, block, asks: asks(partition, request, rules, facts, actor) }
}

function factsOf(partition: Partition, request: RefundRequest): Facts {
  const refunds = refundsOf(partition, request.out_trade_no)
  const own = refunds.find(({ number }) => number === request.out_request_no)
  if (own && own.amount_fen !== request.amount_fen) {
    throw new Error(`the refund number ${own.number} is in the ledger with another amount`)
  }
  const refunded_fen = findOrder(partition, request)?.refunded_fen ?? 0
  const delivered_at = deliveredAt(partition, request.out_trade_no)
  return { refunds, own, refunded_fen, earlier: uncertainRefund(refunds), delivered_at }
}

/** The latest of which nobody can say for certain that it did nothing; a refusal after it does not change that. */
function uncertainRefund(refunds: readonly Intent[]): Intent | undefined {
  const since = ({ uncertain_since = 0 }: Intent) => uncertain_since
  const uncertain = refunds.filter(({ uncertain_since }) => uncertain_since !== undefined)
  return uncertain.sort((a, b) => since(b) - since(a) || b.id - a.id)[0]
}

/**
 * Anything that changes makes another approval digest, and a yes to this one is worth nothing then: what moves, and who
 * asks why, which the question tells, too. A no holds for what moves.
 */
function digestOf(
  { key, id }: Partition,
  request: RefundRequest,
  { own, refunded_fen, earlier, delivered_at }: Facts,
  { host }: Actor,
): string {
  const { environment, gateway } = key
  const moves = [
    // Of the merchant by the partition: servers that name him otherwise share it, and its answers.
    ...[environment, gateway, id, request.trade_no, request.amount_fen, refunded_fen],
    ...[earlier?.id ?? null, earlier?.attempt ?? null, earlier?.state ?? null],
    ...(delivered_at === undefined ? [] : [delivered_at]),
  ]
  const asked = [request.out_request_no, (own?.attempt ?? 0) + 1, host, request.reason ?? null]
  return approvalDigestOf(moves, asked)
}

function blockOf(
  partition: Partition,
  request: RefundRequest,
  { daily_refunds_fen }: RefundRules,
  facts: Facts,
  { at }: Actor,
): Block | undefined {
  return (
    frozenBlock(partition) ??
    buyersBlock(partition, request, facts, at) ??
    othersBlock(facts, at) ??
    restBlock(request, facts) ??
    dailyBlock(partition, request, daily_refunds_fen, at)
  )
}

function othersBlock({ refunds, own }: Facts, at: number): Block | undefined {
  const held = refunds.find((intent) => isHeld(intent, at))
  if (held) return { why: 'in_flight', intent: held }
  // Its own number may be tried again once a read has found nothing of it; until then it counts like another.
  const open = refunds.find((intent) => isOpenIntent(intent) && !(intent === own && intent.state === 'unknown'))
  return open && { why: 'unknown', intent: open }
}

/** Delivery and refund exclude each other, as far as the buyer decides. */
function buyersBlock(
  partition: Partition,
  { out_trade_no, out_request_no, amount_fen, of_buyer }: RefundRequest,
  { delivered_at, refunds }: Facts,
  at: number,
): Block | undefined {
  if (of_buyer === undefined) return undefined
  if (delivered_at !== undefined) return { why: 'delivered', given_at: delivered_at }
  const request = openRequest(partition, out_trade_no)
  if (!request) return { why: 'declined' }
  const { buyer, auto } = of_buyer
  if (auto === undefined) return undefined
  if (refunds.length > 0) return { why: 'tried_before' }
  // Whoever asked first, too, where the order is another's since.
  const used = [buyer, request.buyer].map((of) => refundedFen(partition, dayOf(at), out_trade_no, out_request_no, of))
  const [used_fen, limit_fen] = [Math.max(...used), auto.daily_fen]
  return used_fen + amount_fen <= limit_fen
    ? undefined
    : { why: 'buyer_refunds', asked_fen: amount_fen, limit_fen, used_fen }
}

function restBlock({ total_fen, amount_fen }: RefundRequest, { refunded_fen }: Facts): Block | undefined {
  return amount_fen > total_fen - refunded_fen ? { why: 'over_what_is_left', total_fen, refunded_fen } : undefined
}

function dailyBlock(
  partition: Partition,
  { out_trade_no, out_request_no, amount_fen }: RefundRequest,
  limit_fen: number | undefined,
  at: number,
): Block | undefined {
  if (limit_fen === undefined) return undefined
  const used_fen = refundedFen(partition, dayOf(at), out_trade_no, out_request_no)
  return used_fen + amount_fen <= limit_fen
    ? undefined
    : { why: 'daily_refunds', asked_fen: amount_fen, limit_fen, used_fen }
}

function asks(
  partition: Partition,
  request: RefundRequest,
  { asks: when, approve_above_fen }: RefundRules,
  { refunds, earlier, delivered_at }: Facts,
  { at }: Actor,
): boolean {
  // By the merchant himself, who has to know it.
  if (delivered_at !== undefined) return true
  if (when === 'never') return false
  if (request.portion.ordinal > 1 || earlier) return true
  if (when === 'exceptions') return false
  if (approve_above_fen === undefined) return true
  return allUnaskedFen(partition, request, refunds, at) + request.amount_fen >= approve_above_fen
}

/** Of this order at any time, and of this day: many small refunds are not small together. */
function allUnaskedFen(
  partition: Partition,
  { out_trade_no, out_request_no }: RefundRequest,
  refunds: readonly Intent[],
  at: number,
): number {
  const ofDay = unaskedFen(partition, dayOf(at), out_trade_no)
  const ofOrder = refunds.filter(
    ({ number, state, approved_by }) =>
      number !== out_request_no && approved_by === 'unasked' && MOVING_STATES.includes(state),
  )
  return ofOrder.reduce((fen, { amount_fen }) => fen + amount_fen, ofDay)
}

export function reserveRefund(
  partition: Partition,
  request: RefundRequest,
  rules: RefundRules,
  yes: Yes | undefined,
  actor: Actor,
): ReservedRefund {
  const evaluation = evaluateRefund(partition, request, rules, actor)
  const { intent, block, approvalDigest } = evaluation
  if (intent?.state === 'done') return { outcome: 'made', intent }
  if (block) return { outcome: 'blocked', block }
  if (evaluation.asks && !useYes(partition, request, approvalDigest, yes, actor)) return { outcome: 'ask' }
  orderOfRefund(partition, request, actor)
  const approved_by = evaluation.asks && yes ? yes.how : 'unasked'
  return { outcome: 'prepared', intent: prepare(partition, attemptAt(request, approved_by), intent, actor) }
}

/** An order that another program made comes into the ledger with its first refund from here. */
function orderOfRefund(partition: Partition, request: RefundRequest, actor: Actor): OrderRow {
  return findOrder(partition, request) ?? addForeignOrder(partition, request, request.total_fen, actor)
}

function attemptAt(request: RefundRequest, approved_by: Intent['approved_by']): NewAttempt {
  const { out_trade_no, trade_no, out_request_no: number, portion, amount_fen, reason } = request
  return { kind: 'refund', out_trade_no, trade_no, number, portion, amount_fen, reason, approved_by }
}

export function foundRefund(
  partition: Partition,
  request: RefundRequest,
  { gmt_refund_pay }: { gmt_refund_pay?: string | undefined },
  actor: Actor,
): Intent {
  const order = orderOfRefund(partition, request, actor)
  const own = refundsOf(partition, request.out_trade_no).find(({ number }) => number === request.out_request_no)
  if (own?.state === 'done') return own
  note(partition, actor, 'refund found made', request.out_trade_no)
  // Sent from here, and found before its own call could say so.
  const moved = own?.last_sent_at === undefined ? 'earlier' : 'now'
  if (own && isOpenIntent(own)) quietFrom(partition, order, actor.at)
  const done = { state: 'done', moved, gmt_refund_pay, ended_at: actor.at, lease_until: FREE }
  const intent = own
    ? update(partition, own, done)
    : insertAttempt(partition, attemptAt(request, 'elsewhere'), undefined, {
        ...createdBy(actor),
        ...onItsDay(gmt_refund_pay),
        ...done,
      })
  raiseRefunded(partition, order, 0, actor.at)
  return intent
}

/** What another program did counts on the day on which the money moved. */
function onItsDay(gmt_refund_pay: string | undefined): { day?: string } {
  return gmt_refund_pay ? { day: gmt_refund_pay.slice(0, 10) } : {}
}
