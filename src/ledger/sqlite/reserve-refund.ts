// Reserves a refund: what stands in its way, whether the merchant is asked, what his yes is bound to, and the attempt.
import { createHash } from 'node:crypto'
import type { Act, Block, Intent, RefundRules, RefundWish, ReservedRefund, Weighed, Yes } from '../ledger.ts'
import { isOpenIntent, MOVING_STATES } from '../order.ts'
import { useYes } from './approvals.ts'
import { quietFrom, raiseRefunded } from './attempts.ts'
import { quoted, whole } from './database.ts'
import type { NewAttempt } from './intents.ts'
import { FREE, insertAttempt, isHeld, LATEST, madeBy, prepare, refundsOf, update } from './intents.ts'
import { findOrder, type OrderRow } from './orders.ts'
import { type Books, dayOf, frozenBlock, note } from './partition.ts'
import { adopted } from './trade-updates.ts'

/** What is known of the order when a refund of it is weighed. */
interface Facts {
  refunds: readonly Intent[]
  own: Intent | undefined
  refunded_fen: number
  earlier: Intent | undefined
}

const COUNTED = `state in (${quoted(MOVING_STATES)})`

export function weigh(books: Books, wish: RefundWish, rules: RefundRules, act: Act): Weighed {
  const facts = factsOf(books, wish)
  const { own, refunded_fen, earlier } = facts
  const told = { intent: own, refunded_fen, earlier, effect: effectOf(books, wish, facts) }
  if (own?.state === 'done') return { ...told, asks: false }
  const block = blockOf(books, wish, rules, facts, act)
  return { ...told, block, asks: asks(books, wish, rules, facts, act) }
}

function factsOf(books: Books, wish: RefundWish): Facts {
  const refunds = refundsOf(books, wish.out_trade_no)
  const own = refunds.find(({ number }) => number === wish.out_request_no)
  if (own && own.amount_fen !== wish.amount_fen) {
    throw new Error(`the refund number ${own.number} is in the ledger with another amount`)
  }
  const refunded_fen = findOrder(books, wish)?.refunded_fen ?? 0
  return { refunds, own, refunded_fen, earlier: earlierTry(refunds) }
}

/** The latest of which nobody can say for certain that it did nothing; a refusal after it does not change that. */
function earlierTry(refunds: readonly Intent[]): Intent | undefined {
  const since = ({ uncertain_since = 0 }: Intent) => uncertain_since
  const tries = refunds.filter(({ uncertain_since }) => uncertain_since !== undefined)
  return tries.sort((a, b) => since(b) - since(a) || b.id - a.id)[0]
}

/** Anything that changes makes another effect, and a yes to this one is worth nothing then. */
function effectOf({ partition }: Books, wish: RefundWish, { own, refunded_fen, earlier }: Facts): string {
  const { environment, gateway, merchant } = partition
  const facts = [
    ...[environment, gateway, merchant, wish.trade_no, wish.out_request_no, wish.amount_fen, refunded_fen],
    ...[(own?.attempt ?? 0) + 1, earlier?.id ?? null, earlier?.attempt ?? null, earlier?.state ?? null],
  ]
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}

function blockOf(
  books: Books,
  wish: RefundWish,
  { daily_refunds_fen }: RefundRules,
  facts: Facts,
  { at }: Act,
): Block | undefined {
  return (
    frozenBlock(books) ??
    othersBlock(facts, at) ??
    restBlock(wish, facts) ??
    dailyBlock(books, wish, daily_refunds_fen, at)
  )
}

function othersBlock({ refunds, own }: Facts, at: number): Block | undefined {
  const held = refunds.find((intent) => isHeld(intent, at))
  if (held) return { why: 'in_flight', intent: held }
  // Its own number may be tried again once a read has found nothing of it; until then it counts like another.
  const open = refunds.find(
    (intent) => isOpenIntent(intent) && !(intent === own && intent.state === 'unknown'),
  )
  return open && { why: 'unknown', intent: open }
}

function restBlock({ total_fen, amount_fen }: RefundWish, { refunded_fen }: Facts): Block | undefined {
  return amount_fen > total_fen - refunded_fen
    ? { why: 'over_what_is_left', total_fen, refunded_fen }
    : undefined
}

