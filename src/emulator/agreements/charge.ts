// A charge of an agreement by alipay.trade.pay: whether it may be made now, and how it ends.
import { Refusal, type SubCode } from '../answers.ts'
import { type BizContent, isFields, readField, refuseOtherProducts } from '../biz-content.ts'
import { expiryOf } from '../expiry.ts'
import { yuanOf } from '../fen.ts'
import { markPaid, newTrade, type OrderBasics, orderBasics } from '../orders.ts'
import type { Platform } from '../platform.ts'
import { type NotifyTo, statusOf, type Trade } from '../trade.ts'
import { type Agreement, isInForce, paidTrades, skipMissedDays } from './agreement.ts'
import type { ChargeOutcome } from './agreement-store.ts'
import { isInWindow, nextPlannedDay } from './plan.ts'

const PRODUCTS = ['CYCLE_PAY_AUTH', 'GENERAL_WITHHOLDING']

export interface ChargeRequest extends OrderBasics {
  readonly agreement_no: string
  readonly product_code: string | undefined
  readonly notify_to: NotifyTo | undefined
  readonly expiryAt: (now: number) => number
}

/** @throws Refusal for what is no charge of an agreement: of the other ways of trade.pay there is none here */
export function readCharge(biz: BizContent, notify_to: NotifyTo | undefined, platform: Platform): ChargeRequest {
  const { agreement_params } = biz
  const agreement_no = isFields(agreement_params) ? readField(agreement_params, 'agreement_no') : undefined
  if (agreement_no === undefined) {
    throw new Refusal(readField(biz, 'auth_code') ? 'ACQ.PAYMENT_AUTH_CODE_INVALID' : 'ACQ.AUTH_TOKEN_IS_NOT_EXIST')
  }
  refuseOtherProducts(biz, PRODUCTS)
  const { sandbox } = platform.rules
  return {
    ...orderBasics(biz),
    agreement_no,
    product_code: readField(biz, 'product_code'),
    notify_to,
    // Three hours are the default of face-to-face payments alone.
    expiryAt: (now) => expiryOf(biz, now, now, { sandbox }),
  }
}

/** The trade, paid or in process; every call about a known agreement is kept with it. */
export function chargeAgreement(request: ChargeRequest, platform: Platform, now = platform.clock.now()): Trade {
  const agreement = platform.agreements.find(request.agreement_no)
  if (agreement) skipMissedDays(agreement, now, platform.rules.missed_window)
  const { out_trade_no, total_fen } = request
  const planned_day = agreement?.planned_day ?? ''
  const keep = (answer: string) => {
    agreement?.attempts.push({ out_trade_no, total_amount: yuanOf(total_fen), at: now, planned_day, answer })
  }
  try {
    const trade = knownTrade(request, platform, now) ?? newCharge(request, agreement, platform, now)
    keep(trade.charge?.in_process ? '10003' : '10000')
    return trade
  } catch (error) {
    if (error instanceof Refusal) keep(error.sub_code)
    throw error
  }
}

/** A number that has a trade leads to it; one whose payment failed, and that was left waiting, is tried again. */
function knownTrade(request: ChargeRequest, platform: Platform, now: number): Trade | undefined {
  const trade = platform.trades.find({ out_trade_no: request.out_trade_no })
  if (!trade) return undefined
  const status = statusOf(trade, now)
  if (status === 'TRADE_CLOSED') throw new Refusal('ACQ.TRADE_HAS_CLOSE')
  if (status !== 'WAIT_BUYER_PAY') throw new Refusal('ACQ.TRADE_HAS_SUCCESS')
  const { charge, total_fen, subject } = trade
  const same = charge?.agreement_no === request.agreement_no && total_fen === request.total_fen
  if (!charge || !same || subject !== request.subject) throw new Refusal('ACQ.CONTEXT_INCONSISTENT')
  return charge.in_process ? trade : undefined
}

function newCharge(request: ChargeRequest, agreement: Agreement | undefined, platform: Platform, now: number): Trade {
  const chargeable = requireChargeable(request, agreement, platform, now)
  const expires_at = request.expiryAt(now)
  if (expires_at <= now) throw new Refusal('ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR')
  const planned = platform.agreements.takeOutcome(request.agreement_no)
  if (planned?.outcome === 'late') return carryOutLater(request, planned, platform, now)
  const refused = planned?.outcome === 'refuse' ? planned.sub_code : undefined
  const failure = refused ?? (chargeable.buyer.poor ? 'ACQ.BUYER_BALANCE_NOT_ENOUGH' : undefined)
  const made = () => tradeOf(request, chargeable, expires_at, platform, now)
  if (failure !== undefined) return failCharge(failure, made, platform, now)
  const trade = made()
  if (planned?.outcome === 'in_process') holdInProcess(trade, planned, platform, now)
  else payCharge(trade, platform, now)
  return trade
}

