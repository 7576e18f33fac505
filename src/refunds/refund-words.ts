// What became of a refund, or of all refunds of an order, in one sentence of each language.
import { reasonIn } from '../approval/question.ts'
import { beijingTime } from '../clock.ts'
import type { Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import type { Approval } from '../ledger/ledger.ts'
import { isPaid } from '../ledger/order.ts'
import { toYuan } from '../money.ts'
import { leftOf, minuteOf, type Words } from '../orders/order-words.ts'
import type { Moved } from './judge-refund.ts'

/** Who said yes, or why nobody was asked. */
export type ApprovalKind = 'chat' | 'operator' | 'no_forms' | 'none' | 'under_limit'

const APPROVALS: Readonly<Record<ApprovalKind, string>> = {
  chat: 'A person approved the refund in the form of this chat.',
  operator: 'A person approved the refund outside the chat.',
  no_forms: 'Nobody was asked to approve: this client shows no forms, and no real money moves here.',
  none: 'Nobody was asked to approve: ALIPAY_REFUND_APPROVAL is none.',
  under_limit: 'Nobody was asked to approve: the amount is under ALIPAY_APPROVE_ABOVE.',
}

export interface RefundFacts {
  moved: Moved
  gmt_refund_pay?: string | undefined
  joined?: boolean | undefined
  approval?: ApprovalKind | undefined
}

/** Of refund_payment. Accepted is not arrived. */
export function refundWords(refund_amount: string, { moved, gmt_refund_pay, joined, approval }: RefundFacts): Words {
  const at = gmt_refund_pay && minuteOf(gmt_refund_pay)
  const when = at ? ` on ${at} Beijing time` : ''
  const first = {
    now: `Refund accepted: ${refund_amount} yuan${when}.`,
    earlier: `Already refunded: ${refund_amount} yuan${when}; nothing moved now.`,
  }
  const both = joined && 'Two identical calls ran at once: they are one refund.'
  const message = [first[moved], both, approval && APPROVALS[approval]].filter(Boolean).join(' ')
  const message_zh = {
    now: `退款 ${refund_amount} 元已受理，原路退回；到银行卡可能需要几天。`,
    earlier: `这笔 ${refund_amount} 元退款此前已受理${at ? `（${at}）` : ''}，本次没有动钱。`,
  }
  return { message, message_zh: message_zh[moved] }
}

/** Of query_refund, where Alipay says that a refund was made. */
export function executedWords(refund_amount: string, gmt_refund_pay: string | undefined): Words {
  const at = gmt_refund_pay && minuteOf(gmt_refund_pay)
  return {
    message: `Refunded: ${refund_amount} yuan${at ? ` on ${at} Beijing time` : ''}.`,
    message_zh: `支付宝已退款 ${refund_amount} 元${at ? `（${at}）` : ''}，到银行卡可能需要几天。`,
  }
}

/** Of a refund that a person was asked about, and that was not sent. */
export function askedWords({ amount_fen, expires_at, state }: Approval): Words {
  const [amount, until] = [toYuan(amount_fen), minuteOf(beijingTime(expires_at))]
  if (state === 'denied')
    return {
      message: `Declined: a person said no to the refund of ${amount} yuan. It was not sent, and nothing moved.`,
      message_zh: `退款 ${amount} 元没有得到同意，没有发送，没有动钱。`,
    }
  if (state === 'approved')
    return {
      message: `Approved, and not sent yet: the refund of ${amount} yuan. The approval holds until ${until} Beijing time.`,
      message_zh: `退款 ${amount} 元已获同意（${until} 前有效），还没有发送。`,
    }
  return {
    message: `Waiting for approval: the refund of ${amount} yuan was not sent. A person can approve it until ${until} Beijing time.`,
    message_zh: `退款 ${amount} 元在等待确认（${until} 前有效），还没有发送。`,
  }
}

/**
 * What comes after a question to a person, and after the answer. No finished call: whether it was for an amount, for a
 * further refund of one or for the rest, the question does not tell, and each is another refund.
 */
export function stepOf({ state, question, expires_at }: Approval, { clock }: Pick<Call, 'clock'>): string {
  const reason = reasonIn(question)
  const same = `make the same call of refund_payment again, ${reason ? `with refund_reason ${JSON.stringify(reason)}` : 'without a refund_reason'}`
  if (state === 'asked')
    return `Do not repeat refund_payment until the merchant says that it is approved: then ${same}.`
  if (state === 'approved') return `Before the approval ends ${same}.`
  const until =
    clock.now() < expires_at ? ` This no stands until ${minuteOf(beijingTime(expires_at))} Beijing time.` : ''
  return `Ask for the refund again only if the merchant wants it after all.${until}`
}

/** Of a refund that was sent before, and that a person is asked about again. */
export function repeatAskedWords({ amount_fen, expires_at }: Approval): Words {
  const [amount, until] = [toYuan(amount_fen), minuteOf(beijingTime(expires_at))]
  return {
    message: `Not known: how an earlier try of the refund of ${amount} yuan ended. Its repeat waits for approval until ${until} Beijing time.`,
    message_zh: `退款 ${amount} 元上一次的结果未知，钱可能已退；再次发送在等待确认（${until} 前有效）。`,
  }
}

/** Of one that certainly did not happen. */
export function notRefundedWords(refund_amount: string | undefined): Words {
  const amount = refund_amount === undefined ? '' : ` of ${refund_amount} yuan`
  return {
    message: `Not refunded: the refund${amount} did not happen, and nothing moved.`,
    message_zh: `没有退款：这笔${refund_amount === undefined ? '' : ` ${refund_amount} 元`}退款没有成功，没有动钱。`,
  }
}

/** Of one that this ledger knows no try of. */
export function noneKnownWords(refund_amount: string): Words {
  return {
    message: `No refund of ${refund_amount} yuan of this order is known: none was sent from here, and Alipay has none under its number. Refunds made by hand are not seen.`,
    message_zh: `没有查到 ${refund_amount} 元的退款：这里没有发出过，支付宝也没有对应的记录；手工退的款这里看不到。`,
  }
}

/** @param refund_amount where it is known which one is meant */
export function unprovenWords(refund_amount: string | undefined, isEmpty: boolean): Words {
  const found = isEmpty ? 'has no record' : 'has a record, but none of success,'
  return {
    message: `Not known: Alipay ${found} of ${refund_amount ? `this refund of ${refund_amount} yuan` : 'a refund under this number'}.`,
    message_zh: `支付宝暂时查不到这笔${refund_amount ? ` ${refund_amount} 元` : ''}退款${isEmpty ? '' : '成功的记录'}；退款后 10 分钟内查不到不等于没退。`,
  }
}

const UNSEEN = 'Refunds made by hand in the console are not seen here.'

/** @param open how many may have moved money, and nobody knows yet */
export function refundListWords(
  { total_amount, trade_status, send_pay_date }: Trade,
  {
    count,
    open,
    refundedFen,
    waiting,
  }: { count: number; open: number; refundedFen: number; waiting: readonly Words[] },
): Words {
  if (!isPaid(trade_status) && send_pay_date === undefined && refundedFen === 0) return NOTHING_PAID
  const left = isPaid(trade_status) ? leftOf(total_amount, refundedFen) : '0.00'
  const refunded = toYuan(refundedFen)
  const first =
    count === 0 && refundedFen === 0
      ? `No refunds known: ${total_amount} yuan paid, at most ${left} left.`
      : `Refunded: ${refunded} of ${total_amount} yuan, at most ${left} left.`
  const doubt = open > 0 && `${open === 1 ? '1 refund' : `${open} refunds`} may also have moved money: not known yet.`
  const inDoubt = open > 0 ? `，另有 ${open} 笔结果未知` : ''
  return {
    message: [first, doubt, ...waiting.map(({ message }) => message), UNSEEN].filter(Boolean).join(' '),
    message_zh: `已知退款 ${refunded} 元，共付款 ${total_amount} 元，最多还可退 ${left} 元${inDoubt}；不含在商家平台手工退的款。${waiting.map(({ message_zh }) => message_zh).join('')}`,
  }
}

const NOTHING_PAID: Words = {
  message: 'Nothing to refund: this order has not been paid.',
  message_zh: '没有可退的款：这笔订单没有付款。',
}

/** Nobody can tell how a refund ended. */
export const unknownRefundZh = (refund_amount: string) =>
  `退款 ${refund_amount} 元的结果未知，钱可能已退；请稍后查询，不要另行退款。`
