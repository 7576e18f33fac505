// What must hold of a refund before anybody is asked: the operator's settings, and the order as Alipay tells it.
import { DAY_MS, fromBeijingTime } from '../clock.ts'
import { InputError } from '../errors.ts'
import type { Environment, Trade } from '../gateway/gateway.ts'
import type { Call, Rules } from '../guard/call.ts'
import { requireRefundAllowed, requireWritable } from '../guard/limits.ts'
import { refusal } from '../guard/not-sent.ts'
import { refundByHand } from '../guard/refusals.ts'
import type { RefundRequest, RefundRules } from '../ledger/ledger.ts'
import { toFen, toYuan } from '../money.ts'
import type { ApprovalKind } from './refund-words.ts'

const OPERATION = 'refund_payment'

/** In production refunds are off until the operator has said who approves them and how much may go: what is to be set. */
export function refundSettingsMissing(rules: Rules): readonly string[] {
  const { environment, limits, refundApproval, seller_id } = rules
  if (environment !== 'production') return []
  const settings = [
    [refundApproval, 'ALIPAY_REFUND_APPROVAL=operator (or chat: whoever sits in this chat is the merchant or staff)'],
    [limits.maxRefundFen, 'ALIPAY_MAX_REFUND=500.00 (the most that one refund may give back)'],
    [limits.dailyRefundsFen, 'ALIPAY_DAILY_REFUNDS=2000.00 (the most of one day)'],
    [seller_id, 'ALIPAY_SELLER_ID=2088... (the merchant, so that all its apps share one ledger)'],
  ] as const
  return settings.flatMap(([set, line]) => (set === undefined ? [line] : []))
}

/** @throws RefusedError with the lines to set */
export function requireSettings(rules: Rules): void {
  const missing = refundSettingsMissing(rules)
  if (missing.length === 0) return
  throw refusal(
    OPERATION,
    `refunds are off in production until the operator sets: ${missing.join('; ')}`,
    `Tell the operator; ${refundByHand(rules.environment)}.`,
  ).with({
    kind: 'not_configured',
    message_zh: `正式环境还没有开放退款，本次没有动钱。请管理员配置 ${namesIn(missing)} 并重启服务器；在此之前，商家可以在商家平台（b.alipay.com）的「交易订单」里手工退款。`,
  })
}

const namesIn = (lines: readonly string[]) => lines.map((line) => line.split('=', 1).join('')).join('、')

/** @throws RefusedError, InputError: nothing was sent */
export function requireRefundable({ rules, clock }: Call, trade: Trade, { amount_fen }: RefundRequest): void {
  const { environment, limits } = rules
  requireWritable(OPERATION, rules)
  const refuses = STATUS[trade.trade_status]?.(trade)
  if (refuses) {
    const { trade_status } = trade
    const [not_sent, next_step, message_zh] = refuses
    throw refusal(OPERATION, not_sent, next_step, { trade_status }).with({
      ...{ kind: 'invalid_input', retry: 'no', message_zh },
    })
  }
  if (amount_fen > toFen(trade.total_amount)) {
    throw refusal(
      OPERATION,
      `${toYuan(amount_fen)} yuan is more than the whole order, ${trade.total_amount} yuan`,
      'Ask the merchant which amount is meant; another amount is a new request, and allowed.',
      { total_amount: trade.total_amount },
    ).with({
      kind: 'invalid_input',
      message_zh: `退款 ${toYuan(amount_fen)} 元超过订单总额 ${trade.total_amount} 元，没有发送，本次没有动钱。请问清商家要退多少。`,
    })
  }
  if (environment === 'sandbox' && amount_fen !== toFen(trade.total_amount)) throw sandboxWhole(trade)
  requireRefundAllowed(amount_fen, rules)
  const { refundWindowDays } = limits
  if (refundWindowDays !== undefined) requireWindow(trade, refundWindowDays, clock.now(), environment)
}