function dailyBlock(
  { db, id }: Books,
  { out_trade_no, out_request_no, amount_fen }: RefundWish,
  limit_fen: number | undefined,
  at: number,
): Block | undefined {
  if (limit_fen === undefined) return undefined
  const sql = `select coalesce(sum(amount_fen), 0) as used from ${LATEST}
    where partition = ? and kind = 'refund' and day = ? and ${COUNTED} and not (out_trade_no = ? and number = ?)`
  const used_fen = whole(db.get(sql, id, dayOf(at), out_trade_no, out_request_no) ?? {}, 'used')
  return used_fen + amount_fen <= limit_fen ? undefined : { why: 'daily_refunds', limit_fen, used_fen }
}

function asks(
  books: Books,
  wish: RefundWish,
  { asks: when, approve_above_fen }: RefundRules,
  { refunds, earlier }: Facts,
  { at }: Act,
): boolean {
  if (when === 'never') return false
  if (wish.request.ordinal > 1 || earlier) return true
  if (when === 'exceptions') return false
  if (approve_above_fen === undefined) return true
  return unaskedFen(books, wish, refunds, at) + wish.amount_fen >= approve_above_fen
}

/** Of this order at any time, and of this day: many small refunds are not small together. */
function unaskedFen(
  { db, id }: Books,
  { out_trade_no, out_request_no }: RefundWish,
  refunds: readonly Intent[],
  at: number,
): number {
  const sql = `select coalesce(sum(amount_fen), 0) as unasked from ${LATEST}
    where partition = ? and kind = 'refund' and day = ? and approved_by = 'unasked' and ${COUNTED} and out_trade_no <> ?`
  const ofDay = whole(db.get(sql, id, dayOf(at), out_trade_no) ?? {}, 'unasked')
  const ofOrder = refunds.filter(
    ({ number, state, approved_by }) =>
      number !== out_request_no && approved_by === 'unasked' && MOVING_STATES.includes(state),
  )
  return ofOrder.reduce((fen, { amount_fen }) => fen + amount_fen, ofDay)
}

export function reserveRefund(
  books: Books,
  wish: RefundWish,
  rules: RefundRules,
  yes: Yes | undefined,
  act: Act,
): ReservedRefund {
  const weighed = weigh(books, wish, rules, act)
  const { intent, block, effect } = weighed
  if (intent?.state === 'done') return { outcome: 'made', intent }
  if (block) return { outcome: 'blocked', block }
  if (weighed.asks && !useYes(books, wish, effect, yes, act)) return { outcome: 'ask' }
  orderOfRefund(books, wish, act)
  const approved_by = weighed.asks && yes ? yes.how : 'unasked'
  return { outcome: 'prepared', intent: prepare(books, attemptAt(wish, approved_by), intent, act) }
}

/** An order that another program made comes into the ledger with its first refund from here. */
function orderOfRefund(books: Books, wish: RefundWish, act: Act): OrderRow {
  return findOrder(books, wish) ?? adopted(books, wish, wish.total_fen, act)
}

function attemptAt(wish: RefundWish, approved_by: Intent['approved_by']): NewAttempt {
  const { out_trade_no, trade_no, out_request_no: number, request, amount_fen, reason } = wish
  return { kind: 'refund', out_trade_no, trade_no, number, request, amount_fen, reason, approved_by }
}

export function foundRefund(
  books: Books,
  wish: RefundWish,
  { gmt_refund_pay }: { gmt_refund_pay?: string | undefined },
  act: Act,
): Intent {
  const order = orderOfRefund(books, wish, act)
  const own = refundsOf(books, wish.out_trade_no).find(({ number }) => number === wish.out_request_no)
  if (own?.state === 'done') return own
  note(books, act, 'refund found made', wish.out_trade_no)
  // Sent from here, and found before its own call could say so.
  const moved = own?.last_sent_at === undefined ? 'earlier' : 'now'
  if (own && isOpenIntent(own)) quietFrom(books, order, act.at)
  const done = { state: 'done', moved, gmt_refund_pay, ended_at: act.at, lease_until: FREE }
  const intent = own
    ? update(books, own, done)
    : insertAttempt(books, attemptAt(wish, 'elsewhere'), undefined, {
        ...madeBy(act),
        ...onItsDay(gmt_refund_pay),
        ...done,
      })
  raiseRefunded(books, order, 0)
  return intent
}

/** What another program did counts on the day on which the money moved. */
function onItsDay(gmt_refund_pay: string | undefined): { day?: string } {
  return gmt_refund_pay ? { day: gmt_refund_pay.slice(0, 10) } : {}
}
