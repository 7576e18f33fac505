// What a buyer does: opens a signed link or scans a code, logs in, pays.
import { Refusal, type SubCode } from './answers.ts'
import { type BizContent, readField } from './biz-content.ts'
import type { Buyer } from './buyers.ts'
import { expiryOf } from './expiry.ts'
import { fenOf, LEAST_FEN, MOST_FEN } from './fen.ts'
import type { Platform } from './platform.ts'
import { type Channel, statusOf, type Trade } from './trade.ts'
import type { Opening } from './trade-store.ts'

/** [guess G11] Opening alone creates nothing at the platform: a query still answers TRADE_NOT_EXIST. */
export function openOrder(
  biz: BizContent,
  channel: Channel,
  addresses: Pick<Opening, 'return_to' | 'notify_to'>,
  platform: Platform,
): Opening {
  const order = { channel, ...orderBasics(biz), ...addresses }
  const now = platform.clock.now()
  const trade = platform.trades.find(order)
  if (trade) refuseIfNotContinuable(trade, order, platform)
  const first = platform.trades.firstOpened(order.out_trade_no, now)
  const expires_at = expiryOf(biz, first, now, { sandbox: platform.rules.sandbox })
  if (!trade && expires_at <= now) throw new Refusal('ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR')
  return platform.trades.open({ ...order, expires_at, open_until: expires_at })
}

/** The fields that make an order what it is; every creating method refuses them alike. */
export type OrderBasics = Pick<Opening, 'out_trade_no' | 'subject' | 'body' | 'total_fen'>

export function orderBasics(biz: BizContent): OrderBasics {
  const out_trade_no = readField(biz, 'out_trade_no') ?? ''
  const subject = readField(biz, 'subject') ?? ''
  const total_fen = fenOf(readField(biz, 'total_amount'))
  if (!/^\w{1,64}$/.test(out_trade_no)) throw new Refusal('ACQ.INVALID_PARAMETER')
  if (subject === '' || subject.length > 256 || /[/=&]/.test(subject)) throw new Refusal('ACQ.INVALID_PARAMETER')
  if (total_fen === undefined) throw new Refusal('ACQ.INVALID_PARAMETER')
  if (total_fen < LEAST_FEN || total_fen > MOST_FEN) throw new Refusal('ACQ.TOTAL_FEE_EXCEED')
  return { out_trade_no, subject, body: readField(biz, 'body'), total_fen }
}

/** A number leads to the trade it already has, or nowhere. */
export function refuseIfNotContinuable(trade: Trade, order: Order, platform: Platform): void {
  const sub_code = whyNotContinuable(trade, order, platform)
  if (sub_code !== undefined) throw new Refusal(sub_code)
}

type Order = OrderBasics & Pick<Opening, 'channel'>

export function whyNotContinuable(trade: Trade, order: Order, { clock, rules }: Platform): SubCode | undefined {
  const status = statusOf(trade, clock.now())
  if (status === 'TRADE_CLOSED') return 'ACQ.TRADE_HAS_CLOSE'
  if (status !== 'WAIT_BUYER_PAY') return 'ACQ.TRADE_HAS_SUCCESS'
  const same = trade.total_fen === order.total_fen && trade.subject === order.subject && !trade.charge
  const crossed = rules.two_products === 'refused' && areTwoProducts(trade.channel, order.channel)
  return same && !crossed ? undefined : 'ACQ.CONTEXT_INCONSISTENT'
}

function areTwoProducts(one: Channel, other: Channel): boolean {
  return one !== other && one !== 'qr' && other !== 'qr'
}

/** The buyer's account reaches the order: the first one creates the trade and owns it. */
export function joinOrder(opening: Opening, buyer: Buyer, platform: Platform): Trade {
  const now = platform.clock.now()
  const known = platform.trades.find(opening)
  if (known) {
    refuseIfNotContinuable(known, opening, platform)
    if (known.buyer.account !== buyer.account) throw new Refusal('ACQ.TRADE_BUYER_NOT_MATCH')
  } else refuseIfTooLate(opening, now)
  const trade = known ?? newTrade(opening, buyer, platform)
  platform.trades.add(trade)
  // Reported of a number closed before its scan: the buyer is turned away, and yet the trade now waits.
  if (platform.trades.isBlocked(opening)) throw new Refusal('ACQ.TRADE_HAS_CLOSE', '本笔交易已关闭')
  return trade
}

export function refuseIfTooLate(opening: Opening, now: number): void {
  if (now < opening.open_until) return
  const codeOnly = now < opening.expires_at ? '二维码已过期，请商家重新生成' : undefined
  throw new Refusal('ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR', codeOnly)
}

/** What a trade is made of, but for its number and its buyer. */
export type NewTrade = Pick<
  Opening,
  'out_trade_no' | 'channel' | 'subject' | 'body' | 'total_fen' | 'expires_at' | 'notify_to'
> &
  Pick<Trade, 'charge'>

export function newTrade(order: NewTrade, buyer: Buyer, platform: Platform, now = platform.clock.now()): Trade {
  const { out_trade_no, channel, subject, body, total_fen, expires_at, notify_to, charge } = order
  const trade_no = platform.trades.newTradeNo(now)
  return {
    trade_no,
    out_trade_no,
    channel,
    subject,
    body,
    total_fen,
    buyer,
    created_at: now,
    expires_at,
    notify_to,
    ...(charge && { charge }),
    refunds: [],
    paid_at: undefined,
    closed_at: undefined,
    refund_tried: false,
  }
}

/** Confirms the payment; on the mobile channel the confirmed password is also what creates the trade. */
export function payOrder(opening: Opening, buyer: Buyer, platform: Platform): Trade {
  const known = platform.trades.find(opening)
  if (!known && opening.channel !== 'mobile') throw new Refusal('ACQ.TRADE_NOT_EXIST')
  const trade = joinOrder(opening, buyer, platform)
  if (buyer.poor) throw new Refusal('ACQ.BUYER_BALANCE_NOT_ENOUGH')
  markPaid(trade, platform)
  return trade
}

export function markPaid(trade: Trade, platform: Platform, now = platform.clock.now()): void {
  trade.paid_at = now
  if (platform.rules.balance_fen !== undefined) platform.rules.balance_fen += trade.total_fen
  platform.notifications.add(trade, { kind: 'payment' }, platform)
}
