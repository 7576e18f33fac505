// Why an order is not made: its number is another order's, its time is over, or a limit is in the way.
import { InputError, LedgerError, NoAnswerError, RefusedError } from '../errors.ts'
import type { Outcome, Trade } from '../gateway/gateway.ts'
import { MOVED_NOTHING, NOTHING_CHANGED, NOTHING_SENT, refusal } from '../guard/not-sent.ts'
import type { Order } from '../ledger/ledger.ts'
import { oldPrice } from './old-price.ts'
import type { OldOrder, OrderRequest } from './order-request.ts'
import { minuteOf, openedAt, tradeWords } from './order-words.ts'

type NotDone = Exclude<Outcome<unknown>, { outcome: 'done' }>

const LEAVE_OUT = 'For a new order leave out_trade_no out.'
const LEAVE_OUT_ZH = '要新建订单，请不填 out_trade_no。'

/** A second link with another price would let the buyer choose which one to pay. */
export function otherOrder(known: Order): Error {
  return new InputError(
    `out_trade_no: ${known.out_trade_no} was already made here for ${known.total_amount} yuan, ` +
      `${known.token === undefined ? `channel ${known.channel}` : 'with a page'}, subject ${JSON.stringify(known.subject)}. Nothing was made now. ${LEAVE_OUT} ` +
      'To change an order make a new one with replaces.',
    `订单号 ${known.out_trade_no} 此前已在这里用于另一笔 ${known.total_amount} 元的订单，没有新建订单。${LEAVE_OUT_ZH}要改订单，请用 replaces 新建。`,
  )
}

/** @param alarm where the order was made here, for another amount */
export function taken(trade: Trade, alarm: string | undefined): Error {
  return new InputError(
    `out_trade_no: ${trade.out_trade_no} already belongs to an order of this merchant (${trade.trade_status}, ` +
      `${trade.total_amount} yuan). ${alarm ? `Careful: ${alarm}.` : tradeWords(trade).message} No link was made. ${LEAVE_OUT} ` +
      'To see that order call query_payment.',
    `订单号 ${trade.out_trade_no} 已属于商家的另一笔订单（${trade.total_amount} 元），没有创建链接。` +
      `${alarm ? '注意：它的金额与这里下单的不符。' : tradeWords(trade).message_zh}${LEAVE_OUT_ZH}`,
  )
}

export function elsewhere(out_trade_no: string): Error {
  return new InputError(
    `out_trade_no: ${out_trade_no} belongs to an order that was not made here. No link was made. ${LEAVE_OUT}`,
    `订单号 ${out_trade_no} 属于一笔不是在这里创建的订单，没有创建链接。${LEAVE_OUT_ZH}`,
  )
}

export function expired({ out_trade_no }: Order, until: string): Error {
  return new InputError(
    `out_trade_no: the link of ${out_trade_no} expired: ${until}. ${LEAVE_OUT}`,
    `订单 ${out_trade_no} 的付款链接已过期。${LEAVE_OUT_ZH}`,
  )
}

/** Its page opened no cashier, and opens none any more. */
export function wasClosed(out_trade_no: string): Error {
  return new InputError(
    `out_trade_no: ${out_trade_no} was closed, and cannot be paid. Nothing was made now. ${LEAVE_OUT}`,
    `订单 ${out_trade_no} 已关闭，不能再付款，没有新建订单。${LEAVE_OUT_ZH}`,
  )
}

/** A buyer came to it by a code of which the answer was lost. */
export function withoutItsCode({ out_trade_no }: Order): Error {
  return new InputError(
    `out_trade_no: the code of ${out_trade_no} is not known any more, and a buyer has it. Nothing was made now. Call ` +
      'query_payment to see whether it is paid; for a new code make an order with replaces.',
    `订单 ${out_trade_no} 的收款码这里已取不到，而买家手里有它，没有新建订单。请先查询它是否已付款；要新的收款码，请用 replaces 新建订单。`,
  )
}

/** Also where the order itself was not made here: the new one was all the same made in its place. */
export function wasReplaced(out_trade_no: string, by: string): Error {
  return new InputError(
    `out_trade_no: ${out_trade_no} was replaced by ${by}, and only one of the two must be paid. Nothing was made now. ` +
      `Show ${by}: query_payment gives its link.`,
    `订单 ${out_trade_no} 已被 ${by} 替换，两笔只应付一笔，没有新建订单。请让买家付 ${by}，它的链接用 query_payment 取得。`,
  )
}

export function replacedBefore(old: string, by: string): Error {
  return new InputError(
    `replaces: ${old} was already replaced by ${by}. Nothing was made now. To replace ${by}, ` +
      `give replaces ${JSON.stringify(by)}.`,
    `订单 ${old} 此前已被 ${by} 替换，没有新建订单。要替换 ${by}，请在 replaces 里填 ${by}。`,
  )
}

export function replacedNothing({ out_trade_no }: Order, replaces: string): Error {
  return new InputError(
    `replaces: ${out_trade_no} was made before, and not in the place of ${replaces}. Nothing was made or closed now. ` +
      'For a new order in its place leave out_trade_no out; to show this order again leave replaces out.',
    `订单 ${out_trade_no} 此前已创建，但不是用来替换 ${replaces} 的，没有新建也没有关闭订单。要新建订单替换它，请不填 out_trade_no；要再次展示这笔订单，请不填 replaces。`,
  )
}

const REFUND =
  'refund_payment gives the money back, or a part of it with refund_amount, only if the merchant asks for it.'
const CLOSE_SENT = 'This call moved nothing; at most it closed the old order.'

