// Weighs a refund: what stands in its way, whether the merchant is to be asked, and the effect that a yes is bound to.
import { createHash } from 'node:crypto'
import { type Books, dayOf, frozenBlock } from './books.ts'
import { isHeld, isSettled, refundsOf, tryAt } from './intent-rows.ts'
import type { Act, Block, Intent, RefundRules, RefundWish, Weighed } from './ledger.ts'
import { findOrder } from './order-rows.ts'
import { whole } from './row.ts'

/** What is known of the order when a refund of it is weighed. */
interface Facts {
  refunds: readonly Intent[]
  own: Intent | undefined
  refunded_fen: number
  earlier: Intent | undefined
}

// These may have moved the money, or will.
const COUNTED = `state in ('prepared', 'sent', 'unknown', 'done')`

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
  const tries = refunds.filter((intent) => intent.state !== 'done' && tryAt(intent) !== undefined)
  return tries.sort((a, b) => (tryAt(b) ?? 0) - (tryAt(a) ?? 0) || b.id - a.id)[0]
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
  const open = refunds.find((intent) => !isSettled(intent) && !(intent === own && intent.state === 'unknown'))
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
  const sql = `select coalesce(sum(amount_fen), 0) as used from intents
    where partition = ? and kind = 'refund' and day = ? and ${COUNTED} and not (out_trade_no = ? and number = ?)`
  const used_fen = whole(db.get(sql, id, dayOf(at), out_trade_no, out_request_no) ?? {}, 'used')
  return used_fen + amount_fen <= limit_fen ? undefined : { why: 'daily_refunds', limit_fen, used_fen }
}

function asks(
  books: Books,
  wish: RefundWish,
  { asks: when, approve_above_fen }: RefundRules,
  { earlier }: Facts,
  { at }: Act,
): boolean {
  if (when === 'never') return false
  if (wish.request.ordinal > 1 || earlier) return true
  if (when === 'exceptions') return false
  if (approve_above_fen === undefined) return true
  return unaskedFen(books, wish, at) + wish.amount_fen >= approve_above_fen
}

/** Of this order at any time, and of this day: many small refunds are not small together. */
function unaskedFen({ db, id }: Books, { out_trade_no, out_request_no }: RefundWish, at: number): number {
  const sql = `select coalesce(sum(amount_fen), 0) as unasked from intents
    where partition = ? and kind = 'refund' and (day = ? or out_trade_no = ?) and approved_by = 'unasked'
      and ${COUNTED} and not (out_trade_no = ? and number = ?)`
  return whole(db.get(sql, id, dayOf(at), out_trade_no, out_trade_no, out_request_no) ?? {}, 'unasked')
}
