// Genuine answers that somebody between server and Alipay keeps, and gives again: to another question, or as another method's.
import { isInForce } from '../../src/emulator/agreements/agreement.ts'
import type { Reply } from '../../src/emulator/reply.ts'
import type { Order, Subscription } from '../../src/ledger/ledger.ts'
import { isStale } from '../../src/ledger/order.ts'
import { type Alipay, type Fields, refundedFen } from './alipay.ts'

export interface Replay {
  /** An earlier answer of the same method, or one of another method, under the name of this one. */
  gives: 'earlier' | 'swapped'
  /** How far back in those that were overheard. */
  back: number
  /** Whether a request that changes something reaches Alipay all the same. */
  effect: boolean
}

export interface Overheard {
  method: string
  body: string
  /** What was asked, as text. */
  asked: string
}

/** What the server can know of an order when it gets the answer. */
export interface Known {
  order(out_trade_no: string): Promise<Order | undefined>
  subscription(external_agreement_no: string): Promise<Subscription | undefined>
}

export const rootOf = (method: string) => `${method.replaceAll('.', '_')}_response`

/** The answer that is given, or none of that kind was overheard. */
export function given({ gives, back }: Replay, method: string, overheard: readonly Overheard[]): string | undefined {
  const all = overheard.filter((one) => (one.method === method) === (gives === 'earlier'))
  const one = all.at(-1 - (back % Math.max(1, all.length)))
  return one?.body.replace(`"${rootOf(one.method)}"`, `"${rootOf(method)}"`)
}

export function bodyValue(method: string, body: string): Fields {
  try {
    return { ...Object(JSON.parse(body)[rootOf(method)]) }
  } catch {
    return {}
  }
}

export function isGenuine(reply: Reply, fault: string | undefined): reply is Extract<Reply, { body: unknown }> {
  return 'body' in reply && (fault === undefined || SIGNED.includes(fault))
}

const SIGNED = ['sign_first', 'escaped_slashes', 'refuse', 'rate_limit']

/**
 * Alipay's answers carry neither time nor question, so of some nobody can tell that they are not true now; those are not
 * given, for no server could stand them. Each of them is a reading:
 * - "nothing of that refund" (the same bytes for every refund), where there is something;
 * - a state of the order, or that it has no trade, that is not so any more, or not so yet, as long as nothing that the
 *   ledger has seen says otherwise; and an old one that hides what came after all that was seen;
 * - that there is no agreement where there is one, and a planned day that was put off since, unless the ledger has seen a
 *   later one.
 */
export async function isUnseenLie(
  method: string,
  value: Fields,
  biz: Fields,
  alipay: Alipay,
  known: Known,
): Promise<boolean> {
  if (method === 'alipay.user.agreement.query') return isUnseenAgreement(value, biz, alipay, known)
  const trade = tradeOf(biz, alipay)
  if (!trade) return false
  if (method === 'alipay.trade.fastpay.refund.query') {
    const isEmpty = value.code === '10000' && Object.keys(value).length === 2
    return isEmpty && trade.refunds.some(({ out_request_no }) => out_request_no === biz.out_request_no)
  }
  if (method !== 'alipay.trade.query') return false
  const order = await known.order(trade.out_trade_no)
  const status = alipay.status(trade.out_trade_no)
  if (value.sub_code === 'ACQ.TRADE_NOT_EXIST') return order?.trade_status === undefined
  const { trade_status } = value
  if (!isStatus(trade_status) || trade_status === status) return false
  if (!order || order.trade_status === undefined) return true
  const isAllBack = trade_status === 'TRADE_SUCCESS' && order.refunded_fen >= trade.total_fen
  return !(isAllBack || (isStale(order, { trade_status }) && isNow(order, status, refundedFen(trade))))
}

async function isUnseenAgreement(value: Fields, biz: Fields, alipay: Alipay, known: Known): Promise<boolean> {
  const { agreement_no, external_agreement_no } = biz
  const agreement = alipay
    .agreements()
    .find((one) => one.agreement_no === agreement_no || one.terms.external_agreement_no === external_agreement_no)
  if (!agreement) return false
  const day = String(value.next_deduct_time).slice(0, 10)
  if (value.code !== '10000') return isInForce(agreement, alipay.platform.clock.now())
  const { planned_day = '' } = (await known.subscription(agreement.terms.external_agreement_no ?? '')) ?? {}
  return day < agreement.planned_day && planned_day <= day
}

/** What the ledger has seen last is what is so. */
function isNow(order: Order, status: string | undefined, refunded: number): boolean {
  return order.trade_status === status || (status === 'TRADE_CLOSED' && order.refunded_fen === refunded)
}

const STATUSES = ['WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED'] as const

function isStatus(value: unknown): value is (typeof STATUSES)[number] {
  return STATUSES.some((status) => status === value)
}

function tradeOf({ out_trade_no, trade_no }: Fields, alipay: Alipay) {
  return alipay
    .trades()
    .find((trade) => (trade_no === undefined ? trade.out_trade_no === out_trade_no : trade.trade_no === trade_no))
}
