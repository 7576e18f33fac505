// Decisions about refunds: writing an attempt once nothing stands in its way, and noting one that was found made.

import { useYes } from './approval-rows.ts'
import { type Books, note } from './books.ts'
import { quietFrom } from './intent-decisions.ts'
import { FREE, insert, isSettled, madeBy, prepare, refundsOf, update, type Wish } from './intent-rows.ts'
import type { Act, Intent, RefundRules, RefundWish, ReservedRefund, Yes } from './ledger.ts'
import { findOrder, type OrderRow, updateOrder } from './order-rows.ts'
import { weigh } from './refund-weighing.ts'
import { adopted } from './sightings.ts'

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
  return { outcome: 'prepared', intent: prepare(books, wishOf(wish, approved_by), intent, act) }
}

/** An order that another program made comes into the ledger with its first refund from here. */
function orderOfRefund(books: Books, wish: RefundWish, act: Act): OrderRow {
  return findOrder(books, wish) ?? adopted(books, wish, wish.total_fen, act)
}

function wishOf(wish: RefundWish, approved_by: Intent['approved_by']): Wish {
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
  if (own && !isSettled(own)) quietFrom(books, order, act.at)
  const done = { state: 'done', moved, gmt_refund_pay, ended_at: act.at, lease_until: FREE }
  const intent = own
    ? update(books, own, done)
    : insert(books, wishOf(wish, 'elsewhere'), { ...madeBy(act), ...onItsDay(gmt_refund_pay), ...done })
  raiseRefunded(books, order, 0)
  return intent
}

/** What another program did counts on the day on which the money moved. */
function onItsDay(gmt_refund_pay: string | undefined): { day?: string } {
  return gmt_refund_pay ? { day: gmt_refund_pay.slice(0, 10) } : {}
}

/** What is known to have been refunded only grows: by Alipay's sum, or by the refunds that are done here. */
export function raiseRefunded(books: Books, order: OrderRow, refund_fee_fen: number): void {
  const done = refundsOf(books, order.out_trade_no).filter(({ state }) => state === 'done')
  const sum = done.reduce((fen, { amount_fen }) => fen + amount_fen, 0)
  const refunded_fen = Math.max(refund_fee_fen, sum)
  if (refunded_fen > order.refunded_fen) updateOrder(books, order, { refunded_fen, unpaid_for_ever: 0 })
}
