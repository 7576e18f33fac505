// What stands in the way of a request, in words: which limit or other operation it is, how much is used and left, what to do.
import { beijingTime } from '../clock.ts'
import type { LedgerError, RefusedError } from '../errors.ts'
import type { Environment } from '../gateway/gateway.ts'
import type { Block, Intent, RefundPortion } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'
import { ownCall } from '../pasteable-call.ts'
import { daily, soldOut, tooManyOrders } from './limit-refusals.ts'
import { MOVED_NOTHING, refusal, SECOND_TRY } from './not-sent.ts'

/** "Nothing moved" is not to be said alone while nobody knows how an earlier attempt ended. */
export const EARLIER_UNKNOWN = 'How an earlier try of the same refund ended is still unknown.'

const IN_CONSOLE = 'the merchant can refund by hand in the console (b.alipay.com 商家平台, 交易订单, 退款)'
const IN_EMULATOR = "a person can refund by hand on the emulator's own page"

export const closeAtTerminal = () =>
  `the operator can close an order at a terminal, with "${ownCall('close', '--read-only=false', '--order')}" and its number`

/** Where this server makes no refund. */
export const refundByHand = (environment: Environment | undefined): string =>
  environment === 'local' ? IN_EMULATOR : IN_CONSOLE

/** Behind a no; not while an earlier refund is in doubt, which comes first. */
export const ANOTHER_AMOUNT = ' Another amount is a new request, and allowed.'

const ONCE_MORE_ZH = '退款没有发送，本次没有动钱。仍要退款，请再发起同样的请求。'

/** The host gave the call up before anything was sent. */
export function cancelledError(operation: string): RefusedError {
  return refusal(operation, 'the host cancelled the call').with({ message_zh: `宿主程序取消了调用，${ONCE_MORE_ZH}` })
}

/** Too much time passed since it was decided. */
export function asleepError(operation: string): RefusedError {
  const why = 'this computer was asleep or the clock was set; make the same call again if the refund is still wanted'
  return refusal(operation, why).with({ message_zh: `电脑休眠过，或时钟被调整，${ONCE_MORE_ZH}` })
}

/** While nobody knows how an earlier try of the refund ended. */
export function ledgerErrorInDoubt(operation: string, error: LedgerError, next_step: string): RefusedError {
  const money = `${MOVED_NOTHING} ${EARLIER_UNKNOWN}`
  const why = `the ledger cannot be used: ${error.message}`
  return refusal(operation, why, next_step, { moved: 'unknown' }, money).with({
    kind: 'ledger_unavailable',
    message_zh: '账本不可用，这次没有发送；这笔退款上一次的结果仍未知，钱可能已退。请告诉管理员。',
  })
}

export function blockedError(operation: string, block: Block): RefusedError {
  switch (block.why) {
    case 'frozen':
      return frozen(operation, block)
    case 'daily_payments':
      return daily(operation, 'ALIPAY_DAILY_PAYMENTS', block)
    case 'daily_refunds':
      return daily(operation, 'ALIPAY_DAILY_REFUNDS', block)
    case 'over_what_is_left':
      return overWhatIsLeft(operation, block)
    case 'in_flight':
    case 'unknown':
      return otherFirst(operation, block.intent, block.why)
    case 'too_soon':
      return refusal(
        operation,
        'another refund of this order was just made, and Alipay wants 3 seconds between two refunds',
        AGAIN,
      ).with({
        message_zh: `刚刚退过这个订单的另一笔款，支付宝要求两次退款间隔 3 秒。${AGAIN_ZH}`,
      })
    case 'lease_lost':
      return refusal(operation, 'this server was stopped or slow for so long that another one took over', AGAIN).with({
        message_zh: `本服务器停顿太久，操作已由另一个服务器接手。${AGAIN_ZH}`,
      })
    case 'delivered':
      return refusal(
        operation,
        `the order was delivered on ${beijingTime(block.given_at)} Beijing time`,
        ASK_SHOP,
      ).with({
        ...{ kind: 'declined', message_zh: '订单已交付，不能自助退款，本次没有动钱。请联系商家。', forBuyer: true },
      })
    case 'declined':
      return refusal(operation, 'the shop said no to this refund', ASK_SHOP).with({
        ...{ kind: 'declined', message_zh: '商家没有同意退款，本次没有动钱。请联系商家。', forBuyer: true },
      })
    case 'tried_before':
      return refusal(operation, 'this refund was tried before, so a person decides', ASK_SHOP).with({
        ...{ kind: 'declined', message_zh: '这笔退款此前试过，须由商家处理，本次没有动钱。', forBuyer: true },
      })
    case 'buyer_refunds':
      return daily(operation, 'ALIPAY_BUYER_DAILY_REFUNDS', block)
    case 'cancelled':
    case 'not_live':
      return refusal(operation, 'the subscription is ended, or about to be', 'Charge it no more.').with({
        message_zh: '订阅已取消或正在取消，没有发送扣款，本次没有动钱。',
      })
    case 'buyer_open':
    case 'buyer_per_hour':
    case 'shop_open':
      return tooManyOrders(operation, block)
    case 'sold_out':
      return soldOut(operation, block.left)
  }
}

