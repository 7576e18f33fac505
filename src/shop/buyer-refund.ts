// A refund that a buyer asks for: made at once where the policy allows it, else it waits for the operator; the chat says nothing.
import { fromBeijingTime } from '../clock.ts'
import { ConfigError, NoAnswerError, OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { Trade } from '../gateway/gateway.ts'
import { type Approver, type Call, NO_APPROVER } from '../guard/call.ts'
import { LOOK_UP_MS } from '../guard/deadlines.ts'
import { NOTHING_CHANGED, refusal } from '../guard/not-sent.ts'
import type { BuyerRequest, Order, RefundPolicy, Sale } from '../ledger/ledger.ts'
import { toFen, toYuan } from '../money.ts'
import { knownOrder, lookUp } from '../orders/find-order.ts'
import type { Refunds } from '../refunds/refund.ts'
import { refundRequestFor } from '../refunds/refund-number.ts'
import { requireSettings } from '../refunds/refund-rules.ts'
import type { RefundMade } from '../refunds/send-refund.ts'
import type { ToolResult } from '../tool-result.ts'
import { noSuchOrder, ownSale, requireShop, type ShopCall } from './buyer.ts'
import { type Item, stricter } from './item.ts'

const OPERATION = 'request_refund'

/** Where a person at the server's computer is asked. */
export interface RequestDesk {
  /** Once for each request; it waits for nothing. */
  ask(request: BuyerRequest): void
}

export interface RefundingCall extends ShopCall {
  refunds: Refunds
  /** Absent: only a terminal answers. */
  requestDesk?: RequestDesk | undefined
}

/** @throws RefusedError where there is nothing to give back, it was delivered, or the policy is that nothing is given back */
export async function requestRefund(
  { out_trade_no, reason }: { out_trade_no: string; reason?: string | undefined },
  call: RefundingCall,
): Promise<ToolResult> {
  const { sale, buyer } = await ownSale(OPERATION, out_trade_no, call)
  if (buyer === undefined) throw noSuchOrder(OPERATION)
  const trade = await paidTrade(out_trade_no, call)
  const policy = await policyNow(sale, call)
  if (policy.policy === 'never') throw notPossible('this item is sold without refunds', '这个商品不支持退款', NEVER)
  const ledger = await call.ledger()
  const amount_fen = toFen(trade.total_amount)
  const asked = await ledger.askRefund({ out_trade_no, buyer, amount_fen, reason }, call.actor())
  if (asked.outcome === 'delivered') throw delivered()
  if (asked.outcome === 'not_possible') {
    if (asked.why === 'refunded') return refundedView(trade, await ledger.order({ out_trade_no }))
    throw nothingToGiveBack()
  }
  const { request } = asked
  if (request.state === 'declined') throw declined()
  if (policy.policy === 'auto' && isWithin(policy, trade, call)) {
    const made = await makeByPolicy(request, trade, call)
    if (made) return madeView(request, trade, made)
  }
  await ledger.handToOperator(request.id, call.actor())
  call.requestDesk?.ask(request)
  return waitingView(request, trade, asked.outcome === 'known')
}

/** As Alipay tells it now. */
async function paidTrade(out_trade_no: string, call: ShopCall): Promise<Trade> {
  const name = { out_trade_no }
  const looked = await lookUp(call, { by: OPERATION, order: name, within: LOOK_UP_MS, readOnly: false })
  const { order } = await knownOrder(call, name, looked)
  if (looked.trade) return { ...looked.trade, subject: looked.trade.subject ?? order?.subject }
  throw nothingToGiveBack()
}

/** The stricter of what was promised with the order and of what the file says now. */
async function policyNow(sale: Sale, call: ShopCall): Promise<RefundPolicy> {
  const now = await itemsNow(call)
  return stricter(sale.terms.refund, now.find(({ id }) => id === sale.item)?.refund ?? { policy: 'operator' })
}

/** None where the file has a fault since this process began: then the operator decides, and the buyer's time is not lost. */
async function itemsNow(call: ShopCall): Promise<readonly Item[]> {
  try {
    return (await requireShop(call).items.now(call)).items
  } catch (error) {
    if (error instanceof ConfigError) return []
    throw error
  }
}

const SKEW_MS = 60_000

function isWithin({ minutes, max_fen }: RefundPolicy & { policy: 'auto' }, trade: Trade, { clock }: Call): boolean {
  const { send_pay_date, total_amount } = trade
  const since = send_pay_date === undefined ? Number.NaN : clock.alipay() - fromBeijingTime(send_pay_date)
  // A payment that is still to come tells that this clock is wrong.
  return since >= -SKEW_MS && since <= minutes * 60_000 && toFen(total_amount) <= max_fen
}

/** Nobody is there to ask: what needs a yes is the operator's. */
const NOBODY: Approver = {
  ...NO_APPROVER,
  yes: () => Promise.reject(refusal(OPERATION, 'a person has to approve this refund')),
}

/**
 * Through all guards, once, and only what certainly was never tried.
 * @returns undefined where the operator has to decide
 * @throws OutcomeUnknownError where nobody knows how it ended
 */
async function makeByPolicy(request: BuyerRequest, trade: Trade, call: RefundingCall): Promise<RefundMade | undefined> {
  const { buyer, reason } = request
  const daily_fen = requireShop(call).settings.buyerRefundsFen
  try {
    requireSettings(call.rules)
    const rules = { ...call.rules, refundApproval: 'none', approveAboveFen: undefined } as const
    const auto: Call = { ...call, rules, approver: NOBODY, signal: undefined }
    const refund = await refundRequestFor(auto, trade, { refund_reason: reason })
    if (refund.amount_fen !== toFen(trade.total_amount)) return undefined
    return await call.refunds.make(auto, trade, { ...refund, of_buyer: { buyer, auto: { daily_fen } } })
  } catch (error) {
    if (error instanceof OutcomeUnknownError) await handOver(request, call)
    if (error instanceof RefusedError || error instanceof NoAnswerError) return undefined
    throw error
  }
}

async function handOver({ id }: BuyerRequest, call: ShopCall): Promise<void> {
  await (await call.ledger()).handToOperator(id, call.actor())
}

function madeView(
  { out_trade_no, amount_fen }: BuyerRequest,
  { subject, total_amount }: Trade,
  { moved, gmt_refund_pay }: RefundMade,
): ToolResult {
  const refund_amount = toYuan(amount_fen)
  const isNow = moved === 'now'
  return {
    message: isNow
      ? `Refund accepted: ${refund_amount} yuan.`
      : `Refunded before: ${refund_amount} yuan; nothing moved now.`,
    message_zh: isNow
      ? `退款 ${refund_amount} 元已受理，原路退回；到银行卡可能需要几天。`
      : `这笔 ${refund_amount} 元此前已退款，本次没有动钱。`,
    out_trade_no,
    subject,
    total_amount,
    refund_amount,
    refund_request: 'made',
    moved,
    gmt_refund_pay,
    next_step: 'Say that the refund was accepted, not that the money has arrived.',
  }
}

function waitingView(
  { out_trade_no, amount_fen }: BuyerRequest,
  { subject, total_amount }: Trade,
  again: boolean,
): ToolResult {
  const refund_amount = toYuan(amount_fen)
  return {
    message: `${again ? 'Asked for before' : 'Asked for'}: the refund of ${refund_amount} yuan waits for the shop's answer. Nothing moved yet.`,
    message_zh: `退款申请${again ? '此前已提交' : '已提交'}：${refund_amount} 元，等待商家答复，还没有动钱。`,
    out_trade_no,
    subject,
    total_amount,
    refund_amount,
    refund_request: 'waiting',
    moved: 'no',
    next_step:
      'Tell the buyer that a person at the shop answers, outside this chat; nothing said here changes the answer. query_payment tells what became of it.',
  }
}

const NEVER = 'Tell the buyer, who saw this before paying; only the shop itself can decide otherwise.'
const ASK_SHOP = 'Tell the buyer to ask the shop itself; nothing said in this chat changes it.'

function notPossible(why: string, zh: string, next_step: string) {
  return refusal(OPERATION, `no refund: ${why}`, next_step, {}, NOTHING_CHANGED).with({
    ...{ kind: 'declined', forBuyer: true },
    message_zh: `不能退款：${zh}。本次没有动钱。`,
  })
}

const delivered = () => notPossible('what was bought was delivered', '商品已交付', ASK_SHOP)
const declined = () => notPossible('the shop has said no to it', '商家已拒绝', ASK_SHOP)

const nothingToGiveBack = () =>
  notPossible('this order is not paid', '这笔订单没有付款', 'query_payment tells the state of the order.')

/** By whomever: asked for again, it is the same refund. */
function refundedView({ out_trade_no, subject, total_amount }: Trade, order: Order | undefined): ToolResult {
  const refunded_total = toYuan(order?.refunded_fen ?? 0)
  return {
    message: `Refunded before: ${refunded_total} yuan; nothing moved now.`,
    message_zh: `此前已退款 ${refunded_total} 元，本次没有动钱。`,
    out_trade_no,
    subject,
    total_amount,
    refunded_total,
    refund_request: 'made',
    moved: 'earlier',
    next_step: 'Nothing more to do.',
  }
}