const STATUS: Readonly<Record<string, (trade: Trade) => readonly [string, string, string]>> = {
  WAIT_BUYER_PAY: () => [
    'nothing to refund: this order has not been paid',
    'To end the order call close_payment.',
    '没有可退的款：这笔订单还没有付款。要结束这笔订单，请关闭它。',
  ],
  TRADE_FINISHED: () => [
    "the order is past Alipay's time for refunds (TRADE_FINISHED)",
    'Tell the merchant: the money can only be given back outside Alipay.',
    '已超过支付宝的退款期限，不能退款，本次没有动钱。请告诉商家：只能在支付宝之外把钱还给买家。',
  ],
  TRADE_CLOSED: ({ send_pay_date }) =>
    send_pay_date === undefined
      ? [
          'nothing to refund: the order is closed, and Alipay shows no payment',
          'Tell the user; there is nothing more to do.',
          '没有可退的款：订单已关闭，支付宝没有它的付款。',
        ]
      : [
          'nothing to refund: the order was refunded in full, by other refunds than this one',
          'Call query_refund with the order alone to see the refunds that are known here.',
          '没有可退的款：这笔订单已由其他退款全额退还。可以查询它的退款。',
        ],
}

function sandboxWhole(trade: Trade): InputError {
  return new InputError(
    `refund_amount: Alipay's sandbox refunds only whole orders, here ${trade.total_amount} yuan, and each order ` +
      'only once, whether that succeeds or not. Nothing was sent. Leave refund_amount out; partial refunds work in production.',
    `支付宝沙箱只能全额退款（这笔订单是 ${trade.total_amount} 元），每笔订单只能退一次，无论成败。没有发送任何请求。请不填 refund_amount；部分退款只能在正式环境进行。`,
  )
}

function requireWindow({ send_pay_date }: Trade, days: number, now: number, environment: Environment): void {
  const paidAt = send_pay_date === undefined ? Number.NaN : fromBeijingTime(send_pay_date)
  const used = Math.floor((now - paidAt) / DAY_MS)
  if (now - paidAt <= days * DAY_MS) return
  const when = Number.isNaN(paidAt) ? 'not known' : `${used} days ago, on ${send_pay_date} Beijing time`
  throw refusal(
    OPERATION,
    `the payment (${when}) is older than ALIPAY_REFUND_WINDOW_DAYS allows, ${days} days`,
    `Only the operator can change ALIPAY_REFUND_WINDOW_DAYS; ${refundByHand(environment)}.`,
    {
      variable: 'ALIPAY_REFUND_WINDOW_DAYS',
      limit: `${days} days`,
      used: Number.isNaN(paidAt) ? 'not known' : `${used} days`,
      left: '0 days',
    },
  ).with({
    kind: 'over_limit',
    message_zh: `${Number.isNaN(paidAt) ? '付款时间未知，无法确认在' : '付款至今已超过'} ${days} 天的退款期限${Number.isNaN(paidAt) ? '内' : ''}（ALIPAY_REFUND_WINDOW_DAYS），本次没有动钱。只有管理员能改；商家可以在商家平台手工退款。`,
  })
}

export function whyUnasked({ asks }: RefundRules): ApprovalKind {
  return asks === 'never' ? 'no_forms' : asks === 'exceptions' ? 'none' : 'under_limit'
}

/** @param always whether somebody is asked whatever was set */
export function refundRules({ rules, approver }: Call, always: boolean): RefundRules {
  const { environment, limits, refundApproval, approveAboveFen } = rules
  const daily_refunds_fen = limits.dailyRefundsFen
  if (always) return { daily_refunds_fen, asks: 'always' }
  const common = { daily_refunds_fen, approve_above_fen: approveAboveFen }
  if (refundApproval === 'none') return { ...common, asks: 'exceptions' }
  const nobodyToAsk = environment === 'local' && refundApproval !== 'operator' && !approver.inChat
  return { ...common, asks: nobodyToAsk ? 'never' : 'always' }
}