/** [guess G36] In which order Alipay looks at what is in the way. */
function requireChargeable(
  request: ChargeRequest,
  agreement: Agreement | undefined,
  { rules }: Platform,
  now: number,
): Agreement {
  if (!agreement || agreement.unsigned) throw new Refusal('ACQ.AGREEMENT_NOT_EXIST')
  if (!isInForce(agreement, now)) throw new Refusal('ACQ.AGREEMENT_INVALID')
  if (agreement.status !== 'NORMAL') throw new Refusal('ACQ.AGREEMENT_STATUS_NOT_NORMAL')
  const { product_code, rules: plan } = agreement.terms
  if ((product_code ?? request.product_code) !== request.product_code) throw new Refusal('ACQ.AGREEMENT_ERROR')
  if (!isInWindow(agreement.planned_day, now, rules.charge_window)) throw new Refusal('ACQ.CYCLE_PAY_DATE_NOT_MATCH')
  if (request.total_fen > plan.single_fen) throw new Refusal('ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED')
  const paid = paidTrades(agreement)
  if (plan.total_payments !== undefined && paid.length >= plan.total_payments) {
    throw new Refusal('ACQ.CYCLE_PAY_TOTAL_TIMES_EXCEED')
  }
  const paid_fen = paid.reduce((sum, { total_fen }) => sum + total_fen, 0)
  if (plan.total_fen !== undefined && paid_fen + request.total_fen > plan.total_fen) {
    throw new Refusal('ACQ.CYCLE_PAY_TOTAL_FEE_EXCEED')
  }
  return agreement
}

/** The trade of the number, which a failed attempt may have left waiting, or a new one. */
function tradeOf(
  request: ChargeRequest,
  agreement: Agreement,
  expires_at: number,
  platform: Platform,
  now: number,
): Trade {
  const known = platform.trades.find({ out_trade_no: request.out_trade_no })
  if (known) return known
  const { agreement_no, planned_day } = agreement
  const charge = { agreement_no, planned_day, in_process: false }
  const order = { ...request, channel: 'agreement', expires_at, charge } as const
  const trade = newTrade(order, agreement.buyer, platform, now)
  platform.trades.add(trade)
  agreement.trades.push(trade)
  return trade
}

/** [guess G29] Refused for want of money and the like: what becomes of the number is a switch. */
function failCharge(sub_code: SubCode, made: () => Trade, { rules }: Platform, now: number): never {
  if (rules.failed_charge !== 'absent') {
    const trade = made()
    if (rules.failed_charge === 'closed') trade.closed_at = now
  }
  throw new Refusal(sub_code)
}

/** 10003: it waits until somebody decides, the clock does, or it expires. */
function holdInProcess(trade: Trade, { after_ms, end }: ChargeOutcome, platform: Platform, now: number): void {
  if (trade.charge) trade.charge.in_process = true
  if (after_ms === undefined) return
  platform.agreements.doLater(now + after_ms, (at) => {
    if (statusOf(trade, at) === 'WAIT_BUYER_PAY') endCharge(trade, end, platform, at)
  })
}

/** 20000, and no trade: it comes to exist later, if it may be made then and has not expired. */
function carryOutLater(
  request: ChargeRequest,
  { after_ms = 0 }: ChargeOutcome,
  platform: Platform,
  now: number,
): never {
  const expires_at = request.expiryAt(now)
  platform.agreements.doLater(now + after_ms, (at) => {
    if (at >= expires_at) return
    try {
      chargeAgreement({ ...request, expiryAt: () => expires_at }, platform, at)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  })
  throw new Refusal('isp.unknow-error')
}

export function endCharge(trade: Trade, end: 'paid' | 'closed', platform: Platform, now: number): void {
  if (end === 'paid') {
    payCharge(trade, platform, now)
    return
  }
  trade.closed_at = now
  if (platform.rules.close_notification === 'sent') platform.notifications.add(trade, { kind: 'close' }, platform)
}

/** The plan goes on by one period, once for each planned day. */
function payCharge(trade: Trade, platform: Platform, now: number): void {
  if (trade.charge) trade.charge.in_process = false
  const agreement = platform.agreements.find(trade.charge?.agreement_no ?? '')
  if (agreement) {
    agreement.last_charged_at = now
    if (agreement.planned_day === trade.charge?.planned_day) {
      agreement.planned_day = nextPlannedDay(agreement.terms.rules, agreement.planned_day)
    }
  }
  markPaid(trade, platform, now)
}