/** The order that was to be replaced. @param asked the new price @param closed whether a close of it was sent */
export function oldOrderPaid(trade: Trade, known: Order | undefined, asked: string, closed: boolean): Error {
  const { refunded_fen = 0, unfinished = false } = known ?? {}
  const price = oldPrice({ ...trade, refunded_fen, unfinished }, asked)
  const { message, message_zh } = tradeWords(trade, refunded_fen)
  const why = `${trade.out_trade_no}, which was to be replaced, is paid`
  const steps = [message, price?.message, `Tell the merchant; ${REFUND}`, price?.step ?? DIFFERENCE]
  const error = notReplaced(why, steps.filter(Boolean).join(' '), closed ? CLOSE_SENT : NOTHING_SENT)
  return error.with({
    kind: 'invalid_input',
    message_zh: `旧订单 ${trade.out_trade_no} ${message_zh}${price?.message_zh ?? ''}没有新建订单。请告诉商家：商家要求才退款；要补收差价，请不填 replaces 新建订单。`,
  })
}

const DIFFERENCE = 'For a difference to pay make a new order without replaces.'

/** Then the one that was made in its place is not shown again. */
export function oldOrderPaidSince(
  old: Order,
  { out_trade_no: by, total_amount }: Pick<Order, 'out_trade_no'> & Partial<Pick<Order, 'total_amount'>>,
): Error {
  const price = total_amount === undefined ? undefined : oldPrice(old, total_amount)
  const why = `${old.out_trade_no}, in the place of which ${by} was made, is paid`
  const steps = [`Tell the merchant. Show no link of ${by}: call close_payment for it.`, price?.message, price?.step]
  return refusal('create_payment', why, steps.filter(Boolean).join(' ')).with({
    kind: 'invalid_input',
    message_zh: `被 ${by} 替换的旧订单 ${old.out_trade_no} 已付款。${price?.message_zh ?? ''}请告诉商家；不要展示 ${by} 的链接，并关闭 ${by}。`,
  })
}

export function oldOrderAlarm(old: string, by: string, alarm: string): Error {
  const why = `${old}, in the place of which ${by} was made, was paid with another amount: ${alarm}`
  const next_step = `Tell the merchant before anything else. Show no link of ${by} meanwhile.`
  const message_zh = `被 ${by} 替换的旧订单 ${old} 收到了金额不符的付款。请先告诉商家；暂时不要展示 ${by} 的链接。`
  return refusal('create_payment', why, next_step, { alarm }).with({ kind: 'invalid_input', message_zh })
}

/** @param close of the old order; without an answer it may still work */
export function oldOrderOpen(old: string, isWaiting: boolean, close: NotDone): Error {
  const now = isWaiting ? 'it still waits for payment' : 'Alipay does not tell its state'
  const error = notReplaced(
    `${old}, which was to be replaced, could not be closed (${now}), so both could be paid`,
    `Call query_payment for ${old}; once it is closed, make the same call again. If it was paid, ${REFUND}`,
    CLOSE_SENT,
  )
  const refused = close.outcome === 'refused' ? close.refusal : undefined
  const kind = refused && (refused.not_sent === undefined ? 'refused_by_alipay' : 'not_sent')
  const message_zh = `旧订单 ${old} 没能确认关闭，仍可能被付款，所以没有新建订单；请先查询旧订单。`
  return error.with({ kind: kind ?? 'unknown', retry: 'after_change', message_zh })
}

export function oldOrderOfAnother(old: string, other: string, closed: boolean): Error {
  return notReplaced(
    `${old} is another order of the merchant: ${other}`,
    'Tell the merchant; for an order that has nothing to do with it leave replaces out.',
    closed ? CLOSE_SENT : NOTHING_SENT,
    { alarm: other },
  ).with({
    kind: 'invalid_input',
    message_zh: `订单号 ${old} 在支付宝是商家的另一笔订单，没有新建订单。请告诉商家；新订单与它无关时，请不填 replaces。`,
  })
}

function notReplaced(why: string, next_step: string, money: string, facts = {}): RefusedError {
  return refusal('create_payment', `${why}; no new order was made`, next_step, facts, money)
}

/**
 * The old order may be closed by now: then "nothing was sent" is not so.
 * @param left what can be paid of it all the same
 */
export function afterReplacing(error: unknown, { replaces }: OrderRequest, left: OldOrder | undefined): unknown {
  if (replaces === undefined) return error
  const oldUntil = left?.payable_until
  const opened = left?.cashier_opened_at
  const old =
    oldUntil === undefined
      ? 'can no longer be paid'
      : left?.isPast
        ? 'may have been paid in its last minute: call query_payment for it'
        : opened === undefined
          ? `is not closed and can be paid until ${oldUntil}`
          : `is offered no more by its page, and a cashier opened at ${openedAt(opened)} can be paid in until ${oldUntil}`
  const money = `${MOVED_NOTHING} The old order ${replaces} ${old}.`
  if (error instanceof LedgerError) {
    const not_sent = `the ledger cannot be used, so no new order was made: ${error.message}`
    const state = left?.isPast
      ? '可能在最后时刻已付款，请查询'
      : oldUntil === undefined
        ? '已不能付款'
        : `没有关闭，在 ${minuteOf(oldUntil)} 前仍可付款`
    const message_zh = `账本不可用，没有新建订单；旧订单 ${replaces} ${state}。请告诉管理员。`
    return refusal('create_payment', not_sent, 'Tell the operator.', {}, money).with({
      kind: 'ledger_unavailable',
      message_zh,
    })
  }
  if (error instanceof NoAnswerError) return new NoAnswerError(error.operation, error.why, error.facts, { money })
  if (!(error instanceof RefusedError) || ![NOTHING_SENT, NOTHING_CHANGED].includes(error.text.money)) return error
  return error.with({ money })
}