const ASK_SHOP = 'Tell the buyer; only the shop can decide otherwise.'

const AGAIN = `${SECOND_TRY} Else make the same call again in a few seconds: the same request moves money once only.`
const AGAIN_ZH = '本次没有动钱；请几秒后再发起同样的请求，同样的请求只动一次钱。如果这已是第二次，请告诉用户并停下。'

function frozen(operation: string, { since, because }: Extract<Block, { why: 'frozen' }>): RefusedError {
  const reason = because === undefined ? '' : `, reason: ${JSON.stringify(because)}`
  return refusal(
    operation,
    `the operator froze all payments and refunds on ${beijingTime(since)} Beijing time${reason}`,
    'Tell the user and stop. Links of Alipay, codes and cashiers that buyers have stay payable; pages of orders open no ' +
      'cashier meanwhile. Queries and close_payment still work. Only a person at ' +
      `a terminal can lift the freeze, with "${ownCall('unfreeze')}".`,
  ).with({
    kind: 'frozen',
    message_zh: `管理员已于北京时间 ${beijingTime(since)} 冻结全部收款和退款，本次没有动钱。支付宝的链接、二维码和已打开的收银台仍可付款，付款页不再打开收银台；只能由人在终端里解除冻结。`,
  })
}

function overWhatIsLeft(
  operation: string,
  { total_fen, refunded_fen }: { total_fen: number; refunded_fen: number },
): RefusedError {
  const left = toYuan(Math.max(0, total_fen - refunded_fen))
  return refusal(
    operation,
    `the amount is more than what is left of the order: ${toYuan(total_fen)} yuan paid, at least ` +
      `${toYuan(refunded_fen)} refunded, at most ${left} left`,
    `Ask the merchant which amount is meant; query_refund with the order alone lists its refunds.${ANOTHER_AMOUNT}`,
    { total_amount: toYuan(total_fen), refunded_total: toYuan(refunded_fen), left },
  ).with({ kind: 'invalid_input', message_zh: `超过可退余额：最多还可退 ${left} 元。本次没有动钱。` })
}

/** While one refund of an order is in flight or unknown, no other is sent, and this one not by another server. */
function otherFirst(operation: string, other: Intent, why: 'in_flight' | 'unknown'): RefusedError {
  const { kind, number: out_request_no, amount_fen } = other
  if (kind !== 'refund') {
    const message_zh = `另一个调用正在${kind === 'close' ? '关闭' : '创建'}这个订单。${AGAIN_ZH}`
    return refusal(operation, `another call to ${kind} this order is under way`, AGAIN).with({ message_zh })
  }
  const state = why === 'in_flight' ? 'is under way' : 'has an unknown outcome'
  return refusal(
    operation,
    `another refund of this order, ${toYuan(amount_fen)} yuan, ${state} and comes first`,
    refundNextStep({ ...other, refund_amount: toYuan(amount_fen), out_request_no }),
    { out_request_no },
    `Nothing was sent. ${MOVED_NOTHING} The other refund may have moved money.`,
  ).with({
    retry: 'after_change',
    message_zh: `这个订单另一笔 ${toYuan(amount_fen)} 元的退款${why === 'in_flight' ? '正在处理' : '结果未知'}，须先查清，那笔钱可能已退。本次没有动钱。`,
  })
}

/** One refund, as a step about it names it. */
export interface NamedRefund {
  trade_no?: string | undefined
  refund_amount: string
  out_request_no: string
  portion?: RefundPortion | undefined
  reason?: string | undefined
}

/** The same refund again, as a call: the rest of an order has no amount and no number of its own. */
export function sameRefundCall({ trade_no, refund_amount, out_request_no, portion, reason }: NamedRefund): string {
  const args = portion?.kind === 'rest' ? { trade_no } : { trade_no, refund_amount, out_request_no }
  return `refund_payment with ${JSON.stringify({ ...args, refund_reason: reason })}`
}

export function queryRefundCall(trade_no: string | undefined, out_request_no: string): string {
  return `Call query_refund with ${JSON.stringify({ trade_no, out_request_no })}, now and again in 10 minutes.`
}

/** The exact call that finds out what became of a refund. */
export function refundNextStep(refund: NamedRefund): string {
  const { trade_no, out_request_no } = refund
  return (
    `${queryRefundCall(trade_no, out_request_no)} Until then make no other refund of this order, neither by hand nor under ` +
    `another number. The same refund may be repeated, with a new approval where one is needed: ${sameRefundCall(refund)}.`
  )
}
