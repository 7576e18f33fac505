// What a buyer paid by an old link beside the new price: the difference, and what the merchant can do about it.
import type { Order } from '../ledger/ledger.ts'
import { toFen, toYuan } from '../money.ts'
import type { Words } from './order-words.ts'

/** What was paid by an old link beside the new price. */
export interface OldPrice extends Words {
  /** What the merchant can do; absent while a refund of the order is in doubt. */
  step: string | undefined
}

type PaidOrder = Pick<Order, 'out_trade_no' | 'total_amount' | 'refunded_fen' | 'unfinished'>

/**
 * Less what was given back since, as far as known.
 * @param asked the new price, in yuan
 * @returns undefined where the merchant has exactly that
 */
export function oldPrice(paid: PaidOrder, asked: string): OldPrice | undefined {
  const { out_trade_no, total_amount, refunded_fen, unfinished } = paid
  const difference = toFen(total_amount) - refunded_fen - toFen(asked)
  if (difference === 0) return undefined
  const amount = toYuan(Math.abs(difference))
  const [too, zh] = difference > 0 ? ['much', '多付'] : ['little', '少付']
  const [back, backZh] =
    refunded_fen > 0 ? [`, ${toYuan(refunded_fen)} refunded`, `（已退 ${toYuan(refunded_fen)} 元）`] : ['', '']
  const call = JSON.stringify({ out_trade_no, refund_amount: amount })
  const step =
    difference > 0
      ? `Only if the merchant asks to give the ${amount} yuan back, and has not done so by hand: call refund_payment with ${call}.`
      : `Only if the merchant asks for the missing ${amount} yuan: call create_payment for that amount, without replaces.`
  return {
    message: `Paid by the old link: ${total_amount} yuan${back}; the new price is ${asked}: ${amount} yuan too ${too}.`,
    message_zh: `旧链接付了 ${total_amount} 元${backZh}，新价是 ${asked} 元，${zh} ${amount} 元。`,
    step: unfinished ? undefined : step,
  }
}
